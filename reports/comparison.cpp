#include "reports/comparison.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "core/measure/noise.hpp"
#include "targets/evaluator.hpp"
#include "targets/regression.hpp"

namespace midstream::reports {
namespace {

using measure::ChangeVerdict;

constexpr ChangeVerdict kWorstFirst[] = {ChangeVerdict::kRegressed, ChangeVerdict::kInconclusive,
                                         ChangeVerdict::kImproved, ChangeVerdict::kUnchanged};

const measure::Measurement* find(const measure::Results& results, const std::string& id) {
  const auto found = std::find_if(results.measurements.begin(), results.measurements.end(),
                                  [&](const auto& measurement) { return measurement.id == id; });
  return found == results.measurements.end() ? nullptr : &*found;
}

bool is_broken(const measure::Measurement* measurement) {
  return measurement != nullptr && (measurement->status == measure::MeasurementStatus::kInvalid ||
                                    measurement->status == measure::MeasurementStatus::kError);
}

std::map<std::string, targets::RegressionPolicy> policies_of(const targets::TargetsFile& targets,
                                                             const measure::Results& results,
                                                             const ComparisonRequest& request) {
  std::vector<std::string> ids;
  for (const measure::Measurement& measurement : results.measurements) {
    ids.push_back(measurement.id);
  }
  const double general = request.max_regression.value_or(targets.policy.max_regression);
  auto policies =
      targets::regression_policies(targets, ids, {measure::Statistic::kMedian, general, {}, {}});
  for (const measure::Measurement& measurement : results.measurements) {
    measure::RowPolicy& row = policies[measurement.id].row;
    row.noise_unknown = request.noise_unknown;
    if (!request.noise_floor) continue;
    row.noise_floor = request.noise_floor(measurement, row.statistic);
    if (!row.noise_floor) {
      row.noise_unknown = "it was measured of no benchmark of the class " +
                          measure::row_class(measurement, row.statistic);
    }
  }
  return policies;
}

// With the trouble of launches told by the benchmark: the statistics look at no launch that failed.
measure::Results settled(const measure::Results& results) {
  measure::Results copy = results;
  for (measure::Measurement& measurement : copy.measurements) targets::settle(measurement);
  return copy;
}

std::string formatted(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string ratio_text(double ratio) {
  return formatted(ratio >= 100 || ratio < 0.01 ? "%.3gx" : "%.3fx", ratio);
}

std::string value_text(double value, const Unit& unit) {
  return format_quantity(value * unit.scale, unit.dimension);
}

// The p-value of what the row was found to be; of a regression where nothing was found.
std::string p_text(const measure::Change& change) {
  const double p =
      change.verdict == ChangeVerdict::kImproved ? change.p_improved : change.p_regressed;
  return formatted(p < 1e-4 ? "%.1e" : "%.4f", p);
}

}  // namespace

std::size_t RunComparison::count(ChangeVerdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(),
                    [&](const ComparedRow& row) { return row.change.verdict == verdict; }));
}

std::size_t RunComparison::count_required(ChangeVerdict verdict) const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(),
      [&](const ComparedRow& row) { return !row.advisory && row.change.verdict == verdict; }));
}

std::vector<std::string> vanished_of(const targets::TargetsFile& targets,
                                     const std::vector<std::string>& only_old,
                                     const measure::Results& new_scope) {
  std::vector<std::string> vanished;
  for (const std::string& id : only_old) {
    if (targets::is_demanded(targets, id, new_scope)) vanished.push_back(id);
  }
  return vanished;
}

RunComparison compare_runs(const targets::TargetsFile& targets, const measure::Results& old_run,
                           const measure::Results& new_run, const ComparisonRequest& request) {
  const measure::Results old_results = settled(old_run);
  const measure::Results new_results = settled(new_run);
  const auto policies = policies_of(targets, new_results, request);
  measure::ComparisonPlan plan;
  plan.pairing = request.pairing;
  plan.force = request.force;
  for (const auto& [id, policy] : policies) plan.rows[id] = policy.row;
  measure::Comparison compared = measure::compare_results(old_results, new_results, plan);

  RunComparison comparison;
  comparison.old_name = request.old_name;
  comparison.new_name = request.new_name;
  comparison.old_revision = old_results.revision;
  comparison.new_revision = new_results.revision;
  comparison.pairing = plan.pairing;
  comparison.level = plan.level;
  comparison.forced = request.force;
  comparison.differences = std::move(compared.differences);
  comparison.only_old = std::move(compared.only_old);
  comparison.only_new = std::move(compared.only_new);
  comparison.vanished = vanished_of(targets, comparison.only_old, new_results);
  for (std::size_t i = 0; i < compared.inputs.size(); ++i) {
    const std::string id = compared.inputs[i].benchmark;
    const measure::Measurement* measured = find(new_results, id);
    ComparedRow row;
    row.input = std::move(compared.inputs[i]);
    row.change = std::move(compared.changes[i]);
    row.statistic =
        row.input.deterministic ? measure::Statistic::kValue : plan.rows.at(id).statistic;
    row.unit = measured->metric.unit;
    row.advisory = policies.at(id).advisory;
    row.broken = is_broken(measured);
    row.old_broken = is_broken(find(old_results, id));
    comparison.rows.push_back(std::move(row));
  }
  return comparison;
}

void compare_again(RunComparison& comparison) {
  std::vector<measure::ChangeInput> inputs;
  for (const ComparedRow& row : comparison.rows) inputs.push_back(row.input);
  auto changes = measure::compare_rows(inputs, comparison.pairing, comparison.level);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    comparison.rows[i].change = std::move(changes[i]);
  }
}

bool is_forbidden(const RunComparison& comparison, std::string_view benchmark) {
  return std::any_of(comparison.differences.begin(), comparison.differences.end(),
                     [&](const measure::Difference& difference) {
                       // "kernel" is of the runs, "suite/case: generator" of one benchmark.
                       const std::string_view what = difference.what;
                       const std::string_view of = what.substr(0, what.find(": "));
                       const bool of_benchmark = of.find('/') != std::string_view::npos;
                       return difference.blocks && (!of_benchmark || of == benchmark);
                     });
}

std::string what_differs(const RunComparison& comparison) {
  std::string text;
  for (const measure::Difference& difference : comparison.differences) {
    if (difference.blocks) text += (text.empty() ? "" : "; ") + difference_text(difference);
  }
  return text;
}

std::string tally(const RunComparison& comparison) {
  std::string text;
  for (const ChangeVerdict verdict : kWorstFirst) {
    const std::size_t count = comparison.count(verdict);
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
            std::string(change_verdict_name(verdict));
  }
  if (text.empty()) text = "no benchmark in both";
  const std::size_t vanished = comparison.vanished.size();
  return vanished == 0 ? text : text + ", " + std::to_string(vanished) + " vanished";
}

std::vector<const ComparedRow*> worst_first(const RunComparison& comparison) {
  std::vector<const ComparedRow*> rows;
  for (const ChangeVerdict verdict : kWorstFirst) {
    for (const ComparedRow& row : comparison.rows) {
      if (row.change.verdict == verdict) rows.push_back(&row);
    }
  }
  return rows;
}

ChangeText change_text(const ComparedRow& row) {
  const measure::Change& change = row.change;
  ChangeText text{"-", "-", "-", "-", "-", "none", ""};
  if (change.old_n > 0) text.old_value = value_text(change.old_median, row.unit);
  if (change.new_n > 0) text.new_value = value_text(change.new_median, row.unit);
  if (change.ratio) {
    text.ratio = ratio_text(change.ratio->value);
    // A value is the same in every launch: it is compared, not tested.
    if (!row.input.deterministic) {
      text.interval = ratio_text(change.ratio->low) + " … " + ratio_text(change.ratio->high);
      text.p = p_text(change);
    }
  }
  if (change.smallest_visible) {
    text.smallest_visible = formatted("%.1f %%", *change.smallest_visible * 100);
  }
  text.launches = std::to_string(change.old_n) + " + " + std::to_string(change.new_n);
  return text;
}

std::string verdict_text(const RunComparison& comparison, const ComparedRow& row) {
  std::string marks;
  if (row.advisory) marks = "advisory";
  if (comparison.is_forced()) marks += marks.empty() ? "forced" : ", forced";
  std::string text(change_verdict_name(row.change.verdict));
  return marks.empty() ? text : text + " (" + marks + ")";
}

}  // namespace midstream::reports
