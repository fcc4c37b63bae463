// Levenshtein distance where only distances up to a cutoff matter. Internal.
//
// No alignment within the cutoff leaves the cells at most that far from the diagonal (Ukkonen
// 1985). A cutoff of less than 64 takes a machine word that slides down the diagonal; a
// larger one strips of such a height that little beside the band is computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace midstream::temporal {

// The value of the last cell if it is at most `cutoff`; otherwise nothing, or a number above the
// cutoff. Both sequences must not be empty, and their lengths differ by no more than the cutoff.
std::optional<std::size_t> levenshtein_within(std::span<const std::uint8_t> a,
                                              std::span<const std::uint8_t> b, std::size_t cutoff);
std::optional<std::size_t> levenshtein_within(std::span<const std::uint32_t> a,
                                              std::span<const std::uint32_t> b, std::size_t cutoff);

}  // namespace midstream::temporal
