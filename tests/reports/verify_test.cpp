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

// ---------------------------------------------------------------- forgeries with a fresh digest
// Each is consistent in what is concluded from what is there: what is missing gives it away.

// An honest scorecard of fewer launches or scenarios, put under the record of the full run.
Json with_record_of(Json forged, const Json& honest) {
  forged["benchmarks"] = honest["benchmarks"];
  return with_fresh_digest(std::move(forged));
}

TEST(Verify, ADroppedScenarioIsSeenWhateverWasConcludedFromTheRest) {
  const Json honest = tree_of(samples::passing());
  Json forged = honest;
  Json& row = forged["rows"][0];
  ASSERT_EQ(row["scenarios"][1]["benchmark"], row["shown"]);
  row["scenarios"].erase(1);
  for (const char* member : {"value", "ci", "n", "wrong", "reason"}) {
    row[member] = row["scenarios"][0][member];
  }
  row["shown"] = row["scenarios"][0]["benchmark"];
  const auto missing = HasSubstr("scenario temporal/dtw/sine/n=100 is missing");
  EXPECT_THAT(disagreements(with_record_of(forged, honest)), Contains(missing));
  // The record may not be left behind either, nor may a filter that was not there excuse it.
  Json filtered = forged;
  filtered["run"]["filters"] = {"temporal/*/linear/**"};
  EXPECT_THAT(disagreements(with_fresh_digest(filtered)), Contains(HasSubstr("nothing rests on")));
}

TEST(Verify, AScenarioThatIsAReferenceTooIsStillOne) {
  Json tree = tree_of(samples::every_verdict());
  Json& row = tree["rows"][7];
  ASSERT_EQ(row["target"], "ratio");
  row["benchmark"] = "quic/**";
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("scenario quic/tls is missing")));
}

TEST(Verify, DroppedLaunchesAreSeen) {
  Json tree = tree_of(samples::every_verdict());
  Json& row = tree["rows"][3];
  ASSERT_EQ(row["target"], "open");
  ASSERT_EQ(row["scenarios"][0]["launches"].size(), 20U);
  Json& launches = row["scenarios"][0]["launches"];
  for (std::size_t i = launches.size(); i-- > 7;) launches.erase(i);
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("has 7 launches, but 20 are recorded")));
}

TEST(Verify, RoundsAscend) {
  for (const std::uint64_t round : {0, 1, 6}) {
    Json tree = tree_of(samples::passing());
    tree["rows"][1]["scenarios"][0]["launches"][2]["round"] = round;
    EXPECT_THAT(disagreements(with_fresh_digest(tree)),
                Contains(HasSubstr("a benchmark has one launch a round")))
        << round;
  }
}

TEST(Verify, OneBenchmarkHasOneSetOfLaunches) {
  // "fail" and the advisory "slow" rest on the same launches; so does a claim on those of a row.
  Json tree = tree_of(samples::every_verdict());
  tree["rows"][6]["scenarios"][0]["launches"][0]["value"] = 12.0;
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(HasSubstr("its launches are not those of row temporal/fail, scenario")));
  tree = tree_of(samples::every_verdict());
  tree["claims"][1]["scenarios"][0]["launches"][0]["value"] = 1.2;
  EXPECT_THAT(disagreements(with_fresh_digest(tree)),
              Contains(AllOf(HasSubstr("claim dtw"), HasSubstr("not those of row temporal/pass"))));
}

TEST(Verify, TheRecordMayNotContradictItself) {
  const auto edited = [](auto edit) {
    Json tree = tree_of(samples::every_verdict());
    edit(tree);
    return disagreements(with_fresh_digest(std::move(tree)));
  };
  EXPECT_THAT(edited([](Json& tree) { tree["benchmarks"][1]["failed_launches"] = 3; }),
              Contains(HasSubstr("its status is ok, but 3 launches failed")));
  EXPECT_THAT(edited([](Json& tree) { tree["benchmarks"][0]["disturbed_launches"] = 8; }),
              Contains(HasSubstr("more launches were disturbed")));
  EXPECT_THAT(edited([](Json& tree) { tree["benchmarks"].push_back(tree["benchmarks"][0]); }),
              Contains(HasSubstr("is recorded twice")));
  EXPECT_THAT(edited([](Json& tree) { tree["environment"]["build_type"] = "debug"; }),
              Contains(HasSubstr("contradicts the build_type")));
}

TEST(Verify, TheScopeMayNotContradictTheRows) {
  const auto edited = [](auto edit) {
    Json tree = tree_of(samples::every_verdict());
    edit(tree);
    return disagreements(with_fresh_digest(std::move(tree)));
  };
  EXPECT_THAT(edited([](Json& tree) { tree["run"]["suites"] = {"temporal"}; }),
              Contains(HasSubstr("not among the suites of the run")));
  EXPECT_THAT(edited([](Json& tree) { tree["run"]["filters"] = {"temporal/**"}; }),
              Contains(HasSubstr("the filters of the run do not choose it")));
  EXPECT_THAT(edited([](Json& tree) { tree["run"]["suites"] = Json::array(); }),
              Contains(HasSubstr("counts rows, but no suite or filter")));
}

}  // namespace
}  // namespace midstream::reports
