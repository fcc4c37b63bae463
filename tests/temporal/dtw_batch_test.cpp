#include "core/temporal/dtw_batch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

using Series = std::vector<double>;
using DtwBatch = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, DtwBatch, test::kernel_values(), test::kernel_name);

TEST_P(DtwBatch, HasTheOraclesBitsWhateverTheMixOfShapes) {
  Random random(1);
  std::vector<Series> x;
  std::vector<Series> y;
  for (int group = 0; group < 40; ++group) {
    const std::size_t n = 1 + random.below(40);
    const std::size_t m = 1 + random.below(40);
    for (std::uint64_t k = random.below(20); k > 0; --k) {
      x.push_back(test::random_walk(random, n));
      y.push_back(test::random_walk(random, m));
    }
  }
  x[3][0] = std::numeric_limits<double>::infinity();
  std::vector<SeriesPair> pairs;
  for (std::size_t k = 0; k < x.size(); ++k) pairs.push_back({x[k], y[k]});
  std::vector<double> distances(pairs.size());
  // Bands that cannot join a pair's lengths are another test's.
  for (const int band : {kNoBand, 39, 40, 45}) {
    ASSERT_TRUE(dtw_distances(pairs, distances, band).ok());
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      EXPECT_SAME_BITS(distances[k], reference::dtw_distance(x[k], y[k], band)) << k;
    }
  }
}

TEST_P(DtwBatch, EveryBandHasTheOraclesBits) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 1 + random.below(40);
    const std::size_t gap = random.below(6);
    std::vector<Series> x;
    std::vector<Series> y;
    for (int k = 0; k < 19; ++k) {
      x.push_back(test::random_walk(random, n + (round % 2 == 0 ? gap : 0)));
      y.push_back(test::random_walk(random, n + (round % 2 == 0 ? 0 : gap)));
    }
    std::vector<SeriesPair> pairs;
    for (std::size_t k = 0; k < x.size(); ++k) pairs.push_back({x[k], y[k]});
    std::vector<double> distances(pairs.size());
    for (std::size_t band = gap; band < gap + 12; ++band) {
      ASSERT_TRUE(dtw_distances(pairs, distances, static_cast<int>(band)).ok());
      for (std::size_t k = 0; k < pairs.size(); ++k) {
        EXPECT_SAME_BITS(distances[k], reference::dtw_distance(x[k], y[k], static_cast<int>(band)))
            << n << " band " << band;
      }
    }
  }
}

TEST_P(DtwBatch, NamesThePairAtFault) {
  const Series good(5, 1.0);
  const Series bad{1, std::nan("")};
  std::vector<SeriesPair> pairs(20, SeriesPair{good, good});
  pairs[13].y = bad;
  std::vector<double> distances(20);
  const Status status = dtw_distances(pairs, distances);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("13"), std::string::npos);
  EXPECT_FALSE(dtw_distances(pairs, std::span(distances).first(3)).ok());
  EXPECT_TRUE(dtw_distances({}, {}).ok());
}

}  // namespace
}  // namespace midstream::temporal
