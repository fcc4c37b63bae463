#include <algorithm>
#include <string>
#include <vector>

#include "core/base/names.hpp"
#include "targets/checks.hpp"
#include "targets/limit.hpp"

namespace midstream::targets {
namespace {

std::size_t count_wildcards(std::string_view pattern) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*' && i > 0 && pattern[i - 1] == '*') continue;  // "**" is one
    if (pattern[i] == '*' || pattern[i] == '?') ++count;
  }
  return count;
}

// suite/case[/scenario…]: what keeps a slip like a space or "//" from matching nothing for ever.
bool check_benchmark_name(const Fields& fields, std::string_view key, const std::string& name,
                          FaultList& faults) {
  constexpr std::size_t kLongest = 256;
  if (name.size() > kLongest) {
    faults.error(fields.at(key), "'" + std::string(key) + "' is longer than 256 characters");
    return false;
  }
  const std::string what = "'" + std::string(key) + "' '" + name + "' ";
  if (name.find_first_of(" \t,\"'\\") != std::string::npos) {
    faults.error(fields.at(key), what +
                                     "holds a character no benchmark id has; ids read "
                                     "suite/case/scenario/param=value");
    return false;
  }
  const bool empty_segment =
      name.starts_with('/') || name.ends_with('/') || name.find("//") != std::string::npos;
  if (empty_segment || name.find('/') == std::string::npos) {
    faults.error(fields.at(key),
                 what + "is no benchmark id; ids read suite/case/scenario/param=value");
    return false;
  }
  return true;
}

measure::Statistic read_statistic(const Fields& fields, FaultList& faults) {
  const auto text = fields.text("statistic");
  if (!text) return measure::Statistic::kMedian;
  std::vector<std::string> names;
  for (const measure::Statistic statistic : measure::kAllStatistics) {
    if (*text == measure::statistic_name(statistic)) return statistic;
    names.emplace_back(measure::statistic_name(statistic));
  }
  faults.error(fields.at("statistic"),
               "statistic '" + *text + "' is unknown" + suggestion(*text, names));
  return measure::Statistic::kMedian;
}

// Leaves the demand absolute when the relation is wrong: its faults are told, not those it causes.
void read_relation(const Fields& fields, Demand& demand, FaultList& faults) {
  const auto relative_to = fields.text("relative_to");
  const auto speedup_over = fields.text("speedup_over");
  if (fields.has("relative_to") && fields.has("speedup_over")) {
    const Position at = std::max(fields.at("relative_to"), fields.at("speedup_over"));
    faults.error(at, "'relative_to' and 'speedup_over' exclude each other; keep one");
    return;
  }
  const std::string key = relative_to ? "relative_to" : "speedup_over";
  const auto& reference = relative_to ? relative_to : speedup_over;
  if (!reference || !check_benchmark_name(fields, key, *reference, faults)) return;
  if (*reference == demand.benchmark) {
    faults.error(fields.at(key), "'" + key + "' is the benchmark itself, the ratio is always 1");
    return;
  }
  if (!demand.benchmark.empty() &&
      count_wildcards(*reference) > count_wildcards(demand.benchmark)) {
    faults.error(fields.at(key), "'" + key +
                                     "' has more wildcards than the benchmark; each takes "
                                     "what the benchmark's matched");
    return;
  }
  demand.relation = relative_to ? Relation::kRelativeTo : Relation::kSpeedupOver;
  demand.reference = *reference;
}

// Units that are wrong whatever the benchmark is.
void check_unit(const Fields& fields, const Demand& demand, FaultList& faults) {
  const Dimension dimension = demand.limit->quantity.unit.dimension;
  const std::string limit = "limit '" + demand.limit->text + "' ";
  const bool wants_ratio = fields.has("relative_to") || fields.has("speedup_over");
  if (wants_ratio && dimension != Dimension::kRatio) {
    faults.error(fields.at("limit"),
                 limit + "must be a ratio, because it is one of two benchmarks; e.g. '> 2 x'");
  } else if (!wants_ratio && dimension == Dimension::kRatio) {
    faults.error(fields.at("limit"), limit +
                                         "is a ratio; add 'relative_to:' or 'speedup_over:' "
                                         "with the benchmark it is measured against");
  }
}

}  // namespace

Demand read_demand(const Fields& fields, CheckContext& context) {
  Demand demand;
  if (const auto benchmark = fields.text("benchmark")) {
    if (check_benchmark_name(fields, "benchmark", *benchmark, context.faults)) {
      demand.benchmark = *benchmark;
    }
  }
  demand.statistic = read_statistic(fields, context.faults);
  read_relation(fields, demand, context.faults);
  if (const auto text = fields.text("limit")) {
    Result<Limit> limit = parse_limit(*text);
    if (limit.ok()) {
      demand.limit = *limit;
      check_unit(fields, demand, context.faults);
    } else {
      context.faults.error(fields.at("limit"), limit.error().message);
    }
  }
  if (!demand.benchmark.empty()) check_registered(fields, demand, context);
  return demand;
}

}  // namespace midstream::targets
