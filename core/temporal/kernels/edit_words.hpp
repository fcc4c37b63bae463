// The bit-vector recurrences of LCS and Levenshtein for one machine word of rows, which may be
// 64 or 128 bits wide. Internal: included by the kernels, local to each of them.
//
// A Word is an unsigned integer; bit i stands for row i. `in` is the horizontal difference along
// the row above (0 or 1 for each sign). Bits past the pattern may be anything, since no row
// depends on a later one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace midstream::temporal::kernels {
namespace {

using DoubleWord = unsigned __int128;

inline std::size_t count_ones(std::uint64_t word) {
  return static_cast<std::size_t>(__builtin_popcountll(word));
}

inline std::size_t count_ones(DoubleWord word) {
  return count_ones(static_cast<std::uint64_t>(word)) +
         count_ones(static_cast<std::uint64_t>(word >> 64));
}

template <class Word>
Word first_bits(std::size_t count) {
  return count == 8 * sizeof(Word) ? ~Word{0} : (Word{1} << count) - 1;
}

// Levenshtein (Myers 1999 in the form of Hyyrö 2003). Bits of vertical differences +1 and -1;
// after a step, horizontal ones of the same column.
template <class Word>
struct EditWord {
  Word up = ~Word{0};  // vertical +1: column 0 counts its rows
  Word down = 0;       // vertical -1
  Word plus = 0;
  Word minus = 0;
  Word zero = 0;  // rows whose diagonal difference is 0

  // `free`: further rows known to have a diagonal difference of 0 (a transposition's).
  void step(Word match, Word plus_in = 1, Word minus_in = 0, Word free = 0) {
    const Word seen = match | minus_in;
    const Word summed = ((seen & up) + up) ^ up;
    const Word early = seen | down | free;  // known before the sum is
    zero = summed | early;
    plus = down | ~(summed | (early | up));
    minus = zero & up;
    const Word shifted_plus = plus << 1 | plus_in;
    const Word shifted_minus = minus << 1 | minus_in;
    up = shifted_minus | ~(zero | shifted_plus);
    down = shifted_plus & zero;
  }

  // The sum of the vertical differences of the first `count` rows.
  [[nodiscard]] std::ptrdiff_t rise(std::size_t count) const {
    const Word used = first_bits<Word>(count);
    return static_cast<std::ptrdiff_t>(count_ones(static_cast<Word>(up & used))) -
           static_cast<std::ptrdiff_t>(count_ones(static_cast<Word>(down & used)));
  }

  // Row n of column m, where row 0 counts the columns.
  [[nodiscard]] std::size_t value(std::size_t n, std::size_t m) const {
    return m + static_cast<std::size_t>(rise(n));
  }
};

// Longest common subsequence (Hyyrö 2004): a zero bit is a row where the length grows by one.
template <class Word>
struct LcsWord {
  Word flat = ~Word{0};

  // Returns the carry out of the last row: the horizontal difference along it.
  Word step(Word match, Word in = 0) {
    const Word matched = flat & match;
    const Word sum = flat + matched + in;
    const Word carry = (matched | (flat & ~sum)) >> (8 * sizeof(Word) - 1);
    flat = sum | (flat ^ matched);
    return carry;
  }

  [[nodiscard]] std::size_t value(std::size_t n, std::size_t /*m*/) const {
    return count_ones(static_cast<Word>(~flat & first_bits<Word>(n)));
  }
};

// A whole comparison with a pattern of at most one word of rows. `finder` calls the rows that
// hold symbol c match(c).
template <class Rows, class Finder>
std::size_t value_of_word(const Finder& finder, std::size_t n, const std::uint8_t* text,
                          std::size_t m) {
  Rows rows;
#pragma GCC unroll 4
  for (std::size_t j = 0; j < m; ++j) rows.step(finder.match(text[j]));
  return rows.value(n, m);
}

// One or two words as the pattern needs: Rows is EditWord or LcsWord, and Finder<Word> is made
// from the pattern.
template <template <class> class Rows, template <class> class Finder>
std::size_t value_of_pattern(const std::uint8_t* pattern, std::size_t n, const std::uint8_t* text,
                             std::size_t m) {
  if (n <= 64) {
    const Finder<std::uint64_t> finder(pattern, n);
    return value_of_word<Rows<std::uint64_t>>(finder, n, text, m);
  }
  const Finder<DoubleWord> finder(pattern, n);
  return value_of_word<Rows<DoubleWord>>(finder, n, text, m);
}

// Four texts in step as long as all of them last: the recurrence waits for itself at every column,
// and four of them wait together.
template <template <class> class Finder>
void levenshtein_of_four(const std::uint8_t* pattern, std::size_t n,
                         const std::uint8_t* const* texts, const std::size_t* sizes,
                         std::size_t* distances) {
  const Finder<std::uint64_t> finder(pattern, n);
  EditWord<std::uint64_t> rows[4];
  std::size_t together = sizes[0];
  for (std::size_t k = 1; k < 4; ++k) together = sizes[k] < together ? sizes[k] : together;
  for (std::size_t j = 0; j < together; ++j) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) rows[k].step(finder.match(texts[k][j]));
  }
  for (std::size_t k = 0; k < 4; ++k) {
    EditWord<std::uint64_t> rest = rows[k];
    for (std::size_t j = together; j < sizes[k]; ++j) rest.step(finder.match(texts[k][j]));
    distances[k] = rest.value(n, sizes[k]);
  }
}

}  // namespace
}  // namespace midstream::temporal::kernels
