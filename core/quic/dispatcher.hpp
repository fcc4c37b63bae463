// Routes datagrams to connections by connection id, makes new ones, and answers what belongs to
// none: version negotiation, Retry, stateless reset (RFC 9000 sections 5.2, 6, 8.1.2, 10.3).
//
// Sans-I/O: an Endpoint drives it with real sockets, a test with a simulated link.
//
//     dispatcher.receive(path, datagram, now);                    // for each datagram
//     dispatcher.handle_timeouts(now);
//     while (const Transmit out = dispatcher.send(buffer, now)) … // until nothing is left
//     wait until dispatcher.next_timeout() or the next datagram
//
// What an unknown peer can cost: max_half_open handshakes, each bounded in memory and time;
// beyond retry_above of them a newcomer must prove its address with a Retry token first, which
// costs no state. Answers are smaller than what caused them and at most kMaxAnswers wait.
//
// Events (ConnectionEvents, ServerConfig::accept) may use their connection, but not the functions
// above, nor abandon() or the destructor: the connection that tells of the event is in the middle
// of something. Debug builds assert it.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "core/base/result.hpp"
#include "core/quic/connection.hpp"
#include "core/quic/tls.hpp"
#include "core/quic/transport_config.hpp"

namespace midstream::quic {

enum class RetryPolicy : std::uint8_t { kDisabled, kUnderLoad, kAlways };

struct ServerConfig {
  ServerTls tls;
  TransportConfig transport = {};
  RetryPolicy retry = RetryPolicy::kUnderLoad;
  std::size_t max_connections = 1024;
  std::size_t max_half_open = 256;  // handshakes not completed
  std::size_t retry_above = 64;     // half-open handshakes, for kUnderLoad
  // What the packet layers of all connections may hold together, bytes, whatever
  // TransportConfig::max_memory gives each. Newcomers are refused above three quarters of it; at
  // the limit the connection that needs more is closed. What the application itself has written
  // is not part of it: TransportConfig::connection_send_buffer bounds that.
  std::size_t max_memory = std::size_t{1} << 30;
  // Whether a finished client gets a token that spares it the Retry next time.
  bool issue_address_tokens = true;

  // Called with each new connection, before anything else happens on it: returns who hears its
  // events (who must outlive it), or nullptr to refuse it. TLS is not done yet.
  std::function<ConnectionEvents*(Connection&)> accept = {};
};

struct DispatcherStatistics {
  std::uint64_t datagrams = 0;
  std::uint64_t unroutable = 0;  // belonged to nobody and got no answer
  std::uint64_t accepted = 0, refused = 0;
  std::uint64_t retries = 0, version_negotiations = 0, stateless_resets = 0;
  std::size_t connections = 0, half_open = 0;
  std::size_t memory = 0;  // of all packet layers, bytes
};

class Dispatcher {
 public:
  Dispatcher();
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // From now on Initial packets of unknown clients start connections. Errors: kInvalidArgument, and
  // then nothing changes, for a transport that validate() refuses.
  Status listen(ServerConfig config);
  // No new ones any more; those that are there go on.
  void stop_listening();

  // Starts a client connection; its first flight comes out of send(). The ticket, if not empty,
  // resumes a session. `events` must outlive the connection. Errors: those of TLS; kInvalidArgument
  // for a transport that validate() refuses; kInternal.
  Result<Connection*> connect(const ClientTls& tls, const TransportConfig& transport,
                              const Path& path, const SessionTicket& ticket,
                              ConnectionEvents& events, Timestamp now);

  void receive(const Path& path, ByteView datagram, Timestamp now);
  Transmit send(ByteSpan buffer, Timestamp now);
  void handle_timeouts(Timestamp now);

  // When handle_timeouts() is due; `0` while send() has work.
  [[nodiscard]] Timestamp next_timeout() const;

  // The earliest timer, whatever send() has to do: for a caller that cannot send now.
  [[nodiscard]] Timestamp next_timer() const;

  // Whether a connection is on this local address or about to migrate to it; may have changed when
  // path_changes() has.
  [[nodiscard]] bool is_used(const Address& local) const;
  [[nodiscard]] std::uint64_t path_changes() const;

  // Forgets a connection at once, as a crash would: its peer gets a stateless reset when it next
  // sends. on_discarded is told.
  void abandon(Connection& connection);

  [[nodiscard]] DispatcherStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace midstream::quic
