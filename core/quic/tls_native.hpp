// Internal to core/quic/*.cpp: what is behind ClientTls, ServerTls and SessionTicket, and the TLS
// half of one connection.
#pragma once

#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_ossl.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/quic/openssl_handles.hpp"
#include "core/quic/tls.hpp"

namespace midstream::quic {

struct ClientTls::Native {
  ContextPtr context;
  ClientTlsConfig config;
  std::vector<unsigned char> alpn_wire;
  std::vector<std::string> warnings;
};

struct ServerTls::Native {
  ContextPtr context;
  ServerTlsConfig config;
  std::vector<std::string> warnings;
};

struct SessionTicket::Native {
  SessionPtr session;
  std::vector<std::uint8_t> transport_parameters;
  std::vector<std::uint8_t> address_token;
  // How the session's server was verified, and what was agreed with it.
  Verification verification = Verification::kInsecure;
  std::vector<Fingerprint> pins;
  std::string server_name;
  std::string alpn;

  [[nodiscard]] bool fits(const ClientTlsConfig& client) const;
};

// The SSL object of one connection and ngtcp2's context around it.
class TlsSession {
 public:
  TlsSession() = default;
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  Status start_client(const ClientTls& tls, const SessionTicket& ticket,
                      ngtcp2_crypto_conn_ref& reference);
  Status start_server(const ServerTls& tls, ngtcp2_crypto_conn_ref& reference);

  // ngtcp2 calls back into the connection through the SSL object; cut that before it is freed.
  void detach();

  [[nodiscard]] ngtcp2_crypto_ossl_ctx* native_handle() const { return context_; }
  // Of a client.
  [[nodiscard]] const ClientTlsConfig& client_config() const { return client_->native().config; }
  [[nodiscard]] std::string alpn() const;
  [[nodiscard]] bool resumed() const;
  [[nodiscard]] bool early_data_accepted() const;
  // Why the peer's certificate was refused; empty if it was not.
  [[nodiscard]] std::string verification_error() const;

  // Called by OpenSSL's new-session callback (client side).
  std::function<void(SessionPtr)> on_new_session;

  static TlsSession* of(SSL* ssl);

 private:
  Status finish_start(ngtcp2_crypto_conn_ref& reference);

  // The context's callbacks use our settings: they live as long as the SSL object.
  std::optional<ClientTls> client_;
  std::optional<ServerTls> server_;
  SslPtr ssl_;
  ngtcp2_crypto_ossl_ctx* context_ = nullptr;
};

}  // namespace midstream::quic
