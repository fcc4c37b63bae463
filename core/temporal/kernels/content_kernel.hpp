// Hash and equality of keys for the result cache. Internal.
//
// The hash is for tables in memory only: fast, not cryptographic, never stored; every kernel
// returns the same value. Content is read as 64-byte blocks of eight words, zero-padded; in each
// of the eight lanes it keeps the sum of the words and the sum of those sums, so that order
// counts (Fletcher 1982, modulo 2^64), and mixes all of them at the end. Of sequences of at most
// 128 bytes it is the sum of the 128-bit products of neighbouring words, folded. A collision costs
// a comparison, never a wrong answer.
#pragma once

#include <cstddef>
#include <cstdint>

namespace midstream::temporal::kernels {

struct ContentPair {
  const std::byte* first;
  std::size_t first_size;
  const std::byte* second;
  std::size_t second_size;
};

struct ContentKernel {
  std::uint64_t (*hash)(const ContentPair&, std::uint64_t seed);
  bool (*equal)(const std::byte* a, const std::byte* b, std::size_t size);
};

extern const ContentKernel kContentScalar;
extern const ContentKernel kContentAvx2;
extern const ContentKernel kContentAvx512;

}  // namespace midstream::temporal::kernels
