// Receiving, timeouts, and the ways a connection ends (RFC 9000 section 10).
#include <algorithm>
#include <bit>

#include "core/quic/connection_impl.hpp"

namespace midstream::quic {

Connection::Impl::Received Connection::Impl::receive(const Path& from, ByteView datagram,
                                                     Timestamp now) {
  now = advance(now);
  if (state == State::kClosing) {
    // Answered again at 1, 2, 4, 8 … packets, so that two closing ends do not echo for ever.
    if (std::has_single_bit(++packets_while_closing_)) {
      close_packet_due_ = true;
      host_->wants_to_send(*this);
    }
    return Received::kOk;
  }
  if (state != State::kOpen) return Received::kOk;
  const ngtcp2_path native = to_native(from);
  const ngtcp2_pkt_info info{};
  const int error = ngtcp2_conn_read_pkt(conn_, &native, &info,
                                         reinterpret_cast<const std::uint8_t*>(datagram.data()),
                                         datagram.size(), now);
  if (error == NGTCP2_ERR_RETRY) return Received::kRetryWanted;
  if (error == NGTCP2_ERR_DROP_CONN) {
    finish_silently({CloseReason::Kind::kRefused, false, 0, {}});
    return Received::kDropped;
  }
  if (error != 0) fail(error);
  // Not from within handshake_completed: until that packet is dealt with ngtcp2 asserts on a key
  // update.
  if (role == Role::kServer && handshake_completed && state == State::kOpen) confirm_handshake();
  return Received::kOk;
}

void Connection::Impl::confirm_handshake() {
  if (handshake_confirmed) return;
  handshake_confirmed = true;
  events_->on_handshake_confirmed(*facade_);
}

Timestamp Connection::Impl::next_timeout() const {
  switch (state) {
    case State::kOpen:
      return ngtcp2_conn_get_expiry(conn_);
    case State::kClosing:
    case State::kDraining:
      return gone_at_;
    case State::kGone:
      return 0;
  }
  return kNever;
}

void Connection::Impl::handle_timeout(Timestamp now) {
  now = advance(now);
  if (state != State::kOpen) {
    if (now >= gone_at_) state = State::kGone;
    return;
  }
  if (ngtcp2_conn_get_expiry(conn_) > now) return;
  const int error = ngtcp2_conn_handle_expiry(conn_, now);
  if (error != 0) fail(error);
}

void Connection::Impl::close(std::uint64_t code, std::string text) {
  if (is_closed()) return;
  close_requested_ = true;  // carried out by send(): an event may be running inside ngtcp2 now
  close_code_ = code;
  close_text_ = std::move(text);
  close_text_.resize(std::min<std::size_t>(close_text_.size(), 512));
  host_->wants_to_send(*this);
}

void Connection::Impl::fail(int library_error) {
  using Kind = CloseReason::Kind;
  switch (library_error) {
    case NGTCP2_ERR_CLOSING:
      return;
    case NGTCP2_ERR_DRAINING:
      drain();
      return;
    case NGTCP2_ERR_IDLE_CLOSE:
      finish_silently({Kind::kIdleTimeout, false, 0, {}});
      return;
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
      finish_silently({Kind::kHandshakeTimeout, false, 0, {}});
      return;
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
      finish_silently({Kind::kVersionNegotiation, true, 0, "no QUIC version in common"});
      return;
    default:
      break;
  }
  ngtcp2_ccerr error;
  std::string text = ngtcp2_strerror(library_error);
  const std::uint8_t alert = ngtcp2_conn_get_tls_alert(conn_);
  if (library_error == NGTCP2_ERR_CRYPTO && alert != 0) {
    ngtcp2_ccerr_set_tls_alert(&error, alert, nullptr, 0);
    const std::string verification = tls.verification_error();
    text = "TLS alert " + std::to_string(alert) +
           (verification.empty() ? std::string() : ", " + verification);
  } else {
    ngtcp2_ccerr_set_liberr(&error, library_error, nullptr, 0);
  }
  ERR_clear_error();  // this connection's, not the next one's
  close_with(error, {Kind::kTransport, false, error.error_code, std::move(text)});
}

void Connection::Impl::close_with(const ngtcp2_ccerr& error, CloseReason why) {
  close_packet_.resize(kSmallestPayload);
  ngtcp2_pkt_info info{};
  const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
      conn_, nullptr, &info, reinterpret_cast<std::uint8_t*>(close_packet_.data()),
      close_packet_.size(), &error, now_);
  if (size <= 0) {
    finish_silently(std::move(why));
    return;
  }
  close_packet_.resize(static_cast<std::size_t>(size));
  close_packet_due_ = true;
  state = State::kClosing;
  gone_at_ = now_ + 3 * ngtcp2_conn_get_pto(conn_);
  host_->wants_to_send(*this);
  tell_closed(std::move(why));
}

void Connection::Impl::drain() {
  state = State::kDraining;
  gone_at_ = now_ + 3 * ngtcp2_conn_get_pto(conn_);
  host_->wants_to_send(*this);  // nothing will be sent, but its timer is new
  if (stateless_reset_) {
    tell_closed({CloseReason::Kind::kStatelessReset, true, 0, {}});
    return;
  }
  const ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(conn_);
  CloseReason why;
  why.kind = error->type == NGTCP2_CCERR_TYPE_APPLICATION ? CloseReason::Kind::kApplication
                                                          : CloseReason::Kind::kTransport;
  why.by_peer = true;
  why.code = error->error_code;
  why.text.assign(reinterpret_cast<const char*>(error->reason), error->reasonlen);
  tell_closed(std::move(why));
}

void Connection::Impl::finish_silently(CloseReason why) {
  state = State::kGone;
  gone_at_ = 0;
  host_->wants_to_send(*this);
  tell_closed(std::move(why));
}

void Connection::Impl::tell_closed(CloseReason why) {
  if (reason.has_value()) return;
  reason = std::move(why);
  datagrams_.clear();
  events_->on_closed(*facade_, *reason);
}

}  // namespace midstream::quic
