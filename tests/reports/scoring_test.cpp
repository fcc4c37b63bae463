// The stated rules: coverage, overall status, approval, grade, weights.
#include "reports/scoring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

using targets::Severity;
using targets::Verdict;
using testing::Contains;
using testing::HasSubstr;

// A scorecard of required rows with these verdicts, one component.
Scorecard scored(const std::vector<Verdict>& verdicts, std::size_t out_of_scope = 0) {
  Scorecard scorecard;
  scorecard.coverage.resize(1);
  scorecard.coverage[0].id = "c";
  for (const Verdict verdict : verdicts) {
    targets::Row row;
    row.component = "c";
    row.target.id = "r" + std::to_string(scorecard.judgement.rows.size());
    row.verdict = verdict;
    scorecard.judgement.rows.push_back(row);
  }
  scorecard.judgement.out_of_scope = out_of_scope;
  fill_scores(scorecard, {});
  return scorecard;
}

struct Rule {
  std::vector<Verdict> verdicts;
  std::size_t out_of_scope;
  Overall overall;
  Approval approval;
};

TEST(Scoring, OverallAndApproval) {
  using enum Verdict;
  const Rule rules[] = {
      {{}, 0, Overall::kInconclusive, Approval::kRejected},
      {{}, 5, Overall::kInconclusive, Approval::kRejected},
      {{kPass}, 0, Overall::kCompliant, Approval::kApproved},
      {{kPass, kPass}, 1, Overall::kCompliant, Approval::kConditional},
      {{kPass, kFail}, 0, Overall::kPartial, Approval::kRejected},
      {{kPass, kInvalid}, 0, Overall::kPartial, Approval::kRejected},
      {{kPass, kError}, 0, Overall::kPartial, Approval::kRejected},
      {{kPass, kMissing}, 0, Overall::kPartial, Approval::kConditional},
      {{kPass, kInconclusive}, 0, Overall::kInconclusive, Approval::kConditional},
      {{kPass, kUnavailable}, 0, Overall::kInconclusive, Approval::kConditional},
      {{kPass, kNotRun}, 0, Overall::kInconclusive, Approval::kConditional},
      {{kPass, kMissing, kNotRun}, 0, Overall::kPartial, Approval::kConditional},
      {{kInconclusive}, 0, Overall::kInconclusive, Approval::kRejected},
      {{kFail, kInconclusive}, 0, Overall::kNonCompliant, Approval::kRejected},
      {{kMissing}, 0, Overall::kNonCompliant, Approval::kRejected},
      {{kFail}, 0, Overall::kNonCompliant, Approval::kRejected},
  };
  for (const Rule& rule : rules) {
    const Scorecard scorecard = scored(rule.verdicts, rule.out_of_scope);
    SCOPED_TRACE(testing::PrintToString(scorecard.reasons));
    EXPECT_EQ(overall_name(scorecard.overall), overall_name(rule.overall));
    EXPECT_EQ(approval_name(scorecard.approval), approval_name(rule.approval));
  }
}

TEST(Scoring, AdvisoryRowsDecideNothing) {
  Scorecard scorecard = scored({Verdict::kPass, Verdict::kFail});
  scorecard.judgement.rows[1].target.severity = Severity::kAdvisory;
  fill_scores(scorecard, {});
  EXPECT_EQ(scorecard.overall, Overall::kCompliant);
  EXPECT_EQ(scorecard.coverage[0].required, 1U);

  scorecard.judgement.rows[0].target.severity = Severity::kAdvisory;
  fill_scores(scorecard, {});
  EXPECT_EQ(scorecard.overall, Overall::kInconclusive);
  EXPECT_EQ(scorecard.approval, Approval::kConditional);
}

TEST(Scoring, CoverageCountsMeasuredVerdictsOnly) {
  using enum Verdict;
  const Scorecard scorecard =
      scored({kPass, kFail, kInconclusive, kInvalid, kError, kMissing, kUnavailable, kNotRun});
  EXPECT_EQ(scorecard.coverage[0].required, 8U);
  EXPECT_EQ(scorecard.coverage[0].measured, 3U);
  EXPECT_EQ(scorecard.coverage[0].passed, 1U);
}

TEST(Scoring, TheGradeIsHeldDownByTheStatus) {
  // All the weight on a category that is full in every case: coverage.
  const std::map<std::string, double> weights = {
      {"targets", 0},       {"correctness", 0},    {"benchmark_quality", 0},   {"code_quality", 0},
      {"documentation", 0}, {"ci_integration", 0}, {"regression_detection", 0}};
  const auto grade = [&](const std::vector<Verdict>& verdicts) {
    Scorecard scorecard = scored(verdicts);
    fill_scores(scorecard, weights);
    EXPECT_DOUBLE_EQ(scorecard.score, 1);
    return scorecard.grade;
  };
  EXPECT_EQ(grade({Verdict::kPass}), "A");
  EXPECT_EQ(grade({Verdict::kPass, Verdict::kInconclusive}), "B");
  EXPECT_EQ(grade({Verdict::kPass, Verdict::kFail}), "C");
  EXPECT_EQ(grade({Verdict::kFail}), "F");
}

double weight_sum(const Scorecard& scorecard) {
  double sum = 0;
  for (const Category& category : scorecard.categories) sum += category.weight;
  return sum;
}

TEST(Scoring, WeightsSumToOne) {
  Scorecard scorecard = samples::passing();
  EXPECT_NEAR(weight_sum(scorecard), 1, 1e-12);
  EXPECT_EQ(scorecard.categories[0].weight, 0.15);
  for (const double weight : {0.0, 3.0, -1.0, std::numeric_limits<double>::quiet_NaN(), 1e300}) {
    fill_scores(scorecard, {{"coverage", weight}});
    EXPECT_NEAR(weight_sum(scorecard), 1, 1e-12) << weight;
    EXPECT_GE(scorecard.score, 0);
    EXPECT_LE(scorecard.score, 1 + 1e-12);
  }
}

TEST(Scoring, TheScoreIsTheSumThatIsPrinted) {
  for (const auto& [name, scorecard] : samples::all()) {
    double sum = 0;
    for (const Category& category : scorecard.categories) sum += category.score * category.weight;
    EXPECT_EQ(scorecard.score, sum) << name;
    EXPECT_EQ(scorecard.categories.size(), 8U);
  }
}

TEST(Scoring, NoEvidenceScoresNothing) {
  const Scorecard scorecard = samples::nothing();
  EXPECT_EQ(scorecard.score, 0);
  EXPECT_EQ(scorecard.grade, "F");
  for (const Category& category : scorecard.categories) EXPECT_NE(category.evidence, "");
}

TEST(Scoring, ReasonsNameTheRows) {
  const Scorecard scorecard = samples::every_verdict();
  EXPECT_THAT(scorecard.reasons, Contains("1 required row FAIL: temporal/fail"));
  EXPECT_THAT(scorecard.reasons, Contains(HasSubstr("out of the chosen scope")));
}

TEST(Scoring, AWrongAnswerIsNotProved) {
  const Scorecard scorecard = samples::every_verdict();
  // 14 benchmarks ran: quic/wrong answered wrongly, temporal/unproved has no oracle.
  EXPECT_THAT(scorecard.categories[2].evidence, testing::StartsWith("12 of 14"));
}

TEST(Scoring, advisory_rows_alone_are_neither_approved_nor_rejected) {
  const Scorecard scorecard = samples::advisory_only();
  EXPECT_EQ(scorecard.approval, Approval::kConditional);
  EXPECT_EQ(scorecard.overall, Overall::kInconclusive);
  EXPECT_EQ(targets::exit_code(scorecard.judgement, targets::OnInconclusive::kFail), 0);
  ASSERT_FALSE(scorecard.reasons.empty());
  EXPECT_NE(scorecard.reasons[0].find("only 2 advisory rows"), std::string::npos);
  EXPECT_EQ(samples::nothing().approval, Approval::kRejected);
}

}  // namespace
}  // namespace midstream::reports
