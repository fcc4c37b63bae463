#include "core/temporal/similarity_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

using Series = std::vector<double>;
using SimilaritySearch = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, SimilaritySearch, test::kernel_values(), test::kernel_name);

void expect_oracle_matches(const std::vector<Match>& found, const Series& series,
                           const Series& query, const SearchOptions& options) {
  const auto expected = reference::find_similar(series, query,
                                                {.band = options.band,
                                                 .normalise = options.normalise,
                                                 .best = options.best,
                                                 .threshold = options.threshold,
                                                 .separation = options.separation});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    ASSERT_EQ(found[k].position, expected[k].first) << "match " << k;
    EXPECT_SAME_BITS(found[k].distance, expected[k].second);
  }
}

SearchOptions random_options(Random& random, std::size_t q) {
  SearchOptions options;
  options.band = random.below(4) == 0 ? kNoBand : static_cast<int>(random.below(q + 1));
  options.normalise = random.below(2) == 0;
  options.best = random.below(3) == 0 ? kAllMatches : 1 + random.below(6);
  options.separation = random.below(2) == 0 ? 1 : 1 + random.below(q);
  if (random.below(2) == 0) options.threshold = 0.5 + random.uniform() * static_cast<double>(q) / 4;
  return options;
}

// Small integers give ties and flat windows; an offset tests the normalisation's arithmetic.
Series random_series(Random& random, std::size_t length) {
  Series series = test::random_walk(random, length);
  const std::uint64_t kind = random.below(3);
  for (double& v : series) {
    if (kind == 0) v = std::round(v / 2);
    if (kind == 1) v += 1e6;
  }
  return series;
}

TEST_P(SimilaritySearch, FindsExactlyWhatBruteForceFinds) {
  Random random(1);
  for (int round = 0; round < 150; ++round) {
    const std::size_t q = 1 + random.below(round % 5 == 0 ? 90 : 20);
    const Series series = random_series(random, random.below(400));
    const Series query = random_series(random, q);
    const SearchOptions options = random_options(random, q);
    const auto found = find_similar(series, query, options);
    ASSERT_TRUE(found.ok());
    expect_oracle_matches(*found, series, query, options);
  }
}

TEST_P(SimilaritySearch, AStreamInAnyPiecesGivesTheSame) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const std::size_t q = 1 + random.below(20);
    const Series series = random_series(random, 1 + random.below(500));
    const Series query = random_series(random, q);
    const SearchOptions options = random_options(random, q);
    auto stream = SimilarityStream::create(query, options);
    ASSERT_TRUE(stream.ok());
    std::size_t at = 0;
    while (at < series.size()) {
      const std::size_t piece = std::min<std::size_t>(series.size() - at, 1 + random.below(40));
      ASSERT_TRUE(stream->push(std::span(series).subspan(at, piece)).ok());
      at += piece;
      if (random.below(8) == 0) {
        const Series so_far(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(at));
        expect_oracle_matches(stream->best(), so_far, query, options);
      }
    }
    expect_oracle_matches(stream->best(), series, query, options);
  }
}

// Longer than the stream's buffer, so that it is moved; the bounds must dismiss most windows.
TEST_P(SimilaritySearch, ALongSeriesIsFoundExactlyAndMostWindowsAreDismissed) {
  Random random(3);
  const Series series = test::random_walk(random, 9000);
  const Series query = test::random_walk(random, 32);
  const SearchOptions options{.band = 2, .best = 3, .separation = 32};
  auto stream = SimilarityStream::create(query, options);
  ASSERT_TRUE(stream->push(series).ok());
  expect_oracle_matches(stream->best(), series, query, options);
  const SearchStatistics& statistics = stream->statistics();
  EXPECT_EQ(statistics.windows, 9000U - 31U);
  EXPECT_EQ(statistics.windows,
            statistics.dismissed_by_keogh + statistics.dismissed_by_improved + statistics.compared);
  EXPECT_LT(statistics.compared, statistics.windows / 4);
}

TEST_P(SimilaritySearch, FindsACopyWhateverItsOffsetAndScale) {
  Random random(4);
  Series series = test::random_walk(random, 2000);
  const Series query = test::random_walk(random, 64);
  for (std::size_t i = 0; i < query.size(); ++i) series[777 + i] = 40 + 8 * query[i];
  const auto found = find_similar(series, query, {.band = 3});
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().position, 777U);
  EXPECT_LT(found->front().distance, 1e-9);
}

TEST_P(SimilaritySearch, ShortSeriesHaveNoMatches) {
  const Series query{1, 2, 3};
  EXPECT_TRUE(find_similar({}, query)->empty());
  EXPECT_TRUE(find_similar(Series{1, 2}, query)->empty());
  EXPECT_EQ(find_similar(query, query)->front(), (Match{0, 0}));
}

TEST_P(SimilaritySearch, RejectsWhatItCannotAnswer) {
  const Series good{1, 2, 3};
  const Series bad{1, std::nan(""), 3};
  const Series huge{1, 1e200, 3};
  for (const auto& result :
       {find_similar(good, {}), find_similar(good, bad), find_similar(bad, good),
        find_similar(huge, good), find_similar(good, good, {.band = -5}),
        find_similar(good, good, {.best = 0}), find_similar(good, good, {.threshold = -1}),
        find_similar(good, good, {.separation = 0})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace midstream::temporal
