#include "core/measure/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/random.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::measure {
namespace {

using Bins = std::vector<std::pair<std::uint32_t, std::uint64_t>>;

std::uint64_t random_magnitude(Random& random) { return random.next() >> random.below(64); }

TEST(Histogram, BinsCoverAllNumbersWithoutGaps) {
  std::uint64_t next = 0;
  std::uint32_t index = 0;
  // Up to 2^53 the bounds are exact in doubles.
  while (next < (std::uint64_t{1} << 53)) {
    const auto bounds = Histogram::bin_bounds(index);
    ASSERT_EQ(bounds.low, static_cast<double>(next));
    ASSERT_EQ(Histogram::bin_index(next), index);
    const auto high = static_cast<std::uint64_t>(bounds.high);
    ASSERT_EQ(Histogram::bin_index(high), index);
    ASSERT_LE(bounds.high - bounds.low + 1, std::max(1.0, bounds.low / 128));
    next = high + 1;
    ++index;
  }
  EXPECT_EQ(Histogram::bin_index(~std::uint64_t{0}), 7423u);
}

TEST(Histogram, QuantilesHoldTheSortedValue) {
  Random random(21);
  for (int round = 0; round < 200; ++round) {
    Histogram histogram;
    std::vector<double> values;
    const std::size_t n = 1 + random.below(300);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t value = random_magnitude(random) >> 12;
      histogram.record(value);
      values.push_back(static_cast<double>(value));
      sum += static_cast<double>(value);
    }
    std::sort(values.begin(), values.end());
    for (const double p : {0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
      const double exact = quantile(values, p);
      const auto bounds = histogram.quantile(p);
      ASSERT_LE(bounds.low, exact);
      ASSERT_GE(bounds.high, exact);
      ASSERT_LE(bounds.high - bounds.low, bounds.low / 128);
      ASSERT_GE(bounds.low, values.front());
      ASSERT_LE(bounds.high, values.back());
    }
    for (std::size_t rank = 1; rank <= n; ++rank) {
      const auto bounds = histogram.at_rank(rank);
      ASSERT_LE(bounds.low, values[rank - 1]);
      ASSERT_GE(bounds.high, values[rank - 1]);
    }
    ASSERT_EQ(histogram.count(), n);
    ASSERT_EQ(static_cast<double>(histogram.min()), values.front());
    ASSERT_EQ(static_cast<double>(histogram.max()), values.back());
    ASSERT_NEAR(histogram.mean(), sum / static_cast<double>(n), sum * 1e-12);
  }
}

TEST(Histogram, RecordingNothingChangesNothing) {
  Histogram empty;
  empty.record(5, 0);
  EXPECT_EQ(empty.count(), 0u);
}

TEST(Histogram, RestoreIsTheInverse) {
  Random random(23);
  for (int round = 0; round < 100; ++round) {
    Histogram original;
    for (std::uint64_t i = random.below(50); i > 0; --i) {
      original.record(random_magnitude(random), 1 + random.below(1000));
    }
    const auto restored =
        Histogram::restore(original.bins(), {original.min(), original.max(), original.sum()});
    ASSERT_TRUE(restored.ok()) << restored.error().message;
    EXPECT_EQ(restored->bins(), original.bins());
    EXPECT_EQ(restored->count(), original.count());
    EXPECT_EQ(restored->mean(), original.mean());
    EXPECT_EQ(restored->max(), original.max());
  }
}

TEST(Histogram, RestoreRefusesWhatNoRecordingGives) {
  const auto refused = [](const Bins& bins, Histogram::Summary summary) {
    return !Histogram::restore(bins, summary).ok();
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(refused({{3, 2}}, {3, 3, 6}));
  EXPECT_TRUE(refused({{3, 2}}, {3, 3, 7}));
  EXPECT_TRUE(refused({{3, 2}}, {3, 3, nan}));
  EXPECT_TRUE(refused({{3, 2}}, {2, 3, 6}));
  EXPECT_TRUE(refused({{3, 2}}, {3, 4, 6}));
  EXPECT_TRUE(refused({{3, 0}}, {3, 3, 0}));
  EXPECT_TRUE(refused({{3, 1}, {3, 1}}, {3, 3, 6}));
  EXPECT_TRUE(refused({{4, 1}, {3, 1}}, {3, 4, 7}));
  EXPECT_TRUE(refused({{7424, 1}}, {3, 3, 3}));
  EXPECT_TRUE(refused({{4000000000u, 1}}, {3, 3, 3}));
  EXPECT_TRUE(refused({{3, ~std::uint64_t{0}}, {4, 1}}, {3, 4, 7}));
  EXPECT_TRUE(refused({}, {0, 0, 1}));
  EXPECT_FALSE(refused({}, {0, 0, 0}));
  const std::uint32_t wide = Histogram::bin_index(1000000);
  EXPECT_TRUE(refused({{wide, 1}}, {1000001, 1000000, 1000000}));
}

}  // namespace
}  // namespace midstream::measure
