// The bytes that throughput benchmarks move: cheap to send without a copy, cheap to check.
//
// One block of a prime number of bytes repeats along every stream, starting at a phase of the
// stream's own. A byte is therefore known from stream and offset alone, every received byte is
// compared (memcmp at cache speed), and a lost, repeated or swapped piece shows: no payload or
// buffer size divides the period.
//
// Threads: immutable after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/quic/types.hpp"

namespace midstream::suites::quic {

class Pattern {
 public:
  static constexpr std::size_t kPeriod = 131071;  // 2^17 - 1, a prime

  explicit Pattern(std::uint64_t seed);
  // Of a block given, kPeriod bytes.
  explicit Pattern(std::vector<std::byte> block);

  [[nodiscard]] midstream::quic::ByteView block() const {
    return midstream::quic::ByteView(*bytes_).first(kPeriod);
  }
  // Bytes of stream `id` from `offset` on: at most `limit`, and at most kPeriod.
  [[nodiscard]] midstream::quic::SharedBytes piece(std::int64_t id, std::uint64_t offset,
                                                   std::size_t limit) const;
  [[nodiscard]] bool matches(std::int64_t id, std::uint64_t offset,
                             midstream::quic::ByteView bytes) const;
  // SHA-256 of the first `size` bytes of a stream, hexadecimal.
  [[nodiscard]] std::string sha256(std::int64_t id, std::size_t size) const;

 private:
  static std::size_t position(std::int64_t id, std::uint64_t offset) {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(id) * 7919 + offset) % kPeriod);
  }
  // Twice the block, so that a comparison never wraps.
  std::shared_ptr<const std::vector<std::byte>> bytes_;
};

std::string sha256_of(midstream::quic::ByteView bytes);

}  // namespace midstream::suites::quic
