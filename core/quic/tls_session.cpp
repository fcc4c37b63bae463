// One connection's TLS: the SSL object, ngtcp2's context around it, and their order of freeing.
#include <algorithm>

#include "core/quic/tls_native.hpp"

namespace midstream::quic {
namespace {

// SSL's app data belongs to ngtcp2 (its conn_ref); ours needs a slot of its own.
int session_slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

}  // namespace

bool SessionTicket::Native::fits(const ClientTlsConfig& client) const {
  return verification == client.verification && server_name == client.server_name &&
         std::ranges::is_permutation(pins, client.pins) &&
         std::ranges::find(client.alpn, alpn) != client.alpn.end();
}

TlsSession::~TlsSession() {
  detach();
  if (context_ != nullptr) ngtcp2_crypto_ossl_ctx_del(context_);
}

void TlsSession::detach() {
  if (ssl_ == nullptr) return;
  // QUIC has no close_notify; without these marks OpenSSL takes the end for a truncation and
  // makes the session not resumable.
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_set_app_data(ssl_.get(), nullptr);
  SSL_set_ex_data(ssl_.get(), session_slot(), nullptr);
}

TlsSession* TlsSession::of(SSL* ssl) {
  return static_cast<TlsSession*>(SSL_get_ex_data(ssl, session_slot()));
}

Status TlsSession::finish_start(ngtcp2_crypto_conn_ref& reference) {
  SSL_set_app_data(ssl_.get(), &reference);
  SSL_set_ex_data(ssl_.get(), session_slot(), this);
  if (ngtcp2_crypto_ossl_ctx_new(&context_, ssl_.get()) != 0) {
    return Error{ErrorCode::kInternal, "ngtcp2 cannot wrap the TLS session"};
  }
  return {};
}

Status TlsSession::start_client(const ClientTls& tls, const SessionTicket& ticket,
                                ngtcp2_crypto_conn_ref& reference) {
  client_ = tls;
  const ClientTls::Native& native = tls.native();
  ssl_.reset(SSL_new(native.context.get()));
  if (ssl_ == nullptr || ngtcp2_crypto_ossl_configure_client_session(ssl_.get()) != 0) {
    return openssl_error(ErrorCode::kInternal, "cannot start a TLS client");
  }
  const std::string& name = native.config.server_name;
  if (SSL_set_alpn_protos(ssl_.get(), native.alpn_wire.data(),
                          static_cast<unsigned int>(native.alpn_wire.size())) != 0 ||
      SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) != 1) {
    return openssl_error(ErrorCode::kInvalidArgument, "OpenSSL refuses the server's name");
  }
  if (native.config.verification == Verification::kSystemStore &&
      SSL_set1_host(ssl_.get(), name.c_str()) != 1) {
    return openssl_error(ErrorCode::kInvalidArgument, "OpenSSL refuses the server's name");
  }
  SSL_set_connect_state(ssl_.get());
  if (!ticket.empty()) {
    // Whoever calls has made sure that it fits. OpenSSL does not: it resumes a session whatever its
    // server was verified by, and with early data a protocol that is not offered again is an error
    // (SSL_R_INCONSISTENT_EARLY_DATA_ALPN), not a full handshake.
    SSL_set_session(ssl_.get(), ticket.native()->session.get());
    if (native.config.early_data && ticket.allows_early_data()) {
      SSL_set_quic_tls_early_data_enabled(ssl_.get(), 1);
    }
  }
  return finish_start(reference);
}

Status TlsSession::start_server(const ServerTls& tls, ngtcp2_crypto_conn_ref& reference) {
  server_ = tls;
  const ServerTls::Native& native = tls.native();
  ssl_.reset(SSL_new(native.context.get()));
  if (ssl_ == nullptr || ngtcp2_crypto_ossl_configure_server_session(ssl_.get()) != 0) {
    return openssl_error(ErrorCode::kInternal, "cannot start a TLS server");
  }
  SSL_set_accept_state(ssl_.get());
  if (native.config.early_data != EarlyData::kRefuse) {
    SSL_set_quic_tls_early_data_enabled(ssl_.get(), 1);
  }
  return finish_start(reference);
}

std::string TlsSession::alpn() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsSession::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

bool TlsSession::early_data_accepted() const {
  return SSL_get_early_data_status(ssl_.get()) == SSL_EARLY_DATA_ACCEPTED;
}

std::string TlsSession::verification_error() const {
  const long result = SSL_get_verify_result(ssl_.get());
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace midstream::quic
