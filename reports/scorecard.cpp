#include "reports/scorecard.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/sha256.hpp"
#include "reports/scoring.hpp"
#include "reports/shell.hpp"

namespace midstream::reports {
namespace {

BenchmarkFacts summarise(const measure::Measurement& measurement) {
  BenchmarkFacts facts;
  facts.about = measurement;
  targets::settle(facts.about);  // the record must say it, because the launches stay behind
  facts.about.launches.clear();
  facts.summary = measure::summarise_launches(measurement);
  return facts;
}

void add_names(const std::vector<targets::Scenario>& scenarios, std::set<std::string>& names) {
  for (const targets::Scenario& scenario : scenarios) {
    names.insert(scenario.benchmark);
    if (!scenario.reference.empty()) names.insert(scenario.reference);
  }
}

std::vector<BenchmarkFacts> benchmarks_of(const targets::Judgement& judgement,
                                          const measure::Results& results) {
  std::set<std::string> names;
  for (const targets::Row& row : judgement.rows) add_names(row.scenarios, names);
  for (const targets::JudgedClaim& claim : judgement.claims) add_names(claim.scenarios, names);
  std::vector<BenchmarkFacts> benchmarks;
  for (const measure::Measurement& measurement : results.measurements) {
    if (names.contains(measurement.id)) benchmarks.push_back(summarise(measurement));
  }
  std::sort(benchmarks.begin(), benchmarks.end(),
            [](const auto& a, const auto& b) { return a.about.id < b.about.id; });
  return benchmarks;
}

measure::Results without_measurements(const measure::Results& results) {
  measure::Results run = results;
  run.measurements.clear();
  // A JSON object holds a name once; the first record of a fact is the one that counts.
  measure::Environment environment;
  std::set<std::string> seen;
  for (measure::EnvironmentFact& fact : run.environment) {
    if (seen.insert(fact.name).second) environment.push_back(std::move(fact));
  }
  run.environment = std::move(environment);
  return run;
}

// Components with a judged row, and those of the scope that declare no row at all: the latter are
// not covered, and leaving them out would hide that.
std::vector<ComponentCoverage> components_in_scope(const targets::TargetsFile& file,
                                                   const targets::Judgement& judgement,
                                                   const measure::Results& scope) {
  std::vector<ComponentCoverage> components;
  for (const targets::Component& component : file.components) {
    const bool has_row =
        std::any_of(judgement.rows.begin(), judgement.rows.end(),
                    [&](const targets::Row& row) { return row.component == component.id; });
    const bool chosen = scope.suites.empty() || std::find(scope.suites.begin(), scope.suites.end(),
                                                          component.id) != scope.suites.end();
    const bool empty_but_chosen = component.targets.empty() && chosen && scope.filters.empty();
    if (!has_row && !empty_but_chosen) continue;
    ComponentCoverage coverage;
    coverage.id = component.id;
    coverage.title = component.title;
    components.push_back(std::move(coverage));
  }
  return components;
}

}  // namespace

std::string_view overall_name(Overall overall) {
  switch (overall) {
    case Overall::kCompliant:
      return "COMPLIANT";
    case Overall::kPartial:
      return "PARTIAL";
    case Overall::kNonCompliant:
      return "NON_COMPLIANT";
    case Overall::kInconclusive:
      break;
  }
  return "INCONCLUSIVE";
}

std::string_view approval_name(Approval approval) {
  switch (approval) {
    case Approval::kApproved:
      return "APPROVED";
    case Approval::kConditional:
      return "CONDITIONAL";
    case Approval::kRejected:
      break;
  }
  return "REJECTED";
}

const BenchmarkFacts* Scorecard::facts(std::string_view benchmark) const {
  const auto at = std::lower_bound(
      benchmarks.begin(), benchmarks.end(), benchmark,
      [](const BenchmarkFacts& facts, std::string_view id) { return facts.about.id < id; });
  return at != benchmarks.end() && at->about.id == benchmark ? &*at : nullptr;
}

Unit scenario_unit(const Scorecard& scorecard, const targets::Scenario& scenario,
                   const targets::Limit& limit) {
  const Dimension dimension = limit.quantity.unit.dimension;
  if (const BenchmarkFacts* facts = scorecard.facts(scenario.benchmark)) {
    const Unit& own = facts->about.metric.unit;
    if (own.dimension == dimension && scenario.reference.empty()) return own;
  }
  return {std::string(base_unit(dimension)), dimension, 1};
}

Scorecard build_scorecard(const targets::TargetsFile& file, const measure::Results& results,
                          std::optional<RunComparison> comparison) {
  Scorecard scorecard;
  scorecard.title = file.title;
  scorecard.source_document = file.source_document;
  scorecard.source_date = file.source_date;
  scorecard.targets_name = file.name;
  scorecard.targets_files = file.files;
  scorecard.confidence = file.policy.confidence;
  scorecard.max_regression = file.policy.max_regression;
  scorecard.judgement = targets::judge(file, results);
  scorecard.comparison = std::move(comparison);
  scorecard.run = without_measurements(results);
  scorecard.benchmarks = benchmarks_of(scorecard.judgement, results);
  scorecard.coverage = components_in_scope(file, scorecard.judgement, results);
  fill_scores(scorecard, file.weights);
  scorecard.digest = sha256_hex(canonical_evidence(scorecard));
  return scorecard;
}

std::string rerun_command(const Scorecard& scorecard, std::string_view benchmark) {
  std::string command = "midstream-validate run";
  for (const std::string& file : scorecard.targets_files) {
    command += " --targets " + shell_word(file);
  }
  const std::string& profile = scorecard.run.profile;
  if (!profile.empty() && profile != "standard") command += " --profile " + shell_word(profile);
  return command + " --filter " + shell_quoted(benchmark);
}

}  // namespace midstream::reports
