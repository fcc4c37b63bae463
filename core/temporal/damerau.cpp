#include "core/temporal/damerau.hpp"

#include <algorithm>

#include "core/temporal/byte_view.hpp"
#include "core/temporal/common_ends.hpp"
#include "core/temporal/kernels/edit_words.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct MaskTag {};
struct CarryTag {};

// Two words in one, of twice the width, run out of registers.
using Word = std::uint64_t;
constexpr std::size_t kBits = 64;

// The recurrence of Levenshtein with one term more: a diagonal is also free of a further cost
// where two symbols are swapped and the diagonal before was not.
struct OsaWord {
  kernels::EditWord<Word> rows;
  Word last_match = 0;

  // `swap_in`: the row above offers its side of a swap; returns what the last row offers.
  Word step(Word match, Word plus_in, Word minus_in, Word swap_in) {
    const Word offered = ~rows.zero & match;
    rows.step(match, plus_in, minus_in, (offered << 1 | swap_in) & last_match);
    last_match = match;
    return offered >> (kBits - 1);
  }
};

// Word by word of rows, all columns each; from a column a word takes, and hands to the next, its
// horizontal difference (bit 0: +1, bit 1: -1) and its swap (bit 2). Symbols are below `symbols`.
template <class Symbol>
std::size_t by_words(std::span<const Symbol> pattern, std::span<const Symbol> text,
                     std::size_t symbols) {
  const auto masks = thread_buffer<MaskTag, Word>(symbols);
  const auto carries = thread_buffer<CarryTag, std::uint8_t>(text.size());
  std::fill(carries.begin(), carries.end(), std::uint8_t{1});  // row 0 counts the columns
  auto value = static_cast<std::ptrdiff_t>(text.size());
  while (!pattern.empty()) {
    const auto rows = pattern.first(std::min(pattern.size(), kBits));
    pattern = pattern.subspan(rows.size());
    std::fill(masks.begin(), masks.end(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) masks[rows[i]] |= Word{1} << i;
    OsaWord word;
    for (std::size_t j = 0; j < text.size(); ++j) {
      const Word in = carries[j];
      const Word swap = word.step(masks[text[j]], in & 1, in >> 1 & 1, in >> 2);
      const Word out =
          word.rows.plus >> (kBits - 1) | word.rows.minus >> (kBits - 1) << 1 | swap << 2;
      carries[j] = static_cast<std::uint8_t>(out);
    }
    value += word.rows.rise(rows.size());
  }
  return static_cast<std::size_t>(value);
}

std::size_t compare(std::span<const std::uint8_t> pattern, std::span<const std::uint8_t> text) {
  return by_words(pattern, text, 256);
}

std::size_t compare(std::span<const std::uint32_t> pattern, std::span<const std::uint32_t> text) {
  const SymbolIds ids = map_symbols(pattern, text);
  return by_words<std::uint32_t>(ids.pattern, ids.text, ids.largest + std::size_t{1});
}

template <class Symbol>
std::size_t distance(std::span<const Symbol> a, std::span<const Symbol> b) {
  remove_common_ends(a, b);
  if (a.empty() || b.empty()) return a.size() + b.size();
  return a.size() <= b.size() ? compare(a, b) : compare(b, a);
}

}  // namespace

std::size_t osa_distance(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return distance(a, b);
}

std::size_t osa_distance(std::string_view a, std::string_view b) {
  return distance(bytes_of(a), bytes_of(b));
}

}  // namespace midstream::temporal
