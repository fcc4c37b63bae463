// Hash and equality of keys over vectors of 64-bit words. Internal: included by the kernels.
#pragma once

#include "core/temporal/kernels/content_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kBlockWords = 8;

// Odd constants with about half their bits set (digits of pi's fraction).
constexpr std::uint64_t kMixers[] = {
    0x243f6a8885a308d3ULL, 0x13198a2e03707345ULL, 0xa4093822299f31d1ULL, 0x082efa98ec4e6c89ULL,
    0x452821e638d01377ULL, 0xbe5466cf34e90c6dULL, 0xc0ac29b7c97c50ddULL, 0x3f84d5b5b5470917ULL};

// 64 x 64 → 128 bit product, folded: every input bit reaches every output bit.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// V: kLanes words, dividing kBlockWords; load, load_first(count of bytes), add, rotate, differ.
template <class V>
struct ContentSums {
  static constexpr std::size_t kVectors = kBlockWords / V::kLanes;
  typename V::Vector sum[kVectors];
  typename V::Vector sum_of_sums[kVectors];

  ContentSums() {
    for (std::size_t k = 0; k < kVectors; ++k) sum[k] = sum_of_sums[k] = V::zero();
  }

  void add(const std::byte* block) {
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kVectors; ++k) {
      sum[k] = V::add(sum[k], V::load(block + k * kBlock / kVectors));
      sum_of_sums[k] = V::add(sum_of_sums[k], sum[k]);
    }
  }

  void add_all(const std::byte* content, std::size_t size) {
    for (; size >= kBlock; size -= kBlock, content += kBlock) add(content);
    if (size > 0) {
      std::byte padded[kBlock];
      V::copy_padded(content, size, padded);
      add(padded);
    }
  }

  // Both of a lane's sums in one word.
  [[nodiscard]] typename V::Vector folded(std::size_t k) const {
    return V::differ(V::rotate(sum[k]), sum_of_sums[k]);
  }
};

template <class V>
std::uint64_t content_hash(const ContentPair& pair, std::uint64_t seed) {
  ContentSums<V> first;
  ContentSums<V> second;
  first.add_all(pair.first, pair.first_size);
  second.add_all(pair.second, pair.second_size);
  alignas(64) std::uint64_t words[kBlockWords];
  for (std::size_t k = 0; k < ContentSums<V>::kVectors; ++k) {
    V::store(words + k * V::kLanes, V::add(V::rotate(first.folded(k)), second.folded(k)));
  }
  std::uint64_t hash = seed ^ pair.first_size ^ (std::uint64_t{pair.second_size} << 32);
  for (std::size_t k = 0; k < kBlockWords; k += 2) {
    hash ^= mix(words[k] ^ kMixers[k], words[k + 1] ^ kMixers[k + 1]);
  }
  return mix(hash ^ kMixers[0], kMixers[1]);
}

// Sizes below one vector: words and halves that may overlap.
template <class Word>
bool equal_words(const std::byte* a, const std::byte* b, std::size_t size) {
  Word difference = 0;
  for (std::size_t i = 0; i < size; i += sizeof(Word)) {
    const std::size_t at = i + sizeof(Word) <= size ? i : size - sizeof(Word);
    Word x;
    Word y;
    __builtin_memcpy(&x, a + at, sizeof x);
    __builtin_memcpy(&y, b + at, sizeof y);
    difference |= static_cast<Word>(x ^ y);
  }
  return difference == 0;
}

template <class V>
bool content_equal(const std::byte* a, const std::byte* b, std::size_t size) {
  constexpr std::size_t kStep = V::kLanes * sizeof(std::uint64_t);
  if (size < kStep) {
    return size >= 8 ? equal_words<std::uint64_t>(a, b, size)
                     : equal_words<std::uint8_t>(a, b, size);
  }
  typename V::Vector difference = V::zero();
  for (std::size_t i = 0; i < size; i += kStep) {
    const std::size_t at = i + kStep <= size ? i : size - kStep;
    difference = V::either(difference, V::differ(V::load(a + at), V::load(b + at)));
  }
  return V::none(difference);
}

}  // namespace
}  // namespace midstream::temporal::kernels
