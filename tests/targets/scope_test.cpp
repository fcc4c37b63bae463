#include "targets/scope.hpp"

#include <gtest/gtest.h>

#include "core/base/names.hpp"

namespace midstream::targets {
namespace {

// Every string up to `length` over the alphabet.
std::vector<std::string> all_strings(std::string_view alphabet, std::size_t length) {
  std::vector<std::string> strings = {""};
  for (std::size_t begin = 0, round = 0; round < length; ++round) {
    const std::size_t end = strings.size();
    for (std::size_t i = begin; i < end; ++i) {
      for (const char c : alphabet) strings.push_back(strings[i] + c);
    }
    begin = end;
  }
  return strings;
}

// Patterns of up to 3 signs need common names of at most 6 characters to show themselves.
TEST(Globs, overlap_and_covering_agree_with_all_short_names) {
  const auto patterns = all_strings("a/*?", 3);
  const auto names = all_strings("ab/", 6);
  std::vector<std::vector<bool>> matches(patterns.size());
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    for (const auto& name : names) matches[p].push_back(glob_match(patterns[p], name));
  }
  std::size_t missed_covers = 0;
  for (std::size_t p = 0; p < patterns.size(); ++p) {
    for (std::size_t q = 0; q < patterns.size(); ++q) {
      bool common = false;
      bool covered = true;
      for (std::size_t n = 0; n < names.size(); ++n) {
        common = common || (matches[p][n] && matches[q][n]);
        covered = covered && (!matches[q][n] || matches[p][n]);
      }
      ASSERT_EQ(globs_overlap(patterns[p], patterns[q]), common)
          << patterns[p] << " " << patterns[q];
      const bool says = glob_covers(patterns[p], patterns[q]);
      ASSERT_TRUE(covered || !says) << patterns[p] << " covers " << patterns[q] << "?";
      missed_covers += covered && !says ? 1 : 0;
    }
  }
  EXPECT_LE(missed_covers, patterns.size());
}

measure::Results scope(std::vector<std::string> suites, std::vector<std::string> filters) {
  measure::Results results;
  results.suites = std::move(suites);
  results.filters = std::move(filters);
  return results;
}

TEST(InScope, needs_the_suite_and_a_filter_that_may_choose) {
  Component component;
  component.id = "temporal";
  Target target;
  target.benchmark = "temporal/dtw/*/n=100";
  EXPECT_TRUE(in_scope(component, target, scope({}, {})));
  EXPECT_TRUE(in_scope(component, target, scope({"quic", "temporal"}, {})));
  EXPECT_FALSE(in_scope(component, target, scope({"quic"}, {})));
  EXPECT_TRUE(in_scope(component, target, scope({}, {"temporal/**"})));
  EXPECT_TRUE(in_scope(component, target, scope({}, {"quic/**", "temporal/dtw/sine/*"})));
  EXPECT_TRUE(in_scope(component, target, scope({}, {"temporal/dtw/*/n=100"})));
  EXPECT_FALSE(in_scope(component, target, scope({}, {"temporal/dtw/sine/n=10"})));
  EXPECT_FALSE(in_scope(component, target, scope({"quic"}, {"temporal/**"})));
}

TEST(FilterCoverage, tells_all_from_some_from_none) {
  const std::string row = "temporal/dtw/*/n=100";
  EXPECT_EQ(filter_coverage(row, {}), Coverage::kAll);
  EXPECT_EQ(filter_coverage(row, {"**"}), Coverage::kAll);
  EXPECT_EQ(filter_coverage(row, {"**/n=100"}), Coverage::kAll);
  EXPECT_EQ(filter_coverage(row, {row}), Coverage::kAll);
  EXPECT_EQ(filter_coverage(row, {"temporal/dtw/sine/*"}), Coverage::kSome);
  EXPECT_EQ(filter_coverage(row, {"temporal/lcs/**", "temporal/dtw/s*/n=100"}), Coverage::kSome);
  EXPECT_EQ(filter_coverage(row, {"temporal/lcs/**"}), Coverage::kNone);
}

TEST(ReferenceOf, takes_what_the_wildcards_matched) {
  Target target;
  target.benchmark = "t/dtw/*/n=1";
  target.relation = Relation::kRelativeTo;
  target.reference = "t/plain/*/n=1";
  EXPECT_EQ(reference_of(target, "t/dtw/a/n=1"), "t/plain/a/n=1");
  target.reference = "t/plain/x";
  EXPECT_EQ(reference_of(target, "t/dtw/a/n=1"), "t/plain/x");
}

}  // namespace
}  // namespace midstream::targets
