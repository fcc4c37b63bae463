#include "core/temporal/damerau.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/edit_test_cases.hpp"

namespace midstream::temporal {
namespace {

void expect_oracle_distance(const std::string& a, const std::string& b) {
  const std::size_t expected = reference::osa_distance(a, b);
  ASSERT_EQ(osa_distance(a, b), expected) << a.size() << " and " << b.size() << " symbols";
  ASSERT_EQ(osa_distance(test::wide_symbols(a), test::wide_symbols(b)), expected);
}

TEST(Damerau, EverySmallPairAgreesWithTheOracle) {
  test::for_every_small_pair(expect_oracle_distance);
}

TEST(Damerau, RandomPairsAgreeWithTheOracle) {
  test::for_random_pairs(41, 600, 300, expect_oracle_distance);
}

TEST(Damerau, KnownCases) {
  EXPECT_EQ(osa_distance("ab", "ba"), 1U);
  EXPECT_EQ(osa_distance("ca", "abc"), 3U);  // unrestricted Damerau would give 2
  EXPECT_EQ(osa_distance("", "abc"), 3U);
  EXPECT_EQ(osa_distance("a cat", "an act"), 2U);
}

}  // namespace
}  // namespace midstream::temporal
