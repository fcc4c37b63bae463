// The reference QUIC is held against: TCP, and TLS 1.3 over TCP (OpenSSL), on loopback, with the
// settings that make them fastest here. A program for comparison, not a component.
//
// Congestion control is CUBIC, as QUIC's: the system's default may be another and slower one.
//
// Threads: a stream belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "core/quic/types.hpp"

namespace midstream::suites::quic {

enum class Protocol { kTcp, kTls };

// A connected stream, blocking or polled.
class ReferenceStream {
 public:
  struct Native;
  explicit ReferenceStream(std::unique_ptr<Native> native);
  ~ReferenceStream();
  ReferenceStream(ReferenceStream&&) noexcept;
  ReferenceStream& operator=(ReferenceStream&&) noexcept;

  // With `spin` reads poll the socket instead of sleeping in the kernel.
  void set_spinning(bool spin);
  // Bytes read, at least one; 0 at the end or on an error.
  std::size_t read(midstream::quic::ByteSpan out);
  // Writes all; false on an error.
  bool write(midstream::quic::ByteView bytes);
  // Ends our direction and reads until the peer has ended its own: closing with unread bytes (TLS
  // session tickets) in the socket would reset the connection and lose what is under way.
  void finish();
  // Ends both directions; a read on either end returns then.
  void shut_down();
  // "tcp, cubic" or "tls 1.3 over tcp, cubic, TLS_AES_128_GCM_SHA256"
  [[nodiscard]] std::string description() const;

 private:
  std::unique_ptr<Native> native_;
};

// A listening socket on loopback that gives every connection to `serve` on a thread of its own
// core, one after the other.
class ReferenceServer {
 public:
  using Serve = std::function<void(ReferenceStream&)>;
  ReferenceServer(Protocol protocol, bool spin, Serve serve);
  ~ReferenceServer();
  ReferenceServer(const ReferenceServer&) = delete;
  ReferenceServer& operator=(const ReferenceServer&) = delete;

  // Connects (and completes the TLS handshake, the certificate pinned).
  [[nodiscard]] ReferenceStream connect() const;

 private:
  void accept_all(bool spin);
  Protocol protocol_;
  Serve serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace midstream::suites::quic
