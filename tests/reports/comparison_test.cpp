// Two runs in the scorecard: policies, marks, scores, and what verify notices.
#include "reports/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/sha256.hpp"
#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;
using measure::ChangeVerdict;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const ComparedRow& row_of(const RunComparison& comparison, const std::string& benchmark) {
  for (const ComparedRow& row : comparison.rows) {
    if (row.input.benchmark == benchmark) return row;
  }
  ADD_FAILURE() << "no row of " << benchmark;
  return comparison.rows.front();
}

std::vector<std::string> disagreements(Json tree) {
  tree["digest"] = sha256_hex(canonical_lines(tree));
  const auto result = verify_scorecard(tree.dump(), "s.json");
  return result.ok() ? *result : std::vector<std::string>{"rejected: " + result.error().message};
}

TEST(RunComparison, RowsHaveTheirVerdicts) {
  const RunComparison comparison = *samples::compared().comparison;
  EXPECT_EQ(row_of(comparison, "temporal/dtw/sine/n=100").change.verdict,
            ChangeVerdict::kRegressed);
  EXPECT_EQ(row_of(comparison, "temporal/edit/random/n=100").change.verdict,
            ChangeVerdict::kImproved);
  EXPECT_EQ(row_of(comparison, "wasm/size/raw").change.verdict, ChangeVerdict::kUnchanged);
  EXPECT_EQ(row_of(comparison, "temporal/cache/hits/n=10").change.verdict,
            ChangeVerdict::kInconclusive);
  EXPECT_TRUE(comparison.comparable());
}

TEST(RunComparison, AdvisoryRowsAreShownAndNotCounted) {
  const RunComparison comparison = *samples::compared().comparison;
  const ComparedRow& advised = row_of(comparison, "temporal/advised/n=100");
  EXPECT_EQ(advised.change.verdict, ChangeVerdict::kRegressed);
  EXPECT_EQ(verdict_text(comparison, advised), "REGRESSED (advisory)");
  EXPECT_EQ(comparison.count(ChangeVerdict::kRegressed), 2U);
  EXPECT_EQ(comparison.count_required(ChangeVerdict::kRegressed), 1U);
}

TEST(RunComparison, ForceMarksEveryRow) {
  const RunComparison refused = *samples::other_machine(false).comparison;
  for (const ComparedRow& row : refused.rows) {
    EXPECT_EQ(row.change.verdict, ChangeVerdict::kInconclusive) << row.input.benchmark;
    EXPECT_THAT(row.change.reason, HasSubstr("not comparable: cpu: Example CPU"));
  }
  EXPECT_THAT(what_differs(refused), HasSubstr("now Other CPU"));
  const RunComparison forced = *samples::other_machine(true).comparison;
  EXPECT_GT(forced.count(ChangeVerdict::kRegressed), 0U);
  for (const ComparedRow& row : forced.rows) {
    EXPECT_THAT(verdict_text(forced, row), HasSubstr("forced"));
  }
}

TEST(RunComparison, WrongAnswersAreMarkedBroken) {
  const RunComparison live = *samples::compared_live().comparison;
  EXPECT_TRUE(row_of(live, "temporal/lcs/random/n=100").broken);
  EXPECT_FALSE(row_of(live, "temporal/dtw/sine/n=100").broken);
  EXPECT_TRUE(live.comparable());  // two builds are what is compared
}

TEST(RunComparison, OnlyTheNewSideIsBroken) {
  targets::TargetsFile targets;
  measure::Results good = samples::results_to_compare();
  measure::Results bad = good;
  measure::Measurement& spoilt = bad.measurements[0];
  const std::string id = spoilt.id;
  spoilt.launches[2].status = measure::LaunchStatus::kCrashed;  // the status itself is still ok
  spoilt.launches[2].samples.clear();
  const RunComparison worse = compare_runs(targets, good, bad, {});
  EXPECT_TRUE(row_of(worse, id).broken);
  EXPECT_FALSE(row_of(worse, id).old_broken);
  EXPECT_THAT(row_of(worse, id).change.reason, HasSubstr("the new run ended with status error"));
  const RunComparison mended = compare_runs(targets, bad, good, {});
  EXPECT_FALSE(row_of(mended, id).broken);
  EXPECT_TRUE(row_of(mended, id).old_broken);
  EXPECT_EQ(row_of(mended, id).change.verdict, ChangeVerdict::kInconclusive);
}

TEST(RunComparison, WhatARequiredTargetNamesMayNotVanish) {
  const Scorecard live = samples::compared_live();
  EXPECT_THAT(live.comparison->vanished, testing::ElementsAre("temporal/dtw/gone/n=100"));
  EXPECT_THAT(live.reasons, Contains(HasSubstr("VANISHED: temporal/dtw/gone/n=100")));
  EXPECT_THAT(tally(*live.comparison), HasSubstr("1 vanished"));

  // Not what the scope of the new run leaves out, and not what is only advised.
  const measure::Results old_results = samples::results_to_compare();
  measure::Results new_results = old_results;
  new_results.measurements.resize(0);
  const auto targets = samples::file_to_compare();
  EXPECT_THAT(compare_runs(targets, old_results, new_results, {}).vanished,
              testing::ElementsAre("temporal/dtw/sine/n=100"));
  new_results.filters = {"temporal/lcs/**"};
  EXPECT_THAT(compare_runs(targets, old_results, new_results, {}).vanished, IsEmpty());
  new_results.filters.clear();
  new_results.suites = {"quic"};
  EXPECT_THAT(compare_runs(targets, old_results, new_results, {}).vanished, IsEmpty());
}

TEST(RunComparison, VerifySeesAHiddenVanishing) {
  Json tree = Json::parse(render_json(samples::compared_live(), {}));
  tree["comparison"]["vanished"] = Json::array();
  EXPECT_THAT(disagreements(tree), Contains(HasSubstr("temporal/dtw/gone/n=100 is missing")));
  tree["comparison"]["vanished"] = {"temporal/dtw/gone/n=100", "temporal/dtw/sine/n=100"};
  EXPECT_THAT(disagreements(tree), Contains(HasSubstr("is not only in the baseline")));
}

TEST(RunComparison, AnUnknownNoiseFloorSaysWhy) {
  const measure::Results results = samples::results_to_compare();
  ComparisonRequest request;
  request.noise_unknown = ".midstream/noise.json: it cannot be read";
  const RunComparison unread = compare_runs({}, results, results, request);
  EXPECT_THAT(row_of(unread, "temporal/dtw/sine/n=100").change.reason,
              HasSubstr("is not known: .midstream/noise.json: it cannot be read"));
  request.noise_floor = [](const auto&, auto) { return std::optional<double>(); };
  const RunComparison other = compare_runs({}, results, results, request);
  EXPECT_THAT(row_of(other, "temporal/dtw/sine/n=100").change.reason,
              HasSubstr("no benchmark of the class temporal/batch_mean/center"));
}

TEST(RunComparison, ARegressionIsNoApprovalAndAReason) {
  const Scorecard scorecard = samples::compared();
  EXPECT_EQ(scorecard.approval, Approval::kConditional);
  EXPECT_THAT(scorecard.reasons, Contains("1 benchmark REGRESSED against baseline main: "
                                          "temporal/dtw/sine/n=100"));
}

TEST(RunComparison, DetectionIsScoredByWhatWasShown) {
  const auto score_of = [](const Scorecard& scorecard) {
    for (const Category& category : scorecard.categories) {
      if (category.id == "regression_detection") return category.score;
    }
    return -1.0;
  };
  EXPECT_NEAR(score_of(samples::compared()), 3.0 / 6, 1e-12);
  EXPECT_EQ(score_of(samples::other_machine(false)), 0);
  EXPECT_EQ(score_of(samples::other_machine(true)), 0);
  EXPECT_EQ(score_of(samples::passing()), 0);
}

TEST(RunComparison, VerifySeesEditedVerdictsLaunchesAndLimits) {
  const Json good = Json::parse(render_json(samples::compared(), {}));
  ASSERT_THAT(disagreements(good), IsEmpty());
  const auto edited = [&](auto edit) {
    Json copy = good;
    edit(copy["comparison"]["rows"][0]);
    return disagreements(copy);
  };
  EXPECT_THAT(edited([](Json& row) { row["verdict"] = "UNCHANGED"; }),
              Contains(HasSubstr("recomputed: \"REGRESSED\"")));
  EXPECT_THAT(edited([](Json& row) { row["launches"] = row["baseline_launches"]; }),
              Contains(HasSubstr("comparison of temporal/dtw/sine/n=100: verdict")));
  EXPECT_THAT(edited([](Json& row) { row["max_regression"] = 0.9; }), Not(IsEmpty()));
  EXPECT_THAT(edited([](Json& row) { row["launches"].clear(); }), Not(IsEmpty()));
}

TEST(RunComparison, VerifySeesAComparisonThatMayNotBe) {
  Json forced = Json::parse(render_json(samples::other_machine(true), {}));
  forced["comparison"]["forced"] = false;
  EXPECT_THAT(disagreements(forced), Contains(HasSubstr("though it is not comparable")));
}

// The comparison is of the launches that the rows rest on, and of every benchmark.
TEST(RunComparison, VerifySeesAnotherRunInTheComparison) {
  const Json good = Json::parse(render_json(samples::compared(), {}));
  const auto edited = [&](auto edit) {
    Json copy = good;
    edit(copy["comparison"]);
    return disagreements(copy);
  };
  EXPECT_THAT(edited([](Json& all) { all["rows"][0]["launches"][0] = 1; }),
              Contains(HasSubstr("its launches are not those of row temporal/dtw-n100")));
  EXPECT_THAT(edited([](Json& all) { all["rows"][0]["launches"].erase(0); }),
              Contains(HasSubstr("has 19 launches, but 20 are recorded")));
  EXPECT_THAT(edited([](Json& all) { all["rows"].erase(0); }),
              Contains(HasSubstr("temporal/dtw/sine/n=100 is recorded, but neither compared")));
  EXPECT_THAT(edited([](Json& all) { all["rows"][0]["broken"] = true; }),
              Contains(HasSubstr("broken is true, but the status of the benchmark is ok")));
  EXPECT_THAT(edited([](Json& all) { all["rows"][1]["broken"] = true; }),
              Contains(HasSubstr("nothing says that it is not usable")));
  EXPECT_THAT(edited([](Json& all) { all["rows"][0]["direction"] = "higher_is_better"; }),
              Contains(HasSubstr("its unit, direction or kind")));
}

TEST(RunComparison, ReadingIsStrict) {
  const Json good = Json::parse(render_json(samples::compared_live(), {}));
  ASSERT_THAT(disagreements(good), IsEmpty());
  const auto rejected = [&](auto edit) {
    Json copy = good;
    edit(copy["comparison"]["rows"][0]);
    return disagreements(copy);
  };
  EXPECT_THAT(rejected([](Json& row) { row["launches"].erase(0); }),
              Contains(HasSubstr("they are pairs")));
  EXPECT_THAT(rejected([](Json& row) { row["launches_high"] = Json::array({1}); }),
              Contains(HasSubstr("rejected")));
  EXPECT_THAT(rejected([](Json& row) { row["max_regression"] = 0; }),
              Contains(HasSubstr("above 0")));
  EXPECT_THAT(rejected([](Json& row) { row.erase("unusable"); }), Contains(HasSubstr("missing")));
}

}  // namespace
}  // namespace midstream::reports
