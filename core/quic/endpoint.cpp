#include "core/quic/endpoint.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace midstream::quic {
namespace {

// The most Linux sends in one call: 65,535 less IPv4 and UDP headers.
constexpr std::size_t kBurst = 65507;

// One endpoint turn sends at most this many bursts before it looks at arrivals again: ACKs that
// wait in the socket make the sender think the path is slow.
constexpr int kBurstsPerTurn = 4;

// Sleeping for less than this costs more than it saves.
constexpr Duration kShortestSleep = 30 * kMicrosecond;

// A socket that a migration left: what the peer sent before it heard of the new path still comes.
constexpr Duration kLinger = 200 * kMillisecond;

void sleep_on(int epoll, Duration duration, bool forever) {
  std::array<epoll_event, 4> events;
  timespec timeout{static_cast<time_t>(duration / kSecond), static_cast<long>(duration % kSecond)};
  const int ready =
      epoll_pwait2(epoll, events.data(), events.size(), forever ? nullptr : &timeout, nullptr);
  if (ready < 0 && errno == ENOSYS) {  // before Linux 5.11: whole milliseconds
    const int milliseconds =
        forever ? -1 : static_cast<int>(std::min<Duration>(duration / kMillisecond, 60'000));
    epoll_wait(epoll, events.data(), events.size(), milliseconds);
  }
}

}  // namespace

Result<std::unique_ptr<Endpoint>> Endpoint::open(const EndpointConfig& config) {
  std::unique_ptr<Endpoint> endpoint(new Endpoint);
  endpoint->config_ = config;
  endpoint->buffer_.resize(1 << 16);
  endpoint->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  endpoint->wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = endpoint->wake_;
  if (endpoint->epoll_ < 0 || endpoint->wake_ < 0 ||
      epoll_ctl(endpoint->epoll_, EPOLL_CTL_ADD, endpoint->wake_, &event) != 0) {
    return Error{ErrorCode::kIo, std::string("epoll: ") + std::strerror(errno)};
  }
  const Status opened = endpoint->open_socket(config.socket);
  if (!opened) return opened.error();
  return endpoint;
}

Endpoint::~Endpoint() {
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
}

Status Endpoint::open_socket(const UdpSocketConfig& config) {
  Result<std::unique_ptr<UdpSocket>> socket = UdpSocket::open(config);
  if (!socket) return socket.error();
  if (!watch(**socket, EPOLLIN, EPOLL_CTL_ADD)) {
    return Error{ErrorCode::kIo, std::string("epoll: ") + std::strerror(errno)};
  }
  sockets_.push_back({std::move(*socket), kNever});
  return {};
}

bool Endpoint::watch(const UdpSocket& socket, std::uint32_t events, int operation) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket.descriptor();
  return epoll_ctl(epoll_, operation, event.data.fd, &event) == 0;
}

Timestamp Endpoint::now() const {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<Timestamp>(time.tv_sec) * kSecond + static_cast<Timestamp>(time.tv_nsec);
}

std::uint64_t Endpoint::largest_window() const {
  return static_cast<std::uint64_t>(socket().receive_buffer()) * 3 / 8;
}

Result<Connection*> Endpoint::connect(const Address& remote, const ClientTls& tls,
                                      const TransportConfig& transport, ConnectionEvents& events,
                                      const SessionTicket& ticket) {
  const std::optional<Address>& peer = config_.socket.peer;
  if (peer && !(*peer == remote)) {
    return Error{ErrorCode::kInvalidArgument, "the socket's peer is " + peer->to_string() +
                                                  ", it cannot reach " + remote.to_string()};
  }
  return dispatcher_.connect(tls, fitted(transport), {local(), remote}, ticket, events, now());
}

Status Endpoint::listen(ServerConfig config) {
  if (config_.socket.peer) {
    return Error{ErrorCode::kInvalidArgument, "a socket with a peer hears no clients"};
  }
  config.transport = fitted(config.transport);
  return dispatcher_.listen(std::move(config));
}

TransportConfig Endpoint::fitted(TransportConfig transport) const {
  transport.connection_window = std::min(transport.connection_window, largest_window());
  transport.stream_window = std::min(transport.stream_window, largest_window());
  return transport;
}

UdpSocket& Endpoint::socket_for(const Address& local) {
  for (const Local& one : sockets_) {
    if (one.socket->local() == local) return *one.socket;
  }
  return *sockets_.front().socket;
}

std::size_t Endpoint::receive_all(Timestamp now) {
  std::size_t datagrams = 0;
  for (std::size_t i = 0; i < sockets_.size(); ++i) {  // an event may migrate: another socket
    UdpSocket& socket = *sockets_[i].socket;
    Path path{socket.local(), {}};
    datagrams += socket.receive([&](const Address& from, ByteView datagram) {
      path.remote = from;
      dispatcher_.receive(path, datagram, now);
    });
  }
  return datagrams;
}

// True when the burst that was held up is out.
bool Endpoint::flush_blocked() {
  if (blocked_.socket == nullptr) return true;
  const ByteView rest =
      ByteView(buffer_).subspan(blocked_.offset, blocked_.transmit.bytes - blocked_.offset);
  const std::size_t sent =
      blocked_.socket->send(blocked_.transmit.path.remote, rest, blocked_.transmit.segment);
  blocked_.offset += sent;
  if (blocked_.offset < blocked_.transmit.bytes) return false;
  blocked_.socket = nullptr;
  return true;
}

std::size_t Endpoint::send_all(Timestamp now) {
  if (!flush_blocked()) return 0;
  std::size_t total = 0;
  for (int burst = 0; burst < kBurstsPerTurn; ++burst) {
    const Transmit out = dispatcher_.send(ByteSpan(buffer_).first(kBurst), now);
    if (!out) break;
    total += out.bytes;
    blocked_ = {&socket_for(out.path.local), out, 0};
    if (!flush_blocked()) break;
  }
  return total;
}

bool Endpoint::turn(Timestamp deadline) {
  const Timestamp time = now();
  const std::size_t received = receive_all(time);
  const bool timer_ran = dispatcher_.next_timer() <= time;
  dispatcher_.handle_timeouts(time);
  const std::size_t sent = send_all(time);
  const bool closed_one = sockets_.size() > 1 && close_unused_sockets(time);
  if (received > 0 || sent > 0) {
    last_activity_ = time;
    return true;
  }
  // No datagram, yet what the caller waits for may have come true: a connection timed out, say.
  if (timer_ran || closed_one) return true;
  wait(deadline, time);
  return false;
}

// Whether one was closed.
bool Endpoint::close_unused_sockets(Timestamp now) {
  if (dispatcher_.path_changes() != path_changes_seen_) {
    path_changes_seen_ = dispatcher_.path_changes();
    for (Local& one : sockets_) {
      const bool used = dispatcher_.is_used(one.socket->local());
      one.close_at = used ? kNever : std::min(one.close_at, now + kLinger);
    }
    sockets_.front().close_at = kNever;
  }
  return std::erase_if(sockets_, [&](const Local& one) {
           return one.close_at <= now && one.socket.get() != blocked_.socket;
         }) > 0;
}

void Endpoint::wait(Timestamp deadline, Timestamp now) {
  if (config_.waiting == Waiting::kBusy) return;
  const UdpSocket* blocked = blocked_.socket;
  // While a burst is held up the dispatcher has work to do all the time, and cannot do it.
  Timestamp until = blocked != nullptr ? dispatcher_.next_timer() : dispatcher_.next_timeout();
  until = std::min(until, deadline);
  for (const Local& one : sockets_) {
    if (one.close_at > now) until = std::min(until, one.close_at);
  }
  if (until <= now) return;
  const Duration left = until - now;
  if (left < kShortestSleep) return;
  if (config_.waiting == Waiting::kSpin && now - last_activity_ < config_.spin) return;
  if (blocked != nullptr && !watch(*blocked, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD)) return;
  sleep_on(epoll_, left, until == kNever);
  if (blocked != nullptr) watch(*blocked, EPOLLIN, EPOLL_CTL_MOD);
  std::uint64_t woken = 0;
  while (read(wake_, &woken, sizeof woken) > 0) {
  }
}

bool Endpoint::run_until(const std::function<bool()>& done, Timestamp deadline) {
  while (!done()) {
    if (deadline != kNever && now() >= deadline) return false;
    turn(deadline);
  }
  return true;
}

void Endpoint::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the endpoint is awake anyway.
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

Status Endpoint::migrate(Connection& connection) {
  UdpSocketConfig config = config_.socket;
  config.bind = connection.path().local.with_port(0);
  Status opened = open_socket(config);
  if (!opened) return opened;
  Status migrated = connection.migrate(sockets_.back().socket->local(), now());
  if (!migrated) sockets_.pop_back();
  return migrated;
}

}  // namespace midstream::quic
