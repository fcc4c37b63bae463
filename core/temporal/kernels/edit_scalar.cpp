// Bit-parallel LCS and Levenshtein in plain C++: strips of 128 rows in one double word.
#include <cstring>

#include "core/temporal/kernels/edit_kernel.hpp"
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

// masks[c]: the rows that hold symbol c. All zero between calls: a call clears the entries it has
// set, which for short patterns is cheaper than clearing the table.
template <class Word>
class MaskTable {
 public:
  MaskTable(const std::uint8_t* pattern, std::size_t n) : pattern_(pattern), n_(n) {
    for (std::size_t i = 0; i < n; ++i) masks()[pattern[i]] |= Word{1} << i;
  }
  ~MaskTable() {
    for (std::size_t i = 0; i < n_; ++i) masks()[pattern_[i]] = 0;
  }
  MaskTable(const MaskTable&) = delete;
  MaskTable& operator=(const MaskTable&) = delete;

  static Word match(std::uint8_t symbol) { return masks()[symbol]; }

 private:
  static Word* masks() {
    alignas(64) thread_local Word table[256] = {};
    return table;
  }
  const std::uint8_t* pattern_;
  std::size_t n_;
};

std::size_t levenshtein_word(const std::uint8_t* pattern, std::size_t n, const std::uint8_t* text,
                             std::size_t m) {
  if (n <= 64) {
    const MaskTable<std::uint64_t> table(pattern, n);
    return levenshtein_of_word<std::uint64_t>(table.match, n, text, m);
  }
  const MaskTable<DoubleWord> table(pattern, n);
  return levenshtein_of_word<DoubleWord>(table.match, n, text, m);
}

std::size_t lcs_word(const std::uint8_t* pattern, std::size_t n, const std::uint8_t* text,
                     std::size_t m) {
  if (n <= 64) {
    const MaskTable<std::uint64_t> table(pattern, n);
    return lcs_of_word<std::uint64_t>(table.match, n, text, m);
  }
  const MaskTable<DoubleWord> table(pattern, n);
  return lcs_of_word<DoubleWord>(table.match, n, text, m);
}

void levenshtein_four(const std::uint8_t* pattern, std::size_t n, const std::uint8_t* const* texts,
                      const std::size_t* sizes, std::size_t* distances) {
  const MaskTable<std::uint64_t> table(pattern, n);
  levenshtein_of_four(table.match, n, texts, sizes, distances);
}

}  // namespace

const EditKernel kEditScalar{.levenshtein_word = levenshtein_word,
                             .lcs_word = lcs_word,
                             .levenshtein_four = levenshtein_four,
                             .word_multiple = kWords,
                             .most_words = kWords,
                             .levenshtein = levenshtein,
                             .lcs = lcs};

}  // namespace midstream::temporal::kernels
