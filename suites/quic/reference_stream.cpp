#include "suites/quic/reference_stream.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

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
  // Refused where the module is missing; congestion() tells what is in use.
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

// How a descriptor is waited for, as Endpoint::wait does it. One that sleeps at once is a blocking
// one: the kernel waits in the call itself, which is the fastest way to sleep.
class Waiter {
 public:
  Waiter(int descriptor, q::Waiting waiting) : descriptor_(descriptor), waiting_(waiting) {
    if (waiting == q::Waiting::kSleep) return;
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  }
  // Between two tries of a call that began waiting at `since`.
  void wait(short events, Timestamp since) const {
    if (waiting_ == q::Waiting::kBusy || clock_now() - since < q::EndpointConfig{}.spin) return;
    pollfd entry{descriptor_, events, 0};
    poll(&entry, 1, -1);
  }

 private:
  int descriptor_;
  q::Waiting waiting_;
};

struct ReferenceStream::Native {
  Native(int socket, q::Waiting waiting) : descriptor(socket), waiter(socket, waiting) {
    tune(socket);
  }
  ~Native() {
    ssl.reset();
    close(descriptor);
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;

  void start_tls(bool server) {
    ssl.reset(SSL_new(context_of(server)));
    SSL_set_fd(ssl.get(), descriptor);
  }
  // Repeats a TLS call while it has to wait; what it returned in the end.
  template <class Call>
  int tls(Call call) {
    std::uint64_t moved = bytes_moved();
    for (Timestamp since = clock_now();;) {
      const int result = call(ssl.get());
      if (result > 0) return result;
      // A handshake waits more than once in a call; each time the spinning begins anew.
      const std::uint64_t before = std::exchange(moved, bytes_moved());
      if (moved != before) since = clock_now();
      const int error = SSL_get_error(ssl.get(), result);
      if (error == SSL_ERROR_WANT_READ) {
        waiter.wait(POLLIN, since);
      } else if (error == SSL_ERROR_WANT_WRITE) {
        waiter.wait(POLLOUT, since);
      } else {
        return result;
      }
    }
  }
  // The same of a socket call.
  template <class Call>
  ssize_t plain(short events, Call call) {
    for (const Timestamp since = clock_now();;) {
      const ssize_t result = call(descriptor);
      if (result >= 0) return result;
      if (errno == EAGAIN) {
        waiter.wait(events, since);
      } else if (errno != EINTR) {
        return result;
      }
    }
  }

  [[nodiscard]] std::uint64_t bytes_moved() const {
    return BIO_number_read(SSL_get_rbio(ssl.get())) + BIO_number_written(SSL_get_wbio(ssl.get()));
  }

  int descriptor;
  Waiter waiter;
  std::unique_ptr<SSL, SslFree> ssl;
};

ReferenceStream::ReferenceStream(std::unique_ptr<Native> native) : native_(std::move(native)) {}
ReferenceStream::~ReferenceStream() = default;
ReferenceStream::ReferenceStream(ReferenceStream&&) noexcept = default;
ReferenceStream& ReferenceStream::operator=(ReferenceStream&&) noexcept = default;

std::size_t ReferenceStream::read(q::ByteSpan out) {
  const ssize_t got = native_->ssl != nullptr
                          ? native_->tls([&](SSL* ssl) {
                              return SSL_read(ssl, out.data(), static_cast<int>(out.size()));
                            })
                          : native_->plain(POLLIN, [&](int descriptor) {
                              return recv(descriptor, out.data(), out.size(), 0);
                            });
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool ReferenceStream::write(q::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = native_->ssl != nullptr
                            ? native_->tls([&](SSL* ssl) {
                                return SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
                              })
                            : native_->plain(POLLOUT, [&](int descriptor) {
                                return ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                              });
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
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

std::string ReferenceStream::cipher() const {
  return native_->ssl == nullptr ? "none" : SSL_get_cipher_name(native_->ssl.get());
}

std::string ReferenceStream::congestion() const {
  std::array<char, 32> name{};
  socklen_t size = name.size() - 1;
  getsockopt(native_->descriptor, IPPROTO_TCP, TCP_CONGESTION, name.data(), &size);
  return name.data();
}

ReferenceServer::ReferenceServer(Protocol protocol, q::Waiting waiting, Serve serve)
    : protocol_(protocol), waiting_(waiting), serve_(std::move(serve)) {
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
  thread_ = std::thread([this] { accept_all(); });
}

ReferenceServer::~ReferenceServer() {
  if (thread_.joinable()) (void)stop();
  close(listener_);
}

std::optional<double> ReferenceServer::stop() {
  ::shutdown(listener_, SHUT_RDWR);  // accept() returns
  thread_.join();
  return share_;
}

void ReferenceServer::accept_all() {
  place_on_core(End::kServer);
  const CoreShare share(while_waiting(waiting_));
  while (serve_next()) served_.fetch_add(1, std::memory_order_release);
  share_ = share.share();
}

bool ReferenceServer::serve_next() {
  const Waiter waiter(listener_, waiting_);
  int descriptor = -1;
  for (const Timestamp since = clock_now(); descriptor < 0;) {
    descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor >= 0) break;
    if (errno != EAGAIN && errno != EINTR) return false;
    waiter.wait(POLLIN, since);
  }
  auto native = std::make_unique<ReferenceStream::Native>(descriptor, waiting_);
  if (protocol_ == Protocol::kTls) {
    native->start_tls(true);
    if (native->tls(SSL_accept) != 1) return true;
  }
  ReferenceStream stream(std::move(native));
  serve_(stream);
  return true;
}

ReferenceStream ReferenceServer::connect() const {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // On loopback the kernel has connected when the call returns: nothing is waited for.
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  auto native = std::make_unique<ReferenceStream::Native>(descriptor, waiting_);
  if (protocol_ == Protocol::kTls) {
    native->start_tls(false);
    if (native->tls(SSL_connect) != 1) fail("TLS handshake");
  }
  return ReferenceStream(std::move(native));
}

}  // namespace midstream::suites::quic
