// JSON -> Results. Trusts nothing: the file may be truncated, edited, or somebody else's.
#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/measure/environment.hpp"
#include "core/measure/json_object.hpp"
#include "core/measure/json_text.hpp"
#include "core/measure/launch_summary.hpp"
#include "core/measure/results_file.hpp"
#include "core/measure/results_names.hpp"

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

constexpr double kAnything = std::numeric_limits<double>::max();
constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

// Empty (not recorded) or RFC 3339 in UTC: "2025-10-26T09:30:00Z", with or without a fraction.
bool is_utc_time(std::string_view text) {
  constexpr std::string_view kPattern = "dddd-dd-ddTdd:dd:dd";
  if (text.empty()) return true;
  if (text.size() <= kPattern.size() || text.back() != 'Z') return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < kPattern.size(); ++i) {
    if (kPattern[i] == 'd' ? !is_digit(text[i]) : text[i] != kPattern[i]) return false;
  }
  const std::string_view fraction = text.substr(kPattern.size(), text.size() - kPattern.size() - 1);
  return fraction.empty() || (fraction.size() > 1 && fraction[0] == '.' &&
                              std::all_of(fraction.begin() + 1, fraction.end(), is_digit));
}

std::string read_time(JsonObject& object, std::string_view key) {
  std::string time = object.text(key);
  if (!is_utc_time(time)) {
    object.fault().report(object.path_of(key), "must be a UTC time like 2025-10-26T09:30:00Z");
  }
  return time;
}

// The same to nine digits: the writer's arithmetic may have been done by another compiler.
bool agrees(double stored, double computed) {
  return std::fabs(stored - computed) <= 1e-9 * std::max(std::fabs(stored), std::fabs(computed));
}

bool figure_agrees(const ordered_json& stored, const LaunchValue& computed) {
  if (stored.is_number()) {
    return agrees(stored.get<double>(), computed.low) &&
           agrees(stored.get<double>(), computed.high);
  }
  return stored.is_array() && stored.size() == 2 && stored[0].is_number() &&
         stored[1].is_number() && agrees(stored[0].get<double>(), computed.low) &&
         agrees(stored[1].get<double>(), computed.high);
}

// The stored figures are exactly those that follow from the samples.
void check_figures(JsonObject& launch, std::string_view key, const Launch& data,
                   const Measurement& of, LaunchFigure figure) {
  JsonObject stored(launch.member(key), launch.path_of(key), launch.fault());
  for (const Statistic statistic : kAllStatistics) {
    const std::string_view name = statistic_name(statistic);
    const auto computed = figure(data, of, statistic);
    if (!computed && stored.has(name)) {
      launch.fault().report(stored.path_of(name), "cannot be told from this launch's samples");
    }
    if (computed && !figure_agrees(stored.member(name), *computed)) {
      launch.fault().report(stored.path_of(name), "disagrees with the samples");
    }
    if (launch.fault().found()) return;
  }
  stored.finish();
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> read_bins(JsonObject& object) {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> bins;
  object.each("bins", [&](const ordered_json& bin, const JsonPath& path) {
    const bool whole = bin.is_array() && bin.size() == 2 && bin[0].is_number_unsigned() &&
                       bin[1].is_number_unsigned();
    if (!whole || bin[0].get<std::uint64_t>() > kMax32) {
      object.fault().report(path, "must be [bin, count], two whole numbers");
      return;
    }
    bins.emplace_back(bin[0].get<std::uint32_t>(), bin[1].get<std::uint64_t>());
  });
  return bins;
}

std::optional<Histogram> read_histogram(const ordered_json& value, const JsonPath& path,
                                        JsonFault& fault) {
  JsonObject object(value, path, fault);
  Histogram::Summary summary;
  summary.min = object.whole("min");
  summary.max = object.whole("max");
  summary.sum = object.number("sum");
  const auto bins = read_bins(object);
  object.finish();
  if (fault.found()) return std::nullopt;
  auto histogram = Histogram::restore(bins, summary);
  if (histogram.ok()) return std::move(histogram).value();
  fault.report(path, "is no histogram: " + histogram.error().message);
  return std::nullopt;
}

// Samples or a histogram: the one that is there, and never both.
void read_data(JsonObject& object, const Measurement& of, Launch& launch) {
  JsonFault& fault = object.fault();
  if (!object.has("histogram")) {
    // Sizes, times and rates have no negative values; a plain number or a percentage may.
    const Dimension dimension = of.metric.unit.dimension;
    const bool any = dimension == Dimension::kPlain || dimension == Dimension::kPercent;
    launch.samples = object.numbers("samples", any ? -kAnything : 0, kAnything);
    return;
  }
  const JsonPath path = object.path_of("histogram");
  if (object.has("samples")) fault.report(path, "stands beside samples; only one of them may");
  if (of.metric.kind != SampleKind::kOperation || of.metric.unit.dimension != Dimension::kTime) {
    fault.report(path, "is for times of single operations only (sample: operation)");
  }
  launch.histogram = read_histogram(object.member("histogram"), path, fault);
}

Launch read_launch(const ordered_json& value, const JsonPath& path, JsonFault& fault,
                   const Measurement& of) {
  static const std::string_view statuses[] = {
      launch_status_name(LaunchStatus::kOk),       launch_status_name(LaunchStatus::kCrashed),
      launch_status_name(LaunchStatus::kTimedOut), launch_status_name(LaunchStatus::kWrongAnswer),
      launch_status_name(LaunchStatus::kFailed),   launch_status_name(LaunchStatus::kUnavailable)};
  JsonObject object(value, path, fault);
  Launch launch;
  launch.round = static_cast<std::uint32_t>(object.whole("round", kMax32));
  launch.status = static_cast<LaunchStatus>(object.choice("status", statuses));
  launch.reason = object.text("reason");
  launch.operations = object.whole("operations");
  launch.warmup_operations = object.whole("warmup_operations");
  launch.started_s = object.number("started_s");
  launch.wall_s = object.number("wall_s");
  launch.cpu_share = object.number("cpu_share");
  launch.involuntary_switches = object.whole("involuntary_switches");
  launch.load_average = object.number("load_average");
  launch.disturbed = object.flag("disturbed");
  read_data(object, of, launch);
  if (fault.found()) return launch;
  check_figures(object, "statistics", launch, of, statistic_figure);
  if (of.throughput) check_figures(object, "rates", launch, of, rate_figure);
  object.finish();
  return launch;
}

// A benchmark has one launch a round: copies of one launch are not several.
void check_round(const Measurement& measurement, const JsonPath& path, JsonFault& fault) {
  const std::size_t n = measurement.launches.size();
  if (n < 2) return;
  const std::uint32_t before = measurement.launches[n - 2].round;
  if (measurement.launches[n - 1].round > before) return;
  fault.report({&path, "round", 0}, "must be above that of the launch before, " +
                                        std::to_string(before) +
                                        "; a benchmark has one launch a round");
}

// Written for readers, so it may be absent; when it is there, it must be what the launches give.
void check_summary(JsonObject& parent, const Measurement& of) {
  if (!parent.has("quality")) return;
  JsonObject object(parent.member("quality"), parent.path_of("quality"), parent.fault());
  const LaunchSummary computed = summarise_launches(of);
  const auto agree = [&](std::string_view name, double figure) {
    const double stored = object.number(name, -kAnything, kAnything);
    // A correlation may be next to nothing: nine digits of two more than it are enough.
    if (!agrees(stored + 2, figure + 2)) {
      parent.fault().report(object.path_of(name), "disagrees with the launches");
    }
  };
  agree("launches", static_cast<double>(computed.launches));
  agree("failed", static_cast<double>(computed.failed));
  agree("disturbed", static_cast<double>(computed.disturbed));
  agree("samples", static_cast<double>(computed.samples));
  agree("least_warmup", static_cast<double>(computed.least_warmup));
  agree("highest_load", computed.highest_load);
  agree("outlier_share", computed.outlier_share);
  agree("modes", static_cast<double>(computed.modes));
  if (computed.autocorrelation) agree("autocorrelation", *computed.autocorrelation);
  object.finish();
}

Metric read_metric(JsonObject& object) {
  Metric metric;
  auto unit = parse_unit(object.text("unit"));
  if (unit.ok()) {
    metric.unit = std::move(unit).value();
  } else {
    object.fault().report(object.path_of("unit"), "is an " + unit.error().message);
  }
  metric.direction = static_cast<Direction>(object.choice("direction", kDirectionNames));
  metric.kind = static_cast<SampleKind>(object.choice("sample", kSampleKindNames));
  return metric;
}

std::optional<Throughput> read_throughput(JsonObject& parent) {
  if (!parent.has("throughput")) return std::nullopt;
  JsonObject object(parent.member("throughput"), parent.path_of("throughput"), parent.fault());
  Throughput throughput;
  throughput.per_operation = object.number("per_operation");
  throughput.item = object.text("item");
  object.finish();
  return throughput;
}

Correctness read_correctness(JsonObject& parent) {
  JsonObject object(parent.member("correctness"), parent.path_of("correctness"), parent.fault());
  Correctness correctness;
  correctness.oracle = object.text("oracle");
  correctness.cases = object.whole("cases");
  correctness.ok = object.flag("ok");
  object.finish();
  return correctness;
}

Measurement read_measurement(const ordered_json& value, const JsonPath& path, JsonFault& fault) {
  static const std::string_view statuses[] = {
      status_name(MeasurementStatus::kOk), status_name(MeasurementStatus::kError),
      status_name(MeasurementStatus::kInvalid), status_name(MeasurementStatus::kUnavailable),
      status_name(MeasurementStatus::kNotRun)};
  JsonObject object(value, path, fault);
  Measurement measurement;
  measurement.id = object.text("id");
  if (measurement.id.empty()) fault.report(object.path_of("id"), "must not be empty");
  measurement.title = object.text("title");
  for (auto& [name, text] : object.text_members("parameters")) measurement.parameters[name] = text;
  measurement.metric = read_metric(object);
  measurement.throughput = read_throughput(object);
  measurement.generator = object.text("generator");
  measurement.seed = object.digits("seed");
  measurement.variants = static_cast<std::uint32_t>(object.whole("variants", kMax32));
  measurement.optimiser_barrier = object.flag("optimiser_barrier");
  measurement.timer_cost_share = object.number("timer_cost_share");
  measurement.correctness = read_correctness(object);
  for (auto& [name, number] : object.number_members("counters")) {
    measurement.counters[name] = number;
  }
  for (auto& [name, text] : object.text_members("facts")) measurement.facts[name] = text;
  measurement.status = static_cast<MeasurementStatus>(object.choice("status", statuses));
  measurement.reason = object.text("reason");
  object.each("launches", [&](const ordered_json& launch, const JsonPath& at) {
    measurement.launches.push_back(read_launch(launch, at, fault, measurement));
    check_round(measurement, at, fault);
  });
  if (object.has("quality")) check_summary(object, measurement);
  object.finish();
  return measurement;
}

void read_measurements(JsonObject& root, Results& results) {
  std::set<std::string> ids;
  root.each("benchmarks", [&](const ordered_json& value, const JsonPath& path) {
    results.measurements.push_back(read_measurement(value, path, root.fault()));
    const std::string& id = results.measurements.back().id;
    if (!ids.insert(id).second) root.fault().report(path, "repeats the benchmark '" + id + "'");
  });
}

Results read_results(const ordered_json& document, JsonFault& fault) {
  JsonObject root(document, {}, fault);
  Results results;
  root.text("schema");
  {
    JsonObject tool(root.member("tool"), root.path_of("tool"), fault);
    results.tool_version = tool.text("version");
    results.revision = tool.text("revision");
    tool.finish();
  }
  results.command_line = root.texts("command_line");
  results.started_at = read_time(root, "started_at");
  results.finished_at = read_time(root, "finished_at");
  results.interrupted = root.flag("interrupted");
  results.release_build = root.flag("release_build");
  results.profile = root.text("profile");
  results.seed = root.digits("seed");
  results.suites = root.texts("suites");
  results.filters = root.texts("filters");
  for (auto& [name, value] : root.text_members("environment")) {
    results.environment.push_back({name, value});
  }
  if (contradicts_build(results.environment, results.release_build)) {
    fault.report(root.path_of("release_build"), "contradicts environment.build_type");
  }
  read_measurements(root, results);
  root.finish();
  return results;
}

// Before anything else: a file of another version would fail on some member, and mislead.
Status check_schema(const ordered_json& document, const std::string& name) {
  const auto it = document.is_object() ? document.find("schema") : document.end();
  if (it == document.end() || !it->is_string()) {
    return Error{ErrorCode::kParse, name + ": is no results file (no \"schema\": \"" +
                                        std::string(kResultsSchema) +
                                        "\"); name the file that run --results wrote"};
  }
  const auto schema = it->get<std::string>();
  if (schema == kResultsSchema) return {};
  if (schema.starts_with("midstream-scorecard/")) {
    return Error{ErrorCode::kParse,
                 name +
                     ": this is a scorecard, not a results file; `midstream-validate verify` "
                     "reads it"};
  }
  // The version is quoted only where it is one: a message is one line, whatever the file holds.
  constexpr std::string_view kFamily = "midstream-results/";
  const std::string_view version =
      std::string_view(schema).substr(std::min(schema.size(), kFamily.size()));
  const bool ours = schema.starts_with(kFamily) && !version.empty() && version.size() < 10 &&
                    version.find_first_not_of("0123456789.") == std::string_view::npos;
  const std::string wanted(kResultsSchema);
  return Error{ErrorCode::kParse,
               name + ": " +
                   (ours ? "has schema " + schema + ", and this program reads " + wanted +
                               "; use the midstream-validate that wrote it, or measure again"
                         : "has another schema than " + wanted +
                               "; name the file that run --results wrote")};
}

}  // namespace

Result<Results> results_from_json(std::string_view text, std::string_view name) {
  const auto document = parse_json(text, name);
  if (!document.ok()) return document.error();
  const std::string file(name);
  if (auto status = check_schema(*document, file); !status.ok()) return status.error();
  JsonFault fault;
  Results results = read_results(*document, fault);
  if (!fault.found()) return results;
  return Error{ErrorCode::kParse,
               file + ": " + fault.message() + "; undo the edit, or measure again"};
}

}  // namespace midstream::measure
