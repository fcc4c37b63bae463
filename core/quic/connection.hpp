// One QUIC connection (RFC 9000, 9001, 9002, 9221), without sockets, clock or threads.
//
// The caller feeds it datagrams and time and sends what it produces:
//
//     connection.receive(path, datagram, now);
//     while (const Transmit out = connection.send(buffer, now)) …          // one path, segments
//     if (connection.next_timeout() <= now) connection.handle_timeout(now);
//
// Connections are made by a Dispatcher (dispatcher.hpp), which also routes datagrams to them; an
// Endpoint (endpoint.hpp) adds sockets, clock and waiting. What happens on the connection is
// told to a ConnectionEvents, from within receive(), send() and handle_timeout(). From within an
// event every member may be called except those three.
//
// Timestamps that go back are taken as the latest one seen.
//
// Threads: one at a time per connection and per dispatcher.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/quic/address.hpp"
#include "core/quic/tls.hpp"
#include "core/quic/transport_config.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic {

class Connection;

// What an application hears of its connection. Data given to an event die with the call.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;

  // TLS is done: the peer is who it should be, ALPN is agreed.
  virtual void on_handshake_completed(Connection&) {}
  // RFC 9001 section 4.1.2: both ends know; for a server that is when the handshake completes.
  // Key update and a client's migration are possible from here.
  virtual void on_handshake_confirmed(Connection&) {}
  // The server did not take the early data: every stream opened so far is gone (RFC 9001 4.6.2).
  virtual void on_early_data_rejected(Connection&) {}

  // The peer opened a stream.
  virtual void on_stream_opened(Connection&, StreamId) {}
  // The next bytes of a stream, in order, each exactly once; `end` with the last. Every byte must
  // be given back to the flow-control windows with consume(), now or when it is dealt with.
  virtual void on_stream_data(Connection&, StreamId, ByteView, bool /*end*/) {}
  virtual void on_stream_reset(Connection&, StreamId, std::uint64_t /*code*/) {}
  // The peer does not want more: the stream was reset towards it.
  virtual void on_stop_sending(Connection&, StreamId, std::uint64_t /*code*/) {}
  // After a write() that took less than it was given: there is room again.
  virtual void on_stream_writable(Connection&, StreamId) {}
  // Both directions are over and acknowledged; the id is not valid any longer.
  virtual void on_stream_closed(Connection&, StreamId) {}
  // The peer allows more streams to be opened.
  virtual void on_streams_available(Connection&, StreamKind) {}

  virtual void on_datagram(Connection&, ByteView) {}

  // A session to resume from; replaces earlier ones.
  virtual void on_session_ticket(Connection&, const SessionTicket&) {}
  virtual void on_path_changed(Connection&, const Path&, bool /*validated*/) {}

  // No more data in or out, for this reason. Once.
  virtual void on_closed(Connection&, const CloseReason&) {}
  // The connection is about to be destroyed: last event, forget the reference. Once.
  virtual void on_discarded(Connection&) {}
};

struct ConnectionStatistics {
  Duration smoothed_rtt = 0;
  Duration min_rtt = 0;
  Duration latest_rtt = 0;
  std::uint64_t congestion_window = 0;  // bytes
  std::uint64_t bytes_in_flight = 0;
  std::uint64_t packets_sent = 0, packets_received = 0, packets_lost = 0;
  std::uint64_t bytes_sent = 0, bytes_received = 0, bytes_lost = 0;
  std::uint64_t packets_discarded = 0;  // could not be decrypted or parsed
  std::uint64_t stream_bytes_received = 0;
  std::uint64_t stream_bytes_written = 0;  // by the application
  std::uint64_t streams_opened = 0, streams_closed = 0;
  std::size_t streams_open = 0;
  std::uint64_t datagrams_sent = 0, datagrams_received = 0, datagrams_lost = 0;
  std::uint64_t key_updates = 0;
  std::uint64_t path_changes = 0;
  std::size_t max_udp_payload = 0;          // on the current path, after discovery
  std::size_t memory = 0, peak_memory = 0;  // of the packet layer, bytes
  std::uint64_t path_window = 0;            // what the peer may have on its way, bytes
  std::size_t send_buffered = 0;            // written and not acknowledged, bytes
  std::size_t send_memory = 0;              // of the blocks that hold them, shared bytes excepted
};

// Datagrams to send, back to back: `segment` bytes each, the last one `bytes % segment` if that
// is not zero. Empty when there is nothing to send now.
struct Transmit {
  std::size_t bytes = 0;
  std::size_t segment = 0;
  Path path;
  explicit operator bool() const { return bytes != 0; }
};

class Connection {
 public:
  class Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // --- The wire (normally called by the Dispatcher) --------------------------------------------

  void receive(const Path& path, ByteView datagram, Timestamp now);

  // Fills `buffer` with as many datagrams of one path as congestion control and pacing let go
  // now. buffer.size() must be at least TransportConfig::max_udp_payload.
  Transmit send(ByteSpan buffer, Timestamp now);

  [[nodiscard]] Timestamp next_timeout() const;
  void handle_timeout(Timestamp now);

  // --- Streams ---------------------------------------------------------------------------------

  // Errors: kLimit while the peer allows no more streams (on_streams_available tells when);
  // kProtocol when closed.
  Result<StreamId> open_stream(StreamKind kind);

  // Takes as much as the send buffers allow; the number taken may be 0, on_stream_writable follows
  // then. The first form copies, the second keeps a reference and takes all or nothing.
  // Errors: kNotFound (no such stream, or closed); kInvalidArgument (finished, or receive-only, or
  // shared bytes that exceed TransportConfig::stream_send_buffer or connection_send_buffer and so
  // could never be taken whole); kProtocol when the connection is closed.
  Result<std::size_t> write(StreamId stream, ByteView bytes);
  Result<std::size_t> write(StreamId stream, SharedBytes bytes);

  // No more bytes after those written (FIN).
  Status finish(StreamId stream);
  // RESET_STREAM: what was written may be lost (RFC 9000 section 3.1).
  Status reset(StreamId stream, std::uint64_t code);
  // STOP_SENDING: asks the peer to reset its direction.
  Status stop_sending(StreamId stream, std::uint64_t code);
  // Errors also: kInvalidArgument for an urgency above 7.
  Status set_priority(StreamId stream, Priority priority);

  // Gives `count` bytes back to the stream's and the connection's flow-control windows. Each byte
  // delivered must be given back once, also when its stream is closed by then.
  void consume(StreamId stream, std::size_t count);

  // Whether the peer acknowledged everything written, and every finish(), on streams that were not
  // reset: then close() loses nothing.
  [[nodiscard]] bool is_flushed() const;

  // A pointer of the application's, kept with the stream; nullptr at first.
  void set_context(StreamId stream, void* context);
  [[nodiscard]] void* context(StreamId stream) const;

  // --- Datagrams (RFC 9221) --------------------------------------------------------------------

  // Queues one unreliable datagram. Errors: kUnavailable (the peer takes none), kInvalidArgument
  // (larger than max_datagram_size), kLimit (queue full).
  Status send_datagram(ByteView bytes);
  [[nodiscard]] std::size_t max_datagram_size() const;

  // --- The connection --------------------------------------------------------------------------

  // CONNECTION_CLOSE with an application code (RFC 9000 section 10.2), sent by the next send().
  // What is not acknowledged by then is lost: see is_flushed().
  void close(std::uint64_t code, std::string reason = {});

  // RFC 9001 section 6. Errors: kUnavailable before confirmation, within three probe timeouts of
  // the last one, and on a connection that has carried nothing since.
  Status update_keys(Timestamp now);

  // A client goes on from another local address (RFC 9000 section 9.2); the path is validated
  // first, on_path_changed tells. Errors: kUnavailable before confirmation, for a server, or when
  // the peer forbade it.
  Status migrate(const Address& local, Timestamp now);

  [[nodiscard]] bool is_handshake_completed() const;
  [[nodiscard]] bool is_handshake_confirmed() const;
  [[nodiscard]] bool is_closed() const;  // closing, draining or gone
  [[nodiscard]] const std::optional<CloseReason>& close_reason() const;
  // Server: data delivered now came as early data and may be a replay.
  [[nodiscard]] bool is_delivering_early_data() const;
  // Client: the server took the early data. Meaningful once the handshake is completed.
  [[nodiscard]] bool was_early_data_accepted() const;
  [[nodiscard]] bool was_resumed() const;

  [[nodiscard]] Role role() const;
  [[nodiscard]] std::string alpn() const;
  [[nodiscard]] const Path& path() const;
  [[nodiscard]] ConnectionStatistics statistics() const;

  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace midstream::quic
