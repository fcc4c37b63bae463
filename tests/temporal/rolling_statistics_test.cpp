#include "core/temporal/rolling_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

std::vector<double> series_of_kind(Random& random, std::size_t length, int kind) {
  std::vector<double> series = test::random_walk(random, length);
  for (double& v : series) {
    if (kind == 1) v += 1e6;
    if (kind == 2) v = std::round(v / 4);
    if (kind == 3) v = v * 1e-9 + 1e3;
    if (kind == 4) v *= 1e140;
    if (kind == 5) v = std::sin(v) * 1e-150;
  }
  if (kind == 6) series[length / 2] = 1e9;
  return series;
}

// In long double the distance between the two vectors of z-values is all but exact.
TEST(RollingStatistics, AreAsNearTheDefinitionAsTheySay) {
  Random random(1);
  std::size_t promised = 0;
  for (int round = 0; round < 140; ++round) {
    const std::size_t q = 1 + random.below(150);
    const std::size_t windows = 1 + random.below(1024);
    const auto series = series_of_kind(random, windows + q - 1, round % 7);
    std::vector<double> mean(windows);
    std::vector<double> scale(windows);
    std::vector<double> error(windows);
    const double largest = rolling_statistics(std::span(series).first(windows + q - 1), q,
                                              {mean.data(), scale.data(), error.data()});
    for (std::size_t k = 0; k < windows; ++k) {
      if (std::isinf(error[k])) {
        ASSERT_EQ(scale[k], 0);
        continue;
      }
      ++promised;
      ASSERT_LE(error[k], largest);
      const std::vector<double> z = reference::normalised(std::span(series).subspan(k, q));
      long double squares = 0;
      for (std::size_t i = 0; i < q; ++i) {
        const long double off =
            (static_cast<long double>(series[k + i]) - mean[k]) * scale[k] - z[i];
        squares += off * off;
      }
      ASSERT_LE(std::sqrt(squares), error[k]) << round << " window " << k;
    }
  }
  EXPECT_GT(promised, 20'000U);
}

TEST(RollingStatistics, FlatWindowsPromiseNothing) {
  const std::vector<double> series(100, 7.25);
  std::vector<double> mean(90);
  std::vector<double> scale(90);
  std::vector<double> error(90);
  rolling_statistics(std::span(series).first(100), 11, {mean.data(), scale.data(), error.data()});
  for (const double each : error) EXPECT_TRUE(std::isinf(each));
}

}  // namespace
}  // namespace midstream::temporal
