// A QUIC stack we did not write: OpenSSL's own, as client and as server, in blocking mode.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/quic/address.hpp"
#include "core/quic/tls.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic::testing {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using ForeignSsl = std::unique_ptr<SSL, SslFree>;
using ForeignSession = std::unique_ptr<SSL_SESSION, SslFree>;
using ForeignContext = std::unique_ptr<SSL_CTX, SslFree>;

// A connected foreign client; null with the reason in `error` if the handshake failed.
class ForeignClient {
 public:
  // With a session it tries to resume it.
  ForeignClient(const Address& server, const std::string& alpn, SSL_SESSION* session = nullptr);
  ~ForeignClient();
  ForeignClient(const ForeignClient&) = delete;
  ForeignClient& operator=(const ForeignClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] const std::string& error() const { return error_; }

  // Writes on a new bidirectional stream, concludes it and reads the answer to its end.
  std::vector<std::byte> exchange(ByteView bytes);
  // Writes on a new unidirectional stream.
  bool send(ByteView bytes);
  void close();
  // To resume from, once the server's ticket has come (an exchange after the handshake is enough).
  [[nodiscard]] ForeignSession session() const;
  [[nodiscard]] bool resumed() const;

 private:
  int descriptor_ = -1;
  ForeignContext context_;
  ForeignSsl connection_;
  bool connected_ = false;
  std::string error_;
};

// A foreign server on a thread of its own: serves one connection after the other, echoing its
// bidirectional streams one after the other until the client closes.
class ForeignEchoServer {
 public:
  // `early_data`: its tickets are to allow early data, once or as often as one likes.
  explicit ForeignEchoServer(const std::string& alpn, EarlyData early_data = EarlyData::kRefuse);
  ~ForeignEchoServer();
  ForeignEchoServer(const ForeignEchoServer&) = delete;
  ForeignEchoServer& operator=(const ForeignEchoServer&) = delete;

  [[nodiscard]] const Address& address() const { return address_; }
  [[nodiscard]] bool ready() const { return ready_; }

 private:
  void serve();
  ForeignSsl accept();  // null: to stop

  std::vector<unsigned char> alpn_;
  int descriptor_ = -1;
  Address address_;
  ForeignContext context_;
  ForeignSsl listener_;
  bool ready_ = false;
  std::atomic<bool> stop_{false};  // between connections
  std::thread thread_;
};

}  // namespace midstream::quic::testing
