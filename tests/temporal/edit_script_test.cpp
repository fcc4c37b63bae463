#include "core/temporal/edit_script.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/reference/temporal_oracles.hpp"
#include "tests/temporal/edit_test_cases.hpp"
#include "tests/temporal/every_kernel.hpp"

namespace midstream::temporal {
namespace {

using EditScript = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, EditScript, test::kernel_values(), test::kernel_name);

// What becomes of `a` when the edits are carried out.
std::string applied(const std::string& a, const std::string& b, const std::vector<Edit>& edits) {
  std::string result;
  std::size_t i = 0;
  for (const Edit& edit : edits) {
    while (i < edit.i) result += a[i++];
    if (edit.kind != EditKind::kDelete) result += b[edit.j];
    if (edit.kind != EditKind::kInsert) ++i;
  }
  return result + a.substr(i);
}

void expect_shortest_script(const std::string& a, const std::string& b) {
  std::vector<Edit> edits;
  edit_script(a, b, edits);
  ASSERT_EQ(edits.size(), reference::levenshtein_distance(a, b));
  ASSERT_EQ(applied(a, b, edits), b);
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
  for (std::size_t k = 0; k < common.size(); ++k) {
    ASSERT_EQ(a[common[k].i], b[common[k].j]);
    if (k > 0) {
      ASSERT_LT(common[k - 1].i, common[k].i);
      ASSERT_LT(common[k - 1].j, common[k].j);
    }
  }
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

TEST_P(EditScript, LengthsAroundWordBoundaries) {
  test::for_boundary_lengths(52, [](const std::string& a, const std::string& b) {
    expect_shortest_script(a, b);
    expect_longest_subsequence(a, b);
  });
}

}  // namespace
}  // namespace midstream::temporal
