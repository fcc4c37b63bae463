#include "tests/quic/foreign_quic.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/quic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/quic/openssl_handles.hpp"
#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

std::string error_text() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

int bound_socket(Address& local) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  local = Address::loopback();
  bind(descriptor, local.data(), local.size());
  socklen_t size = sizeof(sockaddr_in6);
  getsockname(descriptor, local.data(), &size);
  return descriptor;
}

std::vector<unsigned char> wire(const std::string& name) {
  std::vector<unsigned char> result(1 + name.size());
  result[0] = static_cast<unsigned char>(name.size());
  std::copy(name.begin(), name.end(), result.begin() + 1);
  return result;
}

bool write_all(SSL* stream, ByteView bytes) {
  while (!bytes.empty()) {
    std::size_t written = 0;
    if (SSL_write_ex(stream, bytes.data(), bytes.size(), &written) != 1) return false;
    bytes = bytes.subspan(written);
  }
  return true;
}

// Until the client closes.
void echo_streams(SSL* connection) {
  SSL_set_blocking_mode(connection, 1);
  SSL_set_default_stream_mode(connection, SSL_DEFAULT_STREAM_MODE_NONE);
  SSL_set_incoming_stream_policy(connection, SSL_INCOMING_STREAM_POLICY_ACCEPT, 0);
  while (true) {
    const ForeignSsl stream(SSL_accept_stream(connection, 0));
    if (stream == nullptr) return;
    std::array<std::byte, 16384> buffer;
    std::size_t got = 0;
    while (SSL_read_ex(stream.get(), buffer.data(), buffer.size(), &got) == 1) {
      if (!write_all(stream.get(), ByteView(buffer).first(got))) break;
    }
    SSL_stream_conclude(stream.get(), 0);
  }
}

}  // namespace

ForeignClient::ForeignClient(const Address& server, const std::string& alpn, SSL_SESSION* session) {
  Address local;
  descriptor_ = bound_socket(local);
  context_.reset(SSL_CTX_new(OSSL_QUIC_client_method()));
  // The test's identity is the one trusted root; its name must match too.
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()),
                      test_identity().native().certificate.get());
  connection_.reset(SSL_new(context_.get()));
  SSL* ssl = connection_.get();
  BIO* bio = BIO_new_dgram(descriptor_, BIO_NOCLOSE);
  SSL_set_bio(ssl, bio, bio);
  const std::vector<unsigned char> protocols = wire(alpn);
  SSL_set_alpn_protos(ssl, protocols.data(), static_cast<unsigned>(protocols.size()));
  SSL_set_tlsext_host_name(ssl, "localhost");
  SSL_set1_host(ssl, "localhost");
  const auto* in = reinterpret_cast<const sockaddr_in*>(server.data());
  BIO_ADDR* peer = BIO_ADDR_new();
  BIO_ADDR_rawmake(peer, AF_INET, &in->sin_addr, sizeof in->sin_addr, in->sin_port);
  SSL_set1_initial_peer_addr(ssl, peer);
  BIO_ADDR_free(peer);
  if (session != nullptr) SSL_set_session(ssl, session);
  SSL_set_blocking_mode(ssl, 1);
  SSL_set_default_stream_mode(ssl, SSL_DEFAULT_STREAM_MODE_NONE);
  connected_ = SSL_connect(ssl) == 1;
  if (!connected_) error_ = error_text();
}

ForeignClient::~ForeignClient() {
  connection_.reset();
  ::close(descriptor_);
}

std::vector<std::byte> ForeignClient::exchange(ByteView bytes) {
  const ForeignSsl stream(SSL_new_stream(connection_.get(), 0));
  std::vector<std::byte> answer;
  if (stream == nullptr || !write_all(stream.get(), bytes) ||
      SSL_stream_conclude(stream.get(), 0) != 1) {
    return answer;
  }
  std::array<std::byte, 16384> buffer;
  std::size_t got = 0;
  while (SSL_read_ex(stream.get(), buffer.data(), buffer.size(), &got) == 1) {
    answer.insert(answer.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
  }
  return answer;
}

bool ForeignClient::send(ByteView bytes) {
  const ForeignSsl stream(SSL_new_stream(connection_.get(), SSL_STREAM_FLAG_UNI));
  return stream != nullptr && write_all(stream.get(), bytes) &&
         SSL_stream_conclude(stream.get(), 0) == 1;
}

ForeignSession ForeignClient::session() const {
  return ForeignSession(SSL_get1_session(connection_.get()));
}

bool ForeignClient::resumed() const { return SSL_session_reused(connection_.get()) == 1; }

void ForeignClient::close() {
  while (SSL_shutdown(connection_.get()) == 0) {
  }
}

ForeignEchoServer::ForeignEchoServer(const std::string& alpn, EarlyData early_data)
    : alpn_(wire(alpn)) {
  descriptor_ = bound_socket(address_);
  context_.reset(SSL_CTX_new(OSSL_QUIC_server_method()));
  if (early_data != EarlyData::kRefuse) SSL_CTX_set_max_early_data(context_.get(), UINT32_MAX);
  if (early_data == EarlyData::kReplayable) {
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_ANTI_REPLAY);
  }
  const Identity::Native& identity = test_identity().native();
  SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
  SSL_CTX_set_alpn_select_cb(
      context_.get(),
      [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
         unsigned offered_size, void* self) {
        const auto& own = static_cast<ForeignEchoServer*>(self)->alpn_;
        unsigned char* selected = nullptr;
        if (SSL_select_next_proto(&selected, size, own.data(), static_cast<unsigned>(own.size()),
                                  offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
          return SSL_TLSEXT_ERR_ALERT_FATAL;
        }
        *out = selected;
        return SSL_TLSEXT_ERR_OK;
      },
      this);
  listener_.reset(SSL_new_listener(context_.get(), 0));
  ready_ = listener_ != nullptr && SSL_set_fd(listener_.get(), descriptor_) == 1 &&
           SSL_set_blocking_mode(listener_.get(), 0) == 1 && SSL_listen(listener_.get()) == 1;
  if (ready_) thread_ = std::thread([this] { serve(); });
}

ForeignEchoServer::~ForeignEchoServer() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  listener_.reset();
  ::close(descriptor_);
}

ForeignSsl ForeignEchoServer::accept() {
  while (!stop_) {  // a client may never come
    SSL_handle_events(listener_.get());
    ForeignSsl connection(SSL_accept_connection(listener_.get(), SSL_ACCEPT_CONNECTION_NO_BLOCK));
    if (connection != nullptr) return connection;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return nullptr;
}

void ForeignEchoServer::serve() {
  while (const ForeignSsl connection = accept()) echo_streams(connection.get());
}

}  // namespace midstream::quic::testing
