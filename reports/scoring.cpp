#include "reports/scoring.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace midstream::reports {
namespace {

using targets::Row;
using targets::Severity;
using targets::Verdict;

// Half of the score is what the product is for: that the targets are met, with right answers.
struct DefaultWeight {
  std::string_view category;
  double weight;
};
constexpr DefaultWeight kDefaultWeights[] = {
    {"coverage", 0.15},       {"targets", 0.30},
    {"correctness", 0.20},    {"benchmark_quality", 0.10},
    {"code_quality", 0.05},   {"documentation", 0.05},
    {"ci_integration", 0.05}, {"regression_detection", 0.10}};

struct GradeStep {
  std::string_view grade;
  double from;  // least score
};
constexpr GradeStep kGrades[] = {{"A", 0.9}, {"B", 0.8}, {"C", 0.7}, {"D", 0.6}, {"F", 0.0}};

// The required rows, by what became of them.
struct Tally {
  std::size_t required = 0;
  std::array<std::vector<std::string>, 8> rows;  // by Verdict: names of required rows

  [[nodiscard]] const std::vector<std::string>& of(Verdict verdict) const {
    return rows[static_cast<std::size_t>(verdict)];
  }
  [[nodiscard]] std::size_t count(Verdict verdict) const { return of(verdict).size(); }
  [[nodiscard]] std::size_t failed() const {
    return count(Verdict::kFail) + count(Verdict::kInvalid) + count(Verdict::kError);
  }
  [[nodiscard]] std::size_t undecided() const {
    return count(Verdict::kInconclusive) + count(Verdict::kUnavailable) + count(Verdict::kNotRun);
  }
};

Tally tally(const Scorecard& scorecard) {
  Tally tally;
  for (const Row& row : scorecard.judgement.rows) {
    if (row.target.severity != Severity::kRequired) continue;
    ++tally.required;
    tally.rows[static_cast<std::size_t>(row.verdict)].push_back(row.component + "/" +
                                                                row.target.id);
  }
  return tally;
}

bool is_measured(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kFail ||
         verdict == Verdict::kInconclusive;
}

void fill_coverage(Scorecard& scorecard) {
  for (ComponentCoverage& component : scorecard.coverage) {
    component.required = component.measured = component.passed = 0;
    for (const Row& row : scorecard.judgement.rows) {
      if (row.component != component.id || row.target.severity != Severity::kRequired) continue;
      ++component.required;
      if (is_measured(row.verdict)) ++component.measured;
      if (row.verdict == Verdict::kPass) ++component.passed;
    }
  }
}

Overall overall_of(const Tally& tally) {
  const std::size_t passed = tally.count(Verdict::kPass);
  if (tally.required == 0) return Overall::kInconclusive;
  if (passed == tally.required) return Overall::kCompliant;
  if (tally.failed() == 0 && tally.count(Verdict::kMissing) == 0) return Overall::kInconclusive;
  return passed > 0 ? Overall::kPartial : Overall::kNonCompliant;
}

std::vector<std::string> regressed_rows(const Scorecard& scorecard) {
  std::vector<std::string> regressed;
  if (!scorecard.comparison) return regressed;
  for (const ComparedRow& row : scorecard.comparison->rows) {
    if (row.advisory || row.change.verdict != measure::ChangeVerdict::kRegressed) continue;
    regressed.push_back(row.input.benchmark);
  }
  return regressed;
}

Approval approval_of(const Tally& tally, Overall overall, const Scorecard& scorecard) {
  const bool complete = overall == Overall::kCompliant && scorecard.judgement.out_of_scope == 0;
  const bool vanished = scorecard.comparison && !scorecard.comparison->vanished.empty();
  if (complete && !vanished && regressed_rows(scorecard).empty()) return Approval::kApproved;
  // A condition can be met later; a failure is an answer already, and no evidence is no approval.
  // Advisory rows decide nothing, so that nothing was required is neither approved nor rejected.
  if (tally.required == 0 && !scorecard.judgement.rows.empty()) return Approval::kConditional;
  const bool some_evidence = tally.count(Verdict::kPass) > 0;
  return some_evidence && tally.failed() == 0 ? Approval::kConditional : Approval::kRejected;
}

std::string_view worse_grade(std::string_view a, std::string_view b) { return std::max(a, b); }

std::string_view grade_of(double score, Overall overall) {
  std::string_view grade = "F";
  for (const GradeStep& step : kGrades) {
    // A weighted sum that should be 0.9 may come out one rounding below it.
    if (score >= step.from - 1e-9) {
      grade = step.grade;
      break;
    }
  }
  switch (overall) {
    case Overall::kCompliant:
      return grade;
    case Overall::kInconclusive:
      return worse_grade(grade, "B");
    case Overall::kPartial:
      return worse_grade(grade, "C");
    case Overall::kNonCompliant:
      break;
  }
  return "F";
}

std::string names(const std::vector<std::string>& rows) {
  constexpr std::size_t kShown = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + rows[i];
  }
  if (rows.size() > kShown) text += " and " + std::to_string(rows.size() - kShown) + " more";
  return text;
}

std::string rows_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " required row" : " required rows");
}

// What became of the required rows, or that there is none.
std::string required_reason(const Tally& tally, const Scorecard& scorecard) {
  const std::size_t passed = tally.count(Verdict::kPass);
  if (tally.required == 0 && !scorecard.judgement.rows.empty()) {
    const std::size_t advisory = scorecard.judgement.rows.size();
    return "no required row was judged, only " + std::to_string(advisory) +
           (advisory == 1 ? " advisory row" : " advisory rows") +
           ": nothing is approved or rejected";
  }
  if (tally.required == 0) return "no required row is in scope, so nothing was shown";
  if (passed < tally.required) {
    return std::to_string(passed) + " of " + rows_text(tally.required) + " pass";
  }
  return tally.required == 1 ? "the only required row in scope passes"
                             : "all " + rows_text(tally.required) + " in scope pass";
}

void add_comparison_reasons(const Scorecard& scorecard, std::vector<std::string>& reasons) {
  if (!scorecard.comparison) return;
  const RunComparison& comparison = *scorecard.comparison;
  const auto benchmarks = [](std::size_t count) {
    return std::to_string(count) + (count == 1 ? " benchmark" : " benchmarks");
  };
  if (const auto regressed = regressed_rows(scorecard); !regressed.empty()) {
    reasons.push_back(benchmarks(regressed.size()) + " REGRESSED against " + comparison.old_name +
                      ": " + names(regressed));
  }
  if (const auto& gone = comparison.vanished; !gone.empty()) {
    reasons.push_back(benchmarks(gone.size()) + " of " + comparison.old_name +
                      " VANISHED: " + names(gone));
  }
}

std::vector<std::string> reasons_of(const Tally& tally, const Scorecard& scorecard) {
  std::vector<std::string> reasons = {required_reason(tally, scorecard)};
  for (const Verdict verdict :
       {Verdict::kInvalid, Verdict::kError, Verdict::kFail, Verdict::kMissing, Verdict::kNotRun,
        Verdict::kUnavailable, Verdict::kInconclusive}) {
    const auto& rows = tally.of(verdict);
    if (!rows.empty()) {
      reasons.push_back(rows_text(rows.size()) + " " + std::string(targets::verdict_name(verdict)) +
                        ": " + names(rows));
    }
  }
  if (const std::size_t count = scorecard.judgement.out_of_scope; count > 0) {
    reasons.push_back(std::to_string(count) + (count == 1 ? " row was" : " rows were") +
                      " out of the chosen scope and not judged");
  }
  add_comparison_reasons(scorecard, reasons);
  if (scorecard.run.interrupted) reasons.emplace_back("the run was interrupted");
  return reasons;
}

// A weight of the targets file that is no usable number is the loader's to refuse; here it must
// only never turn the score into nonsense.
double usable(double weight) { return std::isfinite(weight) && weight > 0 ? weight : 0; }

void fill_weights(std::vector<Category>& categories, const std::map<std::string, double>& weights) {
  double sum = 0;
  for (Category& category : categories) {
    for (const DefaultWeight& entry : kDefaultWeights) {
      if (entry.category == category.id) category.weight = entry.weight;
    }
    if (const auto given = weights.find(category.id); given != weights.end()) {
      category.weight = usable(given->second);
    }
    sum += category.weight;
  }
  // Dividing a sum that is 1 but for rounding would only make the weights unreadable.
  if (sum == 0 || std::fabs(sum - 1) < 1e-9) return;
  for (Category& category : categories) category.weight /= sum;
}

}  // namespace

std::string_view grade_formula() {
  return "sum of score x weight over the categories; A from 90 %, B from 80 %, C from 70 %, D from "
         "60 %, else F; at most B when INCONCLUSIVE, at most C when PARTIAL, F when NON_COMPLIANT";
}

void fill_scores(Scorecard& scorecard, const std::map<std::string, double>& weights) {
  fill_coverage(scorecard);
  scorecard.categories = score_categories(scorecard);
  fill_weights(scorecard.categories, weights);
  scorecard.score = 0;
  for (const Category& category : scorecard.categories) {
    scorecard.score += category.score * category.weight;
  }
  const Tally required = tally(scorecard);
  scorecard.overall = overall_of(required);
  scorecard.approval = approval_of(required, scorecard.overall, scorecard);
  scorecard.grade = grade_of(scorecard.score, scorecard.overall);
  scorecard.reasons = reasons_of(required, scorecard);
}

}  // namespace midstream::reports
