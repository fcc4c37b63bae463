// Internal to core/quic/*.cpp: the state behind Connection.
//
// connection.cpp is the public face, connection_streams.cpp what applications do to streams,
// connection_callbacks.cpp what ngtcp2 tells us, connection_send.cpp what fills packets,
// connection_close.cpp the ways to end.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/quic/connection.hpp"
#include "core/quic/memory_budget.hpp"
#include "core/quic/receive_window.hpp"
#include "core/quic/send_buffer.hpp"
#include "core/quic/stream_scheduler.hpp"
#include "core/quic/tls_native.hpp"

namespace midstream::quic {

// What a connection needs from whoever routes datagrams to it (the Dispatcher).
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  // Where its connections' packet layers take their memory from.
  MemoryPool memory;

  // A new id of ours for the peer to use, and its stateless reset token (RFC 9000 10.3).
  virtual bool issue_connection_id(Connection::Impl& connection, std::size_t size, ngtcp2_cid& id,
                                   ngtcp2_stateless_reset_token& token) = 0;
  virtual void retire_connection_id(const ngtcp2_cid& id) = 0;
  // RFC 9000 section 10.3.1: a datagram that ends with this token resets the connection.
  virtual void expect_reset_token(Connection::Impl& connection,
                                  const ngtcp2_stateless_reset_token& token, bool active) = 0;
  virtual void wants_to_send(Connection::Impl& connection) = 0;
  virtual void handshake_completed(Connection::Impl& connection) = 0;
  // It is on another path, or stays on the one it wanted to leave.
  virtual void path_settled(Connection::Impl& connection) = 0;
  // An address validation token for the client's next connection; empty if not issued.
  virtual std::vector<std::uint8_t> make_address_token(const Address& remote, Timestamp now) = 0;
};

ngtcp2_path to_native(const Path& path);
Path from_native(const ngtcp2_path& path);

struct ClientStart {
  ClientTls tls;
  TransportConfig transport;
  Path path;
  SessionTicket ticket;
  ngtcp2_cid source_id{};
  // Instead of callbacks_for(Role::kClient): a hostile client in the tests tampers with packets
  // before they are encrypted.
  const ngtcp2_callbacks* callbacks = nullptr;
};

struct ServerStart {
  ServerTls tls;
  TransportConfig transport;
  Path path;
  ngtcp2_cid source_id{};
  ngtcp2_pkt_hd initial{};   // the Initial packet's header
  ngtcp2_cid original_id{};  // what the client first sent to
  bool retried = false;      // after a Retry of ours; token_type says which token
  bool address_validated = false;
  ngtcp2_stateless_reset_token reset_token{};
  const ngtcp2_callbacks* callbacks = nullptr;  // as in ClientStart, for a hostile server
};

struct Stream : ScheduledStream {
  StreamId id = -1;
  SendBuffer buffer;
  void* context = nullptr;
  bool can_write = false;  // bidirectional or ours, and not finished, reset or stopped
  bool finish_wanted = false;
  bool finish_sent = false;
  bool blocked = false;             // by the peer's stream window
  bool connection_blocked = false;  // by the peer's connection window
  bool writer_waits = false;        // the last write() took less than it was given
};

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): grouped by use, one per connection
class Connection::Impl {
 public:
  Impl(Role role, const TransportConfig& transport, ConnectionHost& host, ConnectionEvents& events);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status start(const ClientStart& start, Timestamp now);
  Status start(const ServerStart& start, Timestamp now);
  void set_facade(Connection& facade) { facade_ = &facade; }
  void set_events(ConnectionEvents& events) { events_ = &events; }

  // The wire.
  enum class Received : std::uint8_t { kOk, kRetryWanted, kDropped };
  Received receive(const Path& path, ByteView datagram, Timestamp now);
  Transmit send(ByteSpan buffer, Timestamp now);
  void handle_timeout(Timestamp now);
  [[nodiscard]] Timestamp next_timeout() const;
  void tell_discarded() { events_->on_discarded(*facade_); }

  // Streams.
  Result<StreamId> open_stream(StreamKind kind);
  template <class Bytes>
  Result<std::size_t> write(StreamId id, Bytes bytes);
  Status finish(StreamId id);
  Status reset(StreamId id, std::uint64_t code);
  Status stop_sending(StreamId id, std::uint64_t code);
  Status set_priority(StreamId id, Priority priority);
  void delivered(std::size_t count);
  void consume(StreamId id, std::size_t count);
  [[nodiscard]] bool is_flushed() const;
  [[nodiscard]] std::size_t room(const Stream& stream) const;
  [[nodiscard]] Stream* find(StreamId id) const;

  Status send_datagram(ByteView bytes);
  [[nodiscard]] std::size_t max_datagram_size() const;
  void close(std::uint64_t code, std::string reason);
  Status update_keys(Timestamp now);
  Status migrate(const Address& local, Timestamp now);
  [[nodiscard]] ConnectionStatistics statistics() const;
  [[nodiscard]] bool is_closed() const { return state != State::kOpen || close_requested_; }

  // States of RFC 9000 section 10.2.
  enum class State : std::uint8_t { kOpen, kClosing, kDraining, kGone };

  Role role;
  State state = State::kOpen;
  std::optional<CloseReason> reason;
  bool handshake_completed = false;
  bool handshake_confirmed = false;
  bool delivering_early_data = false;
  Path path;
  std::optional<Address> migrating_to;  // until the new path is validated, or found not to work
  TlsSession tls;

  // For the dispatcher's queues.
  bool is_active = false;
  std::size_t timer_slot = SIZE_MAX;
  Timestamp timer_deadline = kNever;
  std::vector<ngtcp2_cid> routed_ids;
  std::vector<ngtcp2_stateless_reset_token> reset_tokens;

 private:
  friend struct ConnectionCallbacks;

  struct Datagram {
    std::uint64_t id;
    std::vector<std::byte> bytes;
  };

  Timestamp advance(Timestamp now);
  void fill_settings(ngtcp2_settings& settings, Timestamp now);
  void fill_parameters(ngtcp2_transport_params& parameters) const;
  void restore_transport_parameters(const SessionTicket& ticket);
  Stream& add_stream(StreamId id);
  void remove_stream(StreamId id);
  void discard_streams();
  void stop_writing(Stream& stream);
  void schedule(Stream& stream);
  void wake_writers();
  void released(const Stream& stream, std::size_t bytes);
  [[nodiscard]] bool has_room_again(const Stream& stream) const;
  void confirm_handshake();
  void publish_ticket();

  static ngtcp2_ssize write_packet(ngtcp2_conn* conn, ngtcp2_path* path, ngtcp2_pkt_info* info,
                                   std::uint8_t* out, std::size_t size, ngtcp2_tstamp now,
                                   void* self);
  ngtcp2_ssize fill_packet(ngtcp2_path* out_path, ngtcp2_pkt_info* info, std::uint8_t* out,
                           std::size_t size);
  ngtcp2_ssize offer_stream(Stream& stream, ngtcp2_path* out_path, ngtcp2_pkt_info* info,
                            std::uint8_t* out, std::size_t size);
  ngtcp2_ssize fill_datagrams(ngtcp2_path* out_path, ngtcp2_pkt_info* info, std::uint8_t* out,
                              std::size_t size);
  void unblock_connection();
  void stream_taken(Stream& stream, std::size_t taken, bool all, bool with_finish);
  void stream_refused(Stream& stream, ngtcp2_ssize error);
  Transmit send_close_packet(ByteSpan buffer);

  void fail(int library_error);
  void close_with(const ngtcp2_ccerr& error, CloseReason why);
  void drain();
  void finish_silently(CloseReason why);
  void tell_closed(CloseReason why);

  TransportConfig config_;
  std::vector<std::uint16_t> mtu_probes_;
  ConnectionHost* host_;
  ConnectionEvents* events_;
  Connection* facade_ = nullptr;
  MemoryBudget memory_;
  ngtcp2_crypto_conn_ref reference_{};
  ngtcp2_conn* conn_ = nullptr;
  Timestamp now_ = 0;  // the latest the caller gave

  std::unordered_map<StreamId, Stream> streams_;
  mutable Stream* recent_ = nullptr;  // events and the calls they cause name the same stream
  StreamScheduler scheduler_;
  ReceiveWindow window_;
  std::vector<Stream*> connection_blocked_;  // wait for the peer's connection window
  std::size_t turn_bytes_ = 0;               // sent by the stream whose turn it is
  std::size_t send_buffered_ = 0;
  std::vector<StreamId> waiting_writers_;
  std::vector<StreamId> ready_writers_;  // empty but while they are told; keeps its memory
  std::deque<Datagram> datagrams_;
  std::uint64_t next_datagram_id_ = 0;

  SessionPtr session_;
  std::vector<std::uint8_t> address_token_;
  bool early_data_offered_ = false;
  std::uint64_t key_updates_started_ = 0;
  bool stateless_reset_ = false;
  bool close_requested_ = false;
  std::uint64_t close_code_ = 0;
  std::string close_text_;
  std::vector<std::byte> close_packet_;
  bool close_packet_due_ = false;
  std::uint64_t packets_while_closing_ = 0;
  Timestamp gone_at_ = kNever;
  ConnectionStatistics counters_;  // those that ngtcp2 does not keep
};

}  // namespace midstream::quic
