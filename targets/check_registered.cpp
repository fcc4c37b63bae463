#include <algorithm>
#include <string>
#include <vector>

#include "core/base/names.hpp"
#include "targets/checks.hpp"

namespace midstream::targets {
namespace {

using Matches = std::vector<const BenchmarkInfo*>;

const BenchmarkInfo* find_info(std::span<const BenchmarkInfo> registered, std::string_view id) {
  const auto found = std::find_if(registered.begin(), registered.end(),
                                  [&](const BenchmarkInfo& info) { return info.id == id; });
  return found == registered.end() ? nullptr : &*found;
}

std::vector<std::string> ids_of(std::span<const BenchmarkInfo> registered) {
  std::vector<std::string> ids;
  ids.reserve(registered.size());
  for (const BenchmarkInfo& info : registered) ids.push_back(info.id);
  return ids;
}

// Only the nearest: a list of all benchmarks would drown the message.
std::string nearest(std::string_view wrong, std::span<const BenchmarkInfo> registered) {
  const std::string name = nearest_name(wrong, ids_of(registered));
  return name.empty() ? std::string() : "; did you mean '" + name + "'?";
}

std::string example_limit(Dimension dimension) {
  switch (dimension) {
    case Dimension::kPlain:
      return "<= 10";
    case Dimension::kTime:
      return "< 10 ms";
    case Dimension::kSize:
      return "<= 100 KB";
    case Dimension::kDataRate:
      return "> 10 Gbps";
    case Dimension::kRate:
      return "> 1000 ops/s";
    case Dimension::kPercent:
      return ">= 95%";
    case Dimension::kRatio:
      return "> 2 x";
  }
  return {};
}

bool unit_suits(Dimension limit, const BenchmarkInfo& info) {
  if (limit == info.dimension) return true;
  const bool is_rate = limit == Dimension::kRate || limit == Dimension::kDataRate;
  return is_rate && info.has_rate && info.dimension == Dimension::kTime;
}

void check_dimension(const Fields& fields, const Demand& demand, const Matches& matches,
                     FaultList& faults) {
  const Dimension dimension = demand.limit->quantity.unit.dimension;
  if (dimension == Dimension::kRatio) return;  // of two of the same dimension; see the reference
  const auto wrong = std::find_if_not(matches.begin(), matches.end(), [&](const auto* info) {
    return unit_suits(dimension, *info);
  });
  if (wrong == matches.end()) return;
  const std::string is = dimension == Dimension::kPlain
                             ? "has no unit"
                             : "is a " + std::string(dimension_name(dimension));
  faults.error(fields.at("limit"), "limit '" + demand.limit->text + "' " + is + ", but " +
                                       (*wrong)->id + " measures " +
                                       std::string(dimension_name((*wrong)->dimension)) +
                                       "; write e.g. '" + example_limit((*wrong)->dimension) + "'");
}

void check_statistic(const Fields& fields, const Demand& demand, const Matches& matches,
                     FaultList& faults) {
  const std::string name(measure::statistic_name(demand.statistic));
  for (const BenchmarkInfo* info : matches) {
    if (measure::tail_fraction(demand.statistic) && !info->single_operations) {
      faults.error(fields.at("statistic"),
                   name + " needs single operations, but " + info->id + " holds " +
                       (info->single_value ? "one value" : "batch means") + "; use median");
      return;
    }
    if (demand.statistic == measure::Statistic::kValue && !info->single_value) {
      faults.error(fields.at("statistic"), "'value' is for a size or a count, but " + info->id +
                                               " holds a sample of measurements; use median");
      return;
    }
  }
}

void check_reference(const Fields& fields, const Demand& demand, const Matches& matches,
                     CheckContext& context) {
  const std::string key = demand.relation == Relation::kRelativeTo ? "relative_to" : "speedup_over";
  for (const BenchmarkInfo* info : matches) {
    const auto captures = glob_captures(demand.benchmark, info->id);
    const std::string id = captures ? glob_fill(demand.reference, *captures) : demand.reference;
    const BenchmarkInfo* reference = find_info(context.registered, id);
    if (reference == nullptr) {
      context.faults.warning(fields.at(key), "no benchmark '" + id + "' is registered, so there " +
                                                 "is nothing to compare with: MISSING" +
                                                 nearest(id, context.registered));
      return;
    }
    if (reference->dimension != info->dimension) {
      context.faults.error(fields.at(key), id + " measures " +
                                               std::string(dimension_name(reference->dimension)) +
                                               ", but " + info->id + " measures " +
                                               std::string(dimension_name(info->dimension)) +
                                               "; name a reference of the same kind");
      return;
    }
    const bool rate =
        info->dimension == Dimension::kRate || info->dimension == Dimension::kDataRate;
    if (rate && demand.relation == Relation::kSpeedupOver) {
      context.faults.warning(fields.at(key),
                             "'speedup_over' divides the reference by the benchmark, which for a "
                             "rate is a slowdown; use 'relative_to'");
      return;
    }
  }
}

}  // namespace

void check_registered(const Fields& fields, const Demand& demand, CheckContext& context) {
  Matches matches;
  for (const BenchmarkInfo& info : context.registered) {
    if (info.id == demand.benchmark || glob_match(demand.benchmark, info.id)) {
      matches.push_back(&info);
    }
  }
  if (matches.empty()) {
    // What the benchmark will measure is unknown: only a value may do without a unit.
    const bool unitless = demand.limit &&
                          demand.limit->quantity.unit.dimension == Dimension::kPlain &&
                          !fields.has("relative_to") && !fields.has("speedup_over");
    if (unitless && demand.statistic != measure::Statistic::kValue) {
      context.faults.error(fields.at("limit"),
                           "limit '" + demand.limit->text + "' has no unit; write e.g. '< 10 ms'");
    }
    if (context.registered.empty()) return;
    const std::string subject = is_glob(demand.benchmark) ? "no registered benchmark matches '"
                                                          : "no benchmark is registered as '";
    context.faults.warning(
        fields.at("benchmark"),
        subject + demand.benchmark + "': MISSING" + nearest(demand.benchmark, context.registered));
    return;
  }
  if (demand.limit) check_dimension(fields, demand, matches, context.faults);
  check_statistic(fields, demand, matches, context.faults);
  if (demand.relation != Relation::kAbsolute) check_reference(fields, demand, matches, context);
}

}  // namespace midstream::targets
