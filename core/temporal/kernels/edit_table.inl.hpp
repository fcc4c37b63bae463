// The rows of a short byte pattern that hold a symbol, looked up in a table. Internal: included by
// the kernels.
//
// Words of 64 bits, in two tables where there are 128 rows: an entry's address is then one
// instruction, and filling and clearing, which take as long as half the comparison itself, touch
// half as many bytes. Entries are all zero between calls: a call clears those it has set.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/temporal/kernels/edit_words.hpp"

namespace midstream::temporal::kernels {
namespace {

// Rows of a pattern of 1 to 64 symbols. kTable tells tables apart that are in use together.
template <int kTable>
class WordTable {
 public:
  WordTable(const std::uint8_t* pattern, std::size_t n) : pattern_(pattern), n_(n) {
    std::uint64_t* const table = masks();
    std::uint64_t row = 1;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < n; ++i, row <<= 1) table[pattern[i]] |= row;
  }
  ~WordTable() {
    std::uint64_t* const table = masks();
#pragma GCC unroll 4
    for (std::size_t i = 0; i < n_; ++i) table[pattern_[i]] = 0;
  }
  WordTable(const WordTable&) = delete;
  WordTable& operator=(const WordTable&) = delete;

  [[nodiscard]] std::uint64_t match(std::uint8_t symbol) const { return masks()[symbol]; }

 private:
  static std::uint64_t* masks() {
    alignas(64) static thread_local std::uint64_t table[256] = {};
    return table;
  }
  const std::uint8_t* pattern_;
  std::size_t n_;
};

// A Finder for both widths of word: Low finds the first 64 rows, High the others.
template <class Low, class High, class Word>
class RowsOf;

template <class Low, class High>
class RowsOf<Low, High, std::uint64_t> : public Low {
 public:
  using Low::Low;
};

template <class Low, class High>
class RowsOf<Low, High, DoubleWord> {
 public:
  RowsOf(const std::uint8_t* pattern, std::size_t n)
      : low_(pattern, 64), high_(pattern + 64, n - 64) {}
  [[nodiscard]] DoubleWord match(std::uint8_t symbol) const {
    return DoubleWord{high_.match(symbol)} << 64 | low_.match(symbol);
  }

 private:
  Low low_;
  High high_;
};

template <class Word>
using RowsByTable = RowsOf<WordTable<0>, WordTable<1>, Word>;

}  // namespace
}  // namespace midstream::temporal::kernels
