// LCS and edit distance: length × alphabet × how the texts relate, and the plain dynamic
// programs on the same inputs for ratios.
#include "core/temporal/text.hpp"

#include <cstdint>
#include <span>

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

using MakeTexts = TextPair (*)(std::size_t n, int alphabet, Random& random);
using Measure = std::size_t (*)(const TextPair& pair);

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::size_t lcs(const TextPair& pair) { return midstream::temporal::lcs_length(pair.a, pair.b); }
std::size_t lcs_oracle(const TextPair& pair) { return reference::lcs_length(pair.a, pair.b); }
std::size_t lcs_rows(const TextPair& pair) {
  return reference::lcs_length_rows(bytes(pair.a), bytes(pair.b));
}
std::size_t edit(const TextPair& pair) {
  return midstream::temporal::levenshtein_distance(pair.a, pair.b);
}
std::size_t edit_oracle(const TextPair& pair) {
  return reference::levenshtein_distance(pair.a, pair.b);
}
std::size_t edit_rows(const TextPair& pair) {
  return reference::levenshtein_distance_rows(bytes(pair.a), bytes(pair.b));
}

std::vector<std::uint32_t> symbols(const std::string& text) {
  std::vector<std::uint32_t> wide;
  for (const char c : text) wide.push_back(static_cast<std::uint8_t>(c) * 0x01010107U);
  return wide;
}

// Letters as code points of one to four bytes, all four in the alphabet.
std::string as_utf8(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const auto v = static_cast<unsigned>(static_cast<std::uint8_t>(c)) % 64;
    const auto byte = [&](unsigned value) { encoded += static_cast<char>(value); };
    if (v % 4 == 0) {
      byte('0' + v);
    } else if (v % 4 == 1) {
      byte(0xC3);
      byte(0x80 + v);
    } else if (v % 4 == 2) {
      byte(0xE6);
      byte(0x97);
      byte(0x80 + v);
    } else {
      byte(0xF0);
      byte(0x9F);
      byte(0x98);
      byte(0x80 + v);
    }
  }
  return encoded;
}

// The same texts, as whatever `convert` makes of their letters.
template <class Converted>
struct ConvertedPair {
  TextPair plain;
  Converted a;
  Converted b;
};

template <class Operation, class Oracle, class Convert>
void compare_converted(Bench& bench, MakeTexts make, Convert convert, Operation operation,
                       Oracle oracle) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  auto plain = bench.variants([&](Random& random) { return make(n, kLargeAlphabet, random); });
  bench.throughput(edit_cells(plain), "cells");
  using Pair = ConvertedPair<decltype(convert(std::string()))>;
  std::vector<Pair> pairs;
  pairs.reserve(plain.size());
  for (TextPair& pair : plain) {
    pairs.push_back({.plain = pair, .a = convert(pair.a), .b = convert(pair.b)});
  }
  bench.measure(
      pairs, [&](const Pair& pair) { return operation(pair.a, pair.b); },
      [&](const Pair& pair) { return oracle(pair.plain); });
}

void edit_symbols(Bench& bench) {
  compare_converted(
      bench, different_texts, symbols,
      [](const auto& a, const auto& b) { return midstream::temporal::levenshtein_distance(a, b); },
      edit_oracle);
}

void lcs_symbols(Bench& bench) {
  compare_converted(
      bench, different_texts, symbols,
      [](const auto& a, const auto& b) { return midstream::temporal::lcs_length(a, b); },
      lcs_oracle);
}

// Decoding included.
void edit_utf8(Bench& bench) {
  compare_converted(
      bench, different_texts, as_utf8,
      [](const auto& a, const auto& b) {
        return midstream::temporal::levenshtein_distance_utf8(a, b).value();
      },
      edit_oracle);
}

void decode(Bench& bench) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  const auto texts = bench.variants(
      [&](Random& random) { return as_utf8(random_text(n, kLargeAlphabet, random)); });
  bench.throughput(static_cast<double>(n), "code points");
  std::vector<std::uint32_t> decoded;
  bench.measure(
      texts,
      [&](const std::string& text) {
        return midstream::temporal::decode_utf8(text, decoded) ? decoded.size() : 0;
      },
      [&](const std::string&) { return n; });
}

// The operation is a template argument, so that the timed loop calls it directly.
template <Measure operation, Measure oracle, MakeTexts make, int alphabet>
void compare_texts(Bench& bench) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  const auto pairs = bench.variants([&](Random& random) { return make(n, alphabet, random); });
  if (const double cells = edit_cells(pairs); cells > 0) {
    bench.throughput(cells, "cells");
  } else {
    bench.throughput(static_cast<double>(n), "symbols");  // equal texts have no cell to compute
  }
  bench.measure(
      pairs, [](const TextPair& pair) { return operation(pair); },
      [](const TextPair& pair) { return oracle(pair); });
}

Registration& add(const std::string& id, BenchFunction function, const char* title,
                  const char* oracle) {
  return register_temporal(id, std::move(function))
      .params("n", {10, 50, 100, 500, 1000})
      .title(title)
      .oracle(oracle)
      .declares_rate();
}

template <MakeTexts make>
void add_lcs(const std::string& scenario, const std::string& generator) {
  constexpr const char* kTitle = "longest common subsequence";
  constexpr const char* kOracle = "full-matrix LCS";
  add("temporal/lcs/" + scenario + "-small", compare_texts<lcs, lcs_oracle, make, kSmallAlphabet>,
      kTitle, kOracle)
      .generator(generator + ", 4 symbols");
  add("temporal/lcs/" + scenario + "-large", compare_texts<lcs, lcs_oracle, make, kLargeAlphabet>,
      kTitle, kOracle)
      .generator(generator + ", 64 symbols");
}

template <MakeTexts make>
void add_edit(const std::string& scenario, const std::string& generator) {
  constexpr const char* kTitle = "Levenshtein distance";
  constexpr const char* kOracle = "full-matrix Levenshtein";
  add("temporal/edit/" + scenario + "-small",
      compare_texts<edit, edit_oracle, make, kSmallAlphabet>, kTitle, kOracle)
      .generator(generator + ", 4 symbols");
  add("temporal/edit/" + scenario + "-large",
      compare_texts<edit, edit_oracle, make, kLargeAlphabet>, kTitle, kOracle)
      .generator(generator + ", 64 symbols");
}

[[maybe_unused]] const bool kRegistered = [] {
  add_lcs<identical_texts>("identical", "equal texts");
  add_lcs<similar_texts>("similar", "10 % substituted");
  add_lcs<different_texts>("different", "independent texts");
  add_edit<different_texts>("random", "independent texts");
  add_edit<with_insertions>("insertions", "20 % inserted");
  add_edit<with_deletions>("deletions", "20 % deleted");
  add_edit<with_substitutions>("substitutions", "20 % substituted");
  const auto add_wide = [](const char* id, BenchFunction function, const char* title,
                           const char* oracle) {
    add(id, std::move(function), title, oracle).generator("independent texts, 64 symbols");
  };
  add_wide("temporal/edit-symbols/random", edit_symbols, "Levenshtein distance of 32-bit symbols",
           "full-matrix Levenshtein");
  add_wide("temporal/lcs-symbols/different", lcs_symbols, "LCS of 32-bit symbols",
           "full-matrix LCS");
  add_wide("temporal/edit-utf8/random", edit_utf8, "Levenshtein distance of UTF-8, decoded",
           "full-matrix Levenshtein of the letters");
  add_wide("temporal/decode/utf8", decode, "strict decoding of UTF-8", "as many as encoded");
  add("temporal/plain-lcs/different-large",
      compare_texts<lcs_rows, lcs_oracle, different_texts, kLargeAlphabet>,
      "plain LCS dynamic program (peer for ratios)", "full-matrix LCS")
      .generator("independent texts, 64 symbols");
  add("temporal/plain-edit/random-large",
      compare_texts<edit_rows, edit_oracle, different_texts, kLargeAlphabet>,
      "plain Levenshtein dynamic program (peer for ratios)", "full-matrix Levenshtein")
      .generator("independent texts, 64 symbols");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
