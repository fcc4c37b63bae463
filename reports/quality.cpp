#include "reports/quality.hpp"

#include <algorithm>

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

}  // namespace midstream::reports
