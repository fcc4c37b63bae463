// Seeded inputs of the temporal suite: the scenarios of the targets, one function each.
//
// Threads: pure functions of the generator handed in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::suites::temporal {

struct SeriesPair {
  std::vector<double> x;
  std::vector<double> y;
};

SeriesPair linear_pair(std::size_t n, Random& random);  // two noisy ramps of different slope
SeriesPair sine_pair(std::size_t n, Random& random);    // a sine and the same, warped, with noise
SeriesPair walk_pair(std::size_t n, Random& random);    // two independent random walks
// A random walk, and a copy in which (100 - percent) % of the samples have noise added.
SeriesPair similar_series(std::size_t n, int percent, Random& random);

struct TextPair {
  std::string a;
  std::string b;
};

inline constexpr int kSmallAlphabet = 4;   // nucleotides
inline constexpr int kLargeAlphabet = 64;  // letters, digits, punctuation

std::string random_text(std::size_t n, int alphabet, Random& random);
TextPair identical_texts(std::size_t n, int alphabet, Random& random);
TextPair similar_texts(std::size_t n, int alphabet, Random& random);    // 10 % substituted
TextPair different_texts(std::size_t n, int alphabet, Random& random);  // independent

// b is made from a by edits of a fifth of its length.
TextPair with_insertions(std::size_t n, int alphabet, Random& random);
TextPair with_deletions(std::size_t n, int alphabet, Random& random);
TextPair with_substitutions(std::size_t n, int alphabet, Random& random);

// Cells of the matrix that an edit distance has to compute, on average over the pairs: what equal
// texts share at their ends needs none, and unequal lengths are not n².
double edit_cells(const std::vector<TextPair>& pairs);

}  // namespace midstream::suites::temporal
