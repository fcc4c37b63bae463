#include "suites/quic/reference_stream.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "suites/quic/cores.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {

namespace q = midstream::quic;

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("reference: ") + what + ": " + std::strerror(errno));
}

void tune(int descriptor) {
  const int one = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  // Refused where the module is missing; description() tells what is in use.
  static constexpr char kCubic[] = "cubic";
  setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, kCubic, sizeof kCubic - 1);
}

// The pinned certificate, byte for byte, as the QUIC client checks it.
int verify_pin(X509_STORE_CTX* store, void*) {
  q::Fingerprint found{};
  unsigned int size = 0;
  X509* leaf = X509_STORE_CTX_get0_cert(store);
  const bool same =
      leaf != nullptr &&
      X509_digest(leaf, EVP_sha256(), reinterpret_cast<unsigned char*>(found.data()), &size) == 1 &&
      found == identity().fingerprint();
  X509_STORE_CTX_set_error(store, same ? X509_V_OK : X509_V_ERR_CERT_UNTRUSTED);
  return same ? 1 : 0;
}

SSL_CTX* make_context(bool server) {
  SSL_CTX* context = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set1_groups_list(context, "X25519:P-256");
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Several records per system call.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, 131072);
  if (server) {
    const std::string certificate_text = identity().certificate_pem();
    const std::string key_text = identity().key_pem();
    BIO* certificate_bio = BIO_new_mem_buf(certificate_text.data(), -1);
    BIO* key_bio = BIO_new_mem_buf(key_text.data(), -1);
    X509* certificate = PEM_read_bio_X509(certificate_bio, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(key_bio, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificate_bio);
    BIO_free(key_bio);
  } else {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_pin, nullptr);
  }
  return context;
}

// One a process and end, never freed: as an application would keep them.
SSL_CTX* context_of(bool server) {
  static SSL_CTX* const client_context = make_context(false);
  static SSL_CTX* const server_context = make_context(true);
  return server ? server_context : client_context;
}

}  // namespace

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

struct ReferenceStream::Native {
  explicit Native(int socket) : descriptor(socket) {}
  ~Native() {
    ssl.reset();
    close(descriptor);
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;
  int descriptor;
  std::unique_ptr<SSL, SslFree> ssl;
  bool spin = false;
};

ReferenceStream::ReferenceStream(std::unique_ptr<Native> native) : native_(std::move(native)) {}
ReferenceStream::~ReferenceStream() = default;
ReferenceStream::ReferenceStream(ReferenceStream&&) noexcept = default;
ReferenceStream& ReferenceStream::operator=(ReferenceStream&&) noexcept = default;

void ReferenceStream::set_spinning(bool spin) {
  native_->spin = spin;
  const int flags = fcntl(native_->descriptor, F_GETFL);
  fcntl(native_->descriptor, F_SETFL, spin ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

std::size_t ReferenceStream::read(q::ByteSpan out) {
  for (;;) {
    if (native_->ssl != nullptr) {
      const int got = SSL_read(native_->ssl.get(), out.data(), static_cast<int>(out.size()));
      if (got > 0) return static_cast<std::size_t>(got);
      if (SSL_get_error(native_->ssl.get(), got) == SSL_ERROR_WANT_READ && native_->spin) continue;
      return 0;
    }
    const ssize_t got = recv(native_->descriptor, out.data(), out.size(), 0);
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    return 0;
  }
}

bool ReferenceStream::write(q::ByteView bytes) {
  while (!bytes.empty()) {
    if (native_->ssl != nullptr) {
      const int put = SSL_write(native_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (put > 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(put));
      } else if (SSL_get_error(native_->ssl.get(), put) != SSL_ERROR_WANT_WRITE) {
        return false;
      }
      continue;
    }
    const ssize_t put = ::send(native_->descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno != EAGAIN && errno != EINTR) {
      return false;
    }
  }
  return true;
}

void ReferenceStream::finish() {
  ::shutdown(native_->descriptor, SHUT_WR);
  std::array<std::byte, 4096> rest;
  while (read(rest) > 0) {
  }
}

void ReferenceStream::shut_down() { ::shutdown(native_->descriptor, SHUT_RDWR); }

std::string ReferenceStream::description() const {
  std::array<char, 32> congestion{};
  socklen_t size = congestion.size() - 1;
  getsockopt(native_->descriptor, IPPROTO_TCP, TCP_CONGESTION, congestion.data(), &size);
  std::string text = std::string("tcp, ") + congestion.data();
  if (native_->ssl != nullptr) {
    text = std::string("tls 1.3 over ") + text + ", " + SSL_get_cipher_name(native_->ssl.get());
  }
  return text;
}

ReferenceServer::ReferenceServer(Protocol protocol, bool spin, Serve serve)
    : protocol_(protocol), serve_(std::move(serve)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    fail("listen");
  }
  port_ = ntohs(address.sin_port);
  context_of(true);
  context_of(false);
  thread_ = std::thread([this, spin] { accept_all(spin); });
}

ReferenceServer::~ReferenceServer() {
  ::shutdown(listener_, SHUT_RDWR);  // accept() returns
  thread_.join();
  close(listener_);
}

void ReferenceServer::accept_all(bool spin) {
  place_on_core(End::kServer);
  for (;;) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    tune(descriptor);
    auto native = std::make_unique<ReferenceStream::Native>(descriptor);
    if (protocol_ == Protocol::kTls) {
      native->ssl.reset(SSL_new(context_of(true)));
      SSL_set_fd(native->ssl.get(), descriptor);
      if (SSL_accept(native->ssl.get()) != 1) continue;
    }
    ReferenceStream stream(std::move(native));
    stream.set_spinning(spin);
    serve_(stream);
  }
}

ReferenceStream ReferenceServer::connect() const {
  auto native =
      std::make_unique<ReferenceStream::Native>(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  if (::connect(native->descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  tune(native->descriptor);
  if (protocol_ == Protocol::kTls) {
    native->ssl.reset(SSL_new(context_of(false)));
    SSL_set_fd(native->ssl.get(), native->descriptor);
    if (SSL_connect(native->ssl.get()) != 1) fail("TLS handshake");
  }
  return ReferenceStream(std::move(native));
}

}  // namespace midstream::suites::quic
