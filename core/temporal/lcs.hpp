// Length of the longest common subsequence of two sequences.
//
// A subsequence keeps the order of its symbols but need not be contiguous. Symbols are bytes or
// 32-bit values (code points, tokens, quantised samples); for UTF-8 see text.hpp.
//
// a, b:       n and m symbols; either may be empty, and the length is then 0.
// Complexity: O(n·m / 64) time with the bit-parallel recurrence (Hyyrö 2004), O(n + m) memory.
// Memory:     working tables live in buffers of the calling thread that grow and are kept, so
//             repeated calls do not allocate.
// Threads:    safe to call from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace midstream::temporal {

std::size_t lcs_length(std::string_view a, std::string_view b);
std::size_t lcs_length(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);
std::size_t lcs_length(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

}  // namespace midstream::temporal
