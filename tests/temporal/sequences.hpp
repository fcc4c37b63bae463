// Inputs shared by the temporal tests: exhaustive small ones and seeded random ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::test {

// Every string over `alphabet` of at most `longest` symbols, the empty one first.
inline std::vector<std::string> all_strings(const std::string& alphabet, std::size_t longest) {
  std::vector<std::string> all{""};
  std::size_t begin = 0;
  for (std::size_t length = 1; length <= longest; ++length) {
    const std::size_t end = all.size();
    for (std::size_t i = begin; i < end; ++i) {
      for (const char symbol : alphabet) all.push_back(all[i] + symbol);
    }
    begin = end;
  }
  return all;
}

// `alphabet` > 256 wraps round, which is what a test of bytes wants.
inline std::string random_string(Random& random, std::size_t length, std::size_t alphabet) {
  std::string text(length, '\0');
  for (char& symbol : text) symbol = static_cast<char>(random.below(alphabet));
  return text;
}

// `text` after about `edits` random insertions, deletions and substitutions.
inline std::string edited(Random& random, std::string text, std::size_t edits,
                          std::size_t alphabet) {
  for (std::size_t i = 0; i < edits; ++i) {
    const auto symbol = static_cast<char>(random.below(alphabet));
    const std::size_t at = random.below(text.size() + 1);
    switch (random.below(3)) {
      case 0:
        text.insert(at, 1, symbol);
        break;
      case 1:
        if (at < text.size()) text.erase(at, 1);
        break;
      default:
        if (at < text.size()) text[at] = symbol;
    }
  }
  return text;
}

// Spread over all 32 bits, so that a kernel that truncates a symbol is caught.
inline std::vector<std::uint32_t> wide_symbols(const std::string& text) {
  std::vector<std::uint32_t> symbols;
  for (const char symbol : text) {
    symbols.push_back(static_cast<std::uint8_t>(symbol) * std::uint32_t{0x01010107});
  }
  return symbols;
}

inline std::vector<double> random_walk(Random& random, std::size_t length) {
  std::vector<double> series(length);
  double level = 0;
  for (double& sample : series) sample = level += random.normal();
  return series;
}

}  // namespace midstream::test
