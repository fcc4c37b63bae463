// What ngtcp2 tells a connection. Thin: each callback turns into one change of state, one event.
#include "core/quic/connection_callbacks.hpp"

#include <ngtcp2/ngtcp2_crypto.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "core/quic/connection_impl.hpp"

namespace midstream::quic {

void random_bytes(std::uint8_t* out, std::size_t size) {
  // Without randomness there is no security: nothing sensible is left to do.
  if (RAND_bytes(out, static_cast<int>(size)) != 1) std::abort();
}

// A struct, so that Connection::Impl can befriend all of them at once.
// NOLINTBEGIN(readability-function-size): ngtcp2 prescribes the parameters
struct ConnectionCallbacks {
  using Impl = Connection::Impl;

  static Impl& impl(void* user) { return *static_cast<Impl*>(user); }

  static int handshake_completed(ngtcp2_conn*, void* user) {
    Impl& self = impl(user);
    self.handshake_completed = true;
    self.host_->handshake_completed(self);
    if (self.early_data_offered_ && !self.tls.early_data_accepted()) {
      const int error = ngtcp2_conn_tls_early_data_rejected(self.conn_);
      if (error != 0) return error;
    }
    if (self.role == Role::kServer) {
      const std::vector<std::uint8_t> token =
          self.host_->make_address_token(self.path.remote, self.now_);
      if (!token.empty()) ngtcp2_conn_submit_new_token(self.conn_, token.data(), token.size());
    }
    self.events_->on_handshake_completed(*self.facade_);
    return 0;
  }

  static int handshake_confirmed(ngtcp2_conn*, void* user) {
    impl(user).confirm_handshake();
    return 0;
  }

  static int early_data_rejected(ngtcp2_conn*, void* user) {
    Impl& self = impl(user);
    self.discard_streams();
    self.events_->on_early_data_rejected(*self.facade_);
    return 0;
  }

  static int stream_opened(ngtcp2_conn*, std::int64_t id, void* user) {
    Impl& self = impl(user);
    self.add_stream(id);
    self.events_->on_stream_opened(*self.facade_, id);
    return 0;
  }

  static int stream_data(ngtcp2_conn*, std::uint32_t flags, std::int64_t id, std::uint64_t,
                         const std::uint8_t* data, std::size_t size, void* user,
                         void* stream_user) {
    Impl& self = impl(user);
    self.delivered(size);
    self.delivering_early_data = (flags & NGTCP2_STREAM_DATA_FLAG_0RTT) != 0;
    if (stream_user != nullptr) self.recent_ = static_cast<Stream*>(stream_user);
    self.events_->on_stream_data(*self.facade_, id, as_view({data, size}),
                                 (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
    self.delivering_early_data = false;
    return 0;
  }

  static int stream_acknowledged(ngtcp2_conn*, std::int64_t, std::uint64_t offset,
                                 std::uint64_t size, void* user, void* stream_user) {
    auto* stream = static_cast<Stream*>(stream_user);
    if (stream != nullptr) {
      impl(user).released(*stream, stream->buffer.mark_acknowledged(offset + size));
    }
    return 0;
  }

  static int stream_closed(ngtcp2_conn*, std::uint32_t, std::int64_t id, std::uint64_t, void* user,
                           void*) {
    impl(user).remove_stream(id);
    return 0;
  }

  static int stream_reset(ngtcp2_conn*, std::int64_t id, std::uint64_t, std::uint64_t code,
                          void* user, void*) {
    Impl& self = impl(user);
    self.events_->on_stream_reset(*self.facade_, id, code);
    return 0;
  }

  [[maybe_unused]] static int stop_sending(ngtcp2_conn*, std::int64_t id, std::uint64_t code,
                                           void* user, void* stream_user) {
    Impl& self = impl(user);
    if (auto* stream = static_cast<Stream*>(stream_user)) self.stop_writing(*stream);
    self.events_->on_stop_sending(*self.facade_, id, code);
    return 0;
  }

  static int stream_window_extended(ngtcp2_conn*, std::int64_t, std::uint64_t, void* user,
                                    void* stream_user) {
    auto* stream = static_cast<Stream*>(stream_user);
    if (stream != nullptr && stream->blocked) {
      stream->blocked = false;
      impl(user).schedule(*stream);
    }
    return 0;
  }

  template <StreamKind Kind>
  static int streams_available(ngtcp2_conn*, std::uint64_t, void* user) {
    Impl& self = impl(user);
    self.events_->on_streams_available(*self.facade_, Kind);
    return 0;
  }

  static int datagram(ngtcp2_conn*, std::uint32_t, const std::uint8_t* data, std::size_t size,
                      void* user) {
    Impl& self = impl(user);
    ++self.counters_.datagrams_received;
    self.events_->on_datagram(*self.facade_, as_view({data, size}));
    return 0;
  }

  static int datagram_lost(ngtcp2_conn*, std::uint64_t, void* user) {
    ++impl(user).counters_.datagrams_lost;
    return 0;
  }

  static int new_connection_id(ngtcp2_conn*, ngtcp2_cid* id, ngtcp2_stateless_reset_token* token,
                               std::size_t size, void* user) {
    Impl& self = impl(user);
    return self.host_->issue_connection_id(self, size, *id, *token) ? 0
                                                                    : NGTCP2_ERR_CALLBACK_FAILURE;
  }

  static int remove_connection_id(ngtcp2_conn*, const ngtcp2_cid* id, void* user) {
    impl(user).host_->retire_connection_id(*id);
    return 0;
  }

  static int peer_id_status(ngtcp2_conn*, ngtcp2_connection_id_status_type type, std::uint64_t,
                            const ngtcp2_cid*, const ngtcp2_stateless_reset_token* token,
                            void* user) {
    if (token == nullptr) return 0;
    Impl& self = impl(user);
    self.host_->expect_reset_token(self, *token, type == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE);
    return 0;
  }

  static int stateless_reset(ngtcp2_conn*, const ngtcp2_pkt_stateless_reset2*, void* user) {
    impl(user).stateless_reset_ = true;
    return 0;
  }

  static int address_token(ngtcp2_conn*, const std::uint8_t* token, std::size_t size, void* user) {
    Impl& self = impl(user);
    self.address_token_.assign(token, token + size);
    self.publish_ticket();
    return 0;
  }

  static int path_validated(ngtcp2_conn*, std::uint32_t, const ngtcp2_path* path,
                            const ngtcp2_path*, ngtcp2_path_validation_result result, void* user) {
    Impl& self = impl(user);
    const bool valid = result == NGTCP2_PATH_VALIDATION_RESULT_SUCCESS;
    const Path changed = from_native(*path);
    if (valid && !(changed == self.path)) {
      self.path = changed;
      ++self.counters_.path_changes;
    }
    if (self.migrating_to == changed.local) self.migrating_to.reset();
    self.host_->path_settled(self);
    self.events_->on_path_changed(*self.facade_, changed, valid);
    return 0;
  }

  static int update_key(ngtcp2_conn* conn, std::uint8_t* receive_secret, std::uint8_t* send_secret,
                        ngtcp2_crypto_aead_ctx* receive_context, std::uint8_t* receive_iv,
                        ngtcp2_crypto_aead_ctx* send_context, std::uint8_t* send_iv,
                        const std::uint8_t* current_receive, const std::uint8_t* current_send,
                        std::size_t size, void* user) {
    ++impl(user).counters_.key_updates;
    return ngtcp2_crypto_update_key_cb(conn, receive_secret, send_secret, receive_context,
                                       receive_iv, send_context, send_iv, current_receive,
                                       current_send, size, user);
  }

  static void random(std::uint8_t* out, std::size_t size, const ngtcp2_rand_ctx*) {
    random_bytes(out, size);
  }

  static void fill_crypto(ngtcp2_callbacks& table) {
    table.client_initial = ngtcp2_crypto_client_initial_cb;
    table.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    table.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
    table.recv_retry = ngtcp2_crypto_recv_retry_cb;
    table.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    table.encrypt = ngtcp2_crypto_encrypt_cb;
    table.decrypt = ngtcp2_crypto_decrypt_cb;
    table.hp_mask = ngtcp2_crypto_hp_mask_cb;
    table.update_key = update_key;
    table.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
    table.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
    table.get_path_challenge_data2 = ngtcp2_crypto_get_path_challenge_data2_cb;
    table.rand = random;
  }

  static ngtcp2_callbacks make(Role role) {
    ngtcp2_callbacks table{};
    fill_crypto(table);
    table.handshake_completed = handshake_completed;
    table.stream_open = stream_opened;
    table.stream_close = stream_closed;
    table.recv_stream_data = stream_data;
    table.acked_stream_data_offset = stream_acknowledged;
    table.stream_reset = stream_reset;
#if NGTCP2_VERSION_NUM >= 0x011800  // before 1.24 only the next write learns of it
    table.recv_stop_sending = stop_sending;
#endif
    table.extend_max_stream_data = stream_window_extended;
    table.extend_max_local_streams_bidi = streams_available<StreamKind::kBidirectional>;
    table.extend_max_local_streams_uni = streams_available<StreamKind::kUnidirectional>;
    table.recv_datagram = datagram;
    table.lost_datagram = datagram_lost;
    table.get_new_connection_id2 = new_connection_id;
    table.remove_connection_id = remove_connection_id;
    table.recv_stateless_reset2 = stateless_reset;
    table.dcid_status2 = peer_id_status;
    table.path_validation = path_validated;
    if (role == Role::kClient) {
      table.handshake_confirmed = handshake_confirmed;  // a server's is when it completes
      table.recv_new_token = address_token;
      table.tls_early_data_rejected = early_data_rejected;
    }
    return table;
  }
};

// NOLINTEND(readability-function-size)

const ngtcp2_callbacks& callbacks_for(Role role) {
  static const ngtcp2_callbacks client = ConnectionCallbacks::make(Role::kClient);
  static const ngtcp2_callbacks server = ConnectionCallbacks::make(Role::kServer);
  return role == Role::kClient ? client : server;
}

}  // namespace midstream::quic
