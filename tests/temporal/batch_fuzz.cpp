// Many at once against one by one: DTW of a batch of pairs and Levenshtein of one text and many, on
// every kernel against the oracles. Input: flags, a band, then lengths and contents in turn.
#include <algorithm>
#include <cmath>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/dtw_batch.hpp"
#include "tests/temporal/differential.hpp"
#include "tests/temporal/fuzz_input.hpp"

namespace {

using namespace midstream;

void check_dtw_batch(test::FuzzInput input) {
  const int band = (input.byte() & 1) != 0 ? 64 + input.byte() : temporal::kNoBand;
  const std::uint8_t shapes = input.byte();
  std::vector<std::vector<double>> samples;
  std::size_t n = 1 + input.below(20);
  std::size_t m = 1 + input.below(20);
  while (!input.empty() && samples.size() < 80) {
    // Mostly one shape after another, as lanes want it.
    if (input.below(16) < (shapes & 3U)) n = 1 + input.below(20);
    samples.push_back(input.walk(n, HUGE_VAL));
    samples.push_back(input.walk(m, 1e200));
    samples[samples.size() - 2].resize(n);
    samples.back().resize(m);
  }
  std::vector<temporal::SeriesPair> pairs;
  std::vector<double> expected;
  for (std::size_t k = 0; k + 1 < samples.size(); k += 2) {
    pairs.push_back({samples[k], samples[k + 1]});
    expected.push_back(reference::dtw_distance(samples[k], samples[k + 1], band));
  }
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    std::vector<double> distances(pairs.size(), -1);
    test::fuzz_require(temporal::dtw_distances(pairs, distances, band).ok(), "dtw batch validity");
    for (std::size_t k = 0; k < distances.size(); ++k) {
      test::fuzz_require(test::same_bits(distances[k], expected[k]), "dtw batch");
    }
  }
}

void check_one_to_many(test::FuzzInput input) {
  const std::uint8_t mask = input.byte();
  const std::size_t longest = 1 + input.below(100);
  const auto text = [&] {
    std::string symbols = input.text(input.below(longest + 1));
    for (char& c : symbols) c = static_cast<char>(c & mask);
    return symbols;
  };
  const std::string query = text();
  std::vector<std::string> texts;
  while (!input.empty() && texts.size() < 40) texts.push_back(text());
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    std::vector<std::size_t> distances(views.size());
    test::fuzz_require(temporal::levenshtein_distances(query, views, distances).ok(),
                       "room for every distance");
    for (std::size_t k = 0; k < texts.size(); ++k) {
      test::fuzz_require(distances[k] == reference::levenshtein_distance(query, texts[k]),
                         "levenshtein of one and many");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 6 || size > 2048) return 0;
  check_dtw_batch({data, size});
  check_one_to_many({data, size});
  return 0;
}
