#include "core/temporal/levenshtein.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/edit_test_cases.hpp"
#include "tests/temporal/every_kernel.hpp"

namespace midstream::temporal {
namespace {

using Levenshtein = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, Levenshtein, test::kernel_values(), test::kernel_name);

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void expect_oracle_distance(const std::string& a, const std::string& b) {
  const std::size_t expected = reference::levenshtein_distance(a, b);
  ASSERT_EQ(levenshtein_distance(a, b), expected) << a.size() << " and " << b.size() << " symbols";
  ASSERT_EQ(levenshtein_distance(bytes(a), bytes(b)), expected);
  ASSERT_EQ(levenshtein_distance(test::wide_symbols(a), test::wide_symbols(b)), expected);
  ASSERT_EQ(reference::levenshtein_distance_rows(bytes(a), bytes(b)), expected);
}

// The definition itself, by recursion over the last symbols.
std::size_t fewest_edits(const std::string& a, std::size_t n, const std::string& b, std::size_t m) {
  if (n == 0 || m == 0) return n + m;
  if (a[n - 1] == b[m - 1]) return fewest_edits(a, n - 1, b, m - 1);
  return 1 + std::min({fewest_edits(a, n - 1, b, m - 1), fewest_edits(a, n - 1, b, m),
                       fewest_edits(a, n, b, m - 1)});
}

TEST_P(Levenshtein, EverySmallPairAgreesWithTheOracle) {
  test::for_every_small_pair(expect_oracle_distance);
}

TEST_P(Levenshtein, TheOracleAgreesWithTheDefinition) {
  const auto all = test::all_strings("ab", 5);
  for (const std::string& a : all) {
    for (const std::string& b : all) {
      ASSERT_EQ(reference::levenshtein_distance(a, b), fewest_edits(a, a.size(), b, b.size()));
    }
  }
}

TEST_P(Levenshtein, RandomPairsAgreeWithTheOracle) {
  test::for_random_pairs(21, 600, 300, expect_oracle_distance);
}

TEST_P(Levenshtein, LengthsAroundWordBoundariesAgreeWithTheOracle) {
  test::for_boundary_lengths(22, expect_oracle_distance);
}

TEST_P(Levenshtein, KnownWords) {
  EXPECT_EQ(levenshtein_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(levenshtein_distance("Saturday", "Sunday"), 3U);
  EXPECT_EQ(levenshtein_distance("", "abc"), 3U);
  EXPECT_EQ(levenshtein_distance("", ""), 0U);
}

TEST_P(Levenshtein, Identities) {
  Random random(23);
  test::for_random_pairs(24, 100, 200, [&](const std::string& a, const std::string& b) {
    const std::string c = test::edited(random, b, 5, 26);
    EXPECT_EQ(levenshtein_distance(a, a), 0U);
    EXPECT_EQ(levenshtein_distance(a, ""), a.size());
    EXPECT_EQ(levenshtein_distance(a, b), levenshtein_distance(b, a));
    EXPECT_LE(levenshtein_distance(a, c), levenshtein_distance(a, b) + levenshtein_distance(b, c));
    EXPECT_LE(levenshtein_distance(a, b), std::max(a.size(), b.size()));
  });
}

TEST_P(Levenshtein, CutoffGivesTheDistanceOrNothing) {
  const auto check = [](const std::string& a, const std::string& b) {
    const std::size_t exact = reference::levenshtein_distance(a, b);
    for (const std::size_t cutoff : {std::size_t{0}, exact / 4, exact / 2, exact - (exact > 0),
                                     exact, exact + 1, exact * 2, a.size() + b.size()}) {
      const auto expected = exact <= cutoff ? std::optional(exact) : std::nullopt;
      ASSERT_EQ(levenshtein_distance_within(a, b, cutoff), expected)
          << exact << " cutoff " << cutoff << " n " << a.size() << " m " << b.size();
      ASSERT_EQ(levenshtein_distance_within(test::wide_symbols(a), test::wide_symbols(b), cutoff),
                expected);
    }
  };
  test::for_random_pairs(26, 200, 300, check);
  Random random(27);
  for (int round = 0; round < 25; ++round) {  // long and similar: narrow bands over many strips
    const std::string a = test::random_string(random, 600 + random.below(1600), 4);
    check(a, test::edited(random, a, random.below(60), 4));
  }
}

// A band that just fits a word, and one that does not; edges of the matrix inside the word.
TEST_P(Levenshtein, CutoffsAroundTheWordsOfTheBand) {
  Random random(29);
  for (const std::size_t length : {65U, 70U, 96U, 127U, 128U, 129U, 140U, 200U, 700U}) {
    for (const std::size_t edits : {0U, 5U, 28U, 36U, 60U, 70U}) {
      const std::string a = test::random_string(random, length, 4 + 20 * (edits % 2));
      const std::string b = test::edited(random, a, edits, 24);
      const std::size_t exact = reference::levenshtein_distance(a, b);
      for (const std::size_t cutoff : {0U, 1U, 30U, 31U, 32U, 33U, 62U, 63U, 64U, 65U}) {
        const auto expected = exact <= cutoff ? std::optional(exact) : std::nullopt;
        ASSERT_EQ(levenshtein_distance_within(a, b, cutoff), expected) << length << ' ' << cutoff;
        ASSERT_EQ(levenshtein_distance_within(b, a, cutoff), expected) << length << ' ' << cutoff;
        ASSERT_EQ(levenshtein_distance_within(test::wide_symbols(a), test::wide_symbols(b), cutoff),
                  expected);
      }
    }
  }
}

TEST_P(Levenshtein, ABatchGivesWhatSingleCallsGive) {
  Random random(28);
  for (int round = 0; round < 60; ++round) {
    const std::string query = test::random_string(random, random.below(80), 4);
    std::vector<std::string> texts;
    for (std::uint64_t k = random.below(14); k > 0; --k) {
      texts.push_back(test::random_string(random, random.below(100), 4));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<std::size_t> distances(views.size());
    ASSERT_TRUE(levenshtein_distances(query, views, distances).ok());
    for (std::size_t k = 0; k < views.size(); ++k) {
      ASSERT_EQ(distances[k], reference::levenshtein_distance(query, views[k]));
    }
  }
}

TEST_P(Levenshtein, ABatchNeedsAsManyResultsAsTexts) {
  const std::vector<std::string_view> texts(9, "text");
  std::vector<std::size_t> distances(8, 77);
  const Status status = levenshtein_distances("query", texts, distances);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(distances, std::vector<std::size_t>(8, 77));
}

TEST_P(Levenshtein, VeryUnequalLengths) {
  Random random(25);
  expect_oracle_distance(test::random_string(random, 3, 3), test::random_string(random, 20000, 3));
  expect_oracle_distance(test::random_string(random, 20000, 3), test::random_string(random, 70, 3));
}

}  // namespace
}  // namespace midstream::temporal
