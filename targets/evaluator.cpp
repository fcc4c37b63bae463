#include "targets/evaluator.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/names.hpp"
#include "targets/scenario.hpp"
#include "targets/scope.hpp"

namespace midstream::targets {
namespace {

// The scenarios of a row out of what was measured, and how many of its own a filter left out.
struct Chosen {
  std::vector<const measure::Measurement*> measurements;
  std::size_t known = 0;  // of the row in the results, chosen or not
};

Chosen choose(const Target& target, const measure::Results& results) {
  Chosen chosen;
  for (const measure::Measurement& measurement : results.measurements) {
    if (!glob_match(target.benchmark, measurement.id)) continue;
    ++chosen.known;
    if (is_chosen(measurement.id, results.filters)) chosen.measurements.push_back(&measurement);
  }
  return chosen;
}

// A filter that only may touch the row, and touches nothing of it, does not choose it.
bool row_in_scope(const Component& component, const Target& target, const Chosen& chosen,
                  const measure::Results& results) {
  if (!in_scope(component, target, results)) return false;
  return !chosen.measurements.empty() ||
         filter_coverage(target.benchmark, results.filters) == Coverage::kAll;
}

std::string partial_note(const Target& target, const Chosen& chosen,
                         const measure::Results& results) {
  if (filter_coverage(target.benchmark, results.filters) == Coverage::kAll) return {};
  const std::string judged = std::to_string(chosen.measurements.size());
  if (chosen.measurements.size() < chosen.known) {
    return judged + " of " + std::to_string(chosen.known) + " scenarios chosen";
  }
  // The results hold what was chosen and nothing of the rest to count.
  return "only the scenarios chosen by a filter (" + judged + ")";
}

std::size_t worst_of(const std::vector<Scenario>& scenarios, const Limit& limit) {
  const auto goodness = [&](const Scenario& scenario) {
    return std::tuple(-badness(scenario.verdict), margin_of(scenario, limit));
  };
  const auto worst = std::min_element(
      scenarios.begin(), scenarios.end(),
      [&](const Scenario& a, const Scenario& b) { return goodness(a) < goodness(b); });
  return static_cast<std::size_t>(worst - scenarios.begin());
}

std::string row_reason(const Row& row) {
  const Scenario& worst = *row.shown();
  std::string reason = worst.reason;
  if (!reason.empty() && worst.benchmark != row.target.benchmark) {
    reason = worst.benchmark + ": " + reason;
    const auto passed = std::count_if(row.scenarios.begin(), row.scenarios.end(),
                                      [](const auto& s) { return s.verdict == Verdict::kPass; });
    if (row.scenarios.size() > 1) {
      reason += " (" + std::to_string(passed) + " of " + std::to_string(row.scenarios.size()) +
                " scenarios pass)";
    }
  }
  if (!row.note.empty()) reason += (reason.empty() ? "" : "; ") + row.note;
  return reason;
}

// What follows from its scenarios.
void conclude(Row& row) {
  if (row.scenarios.empty()) {
    row.verdict = Verdict::kMissing;
    row.reason = is_glob(row.target.benchmark) ? "no benchmark matches it" : "no such benchmark";
    return;
  }
  row.worst = worst_of(row.scenarios, row.target.limit);
  row.verdict = row.shown()->verdict;
  row.reason = row_reason(row);
}

Row judge_row(const Target& target, const Chosen& chosen, const measure::Results& results,
              double confidence) {
  Row row;
  row.target = target;
  for (const measure::Measurement* measurement : chosen.measurements) {
    row.scenarios.push_back(judge_scenario(target, *measurement, results, confidence));
  }
  if (!row.scenarios.empty()) row.note = partial_note(target, chosen, results);
  conclude(row);
  return row;
}

void judge_row_again(Row& row, const measure::Results& facts, double confidence) {
  for (Scenario& scenario : row.scenarios) {
    if (const auto* measurement = find_measurement(facts, scenario.benchmark)) {
      conclude(scenario, row.target, *measurement, facts, confidence);
    } else {
      scenario.verdict = Verdict::kMissing;
      scenario.reason = "nothing is recorded of this benchmark";
    }
  }
  conclude(row);
}

std::string claim_reason(const Claim& claim, const Row& row) {
  const bool decided = row.verdict == Verdict::kPass || row.verdict == Verdict::kFail;
  std::string tested(verdict_name(row.verdict));
  if (decided) {
    const Dimension dimension = claim.limit->quantity.unit.dimension;
    tested = format_quantity(row.shown()->value, dimension) +
             (row.verdict == Verdict::kPass ? " meets " : " does not meet ") + claim.limit->text;
    // The reason of a FAIL says the same at more length; a PASS has one only to qualify it.
    if (row.verdict == Verdict::kPass && !row.reason.empty()) tested += "; " + row.reason;
  } else if (!row.reason.empty()) {
    tested += ", " + row.reason;
  }
  return claim.unverifiable.empty() ? tested
                                    : claim.unverifiable + "; what can be tested: " + tested;
}

// What follows from the row that the claim amounts to.
void conclude(JudgedClaim& judged, Row row) {
  judged.verdict = ClaimVerdict::kUnverifiable;
  if (judged.claim.unverifiable.empty() && row.verdict == Verdict::kPass) {
    judged.verdict = ClaimVerdict::kReproduced;
  } else if (judged.claim.unverifiable.empty() && row.verdict == Verdict::kFail) {
    judged.verdict = ClaimVerdict::kNotReproduced;
  }
  judged.reason = claim_reason(judged.claim, row);
  judged.note = std::move(row.note);
  judged.scenarios = std::move(row.scenarios);
}

// Nothing when the claim's benchmark is outside the scope of the run.
std::optional<JudgedClaim> judge_claim(const Claim& claim, const measure::Results& results,
                                       double confidence) {
  JudgedClaim judged;
  judged.claim = claim;
  if (!claim.limit) {
    judged.reason = claim.unverifiable;
    return judged;
  }
  const Target target = target_of(claim);
  Component suite;
  suite.id = claim.benchmark.substr(0, claim.benchmark.find('/'));
  const Chosen chosen = choose(target, results);
  if (!row_in_scope(suite, target, chosen, results)) return std::nullopt;
  conclude(judged, judge_row(target, chosen, results, confidence));
  return judged;
}

void judge_claim_again(JudgedClaim& judged, const measure::Results& facts, double confidence) {
  if (!judged.claim.limit) {
    judged.verdict = ClaimVerdict::kUnverifiable;
    judged.reason = judged.claim.unverifiable;
    return;
  }
  Row row;
  row.target = target_of(judged.claim);
  row.note = judged.note;
  row.scenarios = std::move(judged.scenarios);
  judge_row_again(row, facts, confidence);
  conclude(judged, std::move(row));
}

}  // namespace

Target target_of(const Claim& claim) {
  Target target;
  target.id = claim.id;
  target.benchmark = claim.benchmark;
  target.statistic = claim.statistic;
  target.limit = *claim.limit;
  return target;
}

double Row::margin() const {
  const Scenario* scenario = shown();
  return scenario == nullptr ? 0 : margin_of(*scenario, target.limit);
}

Judgement judge(const TargetsFile& targets, const measure::Results& results) {
  Judgement judgement;
  const double confidence = targets.policy.confidence;
  for (const Component& component : targets.components) {
    for (const Target& target : component.targets) {
      const Chosen chosen = choose(target, results);
      if (!row_in_scope(component, target, chosen, results)) {
        ++judgement.out_of_scope;
        continue;
      }
      Row row = judge_row(target, chosen, results, confidence);
      row.component = component.id;
      judgement.rows.push_back(std::move(row));
    }
  }
  for (const Claim& claim : targets.claims) {
    if (auto judged = judge_claim(claim, results, confidence)) {
      judgement.claims.push_back(std::move(*judged));
    }
  }
  return judgement;
}

void judge_again(Judgement& judgement, const measure::Results& facts, double confidence) {
  for (Row& row : judgement.rows) judge_row_again(row, facts, confidence);
  for (JudgedClaim& claim : judgement.claims) judge_claim_again(claim, facts, confidence);
}

}  // namespace midstream::targets
