#include "targets/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "targets/audit.hpp"
#include "targets/limit.hpp"
#include "targets/scope.hpp"

namespace midstream::targets {
namespace {

using measure::Launch;
using measure::LaunchStatus;
using measure::LaunchValue;
using measure::Measurement;
using measure::MeasurementStatus;

const Launch* find_launch(const Measurement& measurement,
                          std::initializer_list<LaunchStatus> statuses) {
  const auto found = std::find_if(
      measurement.launches.begin(), measurement.launches.end(), [&](const Launch& launch) {
        return std::find(statuses.begin(), statuses.end(), launch.status) != statuses.end();
      });
  return found == measurement.launches.end() ? nullptr : &*found;
}

std::string first_reason(const std::string& measurement, const Launch* launch,
                         const char* otherwise) {
  if (!measurement.empty()) return measurement;
  return launch != nullptr && !launch->reason.empty() ? launch->reason : otherwise;
}

bool any_without_data(const Measurement& measurement) {
  return std::any_of(
      measurement.launches.begin(), measurement.launches.end(), [](const Launch& launch) {
        const bool samples =
            !launch.samples.empty() || (launch.histogram && launch.histogram->count() > 0);
        return launch.status == LaunchStatus::kOk && !samples;
      });
}

// A value that differs inside one launch is as little deterministic as between two.
bool differs_inside(const Measurement& measurement) {
  return measurement.metric.kind == measure::SampleKind::kValue &&
         std::any_of(measurement.launches.begin(), measurement.launches.end(),
                     [](const Launch& launch) {
                       return std::adjacent_find(launch.samples.begin(), launch.samples.end(),
                                                 std::not_equal_to<>()) != launch.samples.end();
                     });
}

// In base units of the metric's dimension.
std::optional<LaunchValue> launch_value(const Launch& launch, const Measurement& measurement,
                                        measure::Statistic statistic) {
  const measure::Metric& metric = measurement.metric;
  // A value is what it is, whichever statistic is asked for.
  if (metric.kind == measure::SampleKind::kValue) statistic = measure::Statistic::kValue;
  auto value = launch_statistic(launch, metric, statistic);
  if (!value) return std::nullopt;
  value->low *= metric.unit.scale;
  value->high *= metric.unit.scale;
  return value;
}

// A range counts against the row: its high end under an upper limit, its low end over a lower.
void add_launch(Scenario& scenario, std::uint32_t round, const LaunchValue& value,
                const Limit& limit) {
  const double end = is_upper(limit) ? value.high : value.low;
  if (std::isfinite(end)) scenario.launches.push_back({round, end});
}

void collect_absolute(Scenario& scenario, const Target& target, const Measurement& measurement) {
  const bool rate = reads_rate(target.limit, measurement);
  for (const Launch& launch : measurement.launches) {
    const auto value =
        rate ? launch_rate(launch, measurement.metric, *measurement.throughput, target.statistic)
             : launch_value(launch, measurement, target.statistic);
    if (value) add_launch(scenario, launch.round, *value, target.limit);
  }
}

// Launches of one round were measured next to each other: their ratio is free of what drifts.
void collect_ratio(Scenario& scenario, const Target& target, const Measurement& measurement,
                   const Measurement& reference) {
  std::map<std::uint32_t, LaunchValue> references;
  for (const Launch& launch : reference.launches) {
    if (const auto value = launch_value(launch, reference, target.statistic)) {
      references.emplace(launch.round, *value);
    }
  }
  for (const Launch& launch : measurement.launches) {
    const auto measured = launch_value(launch, measurement, target.statistic);
    const auto pair = references.extract(launch.round);  // a reference serves one launch only
    if (!measured || pair.empty()) continue;
    const bool speedup = target.relation == Relation::kSpeedupOver;
    const LaunchValue& above = speedup ? pair.mapped() : *measured;
    const LaunchValue& below = speedup ? *measured : pair.mapped();
    if (below.low <= 0) continue;
    add_launch(scenario, launch.round, {above.low / below.high, above.high / below.low},
               target.limit);
  }
}

std::optional<Trouble> dimension_trouble(const Target& target, const Measurement& measurement,
                                         const Measurement* reference) {
  const Dimension measured = measurement.metric.unit.dimension;
  if (reference != nullptr) {
    if (reference->metric.unit.dimension == measured) return std::nullopt;
    return Trouble{Verdict::kError, "no ratio: " + measurement.id + " and " + reference->id +
                                        " measure different things"};
  }
  const Dimension limit = target.limit.quantity.unit.dimension;
  if (limit == measured || reads_rate(target.limit, measurement)) return std::nullopt;
  return Trouble{Verdict::kError, "no data for the limit " + target.limit.text + ": " +
                                      measurement.id + " measures " +
                                      std::string(dimension_name(measured))};
}

void set_trouble(Scenario& scenario, const Trouble& trouble, const std::string& prefix) {
  scenario.verdict = trouble.verdict;
  scenario.reason = prefix + trouble.reason;
  scenario.next_look = 0;
  scenario.near_limit = false;
}

// Not decided for want of launches; next_look still says how many, for a run that goes on.
void set_unfinished(Scenario& scenario, Verdict verdict, std::string reason) {
  scenario.verdict = verdict;
  scenario.reason = std::move(reason);
}

// What an undecided scenario lacks: time, or launches.
void explain_undecided(Scenario& scenario, const Measurement& measurement,
                       const Measurement* reference, const measure::Results& results) {
  if (scenario.next_look == 0) return;
  const bool reference_stopped =
      reference != nullptr && reference->status == MeasurementStatus::kNotRun;
  const std::string progress = "after " + std::to_string(scenario.launches.size()) + " of " +
                               std::to_string(scenario.next_look) + " launches";
  if (results.interrupted) {
    set_unfinished(scenario, Verdict::kNotRun, "interrupted " + progress);
  } else if (measurement.status == MeasurementStatus::kNotRun || reference_stopped) {
    const std::string& given = (reference_stopped ? *reference : measurement).reason;
    const std::string why = given.empty() ? "out of time" : given;
    set_unfinished(scenario, Verdict::kNotRun, why + " " + progress);
  } else if (measurement.launches.empty()) {
    set_unfinished(scenario, Verdict::kError, "no launch gave data");
  }
}

// Launches that gave data and do not count, and why: a verdict on the others has to name them.
void name_dropped(Scenario& scenario, const Target& target, const Measurement& measurement) {
  if (scenario.launches.size() >= measurement.launches.size()) return;
  const std::size_t dropped = measurement.launches.size() - scenario.launches.size();
  std::string text =
      std::to_string(dropped) + (dropped == 1 ? " launch" : " launches") + " did not count: ";
  const bool ratio = target.relation != Relation::kAbsolute;
  if (tail_fraction(target.statistic)) {
    text += std::string(statistic_name(target.statistic)) + " needs " +
            std::to_string(operations_needed(target.statistic)) + " single operations in each" +
            (ratio ? ", and a launch of the reference in the same round" : "");
  } else if (ratio) {
    text += "no launch of the reference in the same round";
  } else {
    text += "no " + std::string(statistic_name(target.statistic)) + " can be told from them";
  }
  scenario.reason += (scenario.reason.empty() ? "" : "; ") + text;
}

}  // namespace

const Measurement* find_measurement(const measure::Results& results, std::string_view id) {
  const auto found =
      std::find_if(results.measurements.begin(), results.measurements.end(),
                   [&](const Measurement& measurement) { return measurement.id == id; });
  return found == results.measurements.end() ? nullptr : &*found;
}

bool reads_rate(const Limit& limit, const Measurement& measurement) {
  if (!measurement.throughput || measurement.metric.unit.dimension != Dimension::kTime) {
    return false;
  }
  const Dimension rate =
      measurement.throughput->item == "B" ? Dimension::kDataRate : Dimension::kRate;
  return limit.quantity.unit.dimension == rate;
}

std::optional<Trouble> trouble_of(const Measurement& measurement) {
  const measure::Correctness& correctness = measurement.correctness;
  const Launch* wrong = find_launch(measurement, {LaunchStatus::kWrongAnswer});
  const bool disproved = correctness.cases > 0 && !correctness.ok;
  if (measurement.status == MeasurementStatus::kInvalid || wrong != nullptr || disproved) {
    return Trouble{Verdict::kInvalid, first_reason(measurement.reason, wrong, "wrong answer")};
  }
  const Launch* failed = find_launch(
      measurement, {LaunchStatus::kCrashed, LaunchStatus::kTimedOut, LaunchStatus::kFailed});
  if (measurement.status == MeasurementStatus::kError || failed != nullptr) {
    const std::string_view how = failed != nullptr ? launch_status_name(failed->status) : "failed";
    return Trouble{Verdict::kError,
                   first_reason(measurement.reason, failed, std::string(how).c_str())};
  }
  if (any_without_data(measurement)) return Trouble{Verdict::kError, "a launch gave no data"};
  const Launch* absent = find_launch(measurement, {LaunchStatus::kUnavailable});
  if (measurement.status == MeasurementStatus::kUnavailable || absent != nullptr) {
    return Trouble{Verdict::kUnavailable,
                   first_reason(measurement.reason, absent, "cannot run here")};
  }
  if (differs_inside(measurement)) {
    return Trouble{Verdict::kInvalid, "not deterministic: different values in one launch"};
  }
  return std::nullopt;
}

void settle(measure::Measurement& measurement) {
  const auto trouble = trouble_of(measurement);
  if (!trouble) return;
  measurement.reason = trouble->reason;
  switch (trouble->verdict) {
    case Verdict::kInvalid:
      measurement.status = MeasurementStatus::kInvalid;
      break;
    case Verdict::kUnavailable:
      measurement.status = MeasurementStatus::kUnavailable;
      break;
    default:
      measurement.status = MeasurementStatus::kError;
      break;
  }
}

Scenario judge_scenario(const Target& target, const Measurement& measurement,
                        const measure::Results& results, double confidence) {
  Scenario scenario;
  scenario.benchmark = measurement.id;
  if (target.relation == Relation::kAbsolute) {
    collect_absolute(scenario, target, measurement);
  } else {
    scenario.reference = reference_of(target, measurement.id);
    if (const Measurement* reference = find_measurement(results, scenario.reference)) {
      collect_ratio(scenario, target, measurement, *reference);
    }
  }
  conclude(scenario, target, measurement, results, confidence);
  return scenario;
}

void conclude(Scenario& scenario, const Target& target, const Measurement& measurement,
              const measure::Results& results, double confidence) {
  scenario.single_value = measurement.metric.kind == measure::SampleKind::kValue;
  scenario.cap = cap_of(measurement, results);
  const Measurement* reference = nullptr;
  if (target.relation != Relation::kAbsolute) {
    reference = find_measurement(results, scenario.reference);
    if (reference == nullptr) {
      set_trouble(scenario, {Verdict::kMissing, "no benchmark " + scenario.reference},
                  "reference: ");
      return;
    }
    scenario.single_value =
        scenario.single_value && reference->metric.kind == measure::SampleKind::kValue;
    if (scenario.cap.empty()) scenario.cap = cap_of(*reference, results);
  }
  decide(scenario, target.limit, confidence);
  explain_undecided(scenario, measurement, reference, results);
  name_dropped(scenario, target, measurement);

  if (const auto mismatch = dimension_trouble(target, measurement, reference)) {
    set_trouble(scenario, *mismatch, "");
  }
  if (reference != nullptr) {
    if (const auto trouble = trouble_of(*reference)) {
      set_trouble(scenario, *trouble, "reference " + scenario.reference + ": ");
    }
  }
  if (const auto trouble = trouble_of(measurement)) set_trouble(scenario, *trouble, "");
}

double margin_of(const Scenario& scenario, const Limit& limit) {
  if (scenario.n == 0) return 0;
  const double bound = limit.quantity.base();
  const double above = is_upper(limit) ? bound : scenario.value;
  const double below = is_upper(limit) ? scenario.value : bound;
  return below > 0 ? above / below : 0;
}

}  // namespace midstream::targets
