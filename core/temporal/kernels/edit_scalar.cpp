// Bit-parallel LCS and Levenshtein in plain C++: strips of 128 rows in one double word.
#include <cstring>

#include "core/temporal/kernels/edit_kernel.hpp"
#include "core/temporal/kernels/edit_table.inl.hpp"
#include "core/temporal/kernels/edit_words.hpp"

namespace midstream::temporal::kernels {
namespace {

constexpr std::size_t kWords = 2;

DoubleWord match_of(const BitStrip& strip, std::size_t column) {
  DoubleWord match;
  std::memcpy(&match, strip.masks + strip.columns[column] * kWords, sizeof match);
  return match;
}

void levenshtein(const BitStrip& strip) {
  EditWord<DoubleWord> rows;
  const std::size_t shift = 64 * strip.answer_word;
  for (std::size_t j = 0; j < strip.count; ++j) {
    rows.step(match_of(strip, j), strip.plus[j] >> 63, strip.minus[j] >> 63);
    strip.plus[j] = static_cast<std::uint64_t>(rows.plus >> shift);
    strip.minus[j] = static_cast<std::uint64_t>(rows.minus >> shift);
  }
}

void lcs(const BitStrip& strip) {
  LcsWord<DoubleWord> rows;
  for (std::size_t j = 0; j < strip.count; ++j) {
    const DoubleWord carry = rows.step(match_of(strip, j), strip.plus[j] >> 63);
    strip.plus[j] = static_cast<std::uint64_t>(carry) << 63;
  }
}

}  // namespace

const EditKernel kEditScalar{.levenshtein_word = value_of_pattern<EditWord, RowsByTable>,
                             .lcs_word = value_of_pattern<LcsWord, RowsByTable>,
                             .levenshtein_four = levenshtein_of_four<RowsByTable>,
                             .word_multiple = kWords,
                             .most_words = kWords,
                             .levenshtein = levenshtein,
                             .lcs = lcs};

}  // namespace midstream::temporal::kernels
