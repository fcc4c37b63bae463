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

// The first `size` bytes, fewer than 8, of a word whose others are 0.
inline std::uint64_t first_bytes(const std::byte* from, std::size_t size) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word |= static_cast<std::uint64_t>(from[i]) << 8 * i;
  }
  return word;
}

// V: kLanes words, dividing kBlockWords; load, load_first, add, rotate, differ. load_first reads
// `size` bytes, fewer than a vector, and zeroes the rest: in registers, since a buffer written
// word by word and read as a vector would wait for the stores.
template <class V>
struct ContentSums {
  static constexpr std::size_t kVectors = kBlockWords / V::kLanes;
  static constexpr std::size_t kStep = kBlock / kVectors;  // bytes
  typename V::Vector sum[kVectors];
  typename V::Vector sum_of_sums[kVectors];

  ContentSums() {
    for (std::size_t k = 0; k < kVectors; ++k) sum[k] = sum_of_sums[k] = V::zero();
  }

  void add_vector(std::size_t k, typename V::Vector words) {
    sum[k] = V::add(sum[k], words);
    sum_of_sums[k] = V::add(sum_of_sums[k], sum[k]);
  }

  void add_all(const std::byte* content, std::size_t size) {
    for (; size >= kBlock; size -= kBlock, content += kBlock) {
#pragma GCC unroll 8
      for (std::size_t k = 0; k < kVectors; ++k) add_vector(k, V::load(content + k * kStep));
    }
    if (size == 0) return;
      // Zeroes count too: they add the sums so far.
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kVectors; ++k) {
      const std::size_t begin = k * kStep;
      if (begin + kStep <= size) {
        add_vector(k, V::load(content + begin));
      } else {
        add_vector(k, begin < size ? V::load_first(content + begin, size - begin) : V::zero());
      }
    }
  }

  // Both of a lane's sums in one word.
  [[nodiscard]] typename V::Vector folded(std::size_t k) const {
    return V::differ(V::rotate(sum[k]), sum_of_sums[k]);
  }
};

inline std::uint64_t word_at(const std::byte* from) {
  std::uint64_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

// The sum of the products of neighbouring words, each with constants of its own so that order
// counts. The products do not wait for each other, which makes this quicker than the vectors'
// sums for few words. The last two words may overlap those before.
inline std::uint64_t sum_of_products(const std::byte* content, std::size_t size,
                                     std::uint64_t constant) {
  if (size < 8) return mix(first_bytes(content, size) ^ constant, kMixers[0]);
  if (size < 16) return mix(word_at(content) ^ constant, word_at(content + size - 8) ^ kMixers[0]);
  std::uint64_t sum = 0;
  std::uint64_t own = constant;
  for (std::size_t i = 0; i + 16 < size; i += 16, own += kMixers[1]) {
    sum += mix(word_at(content + i) ^ own, word_at(content + i + 8) ^ kMixers[0]);
  }
  const std::byte* const last = content + size - 16;
  return sum + mix(word_at(last) ^ own, word_at(last + 8) ^ kMixers[0]);
}

constexpr std::size_t kFewBytes = 128;  // of a sequence

// The same in every kernel: there is nothing in it for vectors.
inline std::uint64_t hash_of_few(const ContentPair& pair, std::uint64_t seed) {
  const std::uint64_t sizes = seed ^ pair.first_size ^ (pair.second_size << 32);
  const std::uint64_t first = sum_of_products(pair.first, pair.first_size, kMixers[2]);
  const std::uint64_t second = sum_of_products(pair.second, pair.second_size, kMixers[3]);
  return mix(first ^ sizes, second ^ kMixers[4]);
}

template <class V>
std::uint64_t content_hash(const ContentPair& pair, std::uint64_t seed) {
  if (pair.first_size <= kFewBytes && pair.second_size <= kFewBytes) {
    return hash_of_few(pair, seed);
  }
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
