// LCS and Levenshtein of short byte patterns, with the rows that match a symbol found by comparing
// the whole pattern with it: no table to build, and none to clear. Internal: included by the
// vector kernels.
//
// Compare gives the pattern's first 64 rows and, from 65 rows on, the second 64.
#pragma once

#include "core/temporal/kernels/edit_kernel.hpp"
#include "core/temporal/kernels/edit_words.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class Compare>
std::size_t levenshtein_by_compare(const std::uint8_t* pattern, std::size_t n,
                                   const std::uint8_t* text, std::size_t m) {
  if (n <= 64) {
    const Compare rows(pattern, n);
    const auto match = [&](std::uint8_t symbol) { return rows.match(symbol); };
    return levenshtein_of_word<std::uint64_t>(match, n, text, m);
  }
  const Compare low(pattern, 64);
  const Compare high(pattern + 64, n - 64);
  const auto match = [&](std::uint8_t symbol) {
    return DoubleWord{high.match(symbol)} << 64 | low.match(symbol);
  };
  return levenshtein_of_word<DoubleWord>(match, n, text, m);
}

template <class Compare>
std::size_t lcs_by_compare(const std::uint8_t* pattern, std::size_t n, const std::uint8_t* text,
                           std::size_t m) {
  if (n <= 64) {
    const Compare rows(pattern, n);
    const auto match = [&](std::uint8_t symbol) { return rows.match(symbol); };
    return lcs_of_word<std::uint64_t>(match, n, text, m);
  }
  const Compare low(pattern, 64);
  const Compare high(pattern + 64, n - 64);
  const auto match = [&](std::uint8_t symbol) {
    return DoubleWord{high.match(symbol)} << 64 | low.match(symbol);
  };
  return lcs_of_word<DoubleWord>(match, n, text, m);
}

template <class Compare>
void levenshtein_four_by_compare(const std::uint8_t* pattern, std::size_t n,
                                 const std::uint8_t* const* texts, const std::size_t* sizes,
                                 std::size_t* distances) {
  const Compare rows(pattern, n);
  levenshtein_of_four([&](std::uint8_t symbol) { return rows.match(symbol); }, n, texts, sizes,
                      distances);
}

}  // namespace
}  // namespace midstream::temporal::kernels
