// The public face of a connection, and how it starts.
#include "core/quic/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/quic/connection_callbacks.hpp"
#include "core/quic/connection_impl.hpp"

namespace midstream::quic {

std::string to_string(const CloseReason& reason) {
  static constexpr std::array kNames{
      "application close", "transport error",     "idle timeout", "handshake timeout",
      "stateless reset",   "version negotiation", "refused"};
  std::string text = kNames[static_cast<std::size_t>(reason.kind)];
  if (reason.kind == CloseReason::Kind::kApplication ||
      reason.kind == CloseReason::Kind::kTransport) {
    text += " " + std::to_string(reason.code) + (reason.by_peer ? " by the peer" : "");
  }
  if (!reason.text.empty()) text += ": " + reason.text;
  return text;
}

ngtcp2_path to_native(const Path& path) {
  // ngtcp2's addresses are not const, but it only copies from them.
  auto* local = const_cast<sockaddr*>(path.local.data());
  auto* remote = const_cast<sockaddr*>(path.remote.data());
  return {{local, path.local.size()}, {remote, path.remote.size()}, nullptr};
}

Path from_native(const ngtcp2_path& path) {
  return {Address::from(path.local.addr), Address::from(path.remote.addr)};
}

Connection::Impl::Impl(Role own_role, const TransportConfig& transport, ConnectionHost& host,
                       ConnectionEvents& events)
    : role(own_role),
      config_(transport),
      host_(&host),
      events_(&events),
      memory_(transport.max_memory, host.memory),
      window_(transport.connection_window) {
  reference_.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<Impl*>(reference->user_data)->conn_;
  };
  reference_.user_data = this;
}

Connection::Impl::~Impl() {
  tls.detach();
  ngtcp2_conn_del(conn_);
}

Timestamp Connection::Impl::advance(Timestamp now) {
  now_ = std::max(now_, now);
  return now_;
}

void Connection::Impl::fill_settings(ngtcp2_settings& settings, Timestamp now) {
  ngtcp2_settings_default(&settings);
  // A probe of the smallest size would tell nothing.
  const bool discover = config_.mtu_discovery && config_.max_udp_payload > kSmallestPayload;
  if (discover) {
    // RFC 8899: common path sizes on the way up to the configured one.
    for (const std::uint16_t size :
         std::to_array<std::uint16_t>({1350, 1420, 1452, 4096, 8952, 16384, 32768})) {
      if (size < config_.max_udp_payload) mtu_probes_.push_back(size);
    }
    mtu_probes_.push_back(static_cast<std::uint16_t>(config_.max_udp_payload));
    settings.pmtud_probes = mtu_probes_.data();
    settings.pmtud_probeslen = mtu_probes_.size();
  }
  switch (config_.congestion_control) {
    case CongestionControl::kCubic:
      settings.cc_algo = NGTCP2_CC_ALGO_CUBIC;
      break;
    case CongestionControl::kBbr:
      settings.cc_algo = NGTCP2_CC_ALGO_BBR;
      break;
    case CongestionControl::kReno:
      settings.cc_algo = NGTCP2_CC_ALGO_RENO;
      break;
  }
  settings.initial_ts = now;
  settings.initial_rtt = config_.initial_rtt;
  settings.max_tx_udp_payload_size = config_.max_udp_payload;
  settings.no_tx_udp_payload_size_shaping = discover ? 0 : 1;
  settings.no_pmtud = discover ? 0 : 1;
  settings.ack_thresh = config_.ack_threshold;
  settings.handshake_timeout = config_.handshake_timeout;
}

void Connection::Impl::fill_parameters(ngtcp2_transport_params& parameters) const {
  ngtcp2_transport_params_default(&parameters);
  parameters.initial_max_data = window_.path_window();
  parameters.initial_max_stream_data_bidi_local = config_.stream_window;
  parameters.initial_max_stream_data_bidi_remote = config_.stream_window;
  parameters.initial_max_stream_data_uni = config_.stream_window;
  parameters.initial_max_streams_bidi = config_.max_streams_bidirectional;
  parameters.initial_max_streams_uni = config_.max_streams_unidirectional;
  parameters.max_idle_timeout = config_.idle_timeout;
  parameters.max_ack_delay = config_.max_ack_delay;
  parameters.max_datagram_frame_size = config_.max_datagram_frame;
  // One in use, and three for migrations in quick succession; each costs the handshake 4 us.
  parameters.active_connection_id_limit = 4;
  parameters.grease_quic_bit = 1;
}

void Connection::Impl::restore_transport_parameters(const SessionTicket& ticket) {
  const auto& parameters = ticket.native()->transport_parameters;
  // Parameters that cannot be read only cost the early data.
  (void)ngtcp2_conn_decode_and_set_0rtt_transport_params(conn_, parameters.data(),
                                                         parameters.size());
}

Status Connection::Impl::start(const ClientStart& start, Timestamp now) {
  path = start.path;
  now_ = now;
  ngtcp2_settings settings;
  ngtcp2_transport_params parameters;
  fill_settings(settings, now);
  fill_parameters(parameters);
  const ClientTlsConfig& client = start.tls.native().config;
  const bool fits = !start.ticket.empty() && start.ticket.native()->fits(client);
  const SessionTicket ticket = fits ? start.ticket : SessionTicket();
  if (fits) {
    settings.token = ticket.native()->address_token.data();
    settings.tokenlen = ticket.native()->address_token.size();
  }
  ngtcp2_cid destination;
  destination.datalen = NGTCP2_MIN_INITIAL_DCIDLEN + 8;
  random_bytes(destination.data, destination.datalen);
  const ngtcp2_callbacks* callbacks =
      start.callbacks != nullptr ? start.callbacks : &callbacks_for(Role::kClient);
  const ngtcp2_path native_path = to_native(path);
  const int error = ngtcp2_conn_client_new(&conn_, &destination, &start.source_id, &native_path,
                                           NGTCP2_PROTO_VER_V1, callbacks, &settings, &parameters,
                                           memory_.allocator(), this);
  if (error != 0) return Error{ErrorCode::kInternal, ngtcp2_strerror(error)};
  Status started = tls.start_client(start.tls, ticket, reference_);
  if (!started) return started;
  ngtcp2_conn_set_tls_native_handle(conn_, tls.native_handle());
  ngtcp2_conn_set_keep_alive_timeout(conn_,
                                     config_.keep_alive == 0 ? UINT64_MAX : config_.keep_alive);
  if (client.early_data && ticket.allows_early_data()) {
    restore_transport_parameters(ticket);
    early_data_offered_ = true;
  }
  tls.on_new_session = [this](SessionPtr session) {
    session_ = std::move(session);
    publish_ticket();
  };
  return {};
}

Status Connection::Impl::start(const ServerStart& start, Timestamp now) {
  path = start.path;
  now_ = now;
  ngtcp2_settings settings;
  ngtcp2_transport_params parameters;
  fill_settings(settings, now);
  fill_parameters(parameters);
  parameters.original_dcid = start.original_id;
  parameters.original_dcid_present = 1;
  if (start.retried) {
    parameters.retry_scid = start.initial.dcid;
    parameters.retry_scid_present = 1;
  }
  if (start.address_validated) {
    settings.token = start.initial.token;
    settings.tokenlen = start.initial.tokenlen;
    settings.token_type = start.retried ? NGTCP2_TOKEN_TYPE_RETRY : NGTCP2_TOKEN_TYPE_NEW_TOKEN;
  }
  parameters.stateless_reset_token_present = 1;
  std::memcpy(parameters.stateless_reset_token, start.reset_token.data,
              sizeof parameters.stateless_reset_token);
  const ngtcp2_callbacks* callbacks =
      start.callbacks != nullptr ? start.callbacks : &callbacks_for(Role::kServer);
  const ngtcp2_path native_path = to_native(path);
  const int error = ngtcp2_conn_server_new(&conn_, &start.initial.scid, &start.source_id,
                                           &native_path, start.initial.version, callbacks,
                                           &settings, &parameters, memory_.allocator(), this);
  if (error != 0) return Error{ErrorCode::kInternal, ngtcp2_strerror(error)};
  Status started = tls.start_server(start.tls, reference_);
  if (!started) return started;
  ngtcp2_conn_set_tls_native_handle(conn_, tls.native_handle());
  ngtcp2_conn_set_keep_alive_timeout(conn_,
                                     config_.keep_alive == 0 ? UINT64_MAX : config_.keep_alive);
  return {};
}

void Connection::Impl::publish_ticket() {
  if (session_ == nullptr) return;
  auto native = std::make_shared<SessionTicket::Native>();
  native->session.reset(SSL_SESSION_dup(session_.get()));
  native->transport_parameters.resize(512);
  const ngtcp2_ssize size = ngtcp2_conn_encode_0rtt_transport_params(
      conn_, native->transport_parameters.data(), native->transport_parameters.size());
  native->transport_parameters.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  native->address_token = address_token_;
  const ClientTlsConfig& client = tls.client_config();
  native->verification = client.verification;
  native->pins = client.pins;
  native->server_name = client.server_name;
  native->alpn = tls.alpn();
  events_->on_session_ticket(*facade_, SessionTicket(std::move(native)));
}

Status Connection::Impl::update_keys(Timestamp now) {
  // Before the handshake is confirmed ngtcp2 asserts.
  if (!handshake_confirmed || is_closed() ||
      ngtcp2_conn_initiate_key_update(conn_, advance(now)) != 0) {
    return Error{ErrorCode::kUnavailable, "keys cannot be updated now (RFC 9001 6.1)"};
  }
  ++key_updates_started_;
  host_->wants_to_send(*this);
  return {};
}

Status Connection::Impl::migrate(const Address& local, Timestamp now) {
  if (!handshake_confirmed || is_closed()) {
    return Error{ErrorCode::kUnavailable, "the handshake is not confirmed (RFC 9000 9)"};
  }
  if (role == Role::kServer) {
    return Error{ErrorCode::kUnavailable, "only a client migrates (RFC 9000 9)"};
  }
  const Path target{local, path.remote};
  const ngtcp2_path native = to_native(target);
  const int error = ngtcp2_conn_initiate_migration(conn_, &native, advance(now));
  if (error != 0) {
    return Error{ErrorCode::kUnavailable, std::string("cannot migrate: ") + ngtcp2_strerror(error)};
  }
  migrating_to = local;
  host_->wants_to_send(*this);
  return {};
}

ConnectionStatistics Connection::Impl::statistics() const {
  ConnectionStatistics result = counters_;
  ngtcp2_conn_info info;
  ngtcp2_conn_get_conn_info(conn_, &info);
  result.smoothed_rtt = info.smoothed_rtt;
  result.min_rtt = info.min_rtt == UINT64_MAX ? 0 : info.min_rtt;
  result.latest_rtt = info.latest_rtt;
  result.congestion_window = info.cwnd;
  result.bytes_in_flight = info.bytes_in_flight;
  result.packets_sent = info.pkt_sent;
  result.packets_received = info.pkt_recv;
  result.packets_lost = info.pkt_lost;
  result.packets_discarded = info.pkt_discarded;
  result.bytes_sent = info.bytes_sent;
  result.bytes_received = info.bytes_recv;
  result.bytes_lost = info.bytes_lost;
  result.streams_open = streams_.size();
  // ngtcp2 derives the keys of the next phase ahead of time: the first derivation is no update,
  // and that of an update of ours may still be to come.
  const std::uint64_t derived = counters_.key_updates == 0 ? 0 : counters_.key_updates - 1;
  result.key_updates = std::max(derived, key_updates_started_);
  result.max_udp_payload = ngtcp2_conn_get_path_max_tx_udp_payload_size(conn_);
  result.memory = memory_.used();
  result.peak_memory = memory_.peak();
  result.path_window = window_.path_window();
  result.send_buffered = send_buffered_;
  for (const auto& [id, stream] : streams_) result.send_memory += stream.buffer.allocated();
  return result;
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
  impl_->set_facade(*this);
}
Connection::~Connection() = default;

void Connection::receive(const Path& path, ByteView datagram, Timestamp now) {
  (void)impl_->receive(path, datagram, now);
}
Transmit Connection::send(ByteSpan buffer, Timestamp now) { return impl_->send(buffer, now); }
Timestamp Connection::next_timeout() const { return impl_->next_timeout(); }
void Connection::handle_timeout(Timestamp now) { impl_->handle_timeout(now); }
Result<StreamId> Connection::open_stream(StreamKind kind) { return impl_->open_stream(kind); }
Result<std::size_t> Connection::write(StreamId stream, ByteView bytes) {
  return impl_->write(stream, bytes);
}
Result<std::size_t> Connection::write(StreamId stream, SharedBytes bytes) {
  return impl_->write(stream, std::move(bytes));
}
Status Connection::finish(StreamId stream) { return impl_->finish(stream); }
Status Connection::reset(StreamId stream, std::uint64_t code) { return impl_->reset(stream, code); }
Status Connection::stop_sending(StreamId stream, std::uint64_t code) {
  return impl_->stop_sending(stream, code);
}
Status Connection::set_priority(StreamId stream, Priority priority) {
  return impl_->set_priority(stream, priority);
}
void Connection::consume(StreamId stream, std::size_t count) { impl_->consume(stream, count); }
bool Connection::is_flushed() const { return impl_->is_flushed(); }
void Connection::set_context(StreamId stream, void* context) {
  if (Stream* found = impl_->find(stream)) found->context = context;
}
void* Connection::context(StreamId stream) const {
  const Stream* found = impl_->find(stream);
  return found == nullptr ? nullptr : found->context;
}
Status Connection::send_datagram(ByteView bytes) { return impl_->send_datagram(bytes); }
std::size_t Connection::max_datagram_size() const { return impl_->max_datagram_size(); }
void Connection::close(std::uint64_t code, std::string reason) {
  impl_->close(code, std::move(reason));
}
Status Connection::update_keys(Timestamp now) { return impl_->update_keys(now); }
Status Connection::migrate(const Address& local, Timestamp now) {
  return impl_->migrate(local, now);
}
bool Connection::is_handshake_completed() const { return impl_->handshake_completed; }
bool Connection::is_handshake_confirmed() const { return impl_->handshake_confirmed; }
bool Connection::is_closed() const { return impl_->is_closed(); }
const std::optional<CloseReason>& Connection::close_reason() const { return impl_->reason; }
bool Connection::is_delivering_early_data() const { return impl_->delivering_early_data; }
bool Connection::was_early_data_accepted() const { return impl_->tls.early_data_accepted(); }
bool Connection::was_resumed() const { return impl_->tls.resumed(); }
Role Connection::role() const { return impl_->role; }
std::string Connection::alpn() const { return impl_->tls.alpn(); }
const Path& Connection::path() const { return impl_->path; }
ConnectionStatistics Connection::statistics() const { return impl_->statistics(); }

}  // namespace midstream::quic
