#include "core/temporal/dtw_path.hpp"

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
using DtwPath = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, DtwPath, test::kernel_values(), test::kernel_name);

void expect_oracle_path(const Series& x, const Series& y, int band) {
  const Result<DtwAlignment> result = dtw_path(x, y, band);
  ASSERT_TRUE(result.ok());
  const auto expected = reference::dtw_path(x, y, band);
  EXPECT_SAME_BITS(result->distance, reference::dtw_distance(x, y, band));
  ASSERT_EQ(result->path.size(), expected.size()) << x.size() << ' ' << y.size() << ' ' << band;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    ASSERT_EQ(result->path[k].i, expected[k].first);
    ASSERT_EQ(result->path[k].j, expected[k].second);
  }
}

// Few distinct values make many ties, so the tie-break is what is tested.
TEST_P(DtwPath, EverySmallPairHasTheOraclesPath) {
  std::vector<Series> all;
  for (const std::string& digits : test::all_strings("012", 4)) {
    if (!digits.empty()) all.emplace_back(digits.begin(), digits.end());
  }
  for (const Series& x : all) {
    for (const Series& y : all) expect_oracle_path(x, y, kNoBand);
  }
}

TEST_P(DtwPath, RandomPairsHaveTheOraclesPath) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    Series x = test::random_walk(random, 1 + random.below(200));
    Series y = test::random_walk(random, 1 + random.below(200));
    if (round % 2 == 0) {  // ties
      for (double& v : x) v = std::round(v / 3);
      for (double& v : y) v = std::round(v / 3);
    }
    expect_oracle_path(x, y, kNoBand);
    const auto gap = static_cast<int>(std::max(x.size(), y.size()) - std::min(x.size(), y.size()));
    expect_oracle_path(x, y, gap + static_cast<int>(random.below(80)));
  }
}

// The directions of all 160 thousand million cells would not fit.
TEST_P(DtwPath, LongSeriesHaveAPathInANarrowBand) {
  constexpr std::size_t kLength = 400'000;
  Series x(kLength);
  for (std::size_t i = 0; i < kLength; ++i) x[i] = static_cast<double>(i % 7);
  Series y(x.begin() + 2, x.end());
  const auto result = dtw_path(x, y, 10);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->path.front(), (AlignedPair{0, 0}));
  EXPECT_EQ(result->path.back(), (AlignedPair{kLength - 1, kLength - 3}));
  EXPECT_SAME_BITS(result->distance, *dtw_distance(x, y, 10));
  EXPECT_FALSE(dtw_path(x, y).ok());
}

TEST_P(DtwPath, ItsCostsAddUpToTheDistance) {
  Random random(2);
  const Series x = test::random_walk(random, 150);
  const Series y = test::random_walk(random, 130);
  const auto result = dtw_path(x, y);
  ASSERT_TRUE(result.ok());
  double sum = 0;
  for (const AlignedPair& pair : result->path) sum += std::pow(x[pair.i] - y[pair.j], 2);
  EXPECT_DOUBLE_EQ(std::sqrt(sum), result->distance);
}

TEST_P(DtwPath, AnInfiniteDistanceHasNoPath) {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto result = dtw_path(Series{1, infinity}, Series{1, 2});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->distance, infinity);
  EXPECT_TRUE(result->path.empty());
  const auto equal = dtw_path(Series{1, infinity}, Series{1, infinity});
  EXPECT_EQ(equal->path, (std::vector<AlignedPair>{{0, 0}, {1, 1}}));
}

TEST_P(DtwPath, RejectsWhatDtwRejects) {
  DtwAlignment out{.distance = 1, .path = {{0, 0}}};
  EXPECT_FALSE(dtw_path(Series{}, Series{1}, kNoBand, out).ok());
  EXPECT_FALSE(dtw_path(Series{1}, Series{std::nan("")}, kNoBand, out).ok());
  EXPECT_TRUE(out.path.empty());
}

}  // namespace
}  // namespace midstream::temporal
