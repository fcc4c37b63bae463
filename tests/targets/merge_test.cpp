#include <gtest/gtest.h>

#include "targets/loader.hpp"

namespace midstream::targets {
namespace {

TargetsFile file(const std::string& name, const std::string& component, const std::string& target,
                 const std::string& claim) {
  TargetsFile result;
  result.name = name;
  result.title = "title of " + name;
  result.components.push_back({component, "component of " + name, {}});
  result.components[0].targets.emplace_back().id = target;
  result.claims.emplace_back().id = claim;
  return result;
}

TEST(Merge, joins_components_and_keeps_the_first_files_header) {
  TargetsFile first = file("a.yaml", "temporal", "one", "c1");
  first.policy.max_regression = 0.01;
  const LoadOutcome merged = merge_targets(
      {first, file("b.yaml", "temporal", "two", "c2"), file("c.yaml", "quic", "three", "c3")});
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(merged.file.name, "a.yaml + b.yaml + c.yaml");
  EXPECT_EQ(merged.file.title, "title of a.yaml");
  EXPECT_EQ(merged.file.policy.max_regression, 0.01);
  ASSERT_EQ(merged.file.components.size(), 2U);
  EXPECT_EQ(merged.file.components[0].title, "component of a.yaml");
  EXPECT_EQ(merged.file.components[0].targets.size(), 2U);
  EXPECT_EQ(merged.file.claims.size(), 3U);
}

TEST(Merge, ids_stay_unique) {
  const LoadOutcome merged =
      merge_targets({file("a.yaml", "temporal", "one", "c"), file("b.yaml", "quic", "one", "c")});
  EXPECT_FALSE(merged.ok());
  ASSERT_EQ(merged.faults.size(), 2U);
  EXPECT_EQ(merged.faults[0].text(),
            "b.yaml: error: target 'one' is also in a.yaml; rename one of them or leave one file "
            "out");
  EXPECT_EQ(merged.faults[1].message.substr(0, 9), "claim 'c'");
}

TEST(Merge, of_one_file_is_that_file) {
  const LoadOutcome merged = merge_targets({file("a.yaml", "temporal", "one", "c")});
  EXPECT_TRUE(merged.ok());
  EXPECT_EQ(merged.file.name, "a.yaml");
  EXPECT_EQ(merged.file.components.size(), 1U);
}

}  // namespace
}  // namespace midstream::targets
