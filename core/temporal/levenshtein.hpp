// Levenshtein distance: the fewest insertions, deletions and substitutions that turn one
// sequence into the other, each at cost 1 (Levenshtein 1966).
//
// Symbols are bytes or 32-bit values (code points, tokens, quantised samples); for UTF-8 see
// text.hpp.
//
// a, b:       n and m symbols; either may be empty, and the distance is then the other's length.
// Complexity: O(n·m / 64) time with the bit-vector recurrence (Myers 1999; Hyyrö 2003), O(n + m)
//             memory.
// Memory:     working tables live in buffers of the calling thread that grow and are kept, so
//             repeated calls do not allocate.
// Threads:    safe to call from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::temporal {

std::size_t levenshtein_distance(std::string_view a, std::string_view b);
std::size_t levenshtein_distance(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);
std::size_t levenshtein_distance(std::span<const std::uint32_t> a,
                                 std::span<const std::uint32_t> b);

// The distance if it is at most `cutoff`, else nothing, given up once the cutoff is out of reach.
// O(n + m) time for a cutoff of less than 64: one machine word (two from 32 on) a symbol. Above,
// O((n + m)·(cutoff + S) / 64), where S is the rows of the kernel's strips (128 to 2048; 256 are
// the fewest with vectors), and never more than the distance itself.
std::optional<std::size_t> levenshtein_distance_within(std::string_view a, std::string_view b,
                                                       std::size_t cutoff);
std::optional<std::size_t> levenshtein_distance_within(std::span<const std::uint8_t> a,
                                                       std::span<const std::uint8_t> b,
                                                       std::size_t cutoff);
std::optional<std::size_t> levenshtein_distance_within(std::span<const std::uint32_t> a,
                                                       std::span<const std::uint32_t> b,
                                                       std::size_t cutoff);

// distances[k] = the distance between `query` and texts[k]. A query of at most 64 bytes is
// compared with four texts at a time, which hides the latency of the recurrence; texts of about
// equal length should be neighbours.
// Errors: kInvalidArgument if the spans differ in length; nothing is written then.
Status levenshtein_distances(std::string_view query, std::span<const std::string_view> texts,
                             std::span<std::size_t> distances);

}  // namespace midstream::temporal
