// Client and server of the QUIC benchmarks: separate sockets, threads and cores, a real
// handshake with a pinned certificate.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/quic/endpoint.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/core_share.hpp"
#include "suites/quic/cores.hpp"
#include "suites/quic/pattern.hpp"
#include "suites/quic/sampling.hpp"

namespace midstream::suites::quic {

using midstream::quic::ByteView;
using midstream::quic::Connection;
using midstream::quic::Endpoint;
using midstream::quic::SessionTicket;
using midstream::quic::StreamId;
using midstream::quic::StreamKind;

// One configuration; every row names it.
struct Setup {
  std::size_t datagram = midstream::quic::kEthernetPayload;
  midstream::quic::Cipher cipher = midstream::quic::Cipher::kAes128Gcm;
  midstream::quic::CongestionControl congestion = midstream::quic::CongestionControl::kCubic;
  midstream::quic::DatagramIo io = midstream::quic::DatagramIo::kAutomatic;
  bool receive_offload = true;
  midstream::quic::Waiting waiting = midstream::quic::Waiting::kSpin;
  std::uint64_t window = 3 << 20;
  std::size_t send_buffer = 4 << 20;  // of a stream
  midstream::quic::EarlyData early_data = midstream::quic::EarlyData::kRefuse;
};

midstream::quic::TransportConfig transport_of(const Setup& setup);
midstream::quic::EndpointConfig endpoint_of(const Setup& setup);
WhileWaiting while_waiting(midstream::quic::Waiting waiting);
// "gso+gro", "mmsg": the way datagrams go now, after any fallback.
std::string path_of(const midstream::quic::UdpSocket& socket);
// One word if both ends are alike, else "client gso, server mmsg".
std::string path_fact(const std::string& client, const std::string& server);

// One identity a process, and the contexts that go with it.
midstream::quic::ServerTls server_tls(const Setup& setup);
midstream::quic::ClientTls client_tls(const Setup& setup);
const midstream::quic::Identity& identity();

// What the server does with streams. Everything it is sent but probes it holds against the pattern.
enum class Service {
  kSink,    // counts
  kHash,    // a reader with work to do: SHA-256 of each piece, before it gives the window back
  kEcho,    // writes back; unidirectional streams go to the sink
  kAnswer,  // at the end of a request, 16 KiB of the stream's pattern
  kTime,    // tells when it heard of the stream: 8 bytes of its clock
  kSource,  // sends the pattern on every bidirectional stream, until the client ends its own
};

inline constexpr std::size_t kAnswerSize = 16384;
inline constexpr std::uint64_t kResetCode = 7;

struct Task {
  Service service = Service::kSink;
  std::uint64_t stream_size = 0;  // what each stream must have carried at its end; 0: not known
  std::uint64_t source_size = UINT64_MAX;  // kSource ends its direction after so many bytes
  bool keep = false;                       // all that arrives, for a hash
};

// The server's application. Atomics may be read from other threads, the rest once `ended` says so.
class ServerEvents : public midstream::quic::ConnectionEvents {
 public:
  static constexpr std::size_t kStreams = 2048;  // the client may have open at a time
  ServerEvents(const Task& task, const Pattern& pattern) : task_(task), pattern_(&pattern) {}

  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> wrong{0};  // pieces, sizes and codes that are not what they should be
  std::atomic<std::uint64_t> ended{0};  // streams
  std::atomic<std::uint64_t> resets{0};
  std::atomic<std::uint64_t> source_sent{0};  // kSource
  // Bytes of each stream so far: streams of one kind are numbered id / 4.
  std::array<std::atomic<std::uint64_t>, kStreams> progress{};
  std::map<StreamId, std::vector<std::byte>> kept;
  void set_clock(const Endpoint& endpoint) { clock_ = &endpoint; }

  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override;
  void on_stream_writable(Connection& connection, StreamId id) override;
  void on_stream_opened(Connection& connection, StreamId id) override;
  void on_stream_reset(Connection&, StreamId, std::uint64_t) override;

 private:
  void check(Connection& connection, StreamId id, ByteView bytes, bool end);
  void serve(Connection& connection, StreamId id, ByteView bytes, bool end);
  void source(Connection& connection, StreamId id);

  Task task_;
  const Pattern* pattern_;
  const Endpoint* clock_ = nullptr;
  std::unordered_map<StreamId, std::uint64_t> source_positions_;
};

// A server on its own thread and core.
class Server {
 public:
  Server(const Setup& setup, const Task& task, const Pattern& pattern);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const midstream::quic::Address& address() const { return address_; }
  [[nodiscard]] ServerEvents& events() { return events_; }
  // What only its thread can tell.
  struct Observation {
    std::optional<double> share;  // of its core, since the last call
    std::string path;
  };
  Observation observe();

 private:
  void serve();
  ServerEvents events_;  // outlives the endpoint
  std::unique_ptr<Endpoint> endpoint_;
  WhileWaiting waiting_;
  midstream::quic::Address address_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> observation_wanted_{false};
  Observation observation_;
  std::thread thread_;
};

// What is still to be written of a stream.
struct Rest {
  std::uint64_t from = 0;
  std::uint64_t size = 0;  // of the whole stream
};

// Writes the pattern on a stream, at most `piece` bytes a write, until the stream takes no more;
// FIN at the end. Returns the new position.
std::uint64_t write_pattern(Connection& connection, StreamId id, const Pattern& pattern, Rest rest,
                            std::size_t piece = Pattern::kPeriod);

// Sends the pattern on streams, as room allows; the streams' contexts are its own.
class PatternSender {
 public:
  explicit PatternSender(const Pattern& pattern, std::size_t piece = Pattern::kPeriod,
                         std::uint64_t size = UINT64_MAX)
      : pattern_(&pattern), piece_(piece), size_(size) {}
  void fill(Connection& connection, StreamId id);
  // From now on fill() writes nothing; finish() ends a stream and says how long it became.
  void stop() { stopped_ = true; }
  std::uint64_t finish(Connection& connection, StreamId id);

 private:
  const Pattern* pattern_;
  std::size_t piece_;
  std::uint64_t size_;
  bool stopped_ = false;
};

// The client's side: events with hooks, and its endpoint on the calling thread's core.
class Client : public midstream::quic::ConnectionEvents {
 public:
  // Of one server: its socket hears nobody else.
  Client(const Setup& setup, const Server& server);

  // Connects and completes the handshake; ends the launch if that fails.
  Connection& connect(const Server& server, const Setup& setup);
  Endpoint& endpoint() { return *endpoint_; }
  // Turns until `done()`; ends the launch as failed after ten seconds.
  void run(const std::function<bool()>& done);
  void run_until(Timestamp time);

  std::function<void(Connection&, StreamId, ByteView, bool)> on_data;
  std::function<void(Connection&, StreamId)> on_writable;

  void on_handshake_confirmed(Connection&) override { handshake_confirmed_ = true; }
  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override {
    connection.consume(id, bytes.size());
    if (on_data) on_data(connection, id, bytes, end);
  }
  void on_stream_writable(Connection& connection, StreamId id) override {
    if (on_writable) on_writable(connection, id);
  }

 private:
  bool handshake_confirmed_ = false;
  std::unique_ptr<Endpoint> endpoint_;
};

// What both ends were left of their cores, from construction to report().
class BothShares {
 public:
  BothShares(Server& server, midstream::quic::Waiting waiting)
      : server_(&server), client_(while_waiting(waiting)) {
    (void)server.observe();
  }
  void report(Bench& bench) const {
    bench.cpu_share(client_.share(), "client");
    bench.cpu_share(server_->observe().share, "server");
  }

 private:
  Server* server_;
  CoreShare client_;
};

// Datagram size, cipher, congestion control and what else of the configuration is known without
// sockets.
void name_configuration(Bench& bench, const Setup& setup);
// The same, and which way datagrams really went at both ends. At the end of a launch: a socket may
// fall back in the middle of it.
void name_configuration(Bench& bench, const Setup& setup, Client& client, Server& server);

// A server, a client and a confirmed connection: what most rows need.
struct Link {
  Link(const Setup& chosen, const Task& task, Pattern expected);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // For the end of the launch: configuration, paths, losses; a connection that broke is a failure.
  void report(Bench& bench);

  const Setup setup;
  const Pattern pattern;
  Server server;
  Client client;
  Connection& connection;
};

}  // namespace midstream::suites::quic
