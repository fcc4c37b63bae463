// What each category is scored by. Every score is a share of facts that hold, and the evidence
// names the facts; what was not recorded counts as not there.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/quality.hpp"
#include "reports/scoring.hpp"

namespace midstream::reports {
namespace {

using targets::Row;
using targets::Severity;
using targets::Verdict;

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string of(std::size_t part, std::size_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

Category make(std::string id, double score, std::string evidence) {
  Category category;
  category.id = std::move(id);
  category.score = score;
  category.evidence = std::move(evidence);
  return category;
}

Category coverage(const Scorecard& scorecard) {
  std::size_t complete = 0;
  for (const ComponentCoverage& component : scorecard.coverage) {
    if (component.required > 0 && component.measured == component.required) ++complete;
  }
  const std::size_t all = scorecard.coverage.size();
  std::string evidence = of(complete, all) + " components have every required row measured";
  if (complete < all) evidence += "; benchmarks for the others would raise it";
  return make("coverage", share(complete, all), std::move(evidence));
}

Category targets_met(const Scorecard& scorecard) {
  std::size_t required = 0;
  std::size_t passed = 0;
  for (const Row& row : scorecard.judgement.rows) {
    if (row.target.severity != Severity::kRequired) continue;
    ++required;
    if (row.verdict == Verdict::kPass) ++passed;
  }
  return make("targets", share(passed, required),
              of(passed, required) + " required rows pass, missing ones counted");
}

bool is_proved(const BenchmarkFacts& facts) {
  const measure::Correctness& correctness = facts.about.correctness;
  return facts.about.status != measure::MeasurementStatus::kInvalid &&
         !correctness.oracle.empty() && correctness.cases > 0 && correctness.ok;
}

std::vector<const BenchmarkFacts*> started(const Scorecard& scorecard) {
  std::vector<const BenchmarkFacts*> out;
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    if (has_started(facts)) out.push_back(&facts);
  }
  return out;
}

Category correctness(const Scorecard& scorecard) {
  const auto benchmarks = started(scorecard);
  if (benchmarks.empty()) {
    return make("correctness", 0, "no benchmark ran; running one with an oracle would raise it");
  }
  std::size_t proved = 0;
  std::uint64_t cases = 0;
  for (const BenchmarkFacts* facts : benchmarks) {
    if (!is_proved(*facts)) continue;
    ++proved;
    cases += facts->about.correctness.cases;
  }
  return make("correctness", share(proved, benchmarks.size()),
              of(proved, benchmarks.size()) + " benchmarks gave the answers of their oracle (" +
                  std::to_string(cases) + " answers compared)");
}

// A check that does not apply neither raises nor lowers the score.
Category benchmark_quality(const Scorecard& scorecard) {
  const auto benchmarks = started(scorecard);
  if (benchmarks.empty()) {
    return make("benchmark_quality", 0, "no benchmark ran; a run would raise it");
  }
  std::size_t held = 0;
  std::size_t checks = 0;
  std::string weak;
  for (const CheckTally& check : tally_checks(scorecard)) {
    const std::size_t faults = check.warns.size() + check.caps.size();
    held += check.holds;
    checks += check.holds + faults;
    if (faults == 0) continue;
    weak += (weak.empty() ? "" : ", ") + std::string(check.title) + " (" +
            std::to_string(check.holds) + ")";
  }
  std::string evidence =
      of(held, checks) + " checks hold over " + std::to_string(benchmarks.size()) + " benchmarks";
  if (!weak.empty()) evidence += "; not everywhere: " + weak;
  return make("benchmark_quality", share(held, checks), std::move(evidence));
}

Category documentation(const Scorecard& scorecard) {
  const auto& rows = scorecard.judgement.rows;
  std::size_t sources = 0;
  std::size_t descriptions = 0;
  for (const Row& row : rows) {
    if (!row.target.source.empty()) ++sources;
    if (!row.target.description.empty()) ++descriptions;
  }
  std::string evidence = of(sources, rows.size()) + " rows name the source of their limit, " +
                         of(descriptions, rows.size()) + " are described";
  if (sources + descriptions < 2 * rows.size()) evidence += "; the others would raise it";
  return make("documentation", share(sources + descriptions, 2 * rows.size()), std::move(evidence));
}

Category regression_detection(const Scorecard& scorecard) {
  constexpr const char* kId = "regression_detection";
  if (!scorecard.comparison) {
    return make(kId, 0, "no baseline compared in this run; comparing with one would raise it");
  }
  const RunComparison& comparison = *scorecard.comparison;
  if (!comparison.comparable()) {
    return make(kId, 0,
                "not comparable with " + comparison.old_name + ": " + what_differs(comparison));
  }
  const std::size_t sound = comparison.count(measure::ChangeVerdict::kUnchanged) +
                            comparison.count(measure::ChangeVerdict::kImproved);
  const std::size_t all = comparison.rows.size() + comparison.vanished.size();
  std::string evidence =
      of(sound, all) + " benchmarks are shown to have not regressed against " + comparison.old_name;
  if (sound < all) evidence += " (" + tally(comparison) + ")";
  return make(kId, share(sound, all), std::move(evidence));
}

}  // namespace

std::vector<Category> score_categories(const Scorecard& scorecard) {
  return {coverage(scorecard),
          targets_met(scorecard),
          correctness(scorecard),
          benchmark_quality(scorecard),
          make("code_quality", 0,
               "this run records no tests, sanitizers or warnings; a build that does would raise "
               "it"),
          documentation(scorecard),
          make("ci_integration", 0,
               "this run records no CI environment with a baseline and a gate; one would raise it"),
          regression_detection(scorecard)};
}

}  // namespace midstream::reports
