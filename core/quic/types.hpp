// Values that every part of the QUIC component speaks: time, streams, priorities, errors.
//
// Threads: plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>

namespace midstream::quic {

// Nanoseconds since an epoch of the caller's choosing (CLOCK_MONOTONIC at an endpoint, zero in a
// simulation). Below the endpoint nobody reads a clock: time is an argument.
using Timestamp = std::uint64_t;
using Duration = std::uint64_t;

inline constexpr Timestamp kNever = UINT64_MAX;
inline constexpr Duration kMicrosecond = 1'000;
inline constexpr Duration kMillisecond = 1'000'000;
inline constexpr Duration kSecond = 1'000'000'000;

using ByteView = std::span<const std::byte>;
using ByteSpan = std::span<std::byte>;

inline ByteView as_view(std::span<const std::uint8_t> bytes) { return std::as_bytes(bytes); }

// Stream ids are those of RFC 9000 section 2.1: bit 0 is the initiator, bit 1 the direction.
using StreamId = std::int64_t;

enum class StreamKind : std::uint8_t { kBidirectional, kUnidirectional };
enum class Role : std::uint8_t { kClient, kServer };

constexpr StreamKind kind_of(StreamId id) {
  return (id & 2) != 0 ? StreamKind::kUnidirectional : StreamKind::kBidirectional;
}
constexpr Role initiator_of(StreamId id) { return (id & 1) != 0 ? Role::kServer : Role::kClient; }

// RFC 9218 section 4. Urgency 0 (most urgent) to 7. Streams of one urgency that are incremental
// share the connection in turns; one that is not keeps its turn until its data are sent. The
// default differs from HTTP's (not incremental): here streams are peers, not parts of a page.
struct Priority {
  std::uint8_t urgency = 3;
  bool incremental = true;

  friend bool operator==(const Priority&, const Priority&) = default;
};

inline constexpr std::uint8_t kLeastUrgent = 7;

enum class CongestionControl : std::uint8_t { kCubic, kBbr, kReno };
enum class Cipher : std::uint8_t { kAes128Gcm, kAes256Gcm, kChaCha20Poly1305 };

// Names as reports print them: "cubic", "aes-128-gcm".
constexpr const char* name_of(CongestionControl algorithm) {
  constexpr std::array kNames{"cubic", "bbr", "reno"};
  return kNames[static_cast<std::size_t>(algorithm)];
}
constexpr const char* name_of(Cipher cipher) {
  constexpr std::array kNames{"aes-128-gcm", "aes-256-gcm", "chacha20-poly1305"};
  return kNames[static_cast<std::size_t>(cipher)];
}

// Why a connection ended. `code` is an application code for kApplication, a transport code of
// RFC 9000 section 20.1 for kTransport (0x100 + alert for TLS, section 20.1 of RFC 9001).
struct CloseReason {
  enum class Kind : std::uint8_t {
    kApplication,
    kTransport,
    kIdleTimeout,
    kHandshakeTimeout,
    kStatelessReset,
    kVersionNegotiation,
    kRefused,  // a limit of ours; nothing was sent, or only a refusal
  };
  Kind kind = Kind::kApplication;
  bool by_peer = false;
  std::uint64_t code = 0;
  std::string text;
};

std::string to_string(const CloseReason& reason);

// Bytes with shared ownership: written to a stream without a copy, kept until acknowledged.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  ByteView bytes;
};

inline constexpr std::size_t kMaxConnectionIdSize = 20;

struct ConnectionId {
  std::array<std::byte, kMaxConnectionIdSize> bytes{};
  std::uint8_t size = 0;

  friend bool operator==(const ConnectionId& a, const ConnectionId& b) {
    return a.size == b.size && std::memcmp(a.bytes.data(), b.bytes.data(), a.size) == 0;
  }
};

}  // namespace midstream::quic
