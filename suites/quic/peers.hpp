// Client and server of the QUIC benchmarks: separate sockets, threads and cores, a real
// handshake with a pinned certificate.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/quic/endpoint.hpp"
#include "suites/harness/bench.hpp"
#include "suites/quic/cores.hpp"
#include "suites/quic/pattern.hpp"

namespace midstream::suites::quic {

using midstream::quic::ByteView;
using midstream::quic::Connection;
using midstream::quic::Duration;
using midstream::quic::Endpoint;
using midstream::quic::SessionTicket;
using midstream::quic::StreamId;
using midstream::quic::StreamKind;
using midstream::quic::Timestamp;

// One configuration; every row names it.
struct Setup {
  std::size_t datagram = midstream::quic::kEthernetPayload;
  midstream::quic::Cipher cipher = midstream::quic::Cipher::kAes128Gcm;
  midstream::quic::CongestionControl congestion = midstream::quic::CongestionControl::kCubic;
  midstream::quic::DatagramIo io = midstream::quic::DatagramIo::kAutomatic;
  midstream::quic::Waiting waiting = midstream::quic::Waiting::kSpin;
  std::uint64_t window = 3 << 20;
  midstream::quic::EarlyData early_data = midstream::quic::EarlyData::kRefuse;
};

midstream::quic::TransportConfig transport_of(const Setup& setup);
midstream::quic::EndpointConfig endpoint_of(const Setup& setup);

// One identity a process, and the contexts that go with it.
midstream::quic::ServerTls server_tls(const Setup& setup);
midstream::quic::ClientTls client_tls(const Setup& setup);
const midstream::quic::Identity& identity();

// What the server does with streams.
enum class Service {
  kSink,     // checks the pattern, counts
  kCollect,  // keeps what arrives, for a hash
  kEcho,     // writes back
  kAnswer,   // at the end of a request, 16 KiB
  kTime,     // tells when it heard of the stream: 8 bytes of its clock
  kSource,   // sends the pattern on every bidirectional stream, and checks what it gets
};

inline constexpr std::size_t kAnswerSize = 16384;

// The server's application. Counters may be read from other threads.
class ServerEvents : public midstream::quic::ConnectionEvents {
 public:
  ServerEvents(Service service, const Pattern& pattern) : service_(service), pattern_(&pattern) {}

  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> wrong{0};  // pieces that are not what they should be
  std::atomic<std::uint64_t> ended{0};  // streams
  std::atomic<std::uint64_t> resets{0};
  std::atomic<Timestamp> last_reset{0};
  std::vector<std::byte> collected;  // kCollect; read it when `ended` says so
  void set_clock(const Endpoint& endpoint) { clock_ = &endpoint; }

  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override;
  void on_stream_writable(Connection& connection, StreamId id) override;
  void on_stream_opened(Connection& connection, StreamId id) override;
  void on_stream_reset(Connection&, StreamId, std::uint64_t) override;

 private:
  void send_pattern(Connection& connection, StreamId id);

  Service service_;
  const Pattern* pattern_;
  const Endpoint* clock_ = nullptr;
};

// A server on its own thread and core.
class Server {
 public:
  Server(const Setup& setup, Service service, const Pattern& pattern);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const midstream::quic::Address& address() const { return address_; }
  [[nodiscard]] ServerEvents& events() { return events_; }
  // The server thread's share of its core since the last call.
  double share();

 private:
  void serve();
  ServerEvents events_;  // outlives the endpoint
  std::unique_ptr<Endpoint> endpoint_;
  midstream::quic::Address address_;
  std::atomic<bool> stop_{false};
  std::atomic<double> share_{1};
  std::atomic<bool> share_wanted_{false};
  std::thread thread_;
};

// Sends the pattern on streams, as room allows.
class PatternSender {
 public:
  explicit PatternSender(const Pattern& pattern) : pattern_(&pattern) {}
  // At most `piece` bytes a write; up to `size` bytes in all, then FIN.
  void fill(Connection& connection, StreamId id, std::size_t piece,
            std::uint64_t size = UINT64_MAX);

 private:
  const Pattern* pattern_;
};

// The client's side: events with hooks, and its endpoint on the calling thread's core.
class Client : public midstream::quic::ConnectionEvents {
 public:
  explicit Client(const Setup& setup);

  // Connects and completes the handshake; ends the launch if that fails.
  Connection& connect(Bench& bench, const Server& server, const Setup& setup);
  Endpoint& endpoint() { return *endpoint_; }
  // Turns until `done()`; ends the launch as failed after ten seconds.
  void run(Bench& bench, const std::function<bool()>& done);
  void run_for(Duration duration);

  std::function<void(Connection&, StreamId, ByteView, bool)> on_data;
  std::function<void(Connection&, StreamId)> on_writable;
  bool handshake_completed = false;
  bool handshake_confirmed = false;
  SessionTicket ticket;

  void on_handshake_completed(Connection&) override { handshake_completed = true; }
  void on_handshake_confirmed(Connection&) override { handshake_confirmed = true; }
  void on_session_ticket(Connection&, const SessionTicket& t) override { ticket = t; }
  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override {
    connection.consume(id, bytes.size());
    if (on_data) on_data(connection, id, bytes, end);
  }
  void on_stream_writable(Connection& connection, StreamId id) override {
    if (on_writable) on_writable(connection, id);
  }

 private:
  std::unique_ptr<Endpoint> endpoint_;
};

// Datagram size, cipher, congestion control, waiting, and which way datagrams really went.
void name_configuration(Bench& bench, const Setup& setup, const Endpoint& endpoint);

}  // namespace midstream::suites::quic
