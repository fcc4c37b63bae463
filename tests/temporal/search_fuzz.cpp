// Similarity search on every kernel, whole and piece by piece, against brute force. Input: options,
// the query's length, the pieces, then the query and the series.
#include <algorithm>
#include <limits>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/similarity_search.hpp"
#include "tests/temporal/differential.hpp"
#include "tests/temporal/fuzz_input.hpp"

namespace {

using namespace midstream;

void check(const std::vector<temporal::Match>& found,
           const std::vector<std::pair<std::size_t, double>>& expected, const char* what) {
  test::fuzz_require(found.size() == expected.size(), what);
  for (std::size_t k = 0; k < found.size(); ++k) {
    test::fuzz_require(found[k].position == expected[k].first, what);
    test::fuzz_require(test::same_bits(found[k].distance, expected[k].second), what);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 10 || size > 1024) return 0;
  test::FuzzInput input(data, size);
  const std::uint8_t flags = input.byte();
  constexpr double kOffsets[] = {0, 1e6, -1e9, 1e140};
  const double offset = kOffsets[flags >> 6];
  const double spike = (flags & 32) != 0 ? 1e7 : 3;
  temporal::SearchOptions options;
  options.normalise = (flags & 1) != 0;
  if ((flags & 2) != 0) options.band = static_cast<int>(input.byte());
  options.best = (flags & 4) != 0 ? temporal::kAllMatches : 1 + input.below(6);
  options.separation = 1 + ((flags & 8) != 0 ? input.byte() : 0);
  if ((flags & 16) != 0) options.threshold = input.byte() / 16.0;
  const std::size_t piece = 1 + input.byte();
  const std::vector<double> query = input.walk(1 + input.below(40), spike);
  std::vector<double> series = input.walk(800, spike);
  if (query.empty()) return 0;
  for (double& v : series) v += offset;
  const auto expected = reference::find_similar(series, query,
                                                {.band = options.band,
                                                 .normalise = options.normalise,
                                                 .best = options.best,
                                                 .threshold = options.threshold,
                                                 .separation = options.separation});
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    check(temporal::find_similar(series, query, options).value(), expected, "find_similar");
    auto stream = temporal::SimilarityStream::create(query, options);
    for (std::size_t at = 0; at < series.size(); at += piece) {
      const std::size_t count = std::min(piece, series.size() - at);
      test::fuzz_require(stream->push(std::span(series).subspan(at, count)).ok(), "push");
    }
    check(stream->best(), expected, "similarity stream");
  }
  return 0;
}
