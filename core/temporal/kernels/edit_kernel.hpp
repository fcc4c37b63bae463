// What a bit-parallel kernel of LCS and Levenshtein is given. Internal: callers use lcs.hpp and
// levenshtein.hpp.
//
// Rows are the symbols of the pattern, columns those of the text. A strip is some 64-bit words of
// rows; each word holds one bit a row. Every strip turns the horizontal differences along the row
// above it into those along its own row, which is all that strips below it need, and all that the
// result needs: the value in the last row is the sum of its differences.
#pragma once

#include <cstddef>
#include <cstdint>

namespace midstream::temporal::kernels {

struct BitStrip {
  const std::uint64_t* masks;    // masks[id * words + w]: rows of word w that hold symbol id
  std::size_t words;             // a multiple of EditKernel::word_multiple
  const std::uint16_t* columns;  // symbol ids of the text, padded by kEditPadding on both sides
                                 // with an id that no row holds
  std::size_t count;             // columns
  std::size_t answer_word;       // the word whose differences are wanted, the last one in use
  // One word a column, padded by kEditPadding on both sides. On entry bit 63 is the difference
  // along the row above; on return the word holds the differences along answer_word's rows.
  std::uint64_t* plus;   // +1
  std::uint64_t* minus;  // -1; unused by LCS
};

inline constexpr std::size_t kEditPadding = 32;

// Patterns up to this length have a way of their own, without strips.
inline constexpr std::size_t kMostWordRows = 128;

// 1 <= n <= kMostWordRows rows of pattern against m columns of text: the value of the last cell.
using EditWordFunction = std::size_t (*)(const std::uint8_t* pattern, std::size_t n,
                                         const std::uint8_t* text, std::size_t m);

struct EditKernel {
  EditWordFunction levenshtein_word;
  EditWordFunction lcs_word;
  // One pattern of at most 64 rows against four texts.
  void (*levenshtein_four)(const std::uint8_t* pattern, std::size_t n,
                           const std::uint8_t* const* texts, const std::size_t* sizes,
                           std::size_t* distances);
  std::size_t word_multiple;
  std::size_t most_words;  // in a strip
  void (*levenshtein)(const BitStrip&);
  void (*lcs)(const BitStrip&);
};

extern const EditKernel kEditScalar;
extern const EditKernel kEditAvx2;
extern const EditKernel kEditAvx512;

}  // namespace midstream::temporal::kernels
