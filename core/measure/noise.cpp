#include "core/measure/noise.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/measure/comparability.hpp"
#include "core/measure/json_object.hpp"
#include "core/measure/json_text.hpp"
#include "core/measure/results_names.hpp"

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

bool is_tail(Statistic statistic) {
  return tail_fraction(statistic).has_value() || statistic == Statistic::kMax;
}

const Measurement& find(const Results& results, const std::string& id) {
  return *std::find_if(results.measurements.begin(), results.measurements.end(),
                       [&](const Measurement& m) { return m.id == id; });
}

// Collects what every comparison of a class showed.
struct Gathered {
  std::vector<Change> changes;
  std::set<std::string> benchmarks;
};

void gather(std::map<std::string, Gathered>& classes, const Results& first, const Results& second,
            Statistic statistic) {
  ComparisonPlan plan;
  plan.policy.statistic = statistic;
  for (Change& change : compare_results(first, second, plan).changes) {
    const Measurement& measurement = find(second, change.benchmark);
    const bool single = measurement.metric.kind == SampleKind::kOperation;
    const bool deterministic = measurement.metric.kind == SampleKind::kValue;
    if (!change.ratio || deterministic || (is_tail(statistic) && !single)) continue;
    Gathered& gathered = classes[row_class(measurement, statistic)];
    gathered.benchmarks.insert(change.benchmark);
    gathered.changes.push_back(std::move(change));
  }
}

NoiseFloor read_floor(const ordered_json& value, const JsonPath& path, JsonFault& fault) {
  JsonObject object(value, path, fault);
  NoiseFloor floor;
  floor.row_class = object.text("class");
  floor.floor = object.number("floor");
  floor.comparisons = object.whole("comparisons");
  floor.benchmarks = object.texts("benchmarks");
  object.finish();
  return floor;
}

}  // namespace

std::string row_class(const Measurement& measurement, Statistic statistic) {
  const std::string suite = measurement.id.substr(0, measurement.id.find('/'));
  const auto kind = static_cast<std::size_t>(measurement.metric.kind);
  return suite + "/" + std::string(kSampleKindNames[kind]) + "/" +
         (is_tail(statistic) ? "tail" : "center");
}

NoiseRecord noise_of(std::span<const Results> runs) {
  NoiseRecord record;
  if (!runs.empty()) {
    const Results& last = runs.back();
    record.tool_version = last.tool_version;
    record.revision = last.revision;
    record.measured_at = last.finished_at;
    record.environment = last.environment;
  }
  // One binary, one machine: nothing forbids to compare, and a debug build is as noisy.
  std::vector<Results> equals(runs.begin(), runs.end());
  for (Results& run : equals) {
    run.release_build = true;
    run.environment = record.environment;
  }
  std::map<std::string, Gathered> classes;
  for (std::size_t i = 0; i < equals.size(); ++i) {
    for (std::size_t j = i + 1; j < equals.size(); ++j) {
      gather(classes, equals[i], equals[j], Statistic::kMedian);
      gather(classes, equals[i], equals[j], Statistic::kP99);
    }
  }
  for (const auto& [name, gathered] : classes) {
    const auto floor = noise_floor(gathered.changes);
    if (!floor) continue;
    record.floors.push_back(
        {.row_class = name,
         .floor = *floor,
         .comparisons = gathered.changes.size(),
         .benchmarks = {gathered.benchmarks.begin(), gathered.benchmarks.end()}});
  }
  return record;
}

std::optional<double> floor_of(const NoiseRecord& record, const Measurement& measurement,
                               Statistic statistic) {
  if (measurement.metric.kind == SampleKind::kValue) return 0;
  const std::string wanted = row_class(measurement, statistic);
  for (const NoiseFloor& floor : record.floors) {
    if (floor.row_class == wanted) return floor.floor;
  }
  return std::nullopt;
}

std::string noise_to_json(const NoiseRecord& record) {
  ordered_json json;
  json["schema"] = kNoiseSchema;
  json["tool"] = {{"version", record.tool_version}, {"revision", record.revision}};
  json["measured_at"] = record.measured_at;
  json["environment"] = ordered_json::object();
  for (const auto& [name, value] : record.environment) json["environment"][name] = value;
  json["floors"] = ordered_json::array();
  for (const NoiseFloor& floor : record.floors) {
    json["floors"].push_back({{"class", floor.row_class},
                              {"floor", floor.floor},
                              {"comparisons", floor.comparisons},
                              {"benchmarks", floor.benchmarks}});
  }
  return print_json(json);
}

Result<NoiseRecord> noise_from_json(std::string_view text, std::string_view name) {
  const auto document = parse_json(text, name);
  if (!document.ok()) return document.error();
  const std::string advice = "; measure it again with `midstream-validate doctor --noise`";
  const std::string file(name);
  JsonFault fault;
  JsonObject root(*document, {}, fault);
  NoiseRecord record;
  const std::string schema = root.text("schema");
  if (fault.found() || schema != kNoiseSchema) {
    return Error{ErrorCode::kParse,
                 file + ": its schema is not " + std::string(kNoiseSchema) + advice};
  }
  {
    JsonObject tool(root.member("tool"), root.path_of("tool"), fault);
    record.tool_version = tool.text("version");
    record.revision = tool.text("revision");
    tool.finish();
  }
  record.measured_at = root.text("measured_at");
  for (auto& [fact, value] : root.text_members("environment")) {
    record.environment.push_back({fact, value});
  }
  root.each("floors", [&](const ordered_json& value, const JsonPath& path) {
    record.floors.push_back(read_floor(value, path, fault));
  });
  root.finish();
  if (fault.found()) return Error{ErrorCode::kParse, file + ": " + fault.message() + advice};
  return record;
}

}  // namespace midstream::measure
