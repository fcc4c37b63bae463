#include "app/live.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/log.hpp"
#include "app/progress.hpp"
#include "core/measure/comparison.hpp"
#include "suites/harness/describe.hpp"
#include "suites/harness/runner.hpp"
#include "targets/regression.hpp"

namespace midstream::app {
namespace {

using suites::WorkerDescription;

const suites::Benchmark* find(const WorkerDescription& description, const std::string& id) {
  const auto found =
      std::find_if(description.benchmarks.begin(), description.benchmarks.end(),
                   [&](const suites::Benchmark& benchmark) { return benchmark.id == id; });
  return found == description.benchmarks.end() ? nullptr : &*found;
}

std::vector<std::string> ids_of(const WorkerDescription& description) {
  std::vector<std::string> ids;
  ids.reserve(description.benchmarks.size());
  for (const suites::Benchmark& benchmark : description.benchmarks) ids.push_back(benchmark.id);
  return ids;
}

// The same number of launches for every benchmark that is sound on both sides; a value was seen
// twice already.
std::map<std::string, std::size_t> pairs_wanted(
    const std::vector<const measure::Measurement*>& measured, std::size_t pairs) {
  std::map<std::string, std::size_t> wanted;
  for (const measure::Measurement* measurement : measured) {
    const bool tested = measurement->status == measure::MeasurementStatus::kOk &&
                        measurement->metric.kind != measure::SampleKind::kValue;
    const auto at = wanted.try_emplace(measurement->id, pairs).first;
    if (!tested) at->second = 0;
  }
  return wanted;
}

void complete(measure::Results& results, const WorkerDescription& description,
              const CompareOptions& options) {
  results.tool_version = description.identity.tool_version;
  results.revision = description.identity.revision;
  results.release_build = description.release_build;
  results.environment = description.environment;
  results.command_line = options.command_line;
  results.suites = options.scope.suites;
  results.filters = options.scope.filters;
}

std::vector<suites::PlannedBenchmark> plan_of(const WorkerDescription& old_side,
                                              const WorkerDescription& new_side,
                                              const CompareOptions& options,
                                              const targets::TargetsFile& targets) {
  const auto policies = targets::regression_policies(targets, ids_of(new_side), {});
  std::vector<suites::PlannedBenchmark> plan;
  for (const suites::Benchmark& benchmark : new_side.benchmarks) {
    const suites::Benchmark* namesake = find(old_side, benchmark.id);
    if (namesake == nullptr || !options.scope.chooses(benchmark.id)) continue;
    const std::uint64_t operations =
        measure::operations_needed(policies.at(benchmark.id).row.statistic);
    plan.push_back({.benchmark = namesake, .operations_needed = operations, .pair = {}});
    plan.push_back(
        {.benchmark = &benchmark, .operations_needed = operations, .pair = {}, .other_side = true});
  }
  return plan;
}

std::vector<std::string> missing_in(const WorkerDescription& one, const WorkerDescription& other,
                                    const CompareOptions& options) {
  std::vector<std::string> names;
  for (const suites::Benchmark& benchmark : other.benchmarks) {
    if (options.scope.chooses(benchmark.id) && find(one, benchmark.id) == nullptr) {
      names.push_back(benchmark.id);
    }
  }
  return names;
}

suites::Runner::Sides measure_plan(std::vector<suites::PlannedBenchmark> plan,
                                   const CompareOptions& options, const GlobalOptions& global) {
  suites::Runner runner;
  runner.plan = {.benchmarks = std::move(plan),
                 .profile = *suites::find_profile(options.profile),
                 .seed = options.seed,
                 .worker_command = {options.live[0], "worker"},
                 .other_worker_command = {options.live[1], "worker"}};
  if (options.max_time_s > 0) runner.plan.profile.max_time_s = options.max_time_s;
  ProgressLine progress(global);
  runner.launches_wanted = [&](const std::vector<const measure::Measurement*>& measured) {
    return pairs_wanted(measured, live_pairs(options.profile));
  };
  runner.on_progress = [&](const suites::Progress& state) { progress.show(state); };
  runner.on_message = [&](const std::string& message) {
    progress.clear();
    log_info(message);
  };
  const StopOnSignal stop(runner);
  return runner.run_both();
}

std::optional<WorkerDescription> describe_or_log(const std::string& binary) {
  auto description = suites::describe_worker({binary, "worker"});
  if (description) return std::move(description).value();
  log_error(description.error().message);
  return std::nullopt;
}

}  // namespace

std::size_t live_pairs(std::string_view profile) {
  if (profile == "quick") return measure::kMinPairs;
  return profile == "standard" ? 15 : 20;
}

std::variant<LiveRun, int> run_live(const CompareOptions& options, const GlobalOptions& global,
                                    const targets::TargetsFile& targets) {
  const auto old_side = describe_or_log(options.live[0]);
  if (!old_side) return kExitUsage;
  const auto new_side = describe_or_log(options.live[1]);
  if (!new_side) return kExitUsage;
  // What one of the two has may be chosen: that the other lacks it is part of the answer.
  Choice choice{.suites = {}, .ids = ids_of(*old_side), .patterns = {}};
  for (std::string& id : ids_of(*new_side)) choice.ids.push_back(std::move(id));
  for (const std::string& id : choice.ids) choice.suites.push_back(suite_of(id));
  if (const Status good = check_scope(options.scope, choice); !good) {
    log_error(good.error().message);
    return kExitUsage;
  }
  suites::Runner::Sides sides =
      measure_plan(plan_of(*old_side, *new_side, options, targets), options, global);
  LiveRun run;
  run.old_results = std::move(sides.first);
  run.new_results = std::move(sides.other);
  complete(run.old_results, *old_side, options);
  complete(run.new_results, *new_side, options);
  run.only_old = missing_in(*new_side, *old_side, options);
  run.only_new = missing_in(*old_side, *new_side, options);
  return run;
}

}  // namespace midstream::app
