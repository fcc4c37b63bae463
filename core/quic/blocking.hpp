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

// Internal: what arrived on a stream and has not been read.
struct ReceivedStream {
  std::vector<std::byte> bytes;
  std::size_t read = 0;
  bool ended = false;
  std::optional<std::uint64_t> reset_code;
};

// One stream of a session. A small handle: copy it freely, not beyond its session. What arrived can
// be read as long as a handle lives, also when the stream or the connection is over; a stream that
// is not to be read to its end wants stop_sending(), else its unread bytes go on occupying the
// connection's flow-control window.
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
  Channel(Session& session, StreamId id, std::shared_ptr<ReceivedStream> received)
      : session_(&session), id_(id), received_(std::move(received)) {}
  Session* session_ = nullptr;
  StreamId id_ = -1;
  std::shared_ptr<ReceivedStream> received_;
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
  // close(0), if the connection is still open. What the peer has not acknowledged is lost: flush()
  // first to end gracefully.
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

  // Waits until the peer acknowledged everything written and finished; streams that were reset do
  // not count.
  Status flush(Timestamp deadline);

  // Ends the connection at once; returns when CONNECTION_CLOSE is handed to the kernel (given up
  // after 100 ms with the socket full). If that packet gets lost the peer learns of the end by a
  // stateless reset.
  void close(std::uint64_t code, std::string reason = {});

  // Streams that are not over yet, in both directions.
  [[nodiscard]] std::size_t open_streams() const { return received_.size(); }

  // nullptr once the connection is gone.
  [[nodiscard]] Connection* connection() { return connection_; }

 private:
  friend class Channel;
  friend class Listener;
  explicit Session(Endpoint& endpoint) : endpoint_(&endpoint) {}
  // Drives the endpoint until `done()`; the error says what ended it otherwise.
  Status wait(const std::function<bool()>& done, Timestamp deadline);
  [[nodiscard]] Error ended() const;
  Channel add_stream(StreamId id);

  void on_handshake_completed(Connection&) override { handshake_completed_ = true; }
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
  std::optional<CloseReason> reason_;
  // Of open streams; those that are over belong to their channels alone.
  std::map<StreamId, std::shared_ptr<ReceivedStream>> received_;
  std::deque<Channel> unaccepted_;
  std::deque<std::vector<std::byte>> datagrams_;
  SessionTicket ticket_;
};

// The sessions that clients start on an endpoint.
class Listener {
 public:
  // Makes the endpoint listen; config.accept is set by the listener. The endpoint must outlive it.
  // Errors: those of Endpoint::listen.
  static Result<std::unique_ptr<Listener>> open(Endpoint& endpoint, ServerConfig config);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The next client whose handshake completed.
  Result<std::unique_ptr<Session>> accept(Timestamp deadline);

 private:
  explicit Listener(Endpoint& endpoint) : endpoint_(&endpoint) {}

  Endpoint* endpoint_;
  std::vector<std::unique_ptr<Session>> pending_;
};

}  // namespace midstream::quic
