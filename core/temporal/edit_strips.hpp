// Runs the bit-parallel kernels of LCS and Levenshtein over whole matrices. Internal.
//
// The pattern's symbols are rows, the text's are columns. Only the differences along one row are
// ever kept: O(n + m) memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace midstream::temporal {

enum class EditMeasure { kLcs, kLevenshtein };

// Differences between neighbouring cells along the last row: bit `bit` of plus[j] says that
// column j + 1 is one more than column j, of minus[j] one less (Levenshtein only). Views buffers
// of the calling thread, valid until its next call.
struct LastRow {
  std::span<const std::uint64_t> plus;
  std::span<const std::uint64_t> minus;
  unsigned bit = 0;

  [[nodiscard]] int at(std::size_t column) const {
    return static_cast<int>(plus[column] >> bit & 1) - static_cast<int>(minus[column] >> bit & 1);
  }

  // The last cell's value minus the first one's.
  [[nodiscard]] std::ptrdiff_t total() const;
};

// Both sequences must not be empty.
LastRow last_row(EditMeasure measure, std::span<const std::uint8_t> pattern,
                 std::span<const std::uint8_t> text);
LastRow last_row(EditMeasure measure, std::span<const std::uint32_t> pattern,
                 std::span<const std::uint32_t> text);

// The value of the last cell by whichever way is cheapest; both sequences must not be empty.
std::size_t last_cell(EditMeasure measure, std::span<const std::uint8_t> a,
                      std::span<const std::uint8_t> b);
std::size_t last_cell(EditMeasure measure, std::span<const std::uint32_t> a,
                      std::span<const std::uint32_t> b);

}  // namespace midstream::temporal
