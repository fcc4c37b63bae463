#include "reports/scorecard_json.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "reports/comparison_json.hpp"
#include "reports/quality.hpp"
#include "reports/scoring.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;
using targets::Limit;
using targets::Scenario;

Json number_in(double base_value, const Unit& unit) {
  return json_number(in_unit(base_value, unit));
}

// A deterministic value is one launch: it has no interval.
Json interval(const Scenario& scenario, measure::Statistic statistic, const Unit& unit) {
  if (scenario.launches.empty() || statistic == measure::Statistic::kValue) return nullptr;
  return Json::array({number_in(scenario.ci_low, unit), number_in(scenario.ci_high, unit)});
}

// What it holds, which is not what was asked for: few launches have few intervals.
Json coverage_of(const Scenario& scenario, measure::Statistic statistic) {
  if (scenario.launches.empty() || statistic == measure::Statistic::kValue) return nullptr;
  return json_number(scenario.coverage);
}

Json value_of(const Scenario& scenario, const Unit& unit) {
  return scenario.launches.empty() ? Json(nullptr) : number_in(scenario.value, unit);
}

Json scenario_tree(const Scorecard& scorecard, const Scenario& scenario, const Limit& limit,
                   measure::Statistic statistic) {
  const Unit unit = scenario_unit(scorecard, scenario, limit);
  Json launches = Json::array();
  for (const targets::JudgedLaunch& launch : scenario.launches) {
    launches.push_back({{"round", launch.round}, {"value", number_in(launch.value, unit)}});
  }
  return {{"benchmark", scenario.benchmark},
          {"reference", scenario.reference},
          {"value", value_of(scenario, unit)},
          {"unit", unit.symbol},
          {"ci", interval(scenario, statistic, unit)},
          {"ci_coverage", coverage_of(scenario, statistic)},
          {"n", scenario.n},
          {"wrong", scenario.wrong},
          {"next_look", scenario.next_look},
          {"near_limit", scenario.near_limit},
          {"verdict", targets::verdict_name(scenario.verdict)},
          {"reason", scenario.reason},
          {"launches", std::move(launches)}};
}

Json scenarios_tree(const Scorecard& scorecard, const std::vector<Scenario>& scenarios,
                    const Limit& limit, measure::Statistic statistic) {
  Json out = Json::array();
  for (const Scenario& scenario : scenarios) {
    out.push_back(scenario_tree(scorecard, scenario, limit, statistic));
  }
  return out;
}

Json quality_tree(const Scorecard& scorecard, const targets::Row& row) {
  const RowQuality quality = row_quality(scorecard, row);
  return {{"caps", quality.caps}, {"warns", quality.warns}};
}

Json row_tree(const Scorecard& scorecard, const targets::Row& row) {
  const targets::Target& target = row.target;
  const Limit& limit = target.limit;
  // A row without scenarios shows no numbers, and the limit's unit for the columns that need one.
  const Scenario nothing;
  const Scenario* worst = row.shown();
  const Scenario& shown = worst != nullptr ? *worst : nothing;
  const Unit unit =
      row.shown() != nullptr ? scenario_unit(scorecard, shown, limit) : limit.quantity.unit;
  const double margin = row.margin();
  return {{"component", row.component},
          {"target", target.id},
          {"title", target.title},
          {"description", target.description},
          {"benchmark", target.benchmark},
          {"relation", word(kRelations, target.relation)},
          {"reference", target.reference},
          {"severity", word(kSeverities, target.severity)},
          {"statistic", measure::statistic_name(target.statistic)},
          {"limit", limit.text},
          {"limit_value", json_number(limit.quantity.value)},
          {"limit_unit", limit.quantity.unit.symbol},
          {"shown", shown.benchmark},
          {"value", value_of(shown, unit)},
          {"unit", unit.symbol},
          {"ci", interval(shown, target.statistic, unit)},
          {"ci_coverage", coverage_of(shown, target.statistic)},
          {"n", shown.n},
          {"wrong", shown.wrong},
          {"margin", margin > 0 ? json_number(margin) : Json(nullptr)},
          {"near_limit", shown.near_limit},
          {"verdict", targets::verdict_name(row.verdict)},
          {"reason", row.reason},
          {"note", row.note},
          {"rerun", rerun_command(scorecard, target.benchmark)},
          {"source", target.source},
          {"quality", quality_tree(scorecard, row)},
          {"scenarios", scenarios_tree(scorecard, row.scenarios, limit, target.statistic)}};
}

Json claim_tree(const Scorecard& scorecard, const targets::JudgedClaim& judged) {
  const targets::Claim& claim = judged.claim;
  return {{"id", claim.id},
          {"text", claim.text},
          {"verdict", targets::claim_verdict_name(judged.verdict)},
          {"reason", judged.reason},
          {"note", judged.note},
          {"benchmark", claim.benchmark},
          {"statistic", measure::statistic_name(claim.statistic)},
          {"limit", claim.limit ? Json(claim.limit->text) : Json(nullptr)},
          {"unverifiable", claim.unverifiable},
          {"source", claim.source},
          {"scenarios", scenarios_tree(scorecard, judged.scenarios, claim.limit.value_or(Limit{}),
                                       claim.statistic)}};
}

Json audit_tree(const Scorecard& scorecard, const BenchmarkFacts& facts) {
  Json out = Json::array();
  if (!has_started(facts)) return out;
  for (const targets::AuditCheck& check : audit_of(scorecard, facts)) {
    out.push_back({{"check", check.id},
                   {"outcome", targets::audit_outcome_name(check.outcome)},
                   {"detail", check.detail}});
  }
  return out;
}

Json benchmark_tree(const Scorecard& scorecard, const BenchmarkFacts& facts) {
  const measure::Measurement& about = facts.about;
  Json throughput = nullptr;
  if (about.throughput) {
    throughput = {{"per_operation", json_number(about.throughput->per_operation)},
                  {"item", about.throughput->item}};
  }
  Json parameters = Json::object();
  for (const auto& [name, value] : about.parameters) parameters[name] = value;
  Json counters = Json::object();
  for (const auto& [name, value] : about.counters) counters[name] = json_number(value);
  Json recorded = Json::object();
  for (const auto& [name, value] : about.facts) recorded[name] = value;
  return {
      {"id", about.id},
      {"title", about.title},
      {"parameters", std::move(parameters)},
      {"unit", about.metric.unit.symbol},
      {"direction", word(kDirections, about.metric.direction)},
      {"sample", word(kSampleKinds, about.metric.kind)},
      {"throughput", std::move(throughput)},
      {"generator", about.generator},
      // A 64-bit seed does not survive readers whose numbers are doubles.
      {"seed", std::to_string(about.seed)},
      {"variants", about.variants},
      {"optimiser_barrier", about.optimiser_barrier},
      {"timer_cost_share", json_number(about.timer_cost_share)},
      {"oracle", about.correctness.oracle},
      {"cases", about.correctness.cases},
      {"correct", about.correctness.ok},
      {"status", measure::status_name(about.status)},
      {"reason", about.reason},
      {"launches", facts.summary.launches},
      {"failed_launches", facts.summary.failed},
      {"disturbed_launches", facts.summary.disturbed},
      {"samples", facts.summary.samples},
      {"measured_s", json_number(facts.summary.measured_s)},
      {"least_warmup", facts.summary.least_warmup},
      {"highest_load", json_number(facts.summary.highest_load)},
      {"outlier_share", json_number(facts.summary.outlier_share)},
      {"autocorrelation",
       facts.summary.autocorrelation ? json_number(*facts.summary.autocorrelation) : Json(nullptr)},
      {"modes", facts.summary.modes},
      {"counters", std::move(counters)},
      {"facts", std::move(recorded)},
      {"audit", audit_tree(scorecard, facts)}};
}

Json run_tree(const measure::Results& run) {
  return {{"command_line", run.command_line},
          {"started_at", run.started_at},
          {"finished_at", run.finished_at},
          {"interrupted", run.interrupted},
          {"release_build", run.release_build},
          {"profile", run.profile},
          {"seed", std::to_string(run.seed)},
          {"suites", run.suites},
          {"filters", run.filters}};
}

Json overall_tree(const Scorecard& scorecard) {
  std::size_t required = 0;
  std::size_t passed = 0;
  for (const ComponentCoverage& component : scorecard.coverage) {
    required += component.required;
    passed += component.passed;
  }
  return {{"status", overall_name(scorecard.overall)},
          {"score", json_number(scorecard.score)},
          {"grade", scorecard.grade},
          {"approval", approval_name(scorecard.approval)},
          {"required", required},
          {"passed", passed},
          {"reasons", scorecard.reasons},
          {"grade_formula", grade_formula()}};
}

}  // namespace

Json json_number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json json_number(const std::optional<double>& value) {
  return value ? json_number(*value) : Json(nullptr);
}

double in_unit(double base_value, const Unit& unit) {
  const double quotient = base_value / unit.scale;
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double candidate :
       {quotient, std::nextafter(quotient, infinity), std::nextafter(quotient, -infinity)}) {
    if (candidate * unit.scale == base_value) return candidate;
  }
  return quotient;
}

Json scorecard_tree(const Scorecard& scorecard) {
  Json environment = Json::object();
  for (const auto& fact : scorecard.run.environment) environment[fact.name] = fact.value;
  Json tree = {{"schema", kScorecardSchema},
               {"tool",
                {{"name", "midstream-validate"},
                 {"version", scorecard.run.tool_version},
                 {"revision", scorecard.run.revision}}},
               {"targets",
                {{"name", scorecard.targets_name},
                 {"files", scorecard.targets_files},
                 {"title", scorecard.title},
                 {"source_document", scorecard.source_document},
                 {"source_date", scorecard.source_date}}},
               {"environment", std::move(environment)},
               {"policy",
                {{"confidence", json_number(scorecard.confidence)},
                 {"max_regression", json_number(scorecard.max_regression)}}},
               {"run", run_tree(scorecard.run)},
               {"overall", overall_tree(scorecard)}};
  Json& rows = tree["rows"] = Json::array();
  for (const auto& row : scorecard.judgement.rows) rows.push_back(row_tree(scorecard, row));
  tree["out_of_scope"] = scorecard.judgement.out_of_scope;
  Json& claims = tree["claims"] = Json::array();
  for (const auto& claim : scorecard.judgement.claims) {
    claims.push_back(claim_tree(scorecard, claim));
  }
  tree["comparison"] =
      scorecard.comparison ? comparison_tree(*scorecard.comparison) : Json(nullptr);
  Json& coverage = tree["coverage"] = Json::array();
  for (const ComponentCoverage& component : scorecard.coverage) {
    coverage.push_back({{"component", component.id},
                        {"title", component.title},
                        {"required", component.required},
                        {"measured", component.measured},
                        {"passed", component.passed}});
  }
  Json& categories = tree["categories"] = Json::array();
  for (const Category& category : scorecard.categories) {
    categories.push_back({{"id", category.id},
                          {"score", json_number(category.score)},
                          {"weight", json_number(category.weight)},
                          {"evidence", category.evidence}});
  }
  Json& benchmarks = tree["benchmarks"] = Json::array();
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    benchmarks.push_back(benchmark_tree(scorecard, facts));
  }
  tree["digest"] = scorecard.digest;
  return tree;
}

}  // namespace midstream::reports
