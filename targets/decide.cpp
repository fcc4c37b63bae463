// From the launches of one scenario to its verdict.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "targets/evaluator.hpp"
#include "targets/limit.hpp"

namespace midstream::targets {
namespace {

constexpr double kNearLimit = 0.10;
constexpr std::size_t kValueLaunches = 2;  // the second verifies the first

std::string plural(std::size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "es");
}

void summarise(Scenario& scenario, std::size_t n, double confidence) {
  scenario.n = n;
  scenario.value = scenario.ci_low = scenario.ci_high = scenario.coverage = 0;
  if (n == 0) return;
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(scenario.launches[i].value);
  scenario.value = measure::median(values);
  const measure::Interval interval = measure::median_interval(values, confidence);
  scenario.ci_low = interval.low;
  scenario.ci_high = interval.high;
  scenario.coverage = interval.coverage;
}

std::string missed(const Scenario& scenario, const Limit& limit) {
  return format_quantity(scenario.value, limit.quantity.unit.dimension) + ", the limit is " +
         limit.text;
}

// A size or a count: every launch must give the same, and one repetition is enough to see it.
void decide_value(Scenario& scenario, const Limit& limit) {
  const auto& launches = scenario.launches;
  if (launches.size() < kValueLaunches) {
    scenario.verdict = Verdict::kInconclusive;
    scenario.next_look = kValueLaunches;
    scenario.reason = launches.empty() ? "no launch yet, a value needs 2"
                                       : "1 launch, a value needs a second that equals it";
    return;
  }
  const auto other = std::find_if(launches.begin(), launches.end(), [&](const auto& launch) {
    return launch.value != launches.front().value;
  });
  if (other != launches.end()) {
    const Dimension dimension = limit.quantity.unit.dimension;
    scenario.verdict = Verdict::kInvalid;
    scenario.reason = "not deterministic: " + format_quantity(launches.front().value, dimension) +
                      " in one launch, " + format_quantity(other->value, dimension) + " in another";
    return;
  }
  const bool holds = limit.holds(scenario.value);
  scenario.wrong = holds ? 0 : scenario.n;
  scenario.verdict = holds ? Verdict::kPass : Verdict::kFail;
  if (!holds) scenario.reason = missed(scenario, limit);
}

measure::SignOutcome test(const Scenario& scenario, const Limit& limit) {
  std::array<bool, measure::kMaxLaunches> right{};
  const std::size_t n = std::min(scenario.launches.size(), right.size());
  for (std::size_t i = 0; i < n; ++i) right[i] = limit.holds(scenario.launches[i].value);
  return measure::sign_test({right.data(), n});
}

void decide_launches(Scenario& scenario, const Limit& limit, const measure::SignOutcome& outcome) {
  scenario.wrong = outcome.wrong;
  scenario.next_look = outcome.next_look;
  const std::string sides =
      std::to_string(outcome.wrong) + " of " + plural(outcome.n, "launch") + " on the wrong side";
  switch (outcome.decision) {
    case measure::SignDecision::kPass:
      scenario.verdict = Verdict::kPass;
      break;
    case measure::SignDecision::kFail:
      scenario.verdict = Verdict::kFail;
      scenario.reason = missed(scenario, limit) + "; " + sides;
      break;
    case measure::SignDecision::kInconclusive:
      scenario.verdict = Verdict::kInconclusive;
      scenario.reason = missed(scenario, limit) + "; " + sides + ", too near to tell";
      break;
    case measure::SignDecision::kUndecided:
      scenario.verdict = Verdict::kInconclusive;
      scenario.reason = plural(outcome.n, "launch") + " so far, " +
                        std::to_string(outcome.next_look - outcome.n) +
                        " more needed before it can be decided";
      break;
  }
}

}  // namespace

void decide(Scenario& scenario, const Limit& limit, double confidence) {
  scenario.wrong = 0;
  scenario.next_look = 0;
  scenario.reason.clear();
  scenario.near_limit = false;
  if (scenario.single_value) {
    summarise(scenario, std::min(scenario.launches.size(), kValueLaunches), confidence);
    decide_value(scenario, limit);
  } else {
    const measure::SignOutcome outcome = test(scenario, limit);
    summarise(scenario, outcome.n, confidence);
    decide_launches(scenario, limit, outcome);
  }
  const bool decided = scenario.verdict == Verdict::kPass || scenario.verdict == Verdict::kFail;
  if (decided && !scenario.cap.empty()) {
    scenario.reason =
        "would be " + std::string(verdict_name(scenario.verdict)) + ", but " + scenario.cap;
    scenario.verdict = Verdict::kInconclusive;
  }
  const double bound = limit.quantity.base();
  scenario.near_limit = scenario.verdict == Verdict::kPass &&
                        std::abs(scenario.value - bound) <= kNearLimit * std::abs(bound);
}

}  // namespace midstream::targets
