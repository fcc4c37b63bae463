// Filling packets: datagrams first, then streams by priority, many packets per call.
#include <algorithm>
#include <array>

#include "core/quic/connection_impl.hpp"

namespace midstream::quic {
namespace {

// Linux sends at most 64 segments in one segmentation-offload call (UDP_MAX_SEGMENTS before 6.9).
constexpr std::size_t kMaxSegments = 64;

// An incremental stream gives way after about this much: long enough that a burst mostly holds
// one stream's data, short enough that a thousand streams all move within a few milliseconds.
constexpr std::size_t kTurnBytes = 4096;

constexpr std::size_t kPieces = 4;  // of a stream's send buffer, per packet

}  // namespace

Transmit Connection::Impl::send(ByteSpan buffer, Timestamp now) {
  now = advance(now);
  if (close_requested_ && state == State::kOpen) {
    ngtcp2_ccerr error;
    ngtcp2_ccerr_set_application_error(&error, close_code_,
                                       reinterpret_cast<const std::uint8_t*>(close_text_.data()),
                                       close_text_.size());
    close_with(error, {CloseReason::Kind::kApplication, false, close_code_, close_text_});
  }
  if (state != State::kOpen) return send_close_packet(buffer);
  unblock_connection();

  const std::size_t packet = ngtcp2_conn_get_path_max_tx_udp_payload_size(conn_);
  const std::size_t quantum = std::max(packet, ngtcp2_conn_get_send_quantum(conn_));
  ngtcp2_path_storage storage;
  ngtcp2_path_storage_zero(&storage);
  ngtcp2_pkt_info info{};
  std::size_t segment = 0;
  auto* out = reinterpret_cast<std::uint8_t*>(buffer.data());
  const ngtcp2_ssize written = ngtcp2_conn_write_aggregate_pkt2(
      conn_, &storage.path, &info, out, std::min(buffer.size(), quantum), &segment, write_packet,
      kMaxSegments, now);
  if (written < 0) {
    fail(static_cast<int>(written));
    return send_close_packet(buffer);
  }
  if (written == 0) return {};
  ngtcp2_conn_update_pkt_tx_time(conn_, now);
  return {static_cast<std::size_t>(written), segment, from_native(storage.path)};
}

Transmit Connection::Impl::send_close_packet(ByteSpan buffer) {
  if (!close_packet_due_ || close_packet_.empty() || buffer.size() < close_packet_.size()) {
    return {};
  }
  close_packet_due_ = false;
  std::ranges::copy(close_packet_, buffer.begin());
  return {close_packet_.size(), close_packet_.size(), path};
}

// NOLINTNEXTLINE(readability-function-size): ngtcp2 prescribes the parameters
ngtcp2_ssize Connection::Impl::write_packet(ngtcp2_conn*, ngtcp2_path* path, ngtcp2_pkt_info* info,
                                            std::uint8_t* out, std::size_t size, ngtcp2_tstamp,
                                            void* self) {
  return static_cast<Impl*>(self)->fill_packet(path, info, out, size);
}

// Writes one packet; 0 when congestion control, pacing or flow control let nothing go.
ngtcp2_ssize Connection::Impl::fill_packet(ngtcp2_path* out_path, ngtcp2_pkt_info* info,
                                           std::uint8_t* out, std::size_t size) {
  if (!datagrams_.empty()) {
    const ngtcp2_ssize result = fill_datagrams(out_path, info, out, size);
    if (result != NGTCP2_ERR_WRITE_MORE) return result;
  }
  for (;;) {
    auto* stream = static_cast<Stream*>(scheduler_.front());
    if (stream == nullptr) {
      return ngtcp2_conn_writev_stream(conn_, out_path, info, out, size, nullptr, 0, -1, nullptr, 0,
                                       now_);
    }
    const ngtcp2_ssize result = offer_stream(*stream, out_path, info, out, size);
    if (result == NGTCP2_ERR_STREAM_DATA_BLOCKED || result == NGTCP2_ERR_STREAM_SHUT_WR ||
        result == NGTCP2_ERR_STREAM_NOT_FOUND) {
      stream_refused(*stream, result);
    } else if (result != NGTCP2_ERR_WRITE_MORE) {
      return result;
    }
  }
}

ngtcp2_ssize Connection::Impl::offer_stream(Stream& stream, ngtcp2_path* out_path,
                                            ngtcp2_pkt_info* info, std::uint8_t* out,
                                            std::size_t size) {
  std::array<ByteView, kPieces> pieces;
  std::array<ngtcp2_vec, kPieces> vectors;
  const std::size_t count = stream.buffer.gather(pieces, size);  // what one packet holds
  std::size_t offered = 0;
  for (std::size_t i = 0; i < count; ++i) {
    offered += pieces[i].size();
    vectors[i] = {reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(pieces[i].data())),
                  pieces[i].size()};
  }
  const bool all = offered == stream.buffer.unsent();
  const bool with_finish = all && stream.finish_wanted;
  const std::uint32_t flags =
      NGTCP2_WRITE_STREAM_FLAG_MORE | (with_finish ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0U);
  ngtcp2_ssize taken = -1;
  const ngtcp2_ssize result = ngtcp2_conn_writev_stream(
      conn_, out_path, info, out, size, &taken, flags, stream.id, vectors.data(), count, now_);
  if (taken >= 0) {
    const auto bytes = static_cast<std::size_t>(taken);
    stream_taken(stream, bytes, bytes == offered && all, with_finish);
  }
  return result;
}

// NGTCP2_ERR_WRITE_MORE: the packet has room, or is not begun; streams may follow.
ngtcp2_ssize Connection::Impl::fill_datagrams(ngtcp2_path* out_path, ngtcp2_pkt_info* info,
                                              std::uint8_t* out, std::size_t size) {
  while (!datagrams_.empty()) {
    Datagram& first = datagrams_.front();
    const ngtcp2_vec vector{reinterpret_cast<std::uint8_t*>(first.bytes.data()),
                            first.bytes.size()};
    int accepted = 0;
    const ngtcp2_ssize result =
        ngtcp2_conn_writev_datagram(conn_, out_path, info, out, size, &accepted,
                                    NGTCP2_WRITE_DATAGRAM_FLAG_MORE, first.id, &vector, 1, now_);
    const bool unsendable =
        result == NGTCP2_ERR_INVALID_STATE || result == NGTCP2_ERR_INVALID_ARGUMENT ||
        (result == 0 && first.bytes.size() > max_datagram_size());  // the path shrank
    if (accepted != 0) ++counters_.datagrams_sent;
    if (unsendable) ++counters_.datagrams_lost;
    if (accepted != 0 || unsendable) datagrams_.pop_front();
    if (result != NGTCP2_ERR_WRITE_MORE && !unsendable) return result;
  }
  return NGTCP2_ERR_WRITE_MORE;
}

void Connection::Impl::stream_taken(Stream& stream, std::size_t taken, bool all, bool with_finish) {
  stream.buffer.mark_sent(taken);
  if (all) {
    if (with_finish) stream.finish_sent = true;
    scheduler_.remove(stream);
    turn_bytes_ = 0;
    return;
  }
  turn_bytes_ += taken;
  if (turn_bytes_ >= kTurnBytes) {
    turn_bytes_ = 0;
    scheduler_.end_turn(stream);
  }
}

void Connection::Impl::stream_refused(Stream& stream, ngtcp2_ssize error) {
  turn_bytes_ = 0;
  scheduler_.remove(stream);
  if (error == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
    if (ngtcp2_conn_get_max_data_left(conn_) == 0) {
      stream.connection_blocked = true;
      connection_blocked_.push_back(&stream);
    } else {
      stream.blocked = true;  // until extend_max_stream_data
    }
    return;
  }
  // The peer's STOP_SENDING reset our direction (RFC 9000 section 3.5); with ngtcp2 before 1.24
  // this is the first we hear of it, and the code is not known.
  if (stream.can_write) {
    stop_writing(stream);
    events_->on_stop_sending(*facade_, stream.id, 0);
  }
}

// Streams held up by the connection's window go back in line once the peer extended it.
void Connection::Impl::unblock_connection() {
  if (connection_blocked_.empty() || ngtcp2_conn_get_max_data_left(conn_) == 0) return;
  std::vector<Stream*> waiting = std::move(connection_blocked_);
  connection_blocked_.clear();
  for (Stream* stream : waiting) {
    stream->connection_blocked = false;
    schedule(*stream);
  }
}

}  // namespace midstream::quic
