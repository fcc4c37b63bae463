#include "suites/harness/describe.hpp"

#include <atomic>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/measure/environment.hpp"
#include "suites/harness/checked_enum.hpp"
#include "suites/harness/worker_process.hpp"

namespace midstream::suites {
namespace {

using nlohmann::json;

constexpr std::string_view kRequest = "{\"describe\": true}";
constexpr double kTimeoutS = 30;

json benchmark_to_json(const Benchmark& benchmark) {
  const Registration::Family& family = *benchmark.family;
  return {{"id", benchmark.id},
          {"parameters", benchmark.parameters},
          {"title", family.title},
          {"generator", family.generator},
          {"oracle", family.oracle},
          {"sampling", static_cast<int>(family.sampling)},
          {"unit", family.metric.unit.symbol},
          {"direction", static_cast<int>(family.metric.direction)},
          {"kind", static_cast<int>(family.metric.kind)},
          {"budget_ms", family.budget_ms},
          {"timeout_s", family.timeout_s},
          {"has_rate", family.has_rate}};
}

void add_benchmark(const json& object, WorkerDescription& description) {
  Registration::Family& family = description.families.emplace_back();
  Benchmark benchmark;
  object.at("id").get_to(benchmark.id);
  object.at("parameters").get_to(benchmark.parameters);
  family.id = benchmark.id;
  object.at("title").get_to(family.title);
  object.at("generator").get_to(family.generator);
  object.at("oracle").get_to(family.oracle);
  family.sampling = checked_enum(object.at("sampling").get<int>(), Sampling::kOwn);
  auto unit = parse_unit(object.at("unit").get<std::string>());
  if (!unit) throw std::invalid_argument(unit.error().message);
  family.metric.unit = *std::move(unit);
  family.metric.direction =
      checked_enum(object.at("direction").get<int>(), measure::Direction::kHigherIsBetter);
  family.metric.kind = checked_enum(object.at("kind").get<int>(), measure::SampleKind::kValue);
  object.at("budget_ms").get_to(family.budget_ms);
  object.at("timeout_s").get_to(family.timeout_s);
  object.at("has_rate").get_to(family.has_rate);
  benchmark.family = &family;
  description.benchmarks.push_back(std::move(benchmark));
}

WorkerDescription parse_description(const json& object) {
  if (object.at("protocol").get<int>() != kWorkerProtocol) {
    throw std::invalid_argument("it speaks another version of the worker protocol");
  }
  WorkerDescription description;
  object.at("version").get_to(description.identity.tool_version);
  object.at("revision").get_to(description.identity.revision);
  object.at("release_build").get_to(description.release_build);
  for (const auto& [name, value] :
       object.at("environment").get<std::vector<std::pair<std::string, std::string>>>()) {
    description.environment.push_back({name, value});
  }
  for (const json& benchmark : object.at("benchmarks")) add_benchmark(benchmark, description);
  return description;
}

}  // namespace

std::string description_request() { return std::string(kRequest); }

bool is_description_request(std::string_view text) { return text == kRequest; }

std::string describe_self(const WorkerIdentity& identity) {
  json environment = json::array();
  for (const auto& fact : measure::record_environment()) {
    environment.push_back(json::array({fact.name, fact.value}));
  }
  json benchmarks = json::array();
  for (const Benchmark& benchmark : all_benchmarks()) {
    benchmarks.push_back(benchmark_to_json(benchmark));
  }
  return json{
      {"protocol", kWorkerProtocol},           {"version", identity.tool_version},
      {"revision", identity.revision},         {"release_build", measure::is_release_build()},
      {"environment", std::move(environment)}, {"benchmarks", std::move(benchmarks)}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<WorkerDescription> description_from_json(std::string_view text) {
  try {
    return parse_description(json::parse(text));
  } catch (const std::exception& failure) {
    return Error{ErrorCode::kParse, failure.what()};
  }
}

Result<WorkerDescription> describe_worker(const std::vector<std::string>& command) {
  const std::atomic<bool> stop{false};
  const WorkerOutcome outcome = run_worker(command, description_request(), kTimeoutS, stop);
  const auto refuse = [&](const std::string& why) {
    return Error{ErrorCode::kInvalidArgument,
                 command.front() + " is no midstream-validate that can be compared: " + why};
  };
  if (outcome.kind != WorkerOutcome::Kind::kAnswered) return refuse(outcome.reason);
  auto description = description_from_json(outcome.answer);
  if (!description) return refuse(description.error().message);
  return description;
}

}  // namespace midstream::suites
