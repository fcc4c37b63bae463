// Blocking calls with deadlines on top of an Endpoint: connect, accept, open, read, write.
//
// A call drives the endpoint in the caller's own thread until it can return or its deadline (in
// the endpoint's clock, Endpoint::now()) passes; everything else on that endpoint moves on
// meanwhile. There is no other thread. What arrives for streams nobody reads is kept within the
// flow-control windows and no further.
//
// Errors of every call: kTimeout at the deadline; kProtocol when the connection ended, with the
// reason, or the peer reset the stream, with its code.
//
// Threads: an endpoint with its sessions and channels belongs to one thread at a time.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "core/quic/endpoint.hpp"

namespace midstream::quic {

class Session;

// One stream of a session. A small handle: copy it freely, not beyond its session.
class Channel {
 public:
  Channel() = default;

  // Reads what is there, at least one byte; 0 bytes mean the end of the stream.
  Result<std::size_t> read(ByteSpan out, Timestamp deadline);
  // Reads until `out` is full; kProtocol if the stream ends before.
  Status read_exactly(ByteSpan out, Timestamp deadline);
  // Hands over all of `bytes`, waiting for room; not until they are acknowledged.
  Status write(ByteView bytes, Timestamp deadline);
  Status finish();
  Status reset(std::uint64_t code);
  Status stop_sending(std::uint64_t code);
  Status set_priority(Priority priority);

  [[nodiscard]] StreamId id() const { return id_; }

 private:
  friend class Session;
  Channel(Session& session, StreamId id) : session_(&session), id_(id) {}
  Session* session_ = nullptr;
  StreamId id_ = -1;
};

class Session : private ConnectionEvents {
 public:
  // Connects and waits for the handshake. Errors also: kInvalidArgument and others of
  // Endpoint::connect.
  static Result<std::unique_ptr<Session>> connect(Endpoint& endpoint, const Address& remote,
                                                  const ClientTls& tls,
                                                  const TransportConfig& transport,
                                                  Timestamp deadline,
                                                  const SessionTicket& ticket = {});
  // Closes the connection with code 0 if it is still open.
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Opens a stream, waiting while the peer allows no more.
  Result<Channel> open(StreamKind kind, Timestamp deadline);
  // The next stream the peer opened.
  Result<Channel> accept(Timestamp deadline);

  Status send_datagram(ByteView bytes);
  Result<std::vector<std::byte>> receive_datagram(Timestamp deadline);

  // Waits for a ticket to resume from (it comes after the handshake).
  Result<SessionTicket> ticket(Timestamp deadline);

  void close(std::uint64_t code, std::string reason = {});

  // nullptr once the connection is gone.
  [[nodiscard]] Connection* connection() { return connection_; }

 private:
  friend class Channel;
  friend class Listener;
  struct Incoming {
    std::vector<std::byte> bytes;
    std::size_t read = 0;
    bool ended = false;
    std::optional<std::uint64_t> reset_code;
  };

  explicit Session(Endpoint& endpoint) : endpoint_(&endpoint) {}
  // Drives the endpoint until `done()`; the error says what ended it otherwise.
  Status wait(const std::function<bool()>& done, Timestamp deadline);
  [[nodiscard]] Error ended() const;

  void on_handshake_completed(Connection&) override { handshake_completed_ = true; }
  void on_handshake_confirmed(Connection&) override { handshake_confirmed_ = true; }
  void on_stream_opened(Connection& connection, StreamId id) override;
  void on_stream_data(Connection&, StreamId id, ByteView bytes, bool end) override;
  void on_stream_reset(Connection&, StreamId id, std::uint64_t code) override;
  void on_stream_closed(Connection&, StreamId id) override;
  void on_datagram(Connection&, ByteView bytes) override;
  void on_session_ticket(Connection&, const SessionTicket& ticket) override { ticket_ = ticket; }
  void on_closed(Connection&, const CloseReason& reason) override { reason_ = reason; }
  void on_discarded(Connection&) override { connection_ = nullptr; }

  Endpoint* endpoint_;
  Connection* connection_ = nullptr;
  bool handshake_completed_ = false;
  bool handshake_confirmed_ = false;
  std::optional<CloseReason> reason_;
  std::map<StreamId, Incoming> incoming_;
  std::deque<StreamId> unaccepted_;
  std::deque<std::vector<std::byte>> datagrams_;
  SessionTicket ticket_;
};

// The sessions that clients start on an endpoint.
class Listener {
 public:
  // Makes the endpoint listen; config.accept is set by the listener. The endpoint must outlive it.
  Listener(Endpoint& endpoint, ServerConfig config);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The next client whose handshake completed.
  Result<std::unique_ptr<Session>> accept(Timestamp deadline);

 private:
  Endpoint* endpoint_;
  std::vector<std::unique_ptr<Session>> pending_;
};

}  // namespace midstream::quic
