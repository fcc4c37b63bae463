// What two sequences share at their beginning and end: it never changes an alignment's cost, and
// removing it makes similar sequences cheap. Internal.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace midstream::temporal {

// Eight bytes at a time.
inline std::size_t common_prefix_bytes(const std::uint8_t* a, const std::uint8_t* b,
                                       std::size_t limit) {
  std::size_t i = 0;
  for (; i + 8 <= limit; i += 8) {
    std::uint64_t x;
    std::uint64_t y;
    std::memcpy(&x, a + i, 8);
    std::memcpy(&y, b + i, 8);
    if (x != y) {
      const int first = std::endian::native == std::endian::little ? std::countr_zero(x ^ y)
                                                                   : std::countl_zero(x ^ y);
      return i + static_cast<std::size_t>(first) / 8;
    }
  }
  while (i < limit && a[i] == b[i]) ++i;
  return i;
}

// Removes the common prefix and suffix from both; returns how many symbols each lost in front and
// in all.
struct CommonEnds {
  std::size_t prefix = 0;
  std::size_t suffix = 0;
};

template <class Symbol>
CommonEnds remove_common_ends(std::span<const Symbol>& a, std::span<const Symbol>& b) {
  CommonEnds ends;
  const std::size_t shorter = std::min(a.size(), b.size());
  const auto* const first = reinterpret_cast<const std::uint8_t*>(a.data());
  const auto* const second = reinterpret_cast<const std::uint8_t*>(b.data());
  ends.prefix = common_prefix_bytes(first, second, shorter * sizeof(Symbol)) / sizeof(Symbol);
  a = a.subspan(ends.prefix);
  b = b.subspan(ends.prefix);
  while (ends.suffix < shorter - ends.prefix &&
         a[a.size() - 1 - ends.suffix] == b[b.size() - 1 - ends.suffix]) {
    ++ends.suffix;
  }
  a = a.first(a.size() - ends.suffix);
  b = b.first(b.size() - ends.suffix);
  return ends;
}

}  // namespace midstream::temporal
