#include "core/temporal/euclidean.hpp"

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
using Euclidean = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, Euclidean, test::kernel_values(), test::kernel_name);

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST_P(Euclidean, EveryLengthHasTheOraclesBits) {
  Random random(31);
  for (std::size_t length = 0; length < 300; ++length) {
    const Series x = test::random_walk(random, length);
    const Series y = test::random_walk(random, length);
    ASSERT_EQ(*euclidean_distance(x, y), reference::euclidean_distance(x, y)) << length;
    ASSERT_EQ(*euclidean_distance(x, x), 0);
  }
}

TEST_P(Euclidean, SmallValuesByHand) {
  EXPECT_EQ(*euclidean_distance(Series{0, 0}, Series{3, 4}), 5);
  EXPECT_EQ(*euclidean_distance({}, {}), 0);
}

TEST_P(Euclidean, SymmetryAndTriangle) {
  Random random(32);
  const Series x = test::random_walk(random, 77);
  const Series y = test::random_walk(random, 77);
  const Series z = test::random_walk(random, 77);
  const double xy = *euclidean_distance(x, y);
  EXPECT_EQ(xy, *euclidean_distance(y, x));
  EXPECT_LE(*euclidean_distance(x, z), (xy + *euclidean_distance(y, z)) * (1 + 1e-12));
}

TEST_P(Euclidean, InfinitiesAreDefinedAndNanIsAnError) {
  EXPECT_EQ(*euclidean_distance(Series{kInfinity, 3}, Series{kInfinity, 1}), 2);
  EXPECT_EQ(*euclidean_distance(Series{kInfinity}, Series{-kInfinity}), kInfinity);
  EXPECT_EQ(*euclidean_distance(Series(100, kInfinity), Series(100, kInfinity)), 0);
  for (const auto& result :
       {euclidean_distance(Series{1}, Series{1, 2}), euclidean_distance(Series{kNaN}, Series{1}),
        euclidean_distance(Series{kNaN}, Series{kInfinity})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace midstream::temporal
