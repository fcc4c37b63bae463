#include "core/measure/comparability.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "core/measure/environment.hpp"
#include "core/measure/results_names.hpp"

namespace midstream::measure {
namespace {

// Facts that describe the moment or the surroundings and change no time by themselves. Every other
// fact blocks, also one that a later version records: unknown must not mean harmless.
constexpr std::string_view kHarmless[] = {"memory",       "os",         "container",
                                          "load_average", "timer_cost", "timer_resolution"};

bool blocks(std::string_view name) {
  return std::find(std::begin(kHarmless), std::end(kHarmless), name) == std::end(kHarmless);
}

// Facts of the build: what two binaries in one run may differ in.
constexpr std::string_view kBuild[] = {"compiler", "compiler_flags", "build_type", "sanitizers"};

bool is_of_build(std::string_view name) {
  return std::find(std::begin(kBuild), std::end(kBuild), name) != std::end(kBuild);
}

const Measurement* find(const Results& results, std::string_view id) {
  const auto it = std::find_if(results.measurements.begin(), results.measurements.end(),
                               [&](const Measurement& m) { return m.id == id; });
  return it == results.measurements.end() ? nullptr : &*it;
}

std::string joined(const std::map<std::string, std::string>& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text.append(text.empty() ? "" : ", ").append(name).append("=").append(value);
  }
  return text;
}

std::string work(const Measurement& of) {
  if (!of.throughput) return "none";
  return format_quantity(of.throughput->per_operation, Dimension::kPlain) + " " +
         of.throughput->item;
}

// The timer's resolution of a run, in the unit of the metric; 0 where it does not matter.
double resolution(const Results& results, const Metric& metric) {
  if (metric.kind != SampleKind::kOperation || metric.unit.dimension != Dimension::kTime) return 0;
  const auto quantity = parse_quantity(fact(results.environment, "timer_resolution"));
  return quantity.ok() ? quantity->base() / metric.unit.scale : 0;
}

std::vector<LaunchValue> values_of(const Measurement& of, Statistic statistic) {
  std::vector<LaunchValue> values;
  for (const Launch& launch : of.launches) {
    if (const auto value = launch_statistic(launch, of.metric, statistic)) values.push_back(*value);
  }
  return values;
}

// Values of the rounds that counted on both sides.
void pair_by_round(const Measurement& old_of, const Measurement& new_of, Statistic statistic,
                   ChangeInput& row) {
  for (const Launch& launch : old_of.launches) {
    const auto partner =
        std::find_if(new_of.launches.begin(), new_of.launches.end(),
                     [&](const Launch& other) { return other.round == launch.round; });
    if (partner == new_of.launches.end()) continue;
    const auto old_value = launch_statistic(launch, old_of.metric, statistic);
    const auto new_value = launch_statistic(*partner, new_of.metric, statistic);
    if (!old_value || !new_value) continue;
    row.old_values.push_back(*old_value);
    row.new_values.push_back(*new_value);
  }
}

// Why nothing can be said of one side. Times of wrong answers, or of what is left of a crash,
// compare to nothing. A row that was cut short has fewer launches, and that is judged by their
// number.
std::string unusable(const Measurement& of, const Results& results, const std::string& which) {
  const std::string run = "the " + which + " run ";
  if (of.status != MeasurementStatus::kOk && of.status != MeasurementStatus::kNotRun) {
    return run + "ended with status " + std::string(status_name(of.status)) +
           (of.reason.empty() ? "" : ": " + of.reason);
  }
  if (!results.release_build) return run + "was not of a release build";
  if (of.correctness.oracle.empty() || of.correctness.cases == 0) {
    return run + "held no answer against an oracle";
  }
  if (of.timer_cost_share > kMaxTimerShare) return run + "spent over 10 % of its time on the timer";
  return {};
}

// What forbids to compare, as one line; empty: nothing.
std::string forbidden(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& difference : differences) {
    if (difference.blocks) text += (text.empty() ? "" : "; ") + difference_text(difference);
  }
  return text;
}

// A benchmark and the run it was measured in.
struct Side {
  const Results& run;
  const Measurement& of;
};

ChangeInput input_of(const Side& old_side, const Side& new_side, const ComparisonPlan& plan) {
  const Measurement& old_of = old_side.of;
  const Measurement& new_of = new_side.of;
  const auto own = plan.rows.find(new_of.id);
  const RowPolicy& policy = own == plan.rows.end() ? plan.policy : own->second;
  ChangeInput row;
  row.benchmark = new_of.id;
  row.direction = new_of.metric.direction;
  row.deterministic = new_of.metric.kind == SampleKind::kValue;
  row.max_regression = policy.max_regression;
  row.noise_floor = policy.noise_floor;
  row.noise_unknown = policy.noise_unknown;
  row.resolution =
      std::max(resolution(old_side.run, old_of.metric), resolution(new_side.run, new_of.metric));
  row.unusable = unusable(new_of, new_side.run, "new");
  if (row.unusable.empty()) row.unusable = unusable(old_of, old_side.run, "old");
  const Statistic statistic = row.deterministic ? Statistic::kValue : policy.statistic;
  if (plan.pairing == Pairing::kPaired && !row.deterministic) {
    pair_by_round(old_of, new_of, statistic, row);
  } else {
    row.old_values = values_of(old_of, statistic);
    row.new_values = values_of(new_of, statistic);
  }
  return row;
}

std::vector<Difference> differences_of_runs(const Results& old_results, const Results& new_results,
                                            Pairing pairing) {
  auto differences = compare_environments(old_results.environment, new_results.environment);
  for (Difference& difference : differences) {
    if (pairing == Pairing::kPaired && is_of_build(difference.what)) difference.blocks = false;
  }
  if (old_results.profile != new_results.profile) {
    differences.push_back({"profile", old_results.profile, new_results.profile, false});
  }
  return differences;
}

}  // namespace

std::vector<Difference> compare_environments(const Environment& old_environment,
                                             const Environment& new_environment) {
  std::vector<Difference> differences;
  for (const EnvironmentFact& entry : old_environment) {
    const std::string other(fact(new_environment, entry.name));
    if (other != entry.value) {
      differences.push_back({entry.name, entry.value, other, blocks(entry.name)});
    }
  }
  for (const EnvironmentFact& entry : new_environment) {
    const bool known = std::any_of(old_environment.begin(), old_environment.end(),
                                   [&](const EnvironmentFact& o) { return o.name == entry.name; });
    if (!known && entry.value != "unknown") {
      differences.push_back({entry.name, "unknown", entry.value, blocks(entry.name)});
    }
  }
  return differences;
}

std::vector<Difference> compare_definitions(const Measurement& old_measurement,
                                            const Measurement& new_measurement) {
  std::vector<Difference> differences;
  const auto compare = [&](std::string_view what, std::string old_value, std::string new_value) {
    if (old_value == new_value) return;
    differences.push_back({new_measurement.id + ": " + std::string(what), std::move(old_value),
                           std::move(new_value), true});
  };
  const auto both = [&](std::string_view what, auto of) {
    compare(what, std::string(of(old_measurement)), std::string(of(new_measurement)));
  };
  both("parameters", [](const Measurement& m) { return joined(m.parameters); });
  both("unit", [](const Measurement& m) { return m.metric.unit.symbol; });
  both("direction", [](const Measurement& m) {
    return kDirectionNames[static_cast<std::size_t>(m.metric.direction)];
  });
  both("sample", [](const Measurement& m) {
    return kSampleKindNames[static_cast<std::size_t>(m.metric.kind)];
  });
  both("throughput", work);
  both("generator", [](const Measurement& m) { return m.generator; });
  both("seed", [](const Measurement& m) { return std::to_string(m.seed); });
  both("variants", [](const Measurement& m) { return std::to_string(m.variants); });
  return differences;
}

bool comparable(const std::vector<Difference>& differences) {
  return std::none_of(differences.begin(), differences.end(),
                      [](const Difference& difference) { return difference.blocks; });
}

std::string difference_text(const Difference& difference) {
  const auto shown = [](const std::string& value) { return value.empty() ? "none" : value; };
  return difference.what + ": " + shown(difference.old_value) + ", now " +
         shown(difference.new_value);
}

Comparison compare_results(const Results& old_results, const Results& new_results,
                           const ComparisonPlan& plan) {
  Comparison comparison;
  comparison.differences = differences_of_runs(old_results, new_results, plan.pairing);
  const std::string runs_differ = plan.force ? "" : forbidden(comparison.differences);
  for (const Measurement& measurement : new_results.measurements) {
    const Measurement* old_measurement = find(old_results, measurement.id);
    if (old_measurement == nullptr) {
      comparison.only_new.push_back(measurement.id);
      continue;
    }
    const auto definitions = compare_definitions(*old_measurement, measurement);
    comparison.differences.insert(comparison.differences.end(), definitions.begin(),
                                  definitions.end());
    ChangeInput row = input_of({old_results, *old_measurement}, {new_results, measurement}, plan);
    if (const std::string why = plan.force ? "" : forbidden(definitions); !why.empty()) {
      row.unusable = "not the same benchmark: " + why;
    }
    if (!runs_differ.empty()) row.unusable = "not comparable: " + runs_differ;
    comparison.inputs.push_back(std::move(row));
  }
  for (const Measurement& measurement : old_results.measurements) {
    if (find(new_results, measurement.id) == nullptr) comparison.only_old.push_back(measurement.id);
  }
  comparison.changes = compare_rows(comparison.inputs, plan.pairing, plan.level);
  return comparison;
}

}  // namespace midstream::measure
