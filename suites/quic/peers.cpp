#include "suites/quic/peers.hpp"

#include <cstring>
#include <stdexcept>

namespace midstream::suites::quic {

namespace quic = midstream::quic;

namespace {

constexpr const char* kAlpn = "midstream-bench";

// Packets: more than a burst of segmentation offload holds (TransportConfig::ack_threshold).
constexpr std::size_t kAcknowledgeEvery = 64;

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
  transport.stream_send_buffer = setup.send_buffer;
  transport.ack_threshold = kAcknowledgeEvery;
  transport.max_streams_bidirectional = transport.max_streams_unidirectional =
      ServerEvents::kStreams;
  // Loopback is known to be short; the default of 333 ms would slow recovery from a lost first
  // flight, not the figures.
  transport.initial_rtt = quic::kMillisecond;
  return transport;
}

quic::EndpointConfig endpoint_of(const Setup& setup) {
  quic::EndpointConfig config;
  config.socket.io = setup.io;
  config.socket.receive_offload = setup.receive_offload;
  config.waiting = setup.waiting;
  return config;
}

WhileWaiting while_waiting(quic::Waiting waiting) {
  return waiting == quic::Waiting::kBusy ? WhileWaiting::kPolls : WhileWaiting::kSleeps;
}

std::string path_of(const quic::UdpSocket& socket) {
  return std::string(quic::name_of(socket.io())) + (socket.receive_offload() ? "+gro" : "");
}

std::string path_fact(const std::string& client, const std::string& server) {
  return client == server ? client : "client " + client + ", server " + server;
}

void ServerEvents::on_stream_opened(Connection& connection, StreamId id) {
  if (task_.service == Service::kSource) source(connection, id);
  if (task_.service == Service::kTime) {
    const Timestamp heard = clock_->now();
    std::array<std::byte, sizeof heard> bytes;
    std::memcpy(bytes.data(), &heard, sizeof heard);
    (void)connection.write(id, bytes);
    (void)connection.finish(id);
  }
}

void ServerEvents::on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) {
  serve(connection, id, bytes, end);
  connection.consume(id, bytes.size());
  received.store(received.load(std::memory_order_relaxed) + bytes.size(),
                 std::memory_order_relaxed);
  if (end) ended.fetch_add(1, std::memory_order_release);
}

void ServerEvents::check(Connection& connection, StreamId id, ByteView bytes, bool end) {
  const std::uint64_t position = position_of(connection, id);
  const std::uint64_t after = position + bytes.size();
  const bool length_is_wrong = end && task_.stream_size != 0 && after != task_.stream_size;
  if (length_is_wrong || !pattern_->matches(id, position, bytes)) {
    wrong.fetch_add(1, std::memory_order_relaxed);
  }
  set_position(connection, id, after);
  progress[static_cast<std::size_t>(id >> 2) % kStreams].store(after, std::memory_order_relaxed);
  if (task_.keep) {
    std::vector<std::byte>& all = kept[id];
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
}

void ServerEvents::serve(Connection& connection, StreamId id, ByteView bytes, bool end) {
  switch (task_.service) {
    case Service::kSink:
      check(connection, id, bytes, end);
      break;
    case Service::kHash: {
      check(connection, id, bytes, end);
      std::string digest = sha256_of(bytes);
      suites::observe(digest);
      break;
    }
    case Service::kSource:
      check(connection, id, bytes, end);
      if (end && task_.source_size == UINT64_MAX) {
        source_sent.store(source_positions_[id], std::memory_order_relaxed);
        (void)connection.finish(id);
      }
      break;
    case Service::kEcho:
      if (quic::kind_of(id) == StreamKind::kUnidirectional) {
        check(connection, id, bytes, end);
        break;
      }
      (void)connection.write(id, bytes);
      if (end) (void)connection.finish(id);
      break;
    case Service::kAnswer:
      if (end) {
        (void)connection.write(id, pattern_->piece(id, 0, kAnswerSize));
        (void)connection.finish(id);
      }
      break;
    case Service::kTime:
      break;
  }
}

void ServerEvents::on_stream_writable(Connection& connection, StreamId id) {
  if (task_.service == Service::kSource) source(connection, id);
}

void ServerEvents::on_stream_reset(Connection& connection, StreamId id, std::uint64_t code) {
  if (code != kResetCode) wrong.fetch_add(1, std::memory_order_relaxed);
  resets.fetch_add(1, std::memory_order_release);
  (void)connection.reset(id, kResetCode);
}

void ServerEvents::source(Connection& connection, StreamId id) {
  std::uint64_t& position = source_positions_[id];
  position = write_pattern(connection, id, *pattern_, {position, task_.source_size});
}

Server::Server(const Setup& setup, const Task& task, const Pattern& pattern)
    : events_(task, pattern),
      endpoint_(need(Endpoint::open(endpoint_of(setup)))),
      waiting_(while_waiting(setup.waiting)),
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
  CoreShare share(waiting_);
  endpoint_->run_until(
      [&] {
        if (observation_wanted_.load(std::memory_order_acquire)) {
          observation_ = {share.share(), path_of(endpoint_->socket())};
          share = CoreShare(waiting_);
          observation_wanted_.store(false, std::memory_order_release);
        }
        return stop_.load(std::memory_order_relaxed);
      },
      quic::kNever);
}

Server::Observation Server::observe() {
  observation_wanted_.store(true, std::memory_order_release);
  endpoint_->wake();
  while (observation_wanted_.load(std::memory_order_acquire)) std::this_thread::yield();
  return observation_;
}

std::uint64_t write_pattern(Connection& connection, StreamId id, const Pattern& pattern, Rest rest,
                            std::size_t piece) {
  std::uint64_t position = rest.from;
  while (position < rest.size) {
    const auto limit =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece, rest.size - position));
    quic::SharedBytes bytes = pattern.piece(id, position, limit);
    const std::size_t offered = bytes.bytes.size();
    const auto taken = connection.write(id, std::move(bytes));
    if (!taken || *taken == 0) return position;
    position += offered;
  }
  (void)connection.finish(id);
  return position;
}

void PatternSender::fill(Connection& connection, StreamId id) {
  if (stopped_) return;
  const Rest rest{position_of(connection, id), size_};
  set_position(connection, id, write_pattern(connection, id, *pattern_, rest, piece_));
}

std::uint64_t PatternSender::finish(Connection& connection, StreamId id) {
  const std::uint64_t length = position_of(connection, id);
  (void)connection.finish(id);
  return length;
}

Client::Client(const Setup& setup, const Server& server) {
  quic::EndpointConfig config = endpoint_of(setup);
  config.socket.peer = server.address();
  endpoint_ = need(Endpoint::open(config));
  place_on_core(End::kClient);
}

Connection& Client::connect(const Server& server, const Setup& setup) {
  handshake_confirmed_ = false;
  Connection* connection =
      need(endpoint_->connect(server.address(), client_tls(setup), transport_of(setup), *this));
  run([&] { return handshake_confirmed_ || connection->is_closed(); });
  if (connection->is_closed()) throw std::runtime_error("the handshake failed");
  return *connection;
}

void Client::run(const std::function<bool()>& done) {
  if (!endpoint_->run_until(done, endpoint_->now() + 10 * quic::kSecond)) {
    throw std::runtime_error("nothing happened for ten seconds");
  }
}

void Client::run_until(Timestamp time) {
  endpoint_->run_until([] { return false; }, time);
}

void name_configuration(Bench& bench, const Setup& setup) {
  bench.fact("datagram", std::to_string(setup.datagram) + " B");
  bench.fact("cipher", quic::name_of(setup.cipher));
  bench.fact("congestion control", quic::name_of(setup.congestion));
  bench.fact("acknowledgements",
             "every " + std::to_string(kAcknowledgeEvery) + " packets or 1/8 round trip");
}

void name_configuration(Bench& bench, const Setup& setup, Client& client, Server& server) {
  name_configuration(bench, setup);
  bench.fact("datagram path",
             path_fact(path_of(client.endpoint().socket()), server.observe().path));
  bench.fact("waiting", quic::name_of(setup.waiting));
  bench.fact("cores", usable_cores() < 2 ? "one, shared by both ends" : "one for each end");
}

Link::Link(const Setup& chosen, const Task& task, Pattern expected)
    : setup(chosen),
      pattern(std::move(expected)),
      server(setup, task, pattern),
      client(setup, server),
      connection(client.connect(server, setup)) {}

void Link::report(Bench& bench) {
  bench.expect(!connection.is_closed(), "the connection lasts");
  const quic::ConnectionStatistics statistics = connection.statistics();
  bench.counter("lost packets", static_cast<double>(statistics.packets_lost));
  bench.counter("smoothed RTT us", static_cast<double>(statistics.smoothed_rtt) / 1e3);
  name_configuration(bench, setup, client, server);
}

}  // namespace midstream::suites::quic
