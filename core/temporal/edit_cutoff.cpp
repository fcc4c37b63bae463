#include "core/temporal/edit_cutoff.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/temporal/edit_strips.hpp"
#include "core/temporal/kernels/edit_words.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/strip_run.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

using kernels::DoubleWord;

template <class Word>
struct SlidingTag {};

template <class Word>
constexpr std::size_t kBits = 8 * sizeof(Word);

// A band of `cutoff` rows below the diagonal and as many above it has to fit a word.
template <class Word>
constexpr std::size_t kMostSlidingCutoff = kBits<Word> / 2 - 1;

// The rows that hold a symbol, as a word that slides down the pattern row by row: the top bit is
// the row that came in last. Each symbol's word is shifted when it is asked for.
template <class Word>
class SlidingMasks {
 public:
  explicit SlidingMasks(std::size_t symbols)
      : entries_(thread_buffer<SlidingTag<Word>, Entry>(symbols)) {
    std::fill(entries_.begin(), entries_.end(), Entry{0, 0});
  }

  void enter(std::size_t symbol, std::size_t row) {
    entries_[symbol] = {match(symbol, row) | Word{1} << (kBits<Word> - 1), row};
  }

  // With `row` at the top, the last to come in or a later one.
  [[nodiscard]] Word match(std::size_t symbol, std::size_t row) const {
    const Entry& entry = entries_[symbol];
    const std::size_t age = row - entry.row;
    // Without a branch: it would depend on the text.
    const Word in_reach = Word{0} - static_cast<Word>(age < kBits<Word>);
    return entry.mask >> (age % kBits<Word>)&in_reach;
  }

 private:
  struct Entry {
    Word mask;
    std::size_t row;
  };
  std::span<Entry> entries_;
};

// The recurrence in a band along the diagonal (Hyyrö 2003): from column to column the word slides
// down by a row, so that vertical differences are shifted up where EditWord shifts the horizontal
// ones down. The value is followed along the lower edge of the band to the last row, and then
// along that row; it can fall there, by one a column, but never on the way down.
//
// The pattern is not the shorter one, and longer than the cutoff. Symbols are below `symbols`.
template <class Word, class Symbol>
std::optional<std::size_t> sliding_within(std::span<const Symbol> pattern,
                                          std::span<const Symbol> text, std::size_t symbols,
                                          std::size_t cutoff) {
  SlidingMasks<Word> masks(symbols);
  for (std::size_t i = 0; i < cutoff; ++i) masks.enter(pattern[i], i);
  Word up = ~Word{0} << (kBits<Word> - 1 - cutoff);
  Word down = 0;
  std::size_t value = cutoff;
  const std::size_t corner = pattern.size() - cutoff;  // columns until the band has the last row
  const std::size_t most = cutoff + (text.size() - corner);
  Word last_row = Word{1} << (kBits<Word> - 1);
  for (std::size_t j = 0; j < text.size(); ++j) {
    const std::size_t row = j + cutoff;
    if (j < corner) masks.enter(pattern[row], row);
    const Word match = masks.match(text[j], row);
    const Word summed = ((match & up) + up) ^ up;
    const Word early = match | down;  // known before the sum is
    const Word zero = summed | early;
    const Word plus = down | ~(summed | (early | up));
    const Word minus = zero & up;
    if (j < corner) {
      value += static_cast<std::size_t>((zero & last_row) == 0);
    } else {
      last_row >>= 1;
      value += static_cast<std::size_t>((plus & last_row) != 0);
      value -= static_cast<std::size_t>((minus & last_row) != 0);
    }
    if (value > most) return std::nullopt;
    up = minus | ~(zero >> 1 | plus);
    down = zero >> 1 & plus;
  }
  return value;
}

template <class Word>
std::optional<std::size_t> sliding(std::span<const std::uint8_t> pattern,
                                   std::span<const std::uint8_t> text, std::size_t cutoff) {
  return sliding_within<Word>(pattern, text, 256, cutoff);
}

template <class Word>
std::optional<std::size_t> sliding(std::span<const std::uint32_t> pattern,
                                   std::span<const std::uint32_t> text, std::size_t cutoff) {
  const SymbolIds ids = map_symbols(pattern, text);
  return sliding_within<Word, std::uint32_t>(ids.pattern, ids.text, ids.largest + std::size_t{1},
                                             cutoff);
}

// Words of a strip such that all of them cost least: low strips compute fewer cells outside the
// band, high ones use more of every step. Times are in those of a register's work in a step.
std::size_t strip_height(std::size_t n, std::size_t m, std::size_t cutoff) {
  constexpr std::size_t kStep = 2;       // what a step costs besides
  constexpr std::size_t kOverhead = 60;  // steps that a strip costs besides
  const kernels::EditKernel& kernel = *active_kernel_table().edit;
  std::size_t best = kernel.most_words;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (std::size_t words = kernel.word_multiple; words <= kernel.most_words;
       words += kernel.word_multiple) {
    const std::size_t rows = 64 * words;
    const std::size_t strips = (n + rows - 1) / rows;
    const std::size_t columns = std::min(m, rows + 2 * cutoff);
    const std::size_t cost =
        strips * (columns + kOverhead) * (kStep + words / kernel.word_multiple);
    if (cost < least) {
      least = cost;
      best = words;
    }
  }
  return best;
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
  StripRun<Strips> run(EditMeasure::kLevenshtein, strips, n, m, strip_height(n, m, cutoff));
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

template <class Symbol>
std::optional<std::size_t> within(std::span<const Symbol> a, std::span<const Symbol> b,
                                  std::size_t cutoff) {
  const auto longer = a.size() >= b.size() ? a : b;
  const auto shorter = a.size() >= b.size() ? b : a;
  // Where one word holds all rows, it holds more than the band.
  if (shorter.size() > kBits<std::uint64_t> && cutoff <= kMostSlidingCutoff<std::uint64_t>) {
    return sliding<std::uint64_t>(longer, shorter, cutoff);
  }
  if (shorter.size() > kBits<DoubleWord> && cutoff <= kMostSlidingCutoff<DoubleWord>) {
    return sliding<DoubleWord>(longer, shorter, cutoff);
  }
  // A band that leaves little out is no cheaper than all of it.
  if (shorter.size() <= kernels::kMostWordRows || cutoff >= shorter.size() / 2) {
    return last_cell(EditMeasure::kLevenshtein, a, b);
  }
  return strips_within(strips_of(longer, shorter), longer.size(), shorter.size(), cutoff);
}

}  // namespace

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
