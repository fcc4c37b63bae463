// verify: an untouched scorecard agrees, and no edit of it does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/sha256.hpp"
#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Json tree_of(const Scorecard& scorecard) { return Json::parse(render_json(scorecard, {})); }

// The same file after an edit by somebody who knows the digest's rule.
Json with_fresh_digest(Json tree) {
  tree["digest"] = sha256_hex(canonical_lines(tree));
  return tree;
}

std::vector<std::string> disagreements(const Json& tree) {
  const auto result = verify_scorecard(tree.dump(), "s.json");
  return result.ok() ? *result : std::vector<std::string>{"rejected: " + result.error().message};
}

TEST(Verify, UntouchedScorecardsAgree) {
  for (const auto& [name, scorecard] : samples::all()) {
    const auto result = verify_scorecard(render_json(scorecard, {}), name);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_THAT(*result, IsEmpty()) << name;
  }
}

TEST(Verify, LayoutAndKeyOrderDoNotMatter) {
  const nlohmann::json sorted = nlohmann::json::parse(render_json(samples::every_verdict(), {}));
  for (const std::string& text : {sorted.dump(), sorted.dump(8)}) {
    const auto result = verify_scorecard(text, "s.json");
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_THAT(*result, IsEmpty());
  }
}

Json changed(const Json& leaf) {
  if (leaf.is_string()) return leaf.get<std::string>() + "x";
  if (leaf.is_boolean()) return !leaf.get<bool>();
  if (leaf.is_number_unsigned()) return leaf.get<std::uint64_t>() + 1;
  if (leaf.is_number()) return leaf.get<double>() * 1.0000001 + 1e-300;
  if (leaf.is_null()) return 1;
  if (leaf.is_array()) return Json::array({1});
  return Json::object({{"added", "x"}});
}

// Calls visit with a pointer to every leaf below `node`; an empty container is a leaf.
void each_leaf(const Json& node, const Json::json_pointer& at,
               const std::function<void(const Json::json_pointer&)>& visit) {
  if (node.is_object() && !node.empty()) {
    for (const auto& [key, child] : node.items()) each_leaf(child, at / key, visit);
  } else if (node.is_array() && !node.empty()) {
    for (std::size_t i = 0; i < node.size(); ++i) each_leaf(node[i], at / i, visit);
  } else {
    visit(at);
  }
}

// No leaf is exempt, titles and other free text included: the digest is of every one of them.
TEST(Verify, EveryChangedLeafIsSeen) {
  const Json original = tree_of(samples::every_verdict());
  std::size_t leaves = 0;
  each_leaf(original, Json::json_pointer(), [&](const Json::json_pointer& at) {
    Json tree = original;
    tree[at] = changed(tree[at]);
    EXPECT_THAT(disagreements(tree), Not(IsEmpty())) << at.to_string();
    ++leaves;
  });
  EXPECT_GT(leaves, 1000U);
}

// Is the leaf a conclusion, rather than evidence that everything else is concluded from?
bool is_conclusion(const std::string& pointer) {
  const std::string last = pointer.substr(pointer.rfind('/') + 1);
  if (pointer.starts_with("/overall/")) return true;
  if (pointer.starts_with("/coverage/")) return last != "title";
  if (pointer.starts_with("/categories/")) return last != "weight";
  if (!pointer.starts_with("/rows/") && !pointer.starts_with("/claims/")) return false;
  static const std::set<std::string> kConcluded = {
      "value",      "unit",      "ci",        "0",         "1",     "n",
      "wrong",      "margin",    "verdict",   "reason",    "rerun", "near_limit",
      "next_look",  "shown",     "note",      "reference", "limit", "limit_value",
      "limit_unit", "component", "statistic", "relation"};
  return kConcluded.contains(last) && pointer.find("/launches/") == std::string::npos;
}

TEST(Verify, ConclusionsAreSeenEvenWithAFreshDigest) {
  const Json original = tree_of(samples::every_verdict());
  each_leaf(original, Json::json_pointer(), [&](const Json::json_pointer& at) {
    if (!is_conclusion(at.to_string())) return;
    Json tree = original;
    tree[at] = changed(tree[at]);
    EXPECT_THAT(disagreements(with_fresh_digest(std::move(tree))), Not(IsEmpty()))
        << at.to_string();
  });
}

TEST(Verify, AFlippedVerdictIsNamedWithBothValues) {
  Json tree = tree_of(samples::every_verdict());
  ASSERT_EQ(tree["rows"][2]["verdict"], "FAIL");
  tree["rows"][2]["verdict"] = "PASS";
  const auto found = disagreements(tree);
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("row temporal/fail: verdict"), HasSubstr("\"PASS\""),
                                    HasSubstr("\"FAIL\""))));
  EXPECT_THAT(found, Contains(HasSubstr("digest")));
}

TEST(Verify, AnEditedLaunchIsSeen) {
  Json tree = tree_of(samples::passing());
  tree["rows"][0]["scenarios"][0]["launches"][3]["value"] = 1210.5;
  EXPECT_THAT(disagreements(tree), Contains(HasSubstr("digest")));
  // With a fresh digest the summary it belongs to still gives it away.
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("scenario temporal/dtw/linear/n=100: value")));
}

TEST(Verify, AnEditedLimitIsSeenThoughTheVerdictStays) {
  Json tree = tree_of(samples::passing());
  tree["rows"][0]["limit"] = "< 9 ms";
  const auto found = disagreements(with_fresh_digest(tree));
  EXPECT_THAT(found, Contains(HasSubstr("row temporal/dtw-n100: limit_value")));
  EXPECT_THAT(found, Contains(HasSubstr("row temporal/dtw-n100: margin")));
  EXPECT_THAT(found, Not(Contains(HasSubstr("verdict"))));
}

TEST(Verify, AnEditedSeverityIsSeen) {
  Json tree = tree_of(samples::every_verdict());
  tree["rows"][2]["severity"] = "advisory";
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("overall: required")));
}

TEST(Verify, ARemovedRowOrScenarioIsSeen) {
  Json tree = tree_of(samples::every_verdict());
  tree["rows"].erase(2);
  EXPECT_THAT(disagreements(tree), Contains(HasSubstr("digest")));
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("coverage of temporal")));

  tree = tree_of(samples::every_verdict());
  tree["rows"][0]["scenarios"].erase(1);
  EXPECT_THAT(disagreements(tree), Contains(HasSubstr("digest")));
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("row temporal/pass: shown")));
}

TEST(Verify, RowsAndScenariosAppearOnce) {
  Json tree = tree_of(samples::passing());
  tree["rows"].push_back(tree["rows"][1]);
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains("row temporal/lcs-n100: appears twice"));

  tree = tree_of(samples::passing());
  auto& scenarios = tree["rows"][1]["scenarios"];
  scenarios.push_back(scenarios[0]);
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("appears twice")));
}

TEST(Verify, ABenchmarkThatTheRowDoesNotAskForIsSeen) {
  Json tree = tree_of(samples::passing());
  tree["rows"][2]["benchmark"] = "temporal/other/n=100";
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("does not match temporal/other/n=100")));
}

TEST(Verify, CapsAreRecomputed) {
  Json tree = tree_of(samples::passing());
  tree["run"]["release_build"] = false;
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("\"INCONCLUSIVE\"")));
  tree = tree_of(samples::passing());
  for (Json& benchmark : tree["benchmarks"]) benchmark["oracle"] = "";
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("\"INCONCLUSIVE\"")));
  tree = tree_of(samples::passing());
  for (Json& benchmark : tree["benchmarks"]) benchmark["status"] = "invalid";
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("\"INVALID\"")));
  tree = tree_of(samples::passing());
  tree["benchmarks"] = Json::array();
  EXPECT_THAT(disagreements(with_fresh_digest(tree)), Contains(HasSubstr("\"MISSING\"")));
}

TEST(Verify, UnknownAndMissingMembersAreSeen) {
  Json tree = tree_of(samples::passing());
  tree["rows"][0]["extra"] = 1;
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("row temporal/dtw-n100: extra: no such member")));
  tree = tree_of(samples::passing());
  tree["rows"][0].erase("margin");
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("row temporal/dtw-n100: margin: missing")));
}

}  // namespace
}  // namespace midstream::reports
