// Small dense ids for the symbols of two sequences, so that tables can be indexed by them.
// Internal.
//
// Every distinct symbol of the pattern gets an id from 1 in order of appearance; symbols of the
// text that the pattern lacks get 0. Complexity: O(n + m) expected (hashing, linear probing).
// Memory: buffers of the calling thread; a mapping is valid until the thread makes the next one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace midstream::temporal {

struct SymbolIds {
  std::span<const std::uint32_t> pattern;
  std::span<const std::uint32_t> text;
  std::uint32_t largest = 0;
};

SymbolIds map_symbols(std::span<const std::uint32_t> pattern, std::span<const std::uint32_t> text);

}  // namespace midstream::temporal
