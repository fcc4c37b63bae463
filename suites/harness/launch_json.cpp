#include <nlohmann/json.hpp>

#include "suites/harness/checked_enum.hpp"
#include "suites/harness/launch.hpp"

namespace midstream::suites {
namespace {

using nlohmann::json;

json histogram_to_json(const measure::Histogram& histogram) {
  return {{"bins", histogram.bins()},
          {"min", histogram.min()},
          {"max", histogram.max()},
          {"sum", histogram.sum()}};
}

measure::Histogram histogram_from_json(const json& object) {
  using Bins = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  auto restored = measure::Histogram::restore(object.at("bins").get<Bins>(),
                                              {.min = object.at("min").get<std::uint64_t>(),
                                               .max = object.at("max").get<std::uint64_t>(),
                                               .sum = object.at("sum").get<double>()});
  if (!restored) throw std::invalid_argument(restored.error().message);
  return *std::move(restored);
}

LaunchAnswer parse_answer(const json& object) {
  LaunchAnswer answer;
  answer.status = checked_enum(object.at("status").get<int>(), measure::LaunchStatus::kUnavailable);
  object.at("reason").get_to(answer.reason);
  object.at("samples").get_to(answer.samples);
  if (object.contains("histogram")) answer.histogram = histogram_from_json(object["histogram"]);
  object.at("operations").get_to(answer.operations);
  object.at("warmup_operations").get_to(answer.warmup_operations);
  object.at("cases").get_to(answer.cases);
  object.at("answers").get_to(answer.answers);
  object.at("ns_per_operation").get_to(answer.ns_per_operation);
  object.at("optimiser_barrier").get_to(answer.optimiser_barrier);
  object.at("timer_cost_share").get_to(answer.timer_cost_share);
  object.at("cpu_share").get_to(answer.cpu_share);
  object.at("involuntary_switches").get_to(answer.involuntary_switches);
  if (object.contains("throughput")) {
    const json& throughput = object["throughput"];
    answer.throughput = {.per_operation = throughput.at("per_operation").get<double>(),
                         .item = throughput.at("item").get<std::string>()};
  }
  object.at("counters").get_to(answer.counters);
  object.at("facts").get_to(answer.facts);
  return answer;
}

}  // namespace

std::string to_json(const LaunchRequest& request) {
  return json{{"id", request.id},
              {"mode", static_cast<int>(request.mode)},
              {"seed", request.seed},
              {"budget_ms", request.budget_ms},
              {"ns_per_operation", request.ns_per_operation},
              {"operations_wanted", request.operations_wanted},
              {"first_input", request.first_input},
              {"answers", request.answers}}
      .dump();
}

std::string to_json(const LaunchAnswer& answer) {
  json object{{"status", static_cast<int>(answer.status)},
              {"reason", answer.reason},
              {"samples", answer.samples},
              {"operations", answer.operations},
              {"warmup_operations", answer.warmup_operations},
              {"cases", answer.cases},
              {"answers", answer.answers},
              {"ns_per_operation", answer.ns_per_operation},
              {"optimiser_barrier", answer.optimiser_barrier},
              {"timer_cost_share", answer.timer_cost_share},
              {"cpu_share", answer.cpu_share},
              {"involuntary_switches", answer.involuntary_switches},
              {"counters", answer.counters},
              {"facts", answer.facts}};
  if (answer.histogram) object["histogram"] = histogram_to_json(*answer.histogram);
  if (answer.throughput) {
    object["throughput"] = {{"per_operation", answer.throughput->per_operation},
                            {"item", answer.throughput->item}};
  }
  // A reason may quote bytes that are no UTF-8 (a benchmark's own what()).
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<LaunchRequest> request_from_json(std::string_view text) {
  try {
    const json object = json::parse(text);
    LaunchRequest request;
    object.at("id").get_to(request.id);
    request.mode = checked_enum(object.at("mode").get<int>(), LaunchMode::kTime);
    object.at("seed").get_to(request.seed);
    object.at("budget_ms").get_to(request.budget_ms);
    object.at("ns_per_operation").get_to(request.ns_per_operation);
    object.at("operations_wanted").get_to(request.operations_wanted);
    object.at("first_input").get_to(request.first_input);
    object.at("answers").get_to(request.answers);
    return request;
  } catch (const std::exception& failure) {
    return Error{ErrorCode::kParse, failure.what()};
  }
}

Result<LaunchAnswer> answer_from_json(std::string_view text) {
  try {
    return parse_answer(json::parse(text));
  } catch (const std::exception& failure) {
    return Error{ErrorCode::kParse, failure.what()};
  }
}

}  // namespace midstream::suites
