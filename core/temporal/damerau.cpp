#include "core/temporal/damerau.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "core/temporal/common_ends.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct MaskTag {};
struct RowTag {};
struct IdTag {};

using DoubleWord = unsigned __int128;
constexpr std::size_t kMostWordRows = 128;

int count_ones(DoubleWord word) {
  return std::popcount(static_cast<std::uint64_t>(word)) +
         std::popcount(static_cast<std::uint64_t>(word >> 64));
}

// Ids of the pattern are 1 …, of the text 0 … (0: not in the pattern). The recurrence of
// Levenshtein with one term more: a diagonal is also free of a further cost where two symbols
// are swapped and the diagonal before was not.
std::size_t by_words(const SymbolIds& ids) {
  const auto masks = thread_buffer<MaskTag, DoubleWord>(ids.largest + std::size_t{1});
  std::fill(masks.begin(), masks.end(), 0);
  for (std::size_t i = 0; i < ids.pattern.size(); ++i) masks[ids.pattern[i]] |= DoubleWord{1} << i;
  DoubleWord up = ~DoubleWord{0};
  DoubleWord down = 0;
  DoubleWord zero = 0;
  DoubleWord last_match = 0;
  for (const std::uint32_t id : ids.text) {
    const DoubleWord match = masks[id];
    const DoubleWord swapped = ((~zero & match) << 1) & last_match;
    zero = (((match & up) + up) ^ up) | match | down | swapped;
    const DoubleWord plus = (down | ~(zero | up)) << 1 | 1;
    const DoubleWord minus = (zero & up) << 1;
    up = minus | ~(zero | plus);
    down = plus & zero;
    last_match = match;
  }
  const std::size_t n = ids.pattern.size();
  const DoubleWord used = n == 128 ? ~DoubleWord{0} : (DoubleWord{1} << n) - 1;
  return ids.text.size() + static_cast<std::size_t>(count_ones(up & used)) -
         static_cast<std::size_t>(count_ones(down & used));
}

// Three rows of the textbook recurrence.
std::size_t by_rows(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  const std::size_t width = b.size() + 1;
  const auto rows = thread_buffer<RowTag, std::size_t>(3 * width);
  std::size_t* before = rows.data();
  std::size_t* above = before + width;
  std::size_t* row = above + width;
  std::iota(above, above + width, std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0U : 1U)});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::size_t distance(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  remove_common_ends(a, b);
  if (a.empty() || b.empty()) return a.size() + b.size();
  const auto shorter = a.size() <= b.size() ? a : b;
  const auto longer = a.size() <= b.size() ? b : a;
  if (shorter.size() <= kMostWordRows) return by_words(map_symbols(shorter, longer));
  return by_rows(shorter, longer);
}

}  // namespace

std::size_t osa_distance(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return distance(a, b);
}

std::size_t osa_distance(std::string_view a, std::string_view b) {
  const auto symbols = thread_buffer<IdTag, std::uint32_t>(a.size() + b.size());
  const auto widen = [](char c) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(c));
  };
  std::transform(a.begin(), a.end(), symbols.begin(), widen);
  std::transform(b.begin(), b.end(), symbols.begin() + static_cast<std::ptrdiff_t>(a.size()),
                 widen);
  return distance(symbols.first(a.size()), symbols.subspan(a.size()));
}

}  // namespace midstream::temporal
