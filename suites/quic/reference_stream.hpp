// The reference QUIC is held against: TCP, and TLS 1.3 over TCP (OpenSSL), on loopback, with the
// settings that make them fastest here. A program for comparison, not a component.
//
// Congestion control is CUBIC, as QUIC's: the system's default may be another and slower one.
//
// Threads: a stream belongs to one thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/quic/endpoint.hpp"

namespace midstream::suites::quic {

enum class Protocol { kTcp, kTls };

// A connected stream. It waits as an endpoint does: polling, polling for 50 us and then sleeping,
// or sleeping at once.
class ReferenceStream {
 public:
  struct Native;
  explicit ReferenceStream(std::unique_ptr<Native> native);
  ~ReferenceStream();
  ReferenceStream(ReferenceStream&&) noexcept;
  ReferenceStream& operator=(ReferenceStream&&) noexcept;

  // Bytes read, at least one; 0 at the end or on an error.
  std::size_t read(midstream::quic::ByteSpan out);
  // Writes all; false on an error.
  bool write(midstream::quic::ByteView bytes);
  // Ends our direction and reads until the peer has ended its own: closing with unread bytes (TLS
  // session tickets) in the socket would reset the connection and lose what is under way.
  void finish();
  // Ends both directions; a read on either end returns then.
  void shut_down();
  // What is in use: facts of every row, named as the QUIC rows name theirs.
  [[nodiscard]] std::string cipher() const;      // "TLS_AES_128_GCM_SHA256", "none"
  [[nodiscard]] std::string congestion() const;  // "cubic"

 private:
  std::unique_ptr<Native> native_;
};

// A listening socket on loopback that gives every connection to `serve` on a thread of its own
// core, one after the other.
class ReferenceServer {
 public:
  using Serve = std::function<void(ReferenceStream&)>;
  ReferenceServer(Protocol protocol, midstream::quic::Waiting waiting, Serve serve);
  ~ReferenceServer();
  ReferenceServer(const ReferenceServer&) = delete;
  ReferenceServer& operator=(const ReferenceServer&) = delete;

  // Connects (and completes the TLS handshake, the certificate pinned).
  [[nodiscard]] ReferenceStream connect() const;
  // Connections that are over: whoever comes next is accepted at once.
  [[nodiscard]] std::uint64_t served() const { return served_.load(std::memory_order_acquire); }
  // Ends the thread; what it was left of its core.
  std::optional<double> stop();

 private:
  void accept_all();
  bool serve_next();
  Protocol protocol_;
  midstream::quic::Waiting waiting_;
  Serve serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> served_{0};
  std::optional<double> share_;
  std::thread thread_;
};

}  // namespace midstream::suites::quic
