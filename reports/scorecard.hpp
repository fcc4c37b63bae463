// The scorecard: everything a report shows, computed once; formats only render it.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/units.hpp"
#include "core/measure/launch_summary.hpp"
#include "core/measure/measurement.hpp"
#include "reports/comparison.hpp"
#include "targets/evaluator.hpp"

namespace midstream::reports {

inline constexpr std::string_view kScorecardSchema = "midstream-scorecard/1";

enum class Overall { kCompliant, kPartial, kNonCompliant, kInconclusive };
enum class Approval { kApproved, kConditional, kRejected };
std::string_view overall_name(Overall overall);     // "NON_COMPLIANT"
std::string_view approval_name(Approval approval);  // "CONDITIONAL"

// One scored aspect: coverage, targets, correctness, benchmark_quality, code_quality,
// documentation, ci_integration, regression_detection. No evidence scores 0 and says what would
// raise it.
struct Category {
  std::string id;
  double score = 0;   // 0 … 1
  double weight = 0;  // weights sum to 1
  std::string evidence;
};

struct ComponentCoverage {
  std::string id;
  std::string title;
  std::size_t required = 0;
  std::size_t measured = 0;  // required rows with a measured verdict (PASS, FAIL, INCONCLUSIVE)
  std::size_t passed = 0;
};

// One benchmark that a row or a claim rests on: everything recorded of it but its samples.
struct BenchmarkFacts {
  measure::Measurement about;      // without launches
  measure::LaunchSummary summary;  // of its launches
};

struct Scorecard {
  std::string title;
  std::string source_document;
  std::string source_date;
  std::string targets_name;
  std::vector<std::string> targets_files;  // as --targets takes them; empty: the default
  double confidence = 0.95;
  double max_regression = 0.05;
  measure::Results run;                    // without measurements: tool, environment, times, scope
  std::vector<BenchmarkFacts> benchmarks;  // sorted by id
  targets::Judgement judgement;
  std::optional<RunComparison> comparison;  // with another run
  std::vector<ComponentCoverage> coverage;
  std::vector<Category> categories;
  double score = 0;  // weighted, 0 … 1
  std::string grade;
  Overall overall = Overall::kInconclusive;
  Approval approval = Approval::kRejected;
  std::vector<std::string> reasons;  // for the overall status and the approval
  std::string digest;                // sha256 of canonical_evidence()

  // Nothing when no row rests on it, or it was not measured.
  [[nodiscard]] const BenchmarkFacts* facts(std::string_view benchmark) const;
};

Scorecard build_scorecard(const targets::TargetsFile& targets, const measure::Results& results,
                          std::optional<RunComparison> comparison = {});

// The bytes the digest is taken of: everything in the scorecard JSON that cannot be recomputed
// from the rest of it, in a documented canonical form (docs/scorecard.md).
std::string canonical_evidence(const Scorecard& scorecard);

// The unit a scenario's numbers are shown in: the benchmark's own, when it has the dimension of
// the limit, else the base unit of the limit (a rate read off a time, a ratio).
Unit scenario_unit(const Scorecard& scorecard, const targets::Scenario& scenario,
                   const targets::Limit& limit);

// How the grade comes from the score, for every report that prints a grade.
std::string_view grade_formula();

// The command that reruns one row or scenario by itself: its benchmarks, the same targets files,
// the same profile where it is not the default of `run`. A row that rests on the same benchmarks,
// or on some of them, is judged with it: they are measured anyhow.
std::string rerun_command(const Scorecard& scorecard, std::string_view benchmark);

}  // namespace midstream::reports
