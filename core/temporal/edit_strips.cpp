#include "core/temporal/edit_strips.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/temporal/edit_words.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

using kernels::kEditPadding;

struct MaskTag {};
struct ColumnTag {};
struct PlusTag {};
struct MinusTag {};
struct RowOfTag {};

constexpr std::uint16_t kBytes = 256;

void set_row(std::span<std::uint64_t> masks, std::size_t words, std::size_t id, std::size_t row) {
  masks[id * words + row / 64] |= std::uint64_t{1} << (row % 64);
}

// A buffer for `count` text symbols with `absent` in the padding on both sides.
std::span<std::uint16_t> padded_columns(std::size_t count, std::uint16_t absent) {
  const auto columns = thread_buffer<ColumnTag, std::uint16_t>(count + 2 * kEditPadding);
  std::fill_n(columns.begin(), kEditPadding, absent);
  std::fill(columns.end() - kEditPadding, columns.end(), absent);
  return columns;
}

// The tables of one strip after another. Bytes are their own ids.
class ByteStrips {
 public:
  static constexpr std::uint16_t kAbsent = kBytes;

  ByteStrips(std::span<const std::uint8_t> pattern, std::span<const std::uint8_t> text)
      : pattern_(pattern), columns_(padded_columns(text.size(), kAbsent)) {
    std::copy(text.begin(), text.end(), columns_.begin() + kEditPadding);
  }

  void load(std::size_t first, std::size_t rows, std::size_t words) {
    masks_ = thread_buffer<MaskTag, std::uint64_t>((kBytes + std::size_t{1}) * words);
    std::fill(masks_.begin(), masks_.end(), 0);
    for (std::size_t i = 0; i < rows; ++i) set_row(masks_, words, pattern_[first + i], i);
  }

  [[nodiscard]] const std::uint64_t* masks() const { return masks_.data(); }
  [[nodiscard]] std::uint16_t* columns() const { return columns_.data() + kEditPadding; }

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
        row_of_(thread_buffer<RowOfTag, std::uint16_t>(ids_.largest + 1)) {
    std::fill(row_of_.begin(), row_of_.end(), std::uint16_t{0});
  }

  void load(std::size_t first, std::size_t rows, std::size_t words) {
    const auto pattern = ids_.pattern.subspan(first, rows);
    masks_ = thread_buffer<MaskTag, std::uint64_t>((rows + 1) * words);
    std::fill(masks_.begin(), masks_.end(), 0);
    std::uint16_t used = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      std::uint16_t& row = row_of_[pattern[i]];
      if (row == 0) row = ++used;
      set_row(masks_, words, row, i);
    }
    for (std::size_t j = 0; j < ids_.text.size(); ++j) {
      columns_[kEditPadding + j] = row_of_[ids_.text[j]];
    }
    for (const std::uint32_t id : pattern) row_of_[id] = 0;
  }

  [[nodiscard]] const std::uint64_t* masks() const { return masks_.data(); }
  [[nodiscard]] std::uint16_t* columns() const { return columns_.data() + kEditPadding; }

 private:
  SymbolIds ids_;
  std::span<std::uint16_t> columns_;
  std::span<std::uint16_t> row_of_;
  std::span<std::uint64_t> masks_;
};

// One matrix: its strips, and the differences along the row they have reached.
template <class Strips>
class StripRun {
 public:
  StripRun(EditMeasure measure, Strips strips, std::size_t n, std::size_t m)
      : measure_(measure),
        strips_(strips),
        n_(n),
        m_(m),
        plus_(thread_buffer<PlusTag, std::uint64_t>(m + 2 * kEditPadding)),
        minus_(thread_buffer<MinusTag, std::uint64_t>(m + 2 * kEditPadding)) {
    // Row 0 counts the columns in Levenshtein and is flat in LCS.
    std::fill(plus_.begin(), plus_.end(),
              measure == EditMeasure::kLevenshtein ? std::uint64_t{1} << 63 : 0);
    std::fill(minus_.begin(), minus_.end(), 0);
  }

  [[nodiscard]] bool done() const { return row_ == n_; }
  [[nodiscard]] std::size_t row() const { return row_; }
  [[nodiscard]] std::size_t next_rows() const {
    return std::min(64 * kernel_.most_words, n_ - row_);
  }

  // The next strip, over columns [first, end).
  void advance(std::size_t first, std::size_t end) {
    const std::size_t rows = next_rows();
    const std::size_t used = (rows + 63) / 64;
    const std::size_t words =
        (used + kernel_.word_multiple - 1) / kernel_.word_multiple * kernel_.word_multiple;
    strips_.load(row_, rows, words);
    // Lanes run in over the columns before the first one and must find no matches there.
    const std::size_t before = std::min(first, kEditPadding);
    std::fill_n(strips_.columns() + (first - before), before, Strips::kAbsent);
    const auto run = measure_ == EditMeasure::kLcs ? kernel_.lcs : kernel_.levenshtein;
    run({.masks = strips_.masks(),
         .words = words,
         .columns = strips_.columns() + first,
         .count = end - first,
         .answer_word = used - 1,
         .plus = plus_.data() + kEditPadding + first,
         .minus = minus_.data() + kEditPadding + first});
    row_ += rows;
  }

  // Differences along the row reached, columns [first, end). Unused rows of the last LCS word
  // pass the carry on to its top bit.
  [[nodiscard]] LastRow differences(std::size_t first, std::size_t end) const {
    const unsigned bit =
        measure_ == EditMeasure::kLcs ? 63 : static_cast<unsigned>((row_ - 1) % 64);
    return {plus_.subspan(kEditPadding + first, end - first),
            minus_.subspan(kEditPadding + first, end - first), bit};
  }

 private:
  const kernels::EditKernel& kernel_ = *active_kernel_table().edit;
  EditMeasure measure_;
  Strips strips_;
  std::size_t n_;
  std::size_t m_;
  std::span<std::uint64_t> plus_;
  std::span<std::uint64_t> minus_;
  std::size_t row_ = 0;
};

template <class Strips>
LastRow run_strips(EditMeasure measure, const Strips& strips, std::size_t n, std::size_t m) {
  StripRun<Strips> run(measure, strips, n, m);
  while (!run.done()) run.advance(0, m);
  return run.differences(0, m);
}

// The least value that the last cell can still have, given the row reached: no cell is nearer to
// the last one than the difference of what remains of both sequences.
std::size_t least_outcome(const LastRow& row, std::size_t first_value, std::size_t first_column,
                          std::size_t rows_left, std::size_t m) {
  auto value = static_cast<std::ptrdiff_t>(first_value);
  std::ptrdiff_t least = std::numeric_limits<std::ptrdiff_t>::max();
  for (std::size_t j = 0; j <= row.plus.size(); ++j) {
    const auto apart =
        static_cast<std::ptrdiff_t>(rows_left) - static_cast<std::ptrdiff_t>(m - first_column - j);
    least = std::min(least, value + std::abs(apart));
    if (j < row.plus.size()) value += row.at(j);
  }
  return static_cast<std::size_t>(least);
}

// Only columns within `cutoff` of the diagonal, strip by strip (after Ukkonen 1985). Cells left of
// a strip's columns are taken to be one more than the cell above, cells right of the last strip's
// as one more than their left neighbour: values of real edits, so never too small, and an
// alignment within the cutoff needs none of them.
template <class Strips>
std::optional<std::size_t> strips_within(const Strips& strips, std::size_t n, std::size_t m,
                                         std::size_t cutoff) {
  StripRun<Strips> run(EditMeasure::kLevenshtein, strips, n, m);
  std::size_t first = 0;
  std::size_t corner = 0;  // value of the row reached at column `first`
  while (true) {
    const std::size_t rows = run.next_rows();
    const std::size_t end = std::min(m, run.row() + rows + cutoff);
    run.advance(first, end);
    corner += rows;
    const LastRow row = run.differences(first, end);
    if (run.done()) return corner + static_cast<std::size_t>(row.total());
    if (least_outcome(row, corner, first, n - run.row(), m) > cutoff) return std::nullopt;
    const std::size_t next = run.row() > cutoff ? std::min(run.row() - cutoff, end) : 0;
    corner += static_cast<std::size_t>(run.differences(first, next).total());
    first = next;
  }
}

// Column steps that a strip costs besides its own: tables and the wavefront's run-in.
constexpr std::size_t kStripOverhead = 60;

// In column steps of a kernel, counting eight pattern symbols as one.
std::size_t strips_cost(const kernels::EditKernel& kernel, std::size_t rows, std::size_t columns) {
  const std::size_t most_rows = 64 * kernel.most_words;
  return (rows + most_rows - 1) / most_rows * (columns + kStripOverhead) + rows / 8;
}

template <class Symbol>
std::size_t last_cell_of(EditMeasure measure, std::span<const Symbol> a,
                         std::span<const Symbol> b) {
  const kernels::EditKernel& kernel = *active_kernel_table().edit;
  const auto shorter = a.size() <= b.size() ? a : b;
  const auto longer = a.size() <= b.size() ? b : a;
  const std::size_t by_shorter = strips_cost(kernel, shorter.size(), longer.size());
  const std::size_t by_longer = strips_cost(kernel, longer.size(), shorter.size());
  if (shorter.size() <= kernels::kMostWordRows &&
      longer.size() <= std::min(by_shorter, by_longer)) {
    return word_value(measure, shorter, longer);
  }
  const auto pattern = by_shorter <= by_longer ? shorter : longer;
  const auto text = by_shorter <= by_longer ? longer : shorter;
  const std::ptrdiff_t first =
      measure == EditMeasure::kLcs ? 0 : static_cast<std::ptrdiff_t>(pattern.size());
  return static_cast<std::size_t>(first + last_row(measure, pattern, text).total());
}

ByteStrips strips_of(std::span<const std::uint8_t> pattern, std::span<const std::uint8_t> text) {
  return {pattern, text};
}

SymbolStrips strips_of(std::span<const std::uint32_t> pattern,
                       std::span<const std::uint32_t> text) {
  return {pattern, text};
}

template <class Symbol>
std::optional<std::size_t> within(std::span<const Symbol> a, std::span<const Symbol> b,
                                  std::size_t cutoff) {
  const auto longer = a.size() >= b.size() ? a : b;
  const auto shorter = a.size() >= b.size() ? b : a;
  // A band that leaves little out, or a matrix of one strip, is no cheaper than all of it.
  if (shorter.size() <= kernels::kMostWordRows || cutoff >= shorter.size() / 2) {
    return last_cell_of(EditMeasure::kLevenshtein, a, b);
  }
  return strips_within(strips_of(longer, shorter), longer.size(), shorter.size(), cutoff);
}

}  // namespace

std::ptrdiff_t LastRow::total() const {
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  for (std::size_t j = 0; j < plus.size(); ++j) {
    up += plus[j] >> bit & 1;
    down += minus[j] >> bit & 1;
  }
  return static_cast<std::ptrdiff_t>(up - down);
}

int LastRow::at(std::size_t column) const {
  return static_cast<int>(plus[column] >> bit & 1) - static_cast<int>(minus[column] >> bit & 1);
}

LastRow last_row(EditMeasure measure, std::span<const std::uint8_t> pattern,
                 std::span<const std::uint8_t> text) {
  return run_strips(measure, strips_of(pattern, text), pattern.size(), text.size());
}

LastRow last_row(EditMeasure measure, std::span<const std::uint32_t> pattern,
                 std::span<const std::uint32_t> text) {
  return run_strips(measure, strips_of(pattern, text), pattern.size(), text.size());
}

std::size_t last_cell(EditMeasure measure, std::span<const std::uint8_t> a,
                      std::span<const std::uint8_t> b) {
  return last_cell_of(measure, a, b);
}

std::size_t last_cell(EditMeasure measure, std::span<const std::uint32_t> a,
                      std::span<const std::uint32_t> b) {
  return last_cell_of(measure, a, b);
}

std::optional<std::size_t> levenshtein_within(std::span<const std::uint8_t> a,
                                              std::span<const std::uint8_t> b, std::size_t cutoff) {
  return within(a, b, cutoff);
}

std::optional<std::size_t> levenshtein_within(std::span<const std::uint32_t> a,
                                              std::span<const std::uint32_t> b,
                                              std::size_t cutoff) {
  return within(a, b, cutoff);
}

}  // namespace midstream::temporal
