// Streams and datagrams, as the application uses them.
#include <algorithm>
#include <type_traits>

#include "core/quic/connection_impl.hpp"

namespace midstream::quic {
namespace {

Error no_such_stream(StreamId id) {
  return {ErrorCode::kNotFound, "stream " + std::to_string(id) + " does not exist (any longer)"};
}

std::size_t size_of(ByteView bytes) { return bytes.size(); }
std::size_t size_of(const SharedBytes& bytes) { return bytes.bytes.size(); }

// More never fits, however much is acknowledged: its writer would wait for ever.
std::size_t largest_shared_write(const TransportConfig& config) {
  return std::min(config.stream_send_buffer, config.connection_send_buffer);
}

// A copy may be cut to what fits; shared bytes are taken whole or not at all.
std::size_t append(SendBuffer& buffer, ByteView bytes, std::size_t room) {
  const std::size_t taken = std::min(bytes.size(), room);
  buffer.append_copy(bytes.first(taken));
  return taken;
}
std::size_t append(SendBuffer& buffer, SharedBytes bytes, std::size_t room) {
  const std::size_t size = bytes.bytes.size();
  if (size > room) return 0;
  buffer.append_shared(std::move(bytes));
  return size;
}

}  // namespace

Stream* Connection::Impl::find(StreamId id) const {
  if (recent_ != nullptr && recent_->id == id) return recent_;
  const auto found = streams_.find(id);
  if (found == streams_.end()) return nullptr;
  recent_ = const_cast<Stream*>(&found->second);
  return recent_;
}

Stream& Connection::Impl::add_stream(StreamId id) {
  Stream& stream = streams_[id];
  stream.id = id;
  stream.can_write = kind_of(id) == StreamKind::kBidirectional || initiator_of(id) == role;
  ngtcp2_conn_set_stream_user_data(conn_, id, &stream);
  ++counters_.streams_opened;
  recent_ = &stream;
  return stream;
}

void Connection::Impl::remove_stream(StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr) return;
  stop_writing(*stream);
  send_buffered_ -= stream->buffer.retained();
  events_->on_stream_closed(*facade_, id);
  recent_ = nullptr;
  streams_.erase(id);
  ++counters_.streams_closed;
  if (initiator_of(id) != role) {  // the peer may open another in its place
    if (kind_of(id) == StreamKind::kBidirectional) {
      ngtcp2_conn_extend_max_streams_bidi(conn_, 1);
    } else {
      ngtcp2_conn_extend_max_streams_uni(conn_, 1);
    }
  }
  // What a reset stream held is free only now, and no acknowledgement may follow to say so. Last,
  // because what the events do must find the stream gone.
  if (!waiting_writers_.empty()) wake_writers();
}

void Connection::Impl::discard_streams() {
  for (auto& [id, stream] : streams_) scheduler_.remove(stream);
  connection_blocked_.clear();
  waiting_writers_.clear();
  recent_ = nullptr;
  counters_.streams_closed += streams_.size();
  streams_.clear();
  send_buffered_ = 0;
}

// Nothing is sent on the stream any longer. Its memory stays: packets in flight refer to it until
// ngtcp2 closes the stream.
void Connection::Impl::stop_writing(Stream& stream) {
  stream.can_write = false;
  scheduler_.remove(stream);
  if (stream.connection_blocked) {
    std::erase(connection_blocked_, &stream);
    stream.connection_blocked = false;
  }
}

void Connection::Impl::schedule(Stream& stream) {
  if (stream.blocked || stream.connection_blocked || stream.finish_sent) return;
  if (stream.buffer.unsent() == 0 && !stream.finish_wanted) return;
  scheduler_.add(stream);
  host_->wants_to_send(*this);
}

Result<StreamId> Connection::Impl::open_stream(StreamKind kind) {
  if (is_closed()) return Error{ErrorCode::kProtocol, "the connection is closed"};
  StreamId id = -1;
  const int error = kind == StreamKind::kBidirectional
                        ? ngtcp2_conn_open_bidi_stream(conn_, &id, nullptr)
                        : ngtcp2_conn_open_uni_stream(conn_, &id, nullptr);
  if (error == NGTCP2_ERR_STREAM_ID_BLOCKED) {
    return Error{ErrorCode::kLimit, "the peer allows no more streams now"};
  }
  if (error != 0) return Error{ErrorCode::kProtocol, ngtcp2_strerror(error)};
  add_stream(id);
  return id;
}

std::size_t Connection::Impl::room(const Stream& stream) const {
  if (!stream.can_write || stream.finish_wanted) return 0;
  const std::size_t used = stream.buffer.retained();
  if (used >= config_.stream_send_buffer || send_buffered_ >= config_.connection_send_buffer) {
    return 0;
  }
  return std::min(config_.stream_send_buffer - used,
                  config_.connection_send_buffer - send_buffered_);
}

// ngtcp2 tells which bytes are acknowledged, but not always that a FIN is: one that was sent alone
// may be retransmitted together with data. Nothing in flight means that it was not lost.
bool Connection::Impl::is_flushed() const {
  if (is_closed()) return false;
  bool finish_pending = false;
  for (const auto& [id, stream] : streams_) {
    if (!stream.can_write) continue;
    if (stream.buffer.retained() > 0 || stream.finish_wanted != stream.finish_sent) return false;
    finish_pending = finish_pending || stream.finish_sent;
  }
  if (!finish_pending) return true;
  ngtcp2_conn_info info;
  ngtcp2_conn_get_conn_info(conn_, &info);
  return info.bytes_in_flight == 0;
}

template <class Bytes>
Result<std::size_t> Connection::Impl::write(StreamId id, Bytes bytes) {
  if (is_closed()) return Error{ErrorCode::kProtocol, "the connection is closed"};
  Stream* stream = find(id);
  if (stream == nullptr) return no_such_stream(id);
  if (!stream->can_write || stream->finish_wanted) {
    return Error{ErrorCode::kInvalidArgument, "the stream is not writable (any longer)"};
  }
  const std::size_t offered = size_of(bytes);
  if (std::is_same_v<Bytes, SharedBytes> && offered > largest_shared_write(config_)) {
    return Error{ErrorCode::kInvalidArgument,
                 "a shared write of " + std::to_string(offered) + " bytes; at most " +
                     std::to_string(largest_shared_write(config_)) +
                     " ever fit the send buffers (stream_send_buffer, connection_send_buffer)"};
  }
  const std::size_t taken = append(stream->buffer, std::move(bytes), room(*stream));
  send_buffered_ += taken;
  counters_.stream_bytes_written += taken;
  if (taken < offered && !stream->writer_waits) {
    stream->writer_waits = true;
    waiting_writers_.push_back(id);
  }
  if (taken > 0) schedule(*stream);
  return taken;
}

template Result<std::size_t> Connection::Impl::write(StreamId, ByteView);
template Result<std::size_t> Connection::Impl::write(StreamId, SharedBytes);

// Acknowledgements come packet by packet, thousands to a window: only one that makes room looks at
// the writers that wait.
void Connection::Impl::released(const Stream& stream, std::size_t bytes) {
  const std::size_t enough = config_.connection_send_buffer / 2;
  const bool was_full = send_buffered_ > enough;
  send_buffered_ -= bytes;
  if (waiting_writers_.empty() || send_buffered_ > enough) return;
  if (was_full || (stream.writer_waits && has_room_again(stream))) wake_writers();
}

// A writer is woken when half of its buffer is free: fewer, larger writes.
bool Connection::Impl::has_room_again(const Stream& stream) const {
  return stream.buffer.retained() <= config_.stream_send_buffer / 2;
}

void Connection::Impl::wake_writers() {
  if (send_buffered_ > config_.connection_send_buffer / 2) return;
  // Events may write, and so wait again: the list is taken away while they run.
  std::vector<StreamId> ready = std::move(ready_writers_);
  ready.clear();
  std::erase_if(waiting_writers_, [&](StreamId id) {
    Stream* stream = find(id);
    if (stream == nullptr) return true;
    if (!has_room_again(*stream)) return false;
    stream->writer_waits = false;
    ready.push_back(id);
    return true;
  });
  for (const StreamId id : ready) events_->on_stream_writable(*facade_, id);
  ready_writers_ = std::move(ready);
}

Status Connection::Impl::finish(StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr) return no_such_stream(id);
  if (!stream->can_write) {
    return Error{ErrorCode::kInvalidArgument, "the stream is not writable (any longer)"};
  }
  stream->finish_wanted = true;
  schedule(*stream);
  return {};
}

Status Connection::Impl::reset(StreamId id, std::uint64_t code) {
  Stream* stream = find(id);
  if (stream == nullptr) return no_such_stream(id);
  const int error = ngtcp2_conn_shutdown_stream_write(conn_, 0, id, code);
  if (error != 0) return Error{ErrorCode::kProtocol, ngtcp2_strerror(error)};
  stop_writing(*stream);
  host_->wants_to_send(*this);
  return {};
}

Status Connection::Impl::stop_sending(StreamId id, std::uint64_t code) {
  if (find(id) == nullptr) return no_such_stream(id);
  const int error = ngtcp2_conn_shutdown_stream_read(conn_, 0, id, code);
  if (error != 0) return Error{ErrorCode::kProtocol, ngtcp2_strerror(error)};
  host_->wants_to_send(*this);
  return {};
}

Status Connection::Impl::set_priority(StreamId id, Priority priority) {
  if (priority.urgency > kLeastUrgent) {
    return Error{ErrorCode::kInvalidArgument, "urgency is 0 to 7 (RFC 9218 4.1)"};
  }
  Stream* stream = find(id);
  if (stream == nullptr) return no_such_stream(id);
  scheduler_.set_priority(*stream, priority);
  return {};
}

void Connection::Impl::delivered(std::size_t count) {
  counters_.stream_bytes_received += count;
  if (window_.deliver(count, now_)) {
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(conn_, &info);
    window_.adapt(info.min_rtt);
  }
  ngtcp2_conn_extend_max_offset(conn_, window_.take_grant());
}

void Connection::Impl::consume(StreamId id, std::size_t count) {
  if (count == 0 || state != State::kOpen) return;
  window_.consume(count);
  ngtcp2_conn_extend_max_offset(conn_, window_.take_grant());
  // Fails for a stream that is closed by now: then only the connection's window matters.
  (void)ngtcp2_conn_extend_max_stream_offset(conn_, id, count);
  host_->wants_to_send(*this);
}

Status Connection::Impl::send_datagram(ByteView bytes) {
  if (is_closed()) return Error{ErrorCode::kProtocol, "the connection is closed"};
  const std::size_t largest = max_datagram_size();
  if (largest == 0) return Error{ErrorCode::kUnavailable, "the peer takes no datagrams (RFC 9221)"};
  if (bytes.size() > largest) {
    return Error{ErrorCode::kInvalidArgument, "a datagram of " + std::to_string(bytes.size()) +
                                                  " bytes; at most " + std::to_string(largest) +
                                                  " fit"};
  }
  if (datagrams_.size() >= config_.max_queued_datagrams) {
    return Error{ErrorCode::kLimit, "too many datagrams wait to be sent"};
  }
  datagrams_.push_back({next_datagram_id_++, {bytes.begin(), bytes.end()}});
  host_->wants_to_send(*this);
  return {};
}

// What is left of a packet after the short header (1 + connection id + 4 of packet number), the
// AEAD tag (16) and the frame's type and length (1 + 4); also the peer's own limit, which counts
// type and length.
std::size_t Connection::Impl::max_datagram_size() const {
  const ngtcp2_transport_params* peer = ngtcp2_conn_get_remote_transport_params(conn_);
  if (peer == nullptr || peer->max_datagram_frame_size <= 5) return 0;
  constexpr std::size_t kFrame = 1 + 4;
  constexpr std::size_t kPacket = 1 + 4 + 16;
  const std::size_t packet = ngtcp2_conn_get_path_max_tx_udp_payload_size(conn_);
  const std::size_t fits = packet - kPacket - kFrame - ngtcp2_conn_get_dcid(conn_)->datalen;
  return std::min<std::size_t>(fits, peer->max_datagram_frame_size - kFrame);
}

}  // namespace midstream::quic
