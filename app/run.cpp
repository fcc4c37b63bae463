#include <algorithm>
#include <map>
#include <optional>

#include "app/commands.hpp"
#include "app/comparison.hpp"
#include "app/exit_code.hpp"
#include "app/failed_rows.hpp"
#include "app/interrupt.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "app/plan.hpp"
#include "app/progress.hpp"
#include "app/version.hpp"
#include "core/base/file.hpp"
#include "core/measure/environment.hpp"
#include "core/measure/results_file.hpp"
#include "reports/scorecard.hpp"
#include "suites/harness/runner.hpp"
#include "targets/evaluator.hpp"

namespace midstream::app {
namespace {

targets::Judgement judge_so_far(const targets::TargetsFile& targets,
                                const std::vector<const measure::Measurement*>& measured,
                                const measure::Results& scope) {
  measure::Results so_far = scope;
  for (const measure::Measurement* measurement : measured) {
    so_far.measurements.push_back(*measurement);
  }
  return targets::judge(targets, so_far);
}

// Launches each benchmark should have before it is judged again: the most any of its rows wants.
std::map<std::string, std::size_t> launches_wanted(const targets::Judgement& judgement) {
  std::map<std::string, std::size_t> wanted;
  const auto ask = [&](const std::vector<targets::Scenario>& scenarios) {
    for (const targets::Scenario& scenario : scenarios) {
      for (const std::string& id : {scenario.benchmark, scenario.reference}) {
        if (!id.empty()) wanted[id] = std::max(wanted[id], scenario.next_look);
      }
    }
  };
  for (const targets::Row& row : judgement.rows) ask(row.scenarios);
  for (const targets::JudgedClaim& claim : judgement.claims) ask(claim.scenarios);
  return wanted;
}

// All of a run's record but what is measured.
measure::Results record_of(const RunOptions& options) {
  measure::Results results = options.scope.as_results();
  results.tool_version = tool_version();
  results.revision = tool_revision();
  results.command_line = options.command_line;
  results.release_build = measure::is_release_build();
  results.environment = measure::record_environment();
  return results;
}

measure::Results measure_plan(const RunOptions& options, const GlobalOptions& global,
                              const targets::TargetsFile& targets,
                              std::vector<suites::PlannedBenchmark> plan) {
  measure::Results scope = record_of(options);
  suites::Runner runner;
  runner.plan = {.benchmarks = std::move(plan),
                 .profile = *suites::find_profile(options.profile),
                 .seed = options.seed,
                 .worker_command = {"/proc/self/exe", "worker", "--kernel", options.kernel}};
  if (options.max_time_s > 0) runner.plan.profile.max_time_s = options.max_time_s;
  ProgressLine progress(global);
  progress.show_rows({.done = 0, .all = targets::judge(targets, scope).rows.size()});
  runner.launches_wanted = [&](const std::vector<const measure::Measurement*>& measured) {
    const targets::Judgement judgement = judge_so_far(targets, measured, scope);
    progress.show_rows(row_progress(judgement));
    return launches_wanted(judgement);
  };
  runner.on_progress = [&](const suites::Progress& state) { progress.show(state); };
  runner.on_message = [&](const std::string& message) {
    progress.clear();
    log_info(message);
  };
  const StopOnSignal stop(runner);
  measure::Results measured = runner.run();
  measured.tool_version = scope.tool_version;
  measured.revision = scope.revision;
  measured.command_line = scope.command_line;
  measured.release_build = scope.release_build;
  measured.suites = scope.suites;
  measured.filters = scope.filters;
  measured.environment = scope.environment;
  return measured;
}

int write_results(const std::string& path, const measure::Results& results) {
  if (path.empty()) return kExitOk;
  const Status written = write_file_atomically(path, measure::results_to_json(results));
  if (written) return kExitOk;
  log_error("the results were not written: " + written.error().message);
  return kExitNotWritten;
}

std::optional<reports::RunComparison> compare_with(const std::optional<measure::Results>& baseline,
                                                   const RunOptions& options,
                                                   const targets::TargetsFile& targets,
                                                   const measure::Results& results) {
  if (!baseline) return std::nullopt;
  reports::ComparisonRequest request = comparison_request(options.comparison, targets, results);
  request.old_name = "baseline " + options.baseline.name;
  request.new_name = "this run";
  return reports::compare_runs(targets, *baseline, results, request);
}

OtherFiles files_of(const RunOptions& options) {
  OtherFiles files{.inputs = target_inputs(options.targets),
                   .outputs = {{"--results", options.results_path}}};
  if (!options.failed.empty()) files.inputs.push_back({"--failed", options.failed});
  add_baseline_input(options.baseline, files);
  return files;
}

int report_run(const RunOptions& options, const GlobalOptions& global,
               const targets::TargetsFile& targets, const std::optional<measure::Results>& baseline,
               const measure::Results& results) {
  const reports::Scorecard scorecard =
      reports::build_scorecard(targets, results, compare_with(baseline, options, targets, results));
  int code = judgement_exit_code(scorecard.judgement, options.on_inconclusive);
  if (scorecard.comparison) {
    code = worse(code, comparison_exit_code(*scorecard.comparison, options.on_inconclusive));
  }
  code = worse(code, write_results(options.results_path, results));
  return worse(code, write_reports(scorecard, options.reports, global));
}

// --failed when no row failed: a pipeline still gets its documents, made from those results.
int report_passed(const RunOptions& options, const GlobalOptions& global,
                  const targets::TargetsFile& targets, const measure::Results& passed) {
  const targets::Judgement judgement = targets::judge(targets, passed);
  log_warning(shown_name(options.failed) + ": every row in its scope passed (" +
              std::to_string(judgement.rows.size()) + ", and " +
              std::to_string(judgement.out_of_scope) +
              " out of scope), so nothing is measured again");
  if (options.dry_run) {
    print_stdout("0 rows, 0 benchmarks\n");
    return kExitOk;
  }
  std::optional<measure::Results> baseline;
  if (!options.baseline.name.empty()) {
    auto loaded = load_baseline_or_log(options.baseline);
    if (const int* failed = std::get_if<int>(&loaded)) return *failed;
    baseline = std::get<measure::Results>(std::move(loaded));
  }
  return report_run(options, global, targets, baseline, passed);
}

int measure_and_report(const RunOptions& options, const GlobalOptions& global,
                       const targets::TargetsFile& targets) {
  if (const Status good = check_scope(options, targets); !good) {
    log_error(good.error().message);
    return kExitUsage;
  }
  std::vector<suites::PlannedBenchmark> plan = plan_benchmarks(options, targets);
  // Before anything is measured: minutes of it would be for nothing.
  std::optional<measure::Results> baseline;
  if (!options.baseline.name.empty()) {
    auto loaded = load_comparable_baseline_or_log(options.baseline, options.comparison, plan);
    if (const int* failed = std::get_if<int>(&loaded)) return *failed;
    baseline = std::get<measure::Results>(std::move(loaded));
  }
  if (options.dry_run) {
    print_stdout(describe_plan(plan, targets, options));
    return kExitOk;
  }
  const measure::Results results = measure_plan(options, global, targets, std::move(plan));
  const int code = report_run(options, global, targets, baseline, results);
  return results.interrupted ? interrupted_exit_code() : code;
}

}  // namespace

int run_command(const RunOptions& asked, const GlobalOptions& global) {
  if (const Status good = check_report_requests(asked.reports, files_of(asked)); !good) {
    log_error(good.error().message);
    return kExitUsage;
  }
  const auto targets = load_targets_or_log(asked.targets);
  if (!targets) return kExitUsage;
  if (asked.failed.empty()) return measure_and_report(asked, global, *targets);
  const auto earlier = load_results_or_log(asked.failed);
  if (!earlier) return kExitUsage;
  auto failed = benchmarks_of_failed_rows(*targets, *earlier);
  if (!failed) {
    log_error(shown_name(asked.failed) + ": " + failed.error().message);
    return kExitUsage;
  }
  if (failed->empty()) return report_passed(asked, global, *targets, *earlier);
  RunOptions options = asked;
  options.scope.filters = *std::move(failed);
  return measure_and_report(options, global, *targets);
}

}  // namespace midstream::app
