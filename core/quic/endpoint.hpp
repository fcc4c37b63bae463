// A Dispatcher with sockets, a clock and a way to wait: what applications run.
//
// One thread drives an endpoint: it calls turn() or run_until() and everything happens inside,
// events included. There is no thread of the endpoint's own and none per stream; two endpoints
// on two threads share nothing but the contexts of tls.hpp. Only wake() may be called from
// another thread.
//
// Events happen inside turn(). They may use their connection, connect() and migrate(), but not
// turn(), run_until(), Dispatcher::abandon() or the destructor (debug builds assert it).
//
// Servers listen on loopback unless told otherwise, with the limits of ServerConfig.
//
// Waiting: busy never sleeps (lowest latency, a core); spin polls for a while after the last
// datagram and then sleeps in epoll (nearly as fast under load, idle when idle); sleep gives the
// core back at once.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/quic/dispatcher.hpp"
#include "core/quic/udp_socket.hpp"

namespace midstream::quic {

enum class Waiting : std::uint8_t { kBusy, kSpin, kSleep };

constexpr const char* name_of(Waiting waiting) {
  constexpr std::array kNames{"busy", "spin", "sleep"};
  return kNames[static_cast<std::size_t>(waiting)];
}

struct EndpointConfig {
  UdpSocketConfig socket = {};
  Waiting waiting = Waiting::kSpin;
  Duration spin = 50 * kMicrosecond;
};

class Endpoint {
 public:
  // Errors: kIo, kUnavailable as from UdpSocket::open.
  static Result<std::unique_ptr<Endpoint>> open(const EndpointConfig& config);
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // In both, windows larger than the socket's receive buffer can hold are cut to largest_window():
  // what is sent beyond it the kernel drops. Errors: those of Dispatcher::listen and connect;
  // kInvalidArgument if the socket has a peer, to listen and to connect to anybody else.
  Status listen(ServerConfig config);
  Result<Connection*> connect(const Address& remote, const ClientTls& tls,
                              const TransportConfig& transport, ConnectionEvents& events,
                              const SessionTicket& ticket = {});

  // Receives, runs timers and sends once, then waits for the next thing to do, until `deadline`
  // at most. Returns whether there was anything to do.
  bool turn(Timestamp deadline);

  // Turns until `done()` (checked after every turn) or the deadline; true if done.
  bool run_until(const std::function<bool()>& done, Timestamp deadline);

  // Makes a turn() that waits return. Thread-safe, and safe in a signal handler.
  void wake();

  // Opens another socket on the connection's local address, with a port the kernel chooses, and
  // moves a client's connection to it (RFC 9000 section 9). The one it leaves is closed a moment
  // after the new path is validated, once no connection uses it; the first, which is local(),
  // stays for new connections. Errors: kIo; those of Connection::migrate; nothing changes then.
  Status migrate(Connection& connection);

  // What a window may be so that the receive buffer holds it: 3/8 of what the kernel accounts.
  [[nodiscard]] std::uint64_t largest_window() const;

  [[nodiscard]] Timestamp now() const;  // CLOCK_MONOTONIC
  [[nodiscard]] const Address& local() const { return sockets_.front().socket->local(); }
  [[nodiscard]] const UdpSocket& socket() const { return *sockets_.front().socket; }
  [[nodiscard]] std::size_t socket_count() const { return sockets_.size(); }
  // A burst waits for room in a socket; until then nothing else is sent.
  [[nodiscard]] bool is_send_blocked() const { return blocked_.socket != nullptr; }
  [[nodiscard]] Dispatcher& dispatcher() { return dispatcher_; }

 private:
  Endpoint() = default;
  Status open_socket(const UdpSocketConfig& config);
  std::size_t receive_all(Timestamp now);
  std::size_t send_all(Timestamp now);
  bool flush_blocked();
  void wait(Timestamp deadline, Timestamp now);
  bool close_unused_sockets(Timestamp now);
  [[nodiscard]] TransportConfig fitted(TransportConfig transport) const;
  bool watch(const UdpSocket& socket, std::uint32_t events, int operation);
  UdpSocket& socket_for(const Address& local);

  struct Local {
    std::unique_ptr<UdpSocket> socket;
    Timestamp close_at = kNever;  // when no connection is on it any longer
  };

  EndpointConfig config_;
  std::vector<Local> sockets_;  // more than one after a migration; never empty
  std::uint64_t path_changes_seen_ = 0;
  Dispatcher dispatcher_;
  int epoll_ = -1;
  int wake_ = -1;
  Timestamp last_activity_ = 0;
  std::vector<std::byte> buffer_;
  // A burst the socket had no room for: it goes out before anything else.
  struct Blocked {
    UdpSocket* socket = nullptr;
    Transmit transmit;
    std::size_t offset = 0;
  } blocked_;
};

}  // namespace midstream::quic
