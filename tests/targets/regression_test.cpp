// What a targets file says of regressions: against its limits, and of one run against another.
#include "targets/regression.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "targets/evaluator.hpp"
#include "targets/loader.hpp"
#include "tests/targets/results_builder.hpp"

namespace midstream::targets {
namespace {

TargetsFile load(const std::string& policy, const std::string& rows) {
  const std::string text = "schema: midstream-targets/1\npolicy: {" + policy +
                           "}\ncomponents:\n  - id: temporal\n    targets:\n" + rows;
  const LoadOutcome outcome = load_targets(text, "t.yaml", {});
  EXPECT_TRUE(outcome.ok()) << (outcome.faults.empty() ? "" : outcome.faults[0].text());
  return outcome.file;
}

std::vector<Target> rows_of(const std::string& policy, const std::string& rows) {
  return load(policy, rows).components.at(0).targets;
}

constexpr const char* kRow = "      - {id: a, title: A, benchmark: temporal/a, limit: \"< 10 ms\"";

TEST(RegressionOfTarget, adds_a_row_for_the_mean_beside_the_target) {
  const auto rows =
      rows_of("confidence: 95%", kRow + std::string(", statistic: p99, severity: advisory, "
                                                    "regression_of_target: 110%}\n"));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].id, "a.regression");
  EXPECT_EQ(rows[1].title, "A, regression");
  EXPECT_EQ(rows[1].limit.text, "<= 11 ms");
  EXPECT_EQ(rows[1].statistic, measure::Statistic::kMean);
  EXPECT_EQ(rows[1].severity, Severity::kAdvisory);
  EXPECT_NE(rows[1].description.find("110 %"), std::string::npos) << rows[1].description;
}

TEST(RegressionOfTarget, of_the_policy_holds_for_every_target_without_its_own) {
  const auto rows = rows_of(
      "regression_of_target: 1.5",
      kRow + std::string("}\n") +
          "      - {id: b, benchmark: temporal/b, limit: \"> 50 Mbps\", "
          "regression_of_target: 125%}\n" +
          "      - {id: c, benchmark: temporal/c, limit: \"<= 0\", statistic: value}\n" +
          "      - {id: d, benchmark: temporal/d, limit: \"<= 10 KB\", statistic: value}\n");
  ASSERT_EQ(rows.size(), 7U);  // nothing loosens a limit of 0
  EXPECT_EQ(rows[1].limit.text, "<= 15 ms");
  EXPECT_EQ(rows[3].id, "b.regression");
  EXPECT_EQ(rows[3].limit.text, ">= 40 Mbps");
  EXPECT_EQ(rows[4].id, "c");
  EXPECT_EQ(rows[6].limit.text, "<= 15 KB");
  EXPECT_EQ(rows[6].statistic, measure::Statistic::kValue);
}

// The seed's rule: mean above limit x 1.1, by the same sign test as every row.
TEST(RegressionOfTarget, is_judged_by_the_sign_test_of_the_means) {
  const TargetsFile file =
      load("regression_of_target: 110%", kRow + std::string(", statistic: min}\n"));
  const auto verdict_of = [&](double slow_share) {
    auto measurement = testing::measurement("temporal/a", std::vector<double>(7, 9.9e6));
    for (auto& launch : measurement.launches) launch.samples = {9.9e6, 9.9e6 * slow_share};
    const Judgement judgement = judge(file, testing::results({measurement}));
    EXPECT_EQ(judgement.rows.at(0).verdict, Verdict::kPass);  // the least sample meets the limit
    return judgement.rows.at(1).verdict;
  };
  EXPECT_EQ(verdict_of(1.2), Verdict::kPass);  // mean 10.89 ms
  EXPECT_EQ(verdict_of(1.3), Verdict::kFail);  // mean 11.385 ms
}

TEST(RegressionPolicies, are_the_strictest_of_the_targets_that_name_the_benchmark) {
  const TargetsFile file =
      load("max_regression: 5%",
           "      - {id: a, benchmark: temporal/*/x, limit: \"< 10 ms\", statistic: p99, "
           "max_regression: 20%}\n"
           "      - {id: b, benchmark: temporal/a/*, limit: \"< 10 ms\", max_regression: 10%}\n"
           "      - {id: c, benchmark: temporal/b/y, limit: \"< 10 ms\", severity: advisory}\n");
  const std::vector<std::string> ids = {"temporal/a/x", "temporal/b/x", "temporal/b/y",
                                        "temporal/c/z"};
  const auto policies = regression_policies(file, ids, {measure::Statistic::kMedian, 0.03, {}, {}});
  ASSERT_EQ(policies.size(), 4U);
  EXPECT_EQ(policies.at("temporal/a/x").row.max_regression, 0.1);
  EXPECT_EQ(policies.at("temporal/a/x").row.statistic, measure::Statistic::kP99);
  EXPECT_EQ(policies.at("temporal/b/x").row.max_regression, 0.2);
  EXPECT_FALSE(policies.at("temporal/b/x").advisory);
  EXPECT_EQ(policies.at("temporal/b/y").row.max_regression, 0.03);
  EXPECT_TRUE(policies.at("temporal/b/y").advisory);
  EXPECT_EQ(policies.at("temporal/c/z").row.max_regression, 0.03);
  EXPECT_FALSE(policies.at("temporal/c/z").advisory);
}

}  // namespace
}  // namespace midstream::targets
