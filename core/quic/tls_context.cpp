// Contexts: made once, shared by every connection of a client or server.
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <mutex>

#include "core/quic/tls_native.hpp"

namespace midstream::quic {
namespace {

const char* suite_of(Cipher cipher) {
  switch (cipher) {
    case Cipher::kAes128Gcm:
      return "TLS_AES_128_GCM_SHA256";
    case Cipher::kAes256Gcm:
      return "TLS_AES_256_GCM_SHA384";
    case Cipher::kChaCha20Poly1305:
      return "TLS_CHACHA20_POLY1305_SHA256";
  }
  return "";
}

// X25519 first: the post-quantum hybrid that OpenSSL 3.5 would prefer costs about 160 µs more per
// handshake, and its key share alone fills an Initial packet.
constexpr const char* kGroups = "X25519:P-256";

// RFC 9001 section 4.6.1: the only value of max_early_data_size that QUIC allows.
constexpr std::uint32_t kQuicEarlyData = 0xffffffff;

// Fetches ngtcp2's algorithms once per process; without it every connection fetches its own.
void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { ngtcp2_crypto_ossl_init(); });
}

bool configure_common(SSL_CTX* context, Cipher cipher) {
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, suite_of(cipher)) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1;
}

std::vector<unsigned char> wire_format(const std::vector<std::string>& protocols) {
  std::vector<unsigned char> wire;
  for (const std::string& name : protocols) {
    wire.push_back(static_cast<unsigned char>(name.size()));
    wire.insert(wire.end(), name.begin(), name.end());
  }
  return wire;
}

bool usable(const std::vector<std::string>& protocols) {
  return !protocols.empty() && std::ranges::all_of(protocols, [](const std::string& name) {
    return !name.empty() && name.size() <= 255;
  });
}

// Pinning replaces the chain: the leaf must be one of the named certificates, byte for byte.
// That its key signed the handshake is verified by TLS itself.
int verify_pin(X509_STORE_CTX* store, void* argument) {
  const auto* config = static_cast<const ClientTlsConfig*>(argument);
  X509* leaf = X509_STORE_CTX_get0_cert(store);
  Fingerprint found{};
  unsigned int size = 0;
  if (leaf == nullptr ||
      X509_digest(leaf, EVP_sha256(), reinterpret_cast<unsigned char*>(found.data()), &size) != 1 ||
      std::ranges::find(config->pins, found) == config->pins.end()) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
  }
  X509_STORE_CTX_set_error(store, X509_V_OK);
  return 1;
}

// RFC 9001 section 8.1: no protocol in common ends the handshake.
// NOLINTNEXTLINE(readability-function-size): OpenSSL prescribes the parameters
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned int offered_size, void* argument) {
  const auto* accepted = static_cast<const std::vector<std::string>*>(argument);
  for (const std::string& name : *accepted) {
    for (unsigned int i = 0; i < offered_size; i += 1U + offered[i]) {
      const std::size_t size = offered[i];
      if (i + 1 + size > offered_size) return SSL_TLSEXT_ERR_ALERT_FATAL;
      if (size == name.size() && std::memcmp(offered + i + 1, name.data(), size) == 0) {
        *out = offered + i + 1;
        *out_size = offered[i];
        return SSL_TLSEXT_ERR_OK;
      }
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A copy: the connection's own object goes on changing with the connection.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  TlsSession* connection = TlsSession::of(ssl);
  if (connection != nullptr && connection->on_new_session) {
    connection->on_new_session(SessionPtr(SSL_SESSION_dup(session)));
  }
  return 0;
}

Status configure_verification(ClientTls::Native& native) {
  SSL_CTX* context = native.context.get();
  switch (native.config.verification) {
    case Verification::kSystemStore:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
      if (SSL_CTX_set_default_verify_paths(context) != 1) {
        return openssl_error(ErrorCode::kUnavailable, "cannot read the system's trusted roots");
      }
      return {};
    case Verification::kPinned:
      if (native.config.pins.empty()) {
        return Error{ErrorCode::kInvalidArgument, "pinned verification needs a fingerprint"};
      }
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
      SSL_CTX_set_cert_verify_callback(context, verify_pin, &native.config);
      return {};
    case Verification::kInsecure:
      SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
      native.warnings.emplace_back(
          "the server's certificate is not verified: anyone on the path can read and change the "
          "traffic");
      return {};
  }
  return Error{ErrorCode::kInvalidArgument, "unknown verification"};
}

}  // namespace

bool SessionTicket::allows_early_data() const {
  return native_ != nullptr && !native_->transport_parameters.empty() &&
         SSL_SESSION_get_max_early_data(native_->session.get()) != 0;
}

Result<ClientTls> ClientTls::create(const ClientTlsConfig& config) {
  if (!usable(config.alpn)) {
    return Error{ErrorCode::kInvalidArgument, "QUIC needs an ALPN protocol (RFC 9001 8.1)"};
  }
  initialise_once();
  auto native = std::make_shared<Native>();
  native->config = config;
  native->alpn_wire = wire_format(config.alpn);
  native->context.reset(SSL_CTX_new(TLS_client_method()));
  if (native->context == nullptr || !configure_common(native->context.get(), config.cipher)) {
    return openssl_error(ErrorCode::kUnavailable, "OpenSSL refuses the client settings");
  }
  const Status verification = configure_verification(*native);
  if (!verification) return verification.error();
  SSL_CTX_set_session_cache_mode(native->context.get(),
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(native->context.get(), keep_session);
  return ClientTls(std::move(native));
}

const std::vector<std::string>& ClientTls::warnings() const { return native_->warnings; }

Result<ServerTls> ServerTls::create(const Identity& identity, const ServerTlsConfig& config) {
  if (!usable(config.alpn)) {
    return Error{ErrorCode::kInvalidArgument, "QUIC needs an ALPN protocol (RFC 9001 8.1)"};
  }
  initialise_once();
  auto native = std::make_shared<Native>();
  native->config = config;
  native->context.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = native->context.get();
  const Identity::Native& own = identity.native();
  if (context == nullptr || !configure_common(context, config.cipher) ||
      SSL_CTX_use_certificate(context, own.certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, own.key.get()) != 1) {
    return openssl_error(ErrorCode::kUnavailable, "OpenSSL refuses the server settings");
  }
  for (const CertificatePtr& issuer : own.chain) {
    SSL_CTX_add1_chain_cert(context, issuer.get());
  }
  static constexpr std::array<unsigned char, 14> kSessionContext{"midstream-val"};
  SSL_CTX_set_session_id_context(context, kSessionContext.data(), kSessionContext.size());
  SSL_CTX_set_alpn_select_cb(context, select_protocol, &native->config.alpn);
  if (config.early_data != EarlyData::kRefuse) {
    SSL_CTX_set_max_early_data(context, kQuicEarlyData);
  }
  if (config.early_data == EarlyData::kReplayable) {
    SSL_CTX_set_options(context, SSL_OP_NO_ANTI_REPLAY);
    native->warnings.emplace_back(
        "early data can be replayed: serve idempotent requests only until the handshake completes");
  }
  return ServerTls(std::move(native));
}

const std::vector<std::string>& ServerTls::warnings() const { return native_->warnings; }

}  // namespace midstream::quic
