// Results -> JSON. The reader is results_reader.cpp; every member is described in docs/results.md.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/measure/json_text.hpp"
#include "core/measure/launch_summary.hpp"
#include "core/measure/results_file.hpp"
#include "core/measure/results_names.hpp"

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

// JSON has no NaN and no infinity, and a file that cannot be read back is worth nothing. Facts
// about the machine become 0; samples never (see writable()).
double finite(double value) { return std::isfinite(value) ? value : 0; }

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

// A launch with a sample that is no number has measured nothing: it keeps its place in the file,
// says why it does not count, and its samples go.
void make_writable(Launch& launch) {
  for (double* fact :
       {&launch.started_s, &launch.wall_s, &launch.cpu_share, &launch.load_average}) {
    *fact = finite(*fact);
  }
  if (all_finite(launch.samples) && (!launch.histogram || std::isfinite(launch.histogram->sum()))) {
    return;
  }
  launch.samples.clear();
  launch.histogram.reset();
  if (launch.status == LaunchStatus::kOk) {
    launch.status = LaunchStatus::kFailed;
    launch.reason = "a sample was not a finite number";
  }
}

ordered_json figures(const Launch& launch, const Measurement& of, LaunchFigure figure) {
  ordered_json json = ordered_json::object();
  for (const Statistic statistic : kAllStatistics) {
    const auto value = figure(launch, of, statistic);
    if (!value) continue;
    auto& member = json[std::string(statistic_name(statistic))];
    if (value->low == value->high) {
      member = value->low;
    } else {
      member = {value->low, value->high};
    }
  }
  return json;
}

ordered_json histogram_json(const Histogram& histogram) {
  ordered_json json;
  json["min"] = histogram.min();
  json["max"] = histogram.max();
  json["sum"] = histogram.sum();
  json["bins"] = histogram.bins();
  return json;
}

ordered_json launch_json(const Launch& launch, const Measurement& of) {
  ordered_json json;
  json["round"] = launch.round;
  json["status"] = launch_status_name(launch.status);
  json["reason"] = launch.reason;
  json["operations"] = launch.operations;
  json["warmup_operations"] = launch.warmup_operations;
  json["started_s"] = launch.started_s;
  json["wall_s"] = launch.wall_s;
  json["cpu_share"] = launch.cpu_share;
  json["involuntary_switches"] = launch.involuntary_switches;
  json["load_average"] = launch.load_average;
  json["disturbed"] = launch.disturbed;
  if (launch.histogram) {
    json["histogram"] = histogram_json(*launch.histogram);
  } else {
    json["samples"] = launch.samples;
  }
  json["statistics"] = figures(launch, of, statistic_figure);
  if (of.throughput) json["rates"] = figures(launch, of, rate_figure);
  return json;
}

ordered_json summary_json(const LaunchSummary& summary) {
  ordered_json json;
  json["launches"] = summary.launches;
  json["failed"] = summary.failed;
  json["disturbed"] = summary.disturbed;
  json["samples"] = summary.samples;
  json["least_warmup"] = summary.least_warmup;
  json["highest_load"] = summary.highest_load;
  json["outlier_share"] = summary.outlier_share;
  if (summary.autocorrelation) json["autocorrelation"] = *summary.autocorrelation;
  json["modes"] = summary.modes;
  return json;
}

ordered_json measurement_json(Measurement measurement) {
  for (Launch& launch : measurement.launches) make_writable(launch);
  ordered_json json;
  json["id"] = measurement.id;
  json["title"] = measurement.title;
  json["parameters"] = ordered_json::object();
  for (const auto& [name, value] : measurement.parameters) json["parameters"][name] = value;
  json["unit"] = measurement.metric.unit.symbol;
  json["direction"] = kDirectionNames[static_cast<std::size_t>(measurement.metric.direction)];
  json["sample"] = kSampleKindNames[static_cast<std::size_t>(measurement.metric.kind)];
  if (measurement.throughput) {
    json["throughput"] = {{"per_operation", finite(measurement.throughput->per_operation)},
                          {"item", measurement.throughput->item}};
  }
  json["generator"] = measurement.generator;
  json["seed"] = std::to_string(measurement.seed);
  json["variants"] = measurement.variants;
  json["optimiser_barrier"] = measurement.optimiser_barrier;
  json["timer_cost_share"] = finite(measurement.timer_cost_share);
  json["correctness"] = {{"oracle", measurement.correctness.oracle},
                         {"cases", measurement.correctness.cases},
                         {"ok", measurement.correctness.ok}};
  json["counters"] = ordered_json::object();
  for (const auto& [name, value] : measurement.counters) {
    if (std::isfinite(value)) json["counters"][name] = value;
  }
  json["facts"] = ordered_json::object();
  for (const auto& [name, value] : measurement.facts) json["facts"][name] = value;
  json["status"] = status_name(measurement.status);
  json["reason"] = measurement.reason;
  json["quality"] = summary_json(summarise_launches(measurement));
  json["launches"] = ordered_json::array();
  for (const Launch& launch : measurement.launches) {
    json["launches"].push_back(launch_json(launch, measurement));
  }
  return json;
}

}  // namespace

std::string results_to_json(const Results& results) {
  ordered_json json;
  json["schema"] = kResultsSchema;
  json["tool"] = {{"version", results.tool_version}, {"revision", results.revision}};
  json["command_line"] = results.command_line;
  json["started_at"] = results.started_at;
  json["finished_at"] = results.finished_at;
  json["interrupted"] = results.interrupted;
  json["release_build"] = results.release_build;
  json["profile"] = results.profile;
  json["seed"] = std::to_string(results.seed);
  json["suites"] = results.suites;
  json["filters"] = results.filters;
  json["environment"] = ordered_json::object();
  for (const auto& [name, value] : results.environment) json["environment"][name] = value;
  json["benchmarks"] = ordered_json::array();
  for (const Measurement& measurement : results.measurements) {
    json["benchmarks"].push_back(measurement_json(measurement));
  }
  return print_json(json);
}

}  // namespace midstream::measure
