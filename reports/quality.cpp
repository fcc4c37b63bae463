#include "reports/quality.hpp"

#include <algorithm>
#include <map>

namespace midstream::reports {
namespace {

using targets::AuditCheck;
using targets::AuditOutcome;

void add_once(std::vector<std::string>& ids, std::string_view id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.emplace_back(id);
}

void add_checks(RowQuality& quality, const Scorecard& scorecard, std::string_view benchmark) {
  const BenchmarkFacts* facts = scorecard.facts(benchmark);
  if (facts == nullptr || !has_started(*facts)) return;
  for (const AuditCheck& check : audit_of(scorecard, *facts)) {
    if (check.outcome == AuditOutcome::kCaps) add_once(quality.caps, check.id);
    if (check.outcome == AuditOutcome::kWarns) add_once(quality.warns, check.id);
  }
}

void count(CheckTally& tally, const AuditCheck& check, const std::string& benchmark) {
  switch (check.outcome) {
    case AuditOutcome::kHolds:
      ++tally.holds;
      break;
    case AuditOutcome::kNotApplicable:
      ++tally.not_applicable;
      break;
    case AuditOutcome::kWarns:
      tally.warns.push_back(benchmark + ": " + check.detail);
      break;
    case AuditOutcome::kCaps:
      tally.caps.push_back(benchmark + ": " + check.detail);
      break;
  }
}

// In hundreds of characters, and the same for nearly all: docs/results.md.
constexpr std::string_view kHardwareCounters = "hardware counters";
constexpr std::size_t kValuesInALine = 4;

// Distinct values of each fact, in the order they come.
using FactValues = std::map<std::string, std::vector<std::string>>;

void add_facts(FactValues& values, const BenchmarkFacts& facts) {
  for (const auto& [name, value] : facts.about.facts) {
    if (name != kHardwareCounters) add_once(values[name], value);
  }
}

std::string some_values(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < kValuesInALine; ++i) {
    text += (i == 0 ? "" : ", ") + values[i];
  }
  if (values.size() <= kValuesInALine) return text;
  return text + " and " + std::to_string(values.size() - kValuesInALine) + " more";
}

}  // namespace

std::vector<AuditCheck> audit_of(const Scorecard& scorecard, const BenchmarkFacts& facts) {
  return targets::audit(facts.about, facts.summary, scorecard.run);
}

bool has_started(const BenchmarkFacts& facts) {
  return facts.about.status != measure::MeasurementStatus::kUnavailable &&
         facts.about.status != measure::MeasurementStatus::kNotRun;
}

std::vector<CheckTally> tally_checks(const Scorecard& scorecard) {
  std::vector<CheckTally> tallies;
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    if (!has_started(facts)) continue;
    const auto checks = audit_of(scorecard, facts);
    tallies.resize(checks.size());
    for (std::size_t i = 0; i < checks.size(); ++i) {
      tallies[i].id = checks[i].id;
      tallies[i].title = checks[i].title;
      count(tallies[i], checks[i], facts.about.id);
    }
  }
  return tallies;
}

RowQuality row_quality(const Scorecard& scorecard, const targets::Row& row) {
  RowQuality quality;
  for (const targets::Scenario& scenario : row.scenarios) {
    add_checks(quality, scorecard, scenario.benchmark);
    if (!scenario.reference.empty()) add_checks(quality, scorecard, scenario.reference);
  }
  if (row.scenarios.size() == 1 && !row.scenarios[0].single_value) {
    add_once(quality.warns, "scenarios");
  }
  return quality;
}

namespace {

template <class IsCommon>
std::string own_facts(const BenchmarkFacts& facts, const IsCommon& is_common) {
  std::string text;
  for (const auto& [name, value] : facts.about.facts) {
    if (name == kHardwareCounters || is_common(name)) continue;
    if (!text.empty()) text += "; ";
    text.append(name).append(": ").append(value);
  }
  return text;
}

}  // namespace

RunFacts run_facts(const Scorecard& scorecard) {
  FactValues values;
  std::map<std::string, std::size_t> carriers;
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    add_facts(values, facts);
    for (const auto& [name, value] : facts.about.facts) ++carriers[name];
  }
  const auto is_common = [&](const std::string& name) {
    return values[name].size() == 1 && carriers[name] == scorecard.benchmarks.size();
  };
  RunFacts out;
  for (const auto& [name, distinct] : values) {
    if (is_common(name)) out.common.emplace_back(name, distinct.front());
  }
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    std::string text = own_facts(facts, is_common);
    if (!text.empty()) out.own.emplace_back(facts.about.id, text);
  }
  return out;
}

std::string facts_of_component(const Scorecard& scorecard, std::string_view component) {
  FactValues values;
  const std::string prefix = std::string(component) + "/";
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    if (facts.about.id.rfind(prefix, 0) == 0) add_facts(values, facts);
  }
  std::string text;
  for (const auto& [name, distinct] : values) {
    text += (text.empty() ? "" : "; ") + name + " " + some_values(distinct);
  }
  return text;
}

}  // namespace midstream::reports
