#include "suites/temporal/inputs.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace midstream::suites::temporal {
namespace {

constexpr double kNoise = 0.05;
constexpr std::size_t kEditedShare = 5;  // one in five

char letter(int alphabet, Random& random) {
  return static_cast<char>(';' +
                           static_cast<char>(random.below(static_cast<std::uint64_t>(alphabet))));
}

std::vector<double> walk(std::size_t n, Random& random) {
  std::vector<double> series(n);
  double at = 0;
  for (double& sample : series) sample = at += random.normal();
  return series;
}

}  // namespace

SeriesPair linear_pair(std::size_t n, Random& random) {
  SeriesPair pair{.x = std::vector<double>(n), .y = std::vector<double>(n)};
  const double slope = random.uniform(0.5, 1.5);
  const double other = random.uniform(0.5, 1.5);
  for (std::size_t i = 0; i < n; ++i) {
    pair.x[i] = slope * static_cast<double>(i) + kNoise * random.normal();
    pair.y[i] = other * static_cast<double>(i) + kNoise * random.normal();
  }
  return pair;
}

SeriesPair sine_pair(std::size_t n, Random& random) {
  SeriesPair pair{.x = std::vector<double>(n), .y = std::vector<double>(n)};
  const double turns = random.uniform(2, 5);
  const double phase = random.uniform(0, 2 * std::numbers::pi);
  for (std::size_t i = 0; i < n; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(n);
    const double warped = t + 0.05 * std::sin(2 * std::numbers::pi * t);
    pair.x[i] = std::sin(2 * std::numbers::pi * turns * t + phase) + kNoise * random.normal();
    pair.y[i] = std::sin(2 * std::numbers::pi * turns * warped + phase) + kNoise * random.normal();
  }
  return pair;
}

SeriesPair walk_pair(std::size_t n, Random& random) {
  SeriesPair pair;
  pair.x = walk(n, random);
  pair.y = walk(n, random);
  return pair;
}

SeriesPair similar_series(std::size_t n, int percent, Random& random) {
  SeriesPair pair;
  pair.x = walk(n, random);
  pair.y = pair.x;
  for (double& sample : pair.y) {
    if (random.below(100) >= static_cast<std::uint64_t>(percent)) sample += 3 * random.normal();
  }
  return pair;
}

std::string random_text(std::size_t n, int alphabet, Random& random) {
  std::string text(n, ' ');
  for (char& c : text) c = letter(alphabet, random);
  return text;
}

TextPair identical_texts(std::size_t n, int alphabet, Random& random) {
  TextPair pair;
  pair.a = random_text(n, alphabet, random);
  pair.b = pair.a;
  return pair;
}

TextPair similar_texts(std::size_t n, int alphabet, Random& random) {
  TextPair pair = identical_texts(n, alphabet, random);
  for (char& c : pair.b) {
    if (random.below(10) == 0) c = letter(alphabet, random);
  }
  return pair;
}

TextPair different_texts(std::size_t n, int alphabet, Random& random) {
  TextPair pair;
  pair.a = random_text(n, alphabet, random);
  pair.b = random_text(n, alphabet, random);
  return pair;
}

TextPair with_insertions(std::size_t n, int alphabet, Random& random) {
  TextPair pair = identical_texts(n, alphabet, random);
  for (std::size_t i = 0; i < n / kEditedShare; ++i) {
    pair.b.insert(random.below(pair.b.size() + 1), 1, letter(alphabet, random));
  }
  return pair;
}

TextPair with_deletions(std::size_t n, int alphabet, Random& random) {
  TextPair pair = identical_texts(n, alphabet, random);
  for (std::size_t i = 0; i < n / kEditedShare; ++i) pair.b.erase(random.below(pair.b.size()), 1);
  return pair;
}

TextPair with_substitutions(std::size_t n, int alphabet, Random& random) {
  TextPair pair = identical_texts(n, alphabet, random);
  for (std::size_t i = 0; i < n / kEditedShare; ++i) {
    pair.b[random.below(pair.b.size())] = letter(alphabet, random);
  }
  return pair;
}

double edit_cells(const std::vector<TextPair>& pairs) {
  double cells = 0;
  for (const auto& [a, b] : pairs) {
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t prefix = 0;
    while (prefix < shorter && a[prefix] == b[prefix]) ++prefix;
    std::size_t suffix = 0;
    while (suffix < shorter - prefix && a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) {
      ++suffix;
    }
    cells += static_cast<double>(a.size() - prefix - suffix) *
             static_cast<double>(b.size() - prefix - suffix);
  }
  return cells / static_cast<double>(pairs.size());
}

}  // namespace midstream::suites::temporal
