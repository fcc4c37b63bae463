// LCS and Levenshtein where the pattern fits one machine word of 64 or 128 rows: no strips, no
// row of differences. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/temporal/edit_strips.hpp"

namespace midstream::temporal {

// 1 <= pattern.size() <= kernels::kMostWordRows.
std::size_t word_value(EditMeasure measure, std::span<const std::uint8_t> pattern,
                       std::span<const std::uint8_t> text);
std::size_t word_value(EditMeasure measure, std::span<const std::uint32_t> pattern,
                       std::span<const std::uint32_t> text);

}  // namespace midstream::temporal
