// Optimal string alignment distance (restricted Damerau-Levenshtein): insertions, deletions,
// substitutions and transpositions of neighbours, each at cost 1, where no symbol takes part in
// more than one edit. It is not a metric: the triangle inequality can fail ("ca", "ac", "abc").
//
// a, b:       n and m bytes or 32-bit symbols; either may be empty.
// Complexity: O(n·m / 64) time with the bit-vector recurrence (Hyyrö 2003), O(n + m) memory.
// Memory:     tables live in buffers of the calling thread.
// Threads:    safe to call from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace midstream::temporal {

std::size_t osa_distance(std::string_view a, std::string_view b);
std::size_t osa_distance(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace midstream::temporal
