// A file that was cut off must never pass for a whole one with other demands. YAML cut at the end
// of a line can be valid; what is loaded then is what stands there, in order, to the letter.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "targets/loader.hpp"
#include "tests/targets/model_text.hpp"

namespace midstream::targets {
namespace {

std::vector<const Target*> rows_of(const TargetsFile& file) {
  std::vector<const Target*> rows;
  for (const Component& component : file.components) {
    for (const Target& target : component.targets) rows.push_back(&target);
  }
  return rows;
}

TEST(Truncation, at_every_byte_of_the_contract_gives_no_other_demands) {
  const std::string text(builtin_targets("midstream"));
  const TargetsFile whole = load_targets(text, "whole", {}).file;
  const auto all = rows_of(whole);
  std::size_t valid = 0;
  std::size_t most_rows = 0;
  for (std::size_t length = 0; length < text.size(); ++length) {
    const LoadOutcome outcome = load_targets(std::string_view(text).substr(0, length), "cut", {});
    if (!outcome.ok()) {
      ASSERT_FALSE(outcome.faults.empty());
      continue;
    }
    ++valid;
    const auto rows = rows_of(outcome.file);
    ASSERT_FALSE(rows.empty());
    ASSERT_LE(rows.size(), all.size());
    ASSERT_GE(rows.size(), most_rows) << "cut at " << length;
    most_rows = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      // The last row may lack what stands behind the cut.
      const bool last = i + 1 == rows.size() && outcome.file.claims.empty();
      if (!last) {
        ASSERT_EQ(testing::target_text(*rows[i]), testing::target_text(*all[i]));
      }
      ASSERT_EQ(rows[i]->id, all[i]->id);
      ASSERT_EQ(rows[i]->benchmark, all[i]->benchmark);
      ASSERT_EQ(rows[i]->limit.text, all[i]->limit.text);
      ASSERT_EQ(rows[i]->statistic, all[i]->statistic);
    }
  }
  EXPECT_EQ(most_rows, all.size());
  EXPECT_LT(valid, text.size() / 4);
}

TEST(Truncation, of_json_is_always_an_error) {
  const std::string text = R"({"schema": "midstream-targets/1", "components": [{"id": "temporal",
    "targets": [{"id": "a", "benchmark": "temporal/a", "limit": "< 1 ms"}]}]})";
  ASSERT_TRUE(load_targets(text, "whole", {}).ok());
  for (std::size_t length = 0; length < text.size(); ++length) {
    ASSERT_FALSE(load_targets(text.substr(0, length), "cut", {}).ok()) << length;
  }
}

TEST(Truncation, a_flipped_byte_never_crashes) {
  const std::string text(builtin_targets("stretch"));
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'\0', '"', '{', '-', '\n', '&', '\xff'}) {
      std::string changed = text;
      changed[i] = c;
      const LoadOutcome outcome = load_targets(changed, "changed", {});
      ASSERT_TRUE(outcome.ok() || !outcome.faults.empty());
    }
  }
}

}  // namespace
}  // namespace midstream::targets
