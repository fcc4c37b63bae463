#include "core/temporal/lcs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/edit_test_cases.hpp"
#include "tests/temporal/every_kernel.hpp"

namespace midstream::temporal {
namespace {

using Lcs = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, Lcs, test::kernel_values(), test::kernel_name);

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void expect_oracle_length(const std::string& a, const std::string& b) {
  const std::size_t expected = reference::lcs_length(a, b);
  ASSERT_EQ(lcs_length(a, b), expected) << a.size() << " and " << b.size() << " symbols";
  ASSERT_EQ(lcs_length(bytes(a), bytes(b)), expected);
  ASSERT_EQ(lcs_length(test::wide_symbols(a), test::wide_symbols(b)), expected);
  ASSERT_EQ(reference::lcs_length_rows(bytes(a), bytes(b)), expected);
}

// The definition itself: the longest of all subsequences of `a` that `b` contains.
std::size_t longest_by_enumeration(const std::string& a, const std::string& b) {
  std::size_t longest = 0;
  for (std::size_t chosen = 0; chosen < std::size_t{1} << a.size(); ++chosen) {
    std::size_t matched = 0;
    std::size_t at = 0;
    bool contained = true;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if ((chosen >> i & 1) == 0) continue;
      at = b.find(a[i], at);
      if (at == std::string::npos) {
        contained = false;
        break;
      }
      ++at;
      ++matched;
    }
    if (contained) longest = std::max(longest, matched);
  }
  return longest;
}

TEST_P(Lcs, EverySmallPairAgreesWithTheOracle) { test::for_every_small_pair(expect_oracle_length); }

TEST_P(Lcs, TheOracleAgreesWithTheDefinition) {
  const auto all = test::all_strings("ab", 5);
  for (const std::string& a : all) {
    for (const std::string& b : all) {
      ASSERT_EQ(reference::lcs_length(a, b), longest_by_enumeration(a, b)) << a << ' ' << b;
    }
  }
}

TEST_P(Lcs, RandomPairsAgreeWithTheOracle) {
  test::for_random_pairs(11, 600, 300, expect_oracle_length);
}

TEST_P(Lcs, LengthsAroundWordBoundariesAgreeWithTheOracle) {
  test::for_boundary_lengths(12, expect_oracle_length);
}

TEST_P(Lcs, Identities) {
  test::for_random_pairs(13, 100, 200, [](const std::string& a, const std::string& b) {
    EXPECT_EQ(lcs_length(a, a), a.size());
    EXPECT_EQ(lcs_length(a, ""), 0U);
    EXPECT_EQ(lcs_length(a, b), lcs_length(b, a));
    EXPECT_EQ(lcs_length(a, a + b), a.size());
    EXPECT_LE(lcs_length(a, b), std::min(a.size(), b.size()));
  });
}

TEST_P(Lcs, VeryUnequalLengths) {
  Random random(14);
  expect_oracle_length(test::random_string(random, 3, 3), test::random_string(random, 20000, 3));
  expect_oracle_length(test::random_string(random, 20000, 3), test::random_string(random, 70, 3));
}

TEST_P(Lcs, SymbolsThatDifferOnlyInHighBitsAreDifferent) {
  const std::vector<std::uint32_t> a{1, 0x10001, 0x1000001, 0x80000001};
  const std::vector<std::uint32_t> b{0x80000001, 0x1000001, 0x10001, 1};
  EXPECT_EQ(lcs_length(a, b), 1U);
}

}  // namespace
}  // namespace midstream::temporal
