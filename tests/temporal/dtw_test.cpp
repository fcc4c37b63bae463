#include "core/temporal/dtw.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

using Series = std::vector<double>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double distance(const Series& x, const Series& y, int band = kNoBand) {
  const Result<double> result = dtw_distance(x, y, band);
  EXPECT_TRUE(result.ok());
  return result.ok() ? *result : kNaN;
}

using Dtw = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, Dtw, test::kernel_values(), test::kernel_name);

// The definition itself: the cheapest of all monotone paths, enumerated.
double cheapest_by_enumeration(const Series& x, const Series& y, std::size_t i, std::size_t j) {
  const double step = (x[i] - y[j]) * (x[i] - y[j]);
  if (i == 0 && j == 0) return step;
  double before = kInfinity;
  if (i > 0) before = std::min(before, cheapest_by_enumeration(x, y, i - 1, j));
  if (j > 0) before = std::min(before, cheapest_by_enumeration(x, y, i, j - 1));
  if (i > 0 && j > 0) before = std::min(before, cheapest_by_enumeration(x, y, i - 1, j - 1));
  return step + before;
}

std::vector<Series> all_series(std::size_t longest) {
  std::vector<Series> all;
  for (const std::string& digits : test::all_strings("012", longest)) {
    if (digits.empty()) continue;
    Series series;
    for (const char digit : digits) series.push_back(digit - '0');
    all.push_back(series);
  }
  return all;
}

TEST_P(Dtw, EverySmallPairAgreesWithEnumerationOfAllPaths) {
  const std::vector<Series> all = all_series(4);
  for (const Series& x : all) {
    for (const Series& y : all) {
      const double expected = std::sqrt(cheapest_by_enumeration(x, y, x.size() - 1, y.size() - 1));
      ASSERT_EQ(distance(x, y), expected);
      ASSERT_EQ(reference::dtw_distance(x, y), expected);
    }
  }
}

TEST_P(Dtw, RandomPairsHaveTheOraclesBits) {
  Random random(1);
  for (int round = 0; round < 400; ++round) {
    const Series x = test::random_walk(random, 1 + random.below(150));
    const Series y = test::random_walk(random, 1 + random.below(150));
    const double expected = reference::dtw_distance(x, y);
    EXPECT_SAME_BITS(distance(x, y), expected);
    EXPECT_SAME_BITS(reference::dtw_distance_rows(x, y), expected);
  }
}

TEST_P(Dtw, EveryBandHasTheOraclesBits) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const Series x = test::random_walk(random, 1 + random.below(90));
    const Series y = test::random_walk(random, 1 + random.below(90));
    const auto gap = static_cast<int>(std::max(x.size(), y.size()) - std::min(x.size(), y.size()));
    for (int band = gap; band < gap + 95; ++band) {
      EXPECT_SAME_BITS(distance(x, y, band), reference::dtw_distance(x, y, band));
    }
  }
}

TEST_P(Dtw, PublishedCases) {
  EXPECT_EQ(distance({0, 0, 1, 2, 1, 0, 1, 0, 0}, {0, 1, 2, 0, 0, 0, 0, 0, 0}), std::sqrt(2.0));
  EXPECT_EQ(distance({0, 1, 2}, {0, 0, 1, 1, 2, 2}), 0);
}

TEST_P(Dtw, Identities) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    const Series x = test::random_walk(random, 1 + random.below(80));
    const Series y = test::random_walk(random, 1 + random.below(80));
    EXPECT_EQ(distance(x, x), 0);
    EXPECT_EQ(distance(x, x, 0), 0);
    EXPECT_SAME_BITS(distance(x, y), distance(y, x));
    const auto widest = static_cast<int>(std::max(x.size(), y.size()));
    EXPECT_SAME_BITS(distance(x, y, widest), distance(x, y));
    EXPECT_SAME_BITS(distance(x, y, std::numeric_limits<int>::max()), distance(x, y));
  }
}

TEST_P(Dtw, BandZeroIsEuclidean) {
  Random random(4);
  const Series x = test::random_walk(random, 40);
  const Series y = test::random_walk(random, 40);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  EXPECT_EQ(distance(x, y, 0), std::sqrt(sum));
}

TEST_P(Dtw, SingleSamplesAndVeryUnequalLengths) {
  EXPECT_EQ(distance({3}, {7}), 4);
  EXPECT_EQ(distance({2}, {1, 2, 3}), std::sqrt(2.0));
  Random random(5);
  for (const std::size_t length : {1U, 2U, 7U, 65U}) {
    const Series x = test::random_walk(random, length);
    const Series y = test::random_walk(random, 3000);
    EXPECT_SAME_BITS(distance(x, y), reference::dtw_distance(x, y));
    EXPECT_SAME_BITS(distance(y, x), reference::dtw_distance(y, x));
  }
}

// Strip heights change with the shape; some lanes are idle in all but a few of them.
TEST_P(Dtw, EveryStripHeightHasTheOraclesBits) {
  Random random(8);
  for (std::size_t n = 1; n < 240; n += n < 70 ? 1 : 7) {
    for (const std::size_t m : {n, n + 1, 2 * n + 3, std::size_t{257}}) {
      const Series x = test::random_walk(random, n);
      const Series y = test::random_walk(random, m);
      EXPECT_SAME_BITS(distance(x, y), reference::dtw_distance(x, y)) << n << ' ' << m;
      EXPECT_SAME_BITS(distance(y, x), reference::dtw_distance(x, y)) << n << ' ' << m;
      const std::vector<float> xf(x.begin(), x.end());
      const std::vector<float> yf(y.begin(), y.end());
      EXPECT_EQ(*dtw_distance(yf, xf), reference::dtw_distance(yf, xf)) << n << ' ' << m;
    }
  }
  const Series shorter = test::random_walk(random, 17);
  for (const std::size_t length : {65535U, 65536U, 65537U}) {
    const Series longer = test::random_walk(random, length);
    EXPECT_SAME_BITS(distance(longer, shorter), reference::dtw_distance(longer, shorter));
  }
}

TEST_P(Dtw, InfinitiesAreDefined) {
  EXPECT_EQ(distance({kInfinity, 1}, {kInfinity, 1}), 0);
  EXPECT_EQ(distance({kInfinity}, {-kInfinity}), kInfinity);
  EXPECT_EQ(distance({1, kInfinity}, {1, 2}), kInfinity);
  EXPECT_EQ(distance({0, -kInfinity, 3}, {0, -kInfinity, -kInfinity, 1}), 2);
  EXPECT_EQ(distance({1e200}, {-1e200}), kInfinity);  // the square overflows
}

TEST_P(Dtw, CutoffGivesTheDistanceOrInfinity) {
  Random random(6);
  for (int round = 0; round < 300; ++round) {
    const Series x = test::random_walk(random, 1 + random.below(300));
    const Series y = test::random_walk(random, 1 + random.below(300));
    const auto gap = static_cast<int>(std::max(x.size(), y.size()) - std::min(x.size(), y.size()));
    const int band = round % 2 == 0 ? kNoBand : gap + static_cast<int>(random.below(100));
    const double exact = reference::dtw_distance(x, y, band);
    for (const double cutoff :
         {0.0, exact * 0.1, exact * 0.7, std::nextafter(exact, 0.0), exact,
          std::nextafter(exact, kInfinity), exact * 1.2, exact * 3, kInfinity}) {
      EXPECT_SAME_BITS(*dtw_distance_within(x, y, cutoff, band),
                       exact <= cutoff ? exact : kInfinity)
          << " cutoff " << cutoff << " band " << band << " n " << x.size() << " m " << y.size();
    }
  }
  EXPECT_FALSE(dtw_distance_within(Series{1}, Series{1}, -1).ok());
  EXPECT_FALSE(dtw_distance_within(Series{1}, Series{1}, kNaN).ok());
}

TEST_P(Dtw, FloatsHaveTheBitsOfTheScalarKernel) {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<float> x(1 + random.below(200));
    std::vector<float> y(1 + random.below(200));
    for (float& v : x) v = static_cast<float>(random.normal());
    for (float& v : y) v = static_cast<float>(random.normal());
    const auto gap = static_cast<int>(std::max(x.size(), y.size()) - std::min(x.size(), y.size()));
    const int band = round % 2 == 0 ? kNoBand : gap + static_cast<int>(random.below(140));
    EXPECT_EQ(*dtw_distance(x, y, band), reference::dtw_distance(x, y, band))
        << " band " << band << " n " << x.size() << " m " << y.size();
  }
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const std::vector<float> infinite{1, kInf, std::numeric_limits<float>::max()};
  EXPECT_EQ(*dtw_distance(infinite, infinite), 0);
  EXPECT_FALSE(dtw_distance(infinite, std::vector<float>{std::nanf("")}).ok());
}

TEST_P(Dtw, InfinitiesAreNotConfusedWithTheLargestNumbers) {
  constexpr double kMax = std::numeric_limits<double>::max();
  EXPECT_EQ(distance({kInfinity, kMax}, {kInfinity, kMax}), 0);
  EXPECT_EQ(distance({kInfinity}, {kMax}), kInfinity);
  EXPECT_EQ(distance({-kInfinity}, {-kMax}), kInfinity);
  EXPECT_EQ(distance({kInfinity, std::nextafter(kMax, 0.0)}, {kMax, -kInfinity}), kInfinity);
}

TEST_P(Dtw, RejectsWhatItCannotAnswer) {
  const Series good{1, 2, 3};
  for (const auto& result :
       {dtw_distance({}, good), dtw_distance(good, {}), dtw_distance(Series{1, kNaN}, good),
        dtw_distance(good, Series{kNaN}), dtw_distance(good, good, -2),
        dtw_distance(good, Series{1}, 1), dtw_distance(Series{kInfinity, kNaN}, good)}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_FALSE(result.error().message.empty());
  }
}

}  // namespace
}  // namespace midstream::temporal
