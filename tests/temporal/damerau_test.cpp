#include "core/temporal/damerau.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

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

TEST(Damerau, LengthsAroundWordBoundariesAgreeWithTheOracle) {
  test::for_boundary_lengths(42, expect_oracle_distance);
}

// Every pair of neighbours is swapped somewhere, those that meet at the edge of a word too.
TEST(Damerau, SwapsAcrossWordsAgreeWithTheOracle) {
  Random random(43);
  for (int round = 0; round < 150; ++round) {
    const std::string a = test::random_string(random, 60 + random.below(400), 5);
    std::string b = a;
    for (std::size_t i = random.below(3); i + 1 < b.size(); i += 2 + random.below(5)) {
      std::swap(b[i], b[i + 1]);
    }
    expect_oracle_distance(a, b);
    expect_oracle_distance(a, test::edited(random, b, 6, 5));
  }
  for (std::size_t at = 0; at + 1 < 270; ++at) {
    std::string a(270, 'a');
    a[at] = 'b';
    std::string b = a;
    std::swap(b[at], b[at + 1]);
    b[0] = b[269] = 'x';
    expect_oracle_distance(a, b);
  }
}

TEST(Damerau, KnownCases) {
  EXPECT_EQ(osa_distance("ab", "ba"), 1U);
  EXPECT_EQ(osa_distance("ca", "abc"), 3U);  // unrestricted Damerau would give 2
  EXPECT_EQ(osa_distance("", "abc"), 3U);
  EXPECT_EQ(osa_distance("a cat", "an act"), 2U);
}

}  // namespace
}  // namespace midstream::temporal
