#include "core/temporal/edit_script.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/edit_test_cases.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/replay.hpp"

namespace midstream::temporal {
namespace {

using EditScript = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, EditScript, test::kernel_values(), test::kernel_name);

void expect_shortest_script(const std::string& a, const std::string& b) {
  std::vector<Edit> edits;
  edit_script(a, b, edits);
  ASSERT_EQ(edits.size(), reference::levenshtein_distance(a, b));
  ASSERT_TRUE(test::turns_into(a, b, edits));
  std::vector<Edit> of_symbols;
  edit_script(test::wide_symbols(a), test::wide_symbols(b), of_symbols);
  ASSERT_EQ(of_symbols, edits);
  const ScopedKernel scalar("scalar");
  edit_script(a, b, of_symbols);
  ASSERT_EQ(of_symbols, edits) << "the script must not depend on the kernel";
}

void expect_longest_subsequence(const std::string& a, const std::string& b) {
  std::vector<CommonSymbol> common;
  common_subsequence(a, b, common);
  ASSERT_EQ(common.size(), reference::lcs_length(a, b));
  ASSERT_TRUE(test::is_common_subsequence(a, b, common));
  std::vector<CommonSymbol> of_symbols;
  common_subsequence(test::wide_symbols(a), test::wide_symbols(b), of_symbols);
  ASSERT_EQ(of_symbols, common);
}

TEST_P(EditScript, EverySmallPairTurnsIntoTheOther) {
  test::for_every_small_pair([](const std::string& a, const std::string& b) {
    expect_shortest_script(a, b);
    expect_longest_subsequence(a, b);
  });
}

TEST_P(EditScript, RandomPairsTurnIntoTheOther) {
  test::for_random_pairs(51, 300, 400, [](const std::string& a, const std::string& b) {
    expect_shortest_script(a, b);
    expect_longest_subsequence(a, b);
  });
}

// Distances that 16 bits do not hold, against few symbols: the full matrix would be as small as
// any.
TEST_P(EditScript, FewSymbolsAgainstMoreThanSixteenBitsCount) {
  for (const std::size_t length : {65'534U, 65'535U, 65'536U, 70'000U}) {
    const std::string many(length, 'a');
    for (const std::string few : {"", "x", "a", "xy", "xa", "ax", "xax", "xyz"}) {
      const std::size_t common = few.find('a') == std::string::npos ? 0 : 1;
      for (const bool swapped : {false, true}) {
        const std::string& a = swapped ? many : few;
        const std::string& b = swapped ? few : many;
        std::vector<Edit> edits;
        edit_script(a, b, edits);
        ASSERT_EQ(edits.size(), length - common) << few << swapped;
        ASSERT_TRUE(test::turns_into(a, b, edits));
        std::vector<CommonSymbol> subsequence;
        common_subsequence(a, b, subsequence);
        ASSERT_EQ(subsequence.size(), common);
        ASSERT_TRUE(test::is_common_subsequence(a, b, subsequence));
      }
    }
  }
}

TEST_P(EditScript, LengthsAroundWordBoundaries) {
  test::for_boundary_lengths(52, [](const std::string& a, const std::string& b) {
    expect_shortest_script(a, b);
    expect_longest_subsequence(a, b);
  });
}

}  // namespace
}  // namespace midstream::temporal
