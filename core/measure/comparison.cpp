#include "core/measure/comparison.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/measure/rank_tests.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::measure {
namespace {

// Costs of the launches of one side: larger is worse. Two ends, because a histogram knows only
// the bin; each test takes the ends that speak against what it would find.
struct Costs {
  std::vector<double> low;
  std::vector<double> high;
  [[nodiscard]] double median() const {
    return std::midpoint(measure::median(low), measure::median(high));
  }
};

Costs costs_of(const std::vector<LaunchValue>& values, Direction direction) {
  Costs costs;
  for (const LaunchValue& value : values) {
    const bool lower = direction == Direction::kLowerIsBetter;
    costs.low.push_back(lower ? value.low : 1 / value.high);
    costs.high.push_back(lower ? value.high : 1 / value.low);
  }
  return costs;
}

double median_of(const std::vector<LaunchValue>& values) {
  if (values.empty()) return 0;
  return costs_of(values, Direction::kLowerIsBetter).median();
}

bool all_positive(const std::vector<LaunchValue>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](const LaunchValue& value) { return value.low > 0; });
}

std::string percent(double fraction) {
  return format_quantity(100 * fraction, Dimension::kPercent);
}

// What one design (paired or not) can say of a row: the two tests and the bounds.
class RowTests {
 public:
  virtual ~RowTests() = default;
  // p-value of "worse costs more than `factor` times better".
  virtual double exceeds(const std::vector<double>& worse, const std::vector<double>& better,
                         double factor) = 0;
  // The ratio worse / better exceeds this with confidence 1 - alpha.
  virtual std::optional<double> lower_bound(const std::vector<double>& worse,
                                            const std::vector<double>& better, double alpha) = 0;
};

class UnpairedTests : public RowTests {
 public:
  double exceeds(const std::vector<double>& worse, const std::vector<double>& better,
                 double factor) override {
    std::vector<double> scaled = better;
    for (double& cost : scaled) cost *= factor;
    return test_.greater(worse, scaled);
  }
  std::optional<double> lower_bound(const std::vector<double>& worse,
                                    const std::vector<double>& better, double alpha) override {
    const std::size_t rank = test_.critical_rank(worse.size(), better.size(), alpha);
    if (rank == 0) return std::nullopt;
    std::vector<double> ratios;
    ratios.reserve(worse.size() * better.size());
    for (const double w : worse) {
      for (const double b : better) ratios.push_back(w / b);
    }
    const auto at = ratios.begin() + static_cast<std::ptrdiff_t>(rank - 1);
    std::nth_element(ratios.begin(), at, ratios.end());
    return *at;
  }

 private:
  MannWhitney test_;
};

class PairedTests : public RowTests {
 public:
  double exceeds(const std::vector<double>& worse, const std::vector<double>& better,
                 double factor) override {
    return signed_rank_greater(logarithms(worse, better, std::log(factor)));
  }
  std::optional<double> lower_bound(const std::vector<double>& worse,
                                    const std::vector<double>& better, double alpha) override {
    const auto bound = signed_rank_lower_bound(logarithms(worse, better, 0), alpha);
    if (!bound) return std::nullopt;
    return std::exp(*bound);
  }

 private:
  static std::vector<double> logarithms(const std::vector<double>& worse,
                                        const std::vector<double>& better, double shift) {
    std::vector<double> logs(worse.size());
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] = std::log(worse[i] / better[i]) - shift;
    return logs;
  }
};

// A row that can be tested: both sides, and the factor that is still allowed.
struct Testable {
  std::size_t index = 0;
  Costs old_costs;
  Costs new_costs;
  double factor = 1;
};

// Why a row cannot be tested; empty when it can.
std::string obstacle(const ChangeInput& row, Pairing pairing) {
  if (!row.unusable.empty()) return row.unusable;
  const std::size_t old_n = row.old_values.size();
  const std::size_t new_n = row.new_values.size();
  if (pairing == Pairing::kPaired && old_n < kMinPairs) {
    return "needs " + std::to_string(kMinPairs) + " pairs of launches, has " +
           std::to_string(old_n);
  }
  if (pairing == Pairing::kUnpaired && std::min(old_n, new_n) < kMinLaunchesUnpaired) {
    return "needs " + std::to_string(kMinLaunchesUnpaired) + " launches a side, has " +
           std::to_string(old_n) + " and " + std::to_string(new_n);
  }
  if (!all_positive(row.old_values) || !all_positive(row.new_values)) {
    return "a launch measured 0, so there is no ratio";
  }
  return {};
}

// Deterministic: every launch of a side gave the same value, and the two are compared as they are.
void decide_value(const ChangeInput& row, Change& change) {
  const auto same = [](const std::vector<LaunchValue>& values) {
    return !values.empty() && std::all_of(values.begin(), values.end(), [&](const LaunchValue& v) {
      return v.low == values[0].low && v.high == values[0].low;
    });
  };
  if (!same(row.old_values) || !same(row.new_values)) {
    change.reason = row.old_values.empty() || row.new_values.empty()
                        ? "has no value on one side"
                        : "should be the same in every launch, and is not";
    return;
  }
  const bool lower = row.direction == Direction::kLowerIsBetter;
  const double worse = lower ? change.new_median : change.old_median;
  const double better = lower ? change.old_median : change.new_median;
  if (worse > 0 && better > 0) {
    const double ratio = worse / better;
    change.ratio = {ratio, ratio, ratio};
  }
  change.smallest_visible = row.max_regression;
  if (worse > better * (1 + row.max_regression)) {
    change.verdict = ChangeVerdict::kRegressed;
  } else if (better > worse * (1 + row.max_regression)) {
    change.verdict = ChangeVerdict::kImproved;
  } else {
    change.verdict = ChangeVerdict::kUnchanged;
  }
}

// The interval and what could have been seen; the two tests' p-values are set by the caller.
void estimate(const Testable& row, RowTests& tests, double level, double lone_level,
              Change& change) {
  const double ratio = row.new_costs.median() / row.old_costs.median();
  change.ratio = {ratio, ratio, ratio};
  const auto low = tests.lower_bound(row.new_costs.low, row.old_costs.high, level / 2);
  const auto high = tests.lower_bound(row.old_costs.low, row.new_costs.high, level / 2);
  // Where launches fall into two modes, the ratio of medians can leave the interval of the test;
  // the interval shown, and used, holds both.
  if (low) change.ratio->low = std::min(*low, ratio);
  if (high) change.ratio->high = std::max(1 / *high, ratio);
  // These launches, slowed down until their lower bound passes the factor.
  const auto lone = tests.lower_bound(row.new_costs.low, row.old_costs.high, lone_level);
  if (lone) change.smallest_visible = std::max(0.0, row.factor * ratio / *lone - 1);
}

// What the noise of the machine leaves of a finding: the tests know the scatter of launches within
// the runs, not what moves a whole run.
std::string noise_remark(const ChangeInput& row, double delta, double found) {
  if (!row.noise_floor || *row.noise_floor < delta) return {};
  const std::string floor = percent(*row.noise_floor);
  if (found - 1 <= *row.noise_floor) {
    return "; but this machine showed up to " + floor + " between runs of one binary";
  }
  return "; the noise floor of this machine, " + floor + ", is not below " + percent(delta);
}

std::string unknown_floor(const ChangeInput& row) {
  return row.noise_unknown.empty()
             ? "the noise floor of this machine is not known (`doctor --noise` measures it)"
             : "the noise floor of this machine is not known: " + row.noise_unknown;
}

void decide(const ChangeInput& row, double level, Change& change) {
  const double delta = change.max_regression;
  const double ratio = change.ratio->value;
  if (change.p_regressed <= level) {
    change.verdict = ChangeVerdict::kRegressed;
    change.reason = "worse by more than " + percent(delta) + noise_remark(row, delta, ratio);
    return;
  }
  if (change.p_improved <= level) {
    change.verdict = ChangeVerdict::kImproved;
    change.reason = "better by more than " + percent(delta) + noise_remark(row, delta, 1 / ratio);
    return;
  }
  if (!(change.ratio->high < 1 + delta)) {
    change.reason = "may be worse by up to " + percent(change.ratio->high - 1) +
                    ", which is not below " + percent(delta);
  } else if (!row.noise_floor) {
    change.reason = unknown_floor(row);
  } else if (!(*row.noise_floor < delta)) {
    change.reason = "the noise floor of this machine, " + percent(*row.noise_floor) +
                    ", is not below " + percent(delta);
  } else {
    change.verdict = ChangeVerdict::kUnchanged;
  }
}

Change describe(const ChangeInput& row) {
  Change change;
  change.benchmark = row.benchmark;
  change.old_median = median_of(row.old_values);
  change.new_median = median_of(row.new_values);
  change.old_n = row.old_values.size();
  change.new_n = row.new_values.size();
  change.max_regression = row.max_regression;
  return change;
}

}  // namespace

std::string_view change_verdict_name(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::kRegressed:
      return "REGRESSED";
    case ChangeVerdict::kImproved:
      return "IMPROVED";
    case ChangeVerdict::kUnchanged:
      return "UNCHANGED";
    case ChangeVerdict::kInconclusive:
      return "INCONCLUSIVE";
  }
  return "unknown";
}

std::vector<Change> compare_rows(std::span<const ChangeInput> rows, Pairing pairing, double level) {
  std::vector<Change> changes;
  std::vector<Testable> testable;
  for (const ChangeInput& row : rows) {
    assert(pairing == Pairing::kUnpaired || row.deterministic ||
           row.old_values.size() == row.new_values.size());
    Change change = describe(row);
    change.reason = row.deterministic ? row.unusable : obstacle(row, pairing);
    if (change.reason.empty() && row.deterministic) {
      decide_value(row, change);
    } else if (change.reason.empty()) {
      change.max_regression = std::max(row.max_regression, row.resolution / change.old_median);
      testable.push_back({changes.size(), costs_of(row.old_values, row.direction),
                          costs_of(row.new_values, row.direction), 1 + change.max_regression});
    }
    changes.push_back(std::move(change));
  }

  UnpairedTests unpaired;
  PairedTests paired;
  RowTests& tests = pairing == Pairing::kPaired ? static_cast<RowTests&>(paired) : unpaired;
  std::vector<double> regressed;
  std::vector<double> improved;
  for (const Testable& row : testable) {
    regressed.push_back(tests.exceeds(row.new_costs.low, row.old_costs.high, row.factor));
    improved.push_back(tests.exceeds(row.old_costs.low, row.new_costs.high, row.factor));
  }
  regressed = benjamini_hochberg(regressed);
  improved = benjamini_hochberg(improved);
  const double lone_level = level / static_cast<double>(std::max<std::size_t>(1, testable.size()));
  for (std::size_t i = 0; i < testable.size(); ++i) {
    Change& change = changes[testable[i].index];
    change.p_regressed = regressed[i];
    change.p_improved = improved[i];
    estimate(testable[i], tests, level, lone_level, change);
    decide(rows[testable[i].index], level, change);
  }
  return changes;
}

std::optional<double> noise_floor(std::span<const Change> same_binary) {
  std::vector<double> distances;
  for (const Change& change : same_binary) {
    if (!change.ratio) continue;
    distances.push_back(std::max(change.ratio->value, 1 / change.ratio->value) - 1);
  }
  if (distances.empty()) return std::nullopt;
  return quantile(distances, 0.95);
}

}  // namespace midstream::measure
