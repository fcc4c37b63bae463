#include "suites/quic/peers.hpp"

#include <array>
#include <cstring>
#include <stdexcept>

namespace midstream::suites::quic {

namespace quic = midstream::quic;

namespace {

constexpr const char* kAlpn = "midstream-bench";

// A stream's position is kept in its context pointer: no table, no allocation.
std::uint64_t position_of(const Connection& connection, StreamId id) {
  return reinterpret_cast<std::uintptr_t>(connection.context(id));
}
void set_position(Connection& connection, StreamId id, std::uint64_t position) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): never dereferenced, only turned back
  connection.set_context(id, reinterpret_cast<void*>(position));
}

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

}  // namespace

const quic::Identity& identity() {
  static const quic::Identity own = need(quic::Identity::self_signed("localhost"));
  return own;
}

quic::ServerTls server_tls(const Setup& setup) {
  quic::ServerTlsConfig config;
  config.alpn = {kAlpn};
  config.cipher = setup.cipher;
  config.early_data = setup.early_data;
  return need(quic::ServerTls::create(identity(), config));
}

quic::ClientTls client_tls(const Setup& setup) {
  quic::ClientTlsConfig config;
  config.verification = quic::Verification::kPinned;
  config.pins = {identity().fingerprint()};
  config.alpn = {kAlpn};
  config.cipher = setup.cipher;
  config.early_data = setup.early_data != quic::EarlyData::kRefuse;
  return need(quic::ClientTls::create(config));
}

quic::TransportConfig transport_of(const Setup& setup) {
  quic::TransportConfig transport;
  transport.max_udp_payload = setup.datagram;
  transport.congestion_control = setup.congestion;
  transport.connection_window = transport.stream_window = setup.window;
  transport.max_streams_bidirectional = transport.max_streams_unidirectional = 2048;
  // Loopback is known to be short; the default of 333 ms would slow recovery from a lost first
  // flight, not the figures.
  transport.initial_rtt = quic::kMillisecond;
  return transport;
}

quic::EndpointConfig endpoint_of(const Setup& setup) {
  quic::EndpointConfig config;
  config.socket.io = setup.io;
  config.waiting = setup.waiting;
  return config;
}

void ServerEvents::on_stream_opened(Connection& connection, StreamId id) {
  if (service_ == Service::kSource) send_pattern(connection, id);
  if (service_ == Service::kTime) {
    const Timestamp heard = clock_->now();
    std::array<std::byte, sizeof heard> bytes;
    std::memcpy(bytes.data(), &heard, sizeof heard);
    (void)connection.write(id, bytes);
    (void)connection.finish(id);
  }
}

void ServerEvents::on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) {
  switch (service_) {
    case Service::kSink: {
      const std::uint64_t position = position_of(connection, id);
      if (!pattern_->matches(id, position, bytes)) wrong.fetch_add(1, std::memory_order_relaxed);
      set_position(connection, id, position + bytes.size());
      break;
    }
    case Service::kCollect:
      collected.insert(collected.end(), bytes.begin(), bytes.end());
      break;
    case Service::kEcho:
      (void)connection.write(id, bytes);
      if (end) (void)connection.finish(id);
      break;
    case Service::kAnswer:
      if (end) {
        (void)connection.write(id, pattern_->piece(0, 0, kAnswerSize));
        (void)connection.finish(id);
      }
      break;
    case Service::kTime:
    case Service::kSource:
      break;
  }
  connection.consume(id, bytes.size());
  received.store(received.load(std::memory_order_relaxed) + bytes.size(),
                 std::memory_order_relaxed);
  if (end) ended.fetch_add(1, std::memory_order_release);
}

void ServerEvents::on_stream_writable(Connection& connection, StreamId id) {
  if (service_ == Service::kSource) send_pattern(connection, id);
}

void ServerEvents::on_stream_reset(Connection& connection, StreamId id, std::uint64_t) {
  last_reset.store(clock_->now(), std::memory_order_relaxed);
  resets.fetch_add(1, std::memory_order_release);
  (void)connection.reset(id, 0);
}

void ServerEvents::send_pattern(Connection& connection, StreamId id) {
  PatternSender(*pattern_).fill(connection, id, Pattern::kPeriod);
}

Server::Server(const Setup& setup, Service service, const Pattern& pattern)
    : events_(service, pattern),
      endpoint_(need(Endpoint::open(endpoint_of(setup)))),
      address_(endpoint_->local()) {
  events_.set_clock(*endpoint_);
  quic::ServerConfig config{server_tls(setup)};
  config.transport = transport_of(setup);
  config.retry = quic::RetryPolicy::kDisabled;
  config.accept = [this](Connection&) { return &events_; };
  if (const Status listening = endpoint_->listen(std::move(config)); !listening) {
    throw std::runtime_error(listening.error().message);
  }
  thread_ = std::thread([this] { serve(); });
}

Server::~Server() {
  stop_ = true;
  endpoint_->wake();
  thread_.join();
}

void Server::serve() {
  place_on_core(End::kServer);
  CoreShare share;
  endpoint_->run_until(
      [&] {
        if (share_wanted_.load(std::memory_order_relaxed)) {
          share_ = share.share();
          share = CoreShare();
          share_wanted_ = false;
        }
        return stop_.load(std::memory_order_relaxed);
      },
      quic::kNever);
}

double Server::share() {
  share_wanted_ = true;
  endpoint_->wake();
  while (share_wanted_) std::this_thread::yield();
  return share_;
}

void PatternSender::fill(Connection& connection, StreamId id, std::size_t piece,
                         std::uint64_t size) {
  std::uint64_t position = position_of(connection, id);
  while (position < size) {
    const auto limit = static_cast<std::size_t>(std::min<std::uint64_t>(piece, size - position));
    quic::SharedBytes bytes = pattern_->piece(id, position, limit);
    const std::size_t offered = bytes.bytes.size();
    const auto taken = connection.write(id, std::move(bytes));
    if (!taken || *taken == 0) break;
    position += offered;
  }
  set_position(connection, id, position);
  if (position >= size) (void)connection.finish(id);
}

Client::Client(const Setup& setup) : endpoint_(need(Endpoint::open(endpoint_of(setup)))) {
  place_on_core(End::kClient);
}

Connection& Client::connect(Bench& bench, const Server& server, const Setup& setup) {
  Connection* connection = need(
      endpoint_->connect(server.address(), client_tls(setup), transport_of(setup), *this, ticket));
  run(bench, [&] { return handshake_confirmed || connection->is_closed(); });
  if (connection->is_closed()) throw std::runtime_error("the handshake failed");
  name_configuration(bench, setup, *endpoint_);
  return *connection;
}

void Client::run(Bench&, const std::function<bool()>& done) {
  if (!endpoint_->run_until(done, endpoint_->now() + 10 * quic::kSecond)) {
    throw std::runtime_error("nothing happened for ten seconds");
  }
}

void Client::run_for(Duration duration) {
  endpoint_->run_until([] { return false; }, endpoint_->now() + duration);
}

void name_configuration(Bench& bench, const Setup& setup, const Endpoint& endpoint) {
  const quic::UdpSocket& socket = endpoint.socket();
  bench.fact("datagram", std::to_string(setup.datagram) + " B");
  bench.fact("cipher", quic::name_of(setup.cipher));
  bench.fact("congestion control", quic::name_of(setup.congestion));
  bench.fact("datagram path",
             std::string(quic::name_of(socket.io())) + (socket.receive_offload() ? "+gro" : ""));
  bench.fact("waiting", quic::name_of(setup.waiting));
  bench.fact("cores", usable_cores() < 2 ? "one, shared by both ends" : "one for each end");
}

}  // namespace midstream::suites::quic
