// The bit-vector recurrences of LCS and Levenshtein for one machine word of rows, which may be
// 64 or 128 bits wide. Internal: included by the kernels, local to each of them.
//
// A Word is an unsigned integer; bit i stands for row i. `in` is the horizontal difference along
// the row above (0 or 1 for each sign).
#pragma once

#include <cstddef>
#include <cstdint>

namespace midstream::temporal::kernels {
namespace {

using DoubleWord = unsigned __int128;

// Levenshtein (Myers 1999 in the form of Hyyrö 2003). Bits of vertical differences +1 and -1;
// after a step, horizontal ones of the same column.
template <class Word>
struct EditWord {
  Word up = ~Word{0};  // vertical +1: column 0 counts its rows
  Word down = 0;       // vertical -1
  Word plus = 0;
  Word minus = 0;

  void step(Word match, Word plus_in, Word minus_in) {
    const Word seen = match | minus_in;
    const Word zero = (((seen & up) + up) ^ up) | seen | down;  // diagonal difference is 0
    plus = down | ~(zero | up);
    minus = zero & up;
    const Word shifted_plus = plus << 1 | plus_in;
    const Word shifted_minus = minus << 1 | minus_in;
    up = shifted_minus | ~(zero | shifted_plus);
    down = shifted_plus & zero;
  }
};

// Longest common subsequence (Hyyrö 2004): a zero bit is a row where the length grows by one.
template <class Word>
struct LcsWord {
  Word flat = ~Word{0};

  // Returns the carry out of the last row: the horizontal difference along it.
  Word step(Word match, Word in) {
    const Word matched = flat & match;
    const Word sum = flat + matched + in;
    const Word carry = (matched | (flat & ~sum)) >> (8 * sizeof(Word) - 1);
    flat = sum | (flat & ~match);
    return carry;
  }
};

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

// Whole comparisons against a pattern of at most one word of rows. match(c) returns the rows that
// hold symbol c; bits past the pattern may be anything, since no row depends on a later one.
template <class Word, class Match>
std::size_t lcs_of_word(Match match, std::size_t n, const std::uint8_t* text, std::size_t m) {
  LcsWord<Word> rows;
  for (std::size_t j = 0; j < m; ++j) rows.step(match(text[j]), 0);
  return count_ones(static_cast<Word>(~rows.flat & first_bits<Word>(n)));
}

template <class Word, class Match>
std::size_t levenshtein_of_word(Match match, std::size_t n, const std::uint8_t* text,
                                std::size_t m) {
  EditWord<Word> rows;
  for (std::size_t j = 0; j < m; ++j) rows.step(match(text[j]), 1, 0);
  // The last column: m in row 0, then the vertical differences of the pattern's rows.
  return m + count_ones(static_cast<Word>(rows.up & first_bits<Word>(n))) -
         count_ones(static_cast<Word>(rows.down & first_bits<Word>(n)));
}

// Four texts in step as long as all of them last: the recurrence waits for itself at every column,
// and four of them wait together.
template <class Match>
void levenshtein_of_four(Match match, std::size_t n, const std::uint8_t* const* texts,
                         const std::size_t* sizes, std::size_t* distances) {
  EditWord<std::uint64_t> rows[4];
  std::size_t together = sizes[0];
  for (std::size_t k = 1; k < 4; ++k) together = sizes[k] < together ? sizes[k] : together;
  for (std::size_t j = 0; j < together; ++j) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) rows[k].step(match(texts[k][j]), 1, 0);
  }
  const std::uint64_t used = first_bits<std::uint64_t>(n);
  for (std::size_t k = 0; k < 4; ++k) {
    EditWord<std::uint64_t> rest = rows[k];
    for (std::size_t j = together; j < sizes[k]; ++j) rest.step(match(texts[k][j]), 1, 0);
    distances[k] = sizes[k] + count_ones(rest.up & used) - count_ones(rest.down & used);
  }
}

}  // namespace
}  // namespace midstream::temporal::kernels
