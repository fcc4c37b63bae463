// LCS and edit distance: length × alphabet × how the texts relate, and the plain dynamic
// programs on the same inputs for ratios.
#include <cstdint>
#include <span>

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/temporal/inputs.hpp"

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

// The operation is a template argument, so that the timed loop calls it directly.
template <Measure operation, Measure oracle, MakeTexts make, int alphabet>
void compare_texts(Bench& bench) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  const auto pairs = bench.variants([&](Random& random) { return make(n, alphabet, random); });
  bench.throughput(static_cast<double>(n * n), "cells");
  bench.measure(
      pairs, [](const TextPair& pair) { return operation(pair); },
      [](const TextPair& pair) { return oracle(pair); });
}

Registration& add(const std::string& id, BenchFunction function, const char* title,
                  const char* oracle) {
  return register_bench(id, std::move(function))
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
