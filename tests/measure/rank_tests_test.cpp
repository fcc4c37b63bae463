#include "core/measure/rank_tests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::measure {
namespace {

std::vector<double> random_values(Random& random, std::size_t n, std::uint64_t distinct) {
  std::vector<double> values(n);
  for (double& value : values) {
    value = distinct == 0 ? random.normal() : static_cast<double>(random.below(distinct));
  }
  return values;
}

// U counted pair by pair, its distribution by giving the labels to every subset.
double brute_mann_whitney(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> pooled = x;
  pooled.insert(pooled.end(), y.begin(), y.end());
  const auto u_of = [&](unsigned subset) {
    double u = 0;
    for (std::size_t i = 0; i < pooled.size(); ++i) {
      for (std::size_t j = 0; j < pooled.size(); ++j) {
        if (((subset >> i) & 1U) == 0 || ((subset >> j) & 1U) != 0) continue;
        u += pooled[i] > pooled[j] ? 1 : (pooled[i] == pooled[j] ? 0.5 : 0);
      }
    }
    return u;
  };
  const double observed = u_of((1U << x.size()) - 1);
  double all = 0;
  double tail = 0;
  for (unsigned subset = 0; subset < (1U << pooled.size()); ++subset) {
    if (static_cast<std::size_t>(std::popcount(subset)) != x.size()) continue;
    all += 1;
    tail += u_of(subset) >= observed ? 1 : 0;
  }
  return tail / all;
}

TEST(MannWhitneyTest, IsTheDefinition) {
  Random random(41);
  MannWhitney test;
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t distinct = i % 3 == 0 ? 0 : 2 + random.below(6);  // 0: no ties
    const auto x = random_values(random, 1 + random.below(5), distinct);
    const auto y = random_values(random, 1 + random.below(5), distinct);
    ASSERT_NEAR(test.greater(x, y), brute_mann_whitney(x, y), 1e-12);
  }
}

TEST(MannWhitneyTest, PublishedValues) {
  MannWhitney test;
  std::vector<double> low(7);
  std::iota(low.begin(), low.end(), 0.0);
  std::vector<double> high(7);
  std::iota(high.begin(), high.end(), 100.0);
  EXPECT_DOUBLE_EQ(test.greater(high, low), 1.0 / 3432);  // 14 choose 7
  EXPECT_EQ(test.greater(low, high), 1);
  EXPECT_EQ(test.greater(std::vector<double>(9, 1.0), std::vector<double>(9, 1.0)), 1);
  // Tables of critical values, one-sided 0.025: U is significant up to 8 for 7 and 7, up to 127
  // for 20 and 20.
  EXPECT_EQ(test.critical_rank(7, 7, 0.025), 9u);
  EXPECT_EQ(test.critical_rank(20, 20, 0.025), 128u);
  EXPECT_EQ(test.critical_rank(3, 3, 0.025), 0u);
}

// The exact distributions with and without ties, and the approximation, meet where they should.
TEST(MannWhitneyTest, ThreeWaysAgree) {
  Random random(42);
  MannWhitney test;
  for (int i = 0; i < 100; ++i) {
    // One tie at the far end of one sample leaves the order of the samples alone.
    auto x = random_values(random, 20, 0);
    const auto y = random_values(random, 20, 0);
    x[0] = 1e9;
    x[1] = 2e9;
    const double untied = test.greater(x, y);
    x[1] = 1e9;
    ASSERT_NEAR(test.greater(x, y), untied, 0.006);  // half a step of U
  }
  // 30 and 31 a side: the last exact size against the first approximate one.
  for (int i = 0; i < 50; ++i) {
    auto x = random_values(random, 30, 0);
    auto y = random_values(random, 30, 0);
    const double exact = test.greater(x, y);
    x.push_back(0);
    y.push_back(1e-9);
    ASSERT_NEAR(test.greater(x, y), exact, 0.02);
  }
  EXPECT_NEAR(static_cast<double>(test.critical_rank(31, 31, 0.025)),
              static_cast<double>(test.critical_rank(30, 30, 0.025)) * 31 * 31 / 900, 12);
}

// The bound is the test turned round: the ratio is rejected exactly when it is below the bound.
TEST(MannWhitneyTest, BoundInvertsTheTest) {
  Random random(43);
  MannWhitney test;
  for (int i = 0; i < 300; ++i) {
    std::vector<double> x(7 + random.below(14));
    std::vector<double> y(7 + random.below(14));
    for (double& value : x) value = std::exp(0.1 * random.normal());
    for (double& value : y) value = std::exp(0.1 * random.normal());
    std::vector<double> ratios;
    for (const double a : x) {
      for (const double b : y) ratios.push_back(a / b);
    }
    std::sort(ratios.begin(), ratios.end());
    const double bound = ratios[test.critical_rank(x.size(), y.size(), 0.05) - 1];
    for (const double factor : {bound * (1 - 1e-9), bound * (1 + 1e-9)}) {
      auto scaled = y;
      for (double& value : scaled) value *= factor;
      ASSERT_EQ(test.greater(x, scaled) <= 0.05, factor < bound);
    }
  }
}

// Every way to turn the differences round, each scored by the ranks of the sizes, counted directly.
double brute_signed_rank(const std::vector<double>& d) {
  std::vector<double> ranks;
  for (const double x : d) {
    double rank = 0.5;
    for (const double y : d) {
      rank += std::fabs(y) < std::fabs(x) ? 1 : (std::fabs(y) == std::fabs(x) ? 0.5 : 0);
    }
    ranks.push_back(x == 0 ? 0 : rank);
  }
  double observed = 0;
  for (std::size_t i = 0; i < d.size(); ++i) observed += d[i] > 0 ? ranks[i] : -ranks[i];
  double tail = 0;
  for (unsigned flips = 0; flips < (1U << d.size()); ++flips) {
    double sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i)
      sum += ((flips >> i) & 1U) != 0 ? -ranks[i] : ranks[i];
    tail += sum >= observed ? 1 : 0;
  }
  return tail / std::ldexp(1.0, static_cast<int>(d.size()));
}

TEST(SignedRank, IsTheDefinition) {
  Random random(44);
  for (int i = 0; i < 500; ++i) {
    auto d = random_values(random, 1 + random.below(11), i % 2 == 0 ? 0 : 7);
    if (i % 2 != 0) {
      for (double& value : d) value -= 3;  // ties and zeros, on both sides
    }
    ASSERT_NEAR(signed_rank_greater(d), brute_signed_rank(d), 1e-12);
  }
  EXPECT_DOUBLE_EQ(signed_rank_greater(std::vector<double>(7, 0.1)), 1.0 / 128);
  EXPECT_EQ(signed_rank_greater(std::vector<double>(5, 0.0)), 1);
}

// Tables of critical values, one-sided: the smaller sum of ranks is significant up to 52 of 20
// pairs at 0.025, up to 5 of 11 at 0.005.
TEST(SignedRank, PublishedValues) {
  const auto p_of = [](std::size_t n, std::size_t below) {
    std::vector<double> d(n);
    for (std::size_t rank = n; rank > 0; --rank) {
      const bool negative = rank <= below;
      if (negative) below -= rank;
      d[rank - 1] = static_cast<double>(rank) * (negative ? -1 : 1);
    }
    return signed_rank_greater(d);
  };
  EXPECT_LE(p_of(20, 52), 0.025);
  EXPECT_GT(p_of(20, 53), 0.025);
  EXPECT_LE(p_of(11, 5), 0.005);
  EXPECT_GT(p_of(11, 6), 0.005);
}

// The largest sample that is exact, counted in integers: of the 2^60 ways to turn it round those
// with at most so large a sum of ranks below 0.
TEST(SignedRank, SixtyPairsAreExact) {
  constexpr std::size_t kPairs = 60;
  std::vector<std::uint64_t> ways(kPairs * (kPairs + 1) / 2 + 1);
  ways[0] = 1;
  for (std::size_t rank = 1; rank <= kPairs; ++rank) {
    for (std::size_t sum = ways.size() - 1; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  std::vector<double> d(kPairs);
  std::iota(d.begin(), d.end(), 1.0);
  std::size_t below = 0;
  for (std::size_t rank = 0; rank <= kPairs; ++rank) {  // one more of them below 0 each time
    if (rank > 0) {
      d[rank - 1] = -d[rank - 1];
      below += rank;
    }
    const std::uint64_t at_most = std::accumulate(
        ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(below) + 1, std::uint64_t{0});
    const double expected = std::ldexp(static_cast<double>(at_most), -60);
    ASSERT_NEAR(signed_rank_greater(d) / expected, 1, 1e-12) << below;
  }
}

TEST(SignedRank, ApproximationMeetsTheExactTest) {
  Random random(45);
  for (int i = 0; i < 50; ++i) {
    auto d = random_values(random, 60, 0);
    for (double& value : d) value += 0.2;
    const double exact = signed_rank_greater(d);
    const double exact_bound = signed_rank_lower_bound(d, 0.025).value();
    d.push_back(1e-12);
    ASSERT_NEAR(signed_rank_greater(d), exact, 0.002 + 0.2 * exact);
    ASSERT_NEAR(signed_rank_lower_bound(d, 0.025).value(), exact_bound, 0.02);
  }
}

// One launch in ten is slowed by a neighbour, on either side: 15 % are still seen.
TEST(SignedRank, DisturbedPairsDoNotHideAShift) {
  Random random(48);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<double> d(20);
    for (double& value : d) {
      value = std::log(1.15 / 1.05) + 0.01 * random.normal();
      if (random.below(10) == 0) value += random.below(2) == 0 ? 0.35 : -0.35;
    }
    found += signed_rank_greater(d) <= 0.01 ? 1 : 0;
  }
  EXPECT_GE(found, 180);
}

TEST(SignedRank, BoundInvertsTheTest) {
  Random random(46);
  for (int i = 0; i < 100; ++i) {
    auto d = random_values(random, 11 + random.below(10), 0);
    const auto bound = signed_rank_lower_bound(d, 0.025);
    ASSERT_TRUE(bound.has_value());
    const auto p_at = [&](double shift) {
      auto shifted = d;
      for (double& value : shifted) value -= shift;
      return signed_rank_greater(shifted);
    };
    ASSERT_LE(p_at(*bound - 1e-9), 0.025);
    ASSERT_GT(p_at(*bound + 1e-9), 0.025);
  }
  EXPECT_FALSE(signed_rank_lower_bound(std::vector<double>{1, 2, 3, 4, 5}, 0.025).has_value());
  // 7 pairs cannot go below 0.0078, 11 can go below 0.05 / 53.
  EXPECT_FALSE(signed_rank_lower_bound(std::vector<double>(7, 1.0), 0.0077).has_value());
  EXPECT_TRUE(signed_rank_lower_bound(std::vector<double>(11, 1.0), 0.05 / 53).has_value());
  EXPECT_FALSE(signed_rank_lower_bound(std::vector<double>(10, 1.0), 0.05 / 53).has_value());
}

TEST(BenjaminiHochberg, IsTheDefinition) {
  Random random(47);
  for (int i = 0; i < 200; ++i) {
    std::vector<double> p(random.below(12));
    for (double& value : p) value = std::pow(random.uniform(), 4);
    const auto adjusted = benjamini_hochberg(p);
    // Rejected at q: all up to the largest k with p(k) <= k q / m.
    for (const double q : {0.01, 0.05, 0.2, 0.7}) {
      auto sorted = p;
      std::sort(sorted.begin(), sorted.end());
      double cut = -1;
      for (std::size_t k = 1; k <= p.size(); ++k) {
        if (sorted[k - 1] <= static_cast<double>(k) * q / static_cast<double>(p.size())) {
          cut = sorted[k - 1];
        }
      }
      for (std::size_t j = 0; j < p.size(); ++j) ASSERT_EQ(adjusted[j] <= q, p[j] <= cut);
    }
  }
  EXPECT_EQ(benjamini_hochberg(std::vector<double>{0.04})[0], 0.04);
}

}  // namespace
}  // namespace midstream::measure
