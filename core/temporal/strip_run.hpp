// The strips of a matrix of LCS or Levenshtein one after another: their tables, and the row of
// differences that each hands to the next. Internal to edit_strips.cpp and edit_cutoff.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/temporal/edit_strips.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {

struct StripMaskTag {};
struct StripColumnTag {};
struct StripPlusTag {};
struct StripMinusTag {};
struct StripRowOfTag {};

inline constexpr std::uint16_t kStripBytes = 256;

inline void set_row(std::span<std::uint64_t> masks, std::size_t words, std::size_t id,
                    std::size_t row) {
  masks[id * words + row / 64] |= std::uint64_t{1} << (row % 64);
}

// A buffer for `count` text symbols with `absent` in the padding on both sides.
inline std::span<std::uint16_t> padded_columns(std::size_t count, std::uint16_t absent) {
  const auto columns =
      thread_buffer<StripColumnTag, std::uint16_t>(count + 2 * kernels::kEditPadding);
  std::fill_n(columns.begin(), kernels::kEditPadding, absent);
  std::fill(columns.end() - kernels::kEditPadding, columns.end(), absent);
  return columns;
}

// The tables of one strip after another. Bytes are their own ids.
class ByteStrips {
 public:
  static constexpr std::uint16_t kAbsent = kStripBytes;

  ByteStrips(std::span<const std::uint8_t> pattern, std::span<const std::uint8_t> text)
      : pattern_(pattern), columns_(padded_columns(text.size(), kAbsent)) {
    std::copy(text.begin(), text.end(), columns_.begin() + kernels::kEditPadding);
  }

  void load(std::size_t first, std::size_t rows, std::size_t words) {
    masks_ = thread_buffer<StripMaskTag, std::uint64_t>((kStripBytes + std::size_t{1}) * words);
    std::fill(masks_.begin(), masks_.end(), 0);
    for (std::size_t i = 0; i < rows; ++i) set_row(masks_, words, pattern_[first + i], i);
  }

  [[nodiscard]] const std::uint64_t* masks() const { return masks_.data(); }
  [[nodiscard]] std::uint16_t* columns() const { return columns_.data() + kernels::kEditPadding; }

 private:
  std::span<const std::uint8_t> pattern_;
  std::span<std::uint16_t> columns_;
  std::span<std::uint64_t> masks_;
};

// 32-bit symbols get an id for each strip, so that its table has a row for each symbol of the
// strip and no more, whatever the alphabet.
class SymbolStrips {
 public:
  static constexpr std::uint16_t kAbsent = 0;

  SymbolStrips(std::span<const std::uint32_t> pattern, std::span<const std::uint32_t> text)
      : ids_(map_symbols(pattern, text)),
        columns_(padded_columns(text.size(), kAbsent)),
        row_of_(thread_buffer<StripRowOfTag, std::uint16_t>(ids_.largest + 1)) {
    std::fill(row_of_.begin(), row_of_.end(), std::uint16_t{0});
  }

  void load(std::size_t first, std::size_t rows, std::size_t words) {
    const auto pattern = ids_.pattern.subspan(first, rows);
    masks_ = thread_buffer<StripMaskTag, std::uint64_t>((rows + 1) * words);
    std::fill(masks_.begin(), masks_.end(), 0);
    std::uint16_t used = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      std::uint16_t& row = row_of_[pattern[i]];
      if (row == 0) row = ++used;
      set_row(masks_, words, row, i);
    }
    for (std::size_t j = 0; j < ids_.text.size(); ++j) {
      columns_[kernels::kEditPadding + j] = row_of_[ids_.text[j]];
    }
    for (const std::uint32_t id : pattern) row_of_[id] = 0;
  }

  [[nodiscard]] const std::uint64_t* masks() const { return masks_.data(); }
  [[nodiscard]] std::uint16_t* columns() const { return columns_.data() + kernels::kEditPadding; }

 private:
  SymbolIds ids_;
  std::span<std::uint16_t> columns_;
  std::span<std::uint16_t> row_of_;
  std::span<std::uint64_t> masks_;
};

inline ByteStrips strips_of(std::span<const std::uint8_t> pattern,
                            std::span<const std::uint8_t> text) {
  return {pattern, text};
}

inline SymbolStrips strips_of(std::span<const std::uint32_t> pattern,
                              std::span<const std::uint32_t> text) {
  return {pattern, text};
}

// One matrix: its strips of at most `height` words, and the differences along the row they have
// reached.
template <class Strips>
class StripRun {
 public:
  StripRun(EditMeasure measure, Strips strips, std::size_t n, std::size_t m, std::size_t height)
      : height_(height),
        measure_(measure),
        strips_(strips),
        n_(n),
        plus_(thread_buffer<StripPlusTag, std::uint64_t>(m + 2 * kernels::kEditPadding)),
        minus_(thread_buffer<StripMinusTag, std::uint64_t>(m + 2 * kernels::kEditPadding)) {
    // Row 0 counts the columns in Levenshtein and is flat in LCS.
    std::fill(plus_.begin(), plus_.end(),
              measure == EditMeasure::kLevenshtein ? std::uint64_t{1} << 63 : 0);
    std::fill(minus_.begin(), minus_.end(), 0);
  }

  [[nodiscard]] bool done() const { return row_ == n_; }
  [[nodiscard]] std::size_t row() const { return row_; }
  [[nodiscard]] std::size_t next_rows() const { return std::min(64 * height_, n_ - row_); }

  // The next strip, over columns [first, end).
  void advance(std::size_t first, std::size_t end) {
    const std::size_t rows = next_rows();
    const std::size_t used = (rows + 63) / 64;
    const std::size_t words =
        (used + kernel_.word_multiple - 1) / kernel_.word_multiple * kernel_.word_multiple;
    strips_.load(row_, rows, words);
    // Lanes run in over the columns before the first one and must find no matches there.
    const std::size_t before = std::min(first, kernels::kEditPadding);
    std::fill_n(strips_.columns() + (first - before), before, Strips::kAbsent);
    const auto run = measure_ == EditMeasure::kLcs ? kernel_.lcs : kernel_.levenshtein;
    run({.masks = strips_.masks(),
         .words = words,
         .columns = strips_.columns() + first,
         .count = end - first,
         .answer_word = used - 1,
         .plus = plus_.data() + kernels::kEditPadding + first,
         .minus = minus_.data() + kernels::kEditPadding + first});
    row_ += rows;
  }

  // Differences along the row reached, columns [first, end). Unused rows of the last LCS word
  // pass the carry on to its top bit.
  [[nodiscard]] LastRow differences(std::size_t first, std::size_t end) const {
    const unsigned bit =
        measure_ == EditMeasure::kLcs ? 63 : static_cast<unsigned>((row_ - 1) % 64);
    return {plus_.subspan(kernels::kEditPadding + first, end - first),
            minus_.subspan(kernels::kEditPadding + first, end - first), bit};
  }

 private:
  const kernels::EditKernel& kernel_ = *active_kernel_table().edit;
  std::size_t height_;
  EditMeasure measure_;
  Strips strips_;
  std::size_t n_;
  std::span<std::uint64_t> plus_;
  std::span<std::uint64_t> minus_;
  std::size_t row_ = 0;
};

}  // namespace midstream::temporal
