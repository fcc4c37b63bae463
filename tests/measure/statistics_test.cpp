#include "core/measure/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::measure {
namespace {

std::vector<double> random_values(Random& random, std::size_t n) {
  std::vector<double> values(n);
  // Few distinct values, so that ties are common.
  for (double& value : values) value = static_cast<double>(random.below(n + 3));
  return values;
}

TEST(Statistics, NamesRoundTrip) {
  for (const Statistic statistic : kAllStatistics) {
    const auto parsed = parse_statistic(statistic_name(statistic));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, statistic);
  }
  EXPECT_NE(parse_statistic("meadian").error().message.find("'median'"), std::string::npos);
  EXPECT_FALSE(parse_statistic("").ok());
  EXPECT_FALSE(parse_statistic("P99").ok());
}

TEST(Statistics, OperationsNeeded) {
  EXPECT_EQ(operations_needed(Statistic::kMean), 1u);
  EXPECT_EQ(operations_needed(Statistic::kP50), 1u);
  EXPECT_EQ(operations_needed(Statistic::kP90), 100u);
  EXPECT_EQ(operations_needed(Statistic::kP95), 200u);
  EXPECT_EQ(operations_needed(Statistic::kP99), 1000u);
  EXPECT_EQ(operations_needed(Statistic::kP999), 10000u);
  EXPECT_FALSE(tail_fraction(Statistic::kP50).has_value());
  EXPECT_DOUBLE_EQ(*tail_fraction(Statistic::kP999), 0.999);
}

// The definition: the smallest value with at least p·n values not above it. p in hundredths, so
// that "at least p·n" is decided in whole numbers.
TEST(Statistics, QuantileIsTheDefinition) {
  Random random(11);
  for (std::size_t n = 1; n <= 60; ++n) {
    const auto values = random_values(random, n);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t percent = 0; percent <= 100; ++percent) {
      double expected = sorted.back();
      for (std::size_t i = n; i-- > 0;) {
        if (100 * (i + 1) >= percent * n) expected = sorted[i];
      }
      ASSERT_EQ(quantile(values, static_cast<double>(percent) / 100), expected)
          << "n=" << n << " p=" << percent;
    }
  }
}

TEST(Statistics, MedianAndMean) {
  Random random(12);
  for (std::size_t n = 1; n <= 60; ++n) {
    const auto values = random_values(random, n);
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    ASSERT_EQ(median(values), (sorted[(n - 1) / 2] + sorted[n / 2]) / 2);
    ASSERT_NEAR(mean(values),
                std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(n), 1e-12);
  }
  EXPECT_EQ(mean(std::vector<double>(100000, 0.1)), 0.1);
}

double choose(int n, int k) {
  double result = 1;
  for (int i = 0; i < k; ++i) result = result * (n - i) / (i + 1);
  return result;
}

// Coverage and rank against sums of exact binomial coefficients.
TEST(Statistics, MedianIntervalIsExact) {
  for (int n = 1; n <= 50; ++n) {
    std::vector<double> values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 1.0);
    for (const double confidence : {0.5, 0.9, 0.95, 0.99}) {
      // Largest k with 1 - 2·P(Bin <= k-1) >= confidence, at least 1.
      int k = 1;
      double best = 0;
      double below = 0;
      for (int candidate = 1; 2 * candidate <= n + 1; ++candidate) {
        below += std::ldexp(choose(n, candidate - 1), -n);
        if (candidate == 1 || 1 - 2 * below >= confidence) {
          k = candidate;
          best = std::max(0.0, 1 - 2 * below);
        }
      }
      const Interval interval = median_interval(values, confidence);
      ASSERT_EQ(interval.low, k) << n << " " << confidence;
      ASSERT_EQ(interval.high, n + 1 - k);
      ASSERT_NEAR(interval.coverage, best, 1e-12);
    }
  }
}

TEST(Statistics, MedianIntervalOfFewAndOfMany) {
  const Interval one = median_interval(std::vector<double>{3}, 0.95);
  EXPECT_EQ(one.low, 3);
  EXPECT_EQ(one.high, 3);
  EXPECT_EQ(one.coverage, 0);
  EXPECT_NEAR(median_interval(std::vector<double>{1, 2, 3, 4, 5}, 0.95).coverage, 0.9375, 1e-12);
  std::vector<double> many(100000);
  std::iota(many.begin(), many.end(), 0.0);
  const Interval interval = median_interval(many, 0.95);
  EXPECT_GE(interval.coverage, 0.95);
  EXPECT_LT(interval.coverage, 0.951);
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 * std::sqrt(1e5) / 2, 5);
}

// The interval holds the true median as often as it says, whatever the distribution.
TEST(Statistics, MedianIntervalCovers) {
  Random random(13);
  constexpr int kRuns = 20000;
  int covered = 0;
  double promised = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> values(7);
    for (double& value : values) value = std::exp(random.normal());  // median 1
    const Interval interval = median_interval(values, 0.95);
    covered += interval.low <= 1 && 1 <= interval.high;
    promised = interval.coverage;
  }
  EXPECT_NEAR(covered / double{kRuns}, promised, 3 * std::sqrt(promised * (1 - promised) / kRuns));
}

}  // namespace
}  // namespace midstream::measure
