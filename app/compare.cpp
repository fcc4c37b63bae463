// `compare`: two results files, a baseline and a results file, or two binaries side by side.
#include "app/commands.hpp"
#include "app/comparison.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/live.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "reports/report.hpp"
#include "reports/scorecard.hpp"

namespace midstream::app {
namespace {

// What the three ways have to fit together; the parser has seen to the rest.
Status check_sources(const CompareOptions& options) {
  const std::size_t wanted = !options.live.empty() ? 0 : !options.baseline.name.empty() ? 1 : 2;
  if (options.files.size() == wanted) return {};
  constexpr const char* kForms[] = {
      "compare --live takes two binaries and no results file",
      "compare --baseline NAME takes one results file",
      "compare takes two results files, OLD and NEW, or --baseline NAME RESULTS, or --live "
      "OLD_BINARY NEW_BINARY"};
  return Error{ErrorCode::kInvalidArgument, kForms[wanted]};
}

OtherFiles files_of(const CompareOptions& options) {
  OtherFiles files{.inputs = target_inputs(options.targets), .outputs = {}};
  for (const std::string& file : options.files) files.inputs.push_back({"RESULTS", file});
  for (const std::string& file : options.live) files.inputs.push_back({"--live", file});
  add_baseline_input(options.baseline, files);
  return files;
}

int finish(const CompareOptions& options, const GlobalOptions& global,
           const targets::TargetsFile& targets, const measure::Results& results,
           reports::RunComparison comparison) {
  const reports::Scorecard scorecard =
      reports::build_scorecard(targets, results, std::move(comparison));
  const int code = comparison_exit_code(*scorecard.comparison, options.on_inconclusive);
  return worse(code,
               write_reports(scorecard, options.reports, global, reports::comparison_formats()));
}

int compare_live(const CompareOptions& options, const GlobalOptions& global,
                 const targets::TargetsFile& targets) {
  auto outcome = run_live(options, global, targets);
  if (const int* failed = std::get_if<int>(&outcome)) return *failed;
  auto& live = std::get<LiveRun>(outcome);
  reports::ComparisonRequest request =
      comparison_request(options.comparison, targets, live.new_results);
  request.old_name = options.live[0];
  request.new_name = options.live[1];
  request.pairing = measure::Pairing::kPaired;
  reports::RunComparison comparison =
      reports::compare_runs(targets, live.old_results, live.new_results, request);
  comparison.only_old = std::move(live.only_old);
  comparison.only_new = std::move(live.only_new);
  comparison.vanished = reports::vanished_of(targets, comparison.only_old, live.new_results);
  const int code = finish(options, global, targets, live.new_results, std::move(comparison));
  return live.new_results.interrupted ? interrupted_exit_code() : code;
}

int compare_saved(const CompareOptions& options, const GlobalOptions& global,
                  const targets::TargetsFile& targets) {
  const bool named = !options.baseline.name.empty();
  std::optional<measure::Results> old_results;
  if (named) {
    auto loaded = load_baseline_or_log(options.baseline);
    if (const int* failed = std::get_if<int>(&loaded)) return *failed;
    old_results = std::get<measure::Results>(std::move(loaded));
  } else {
    old_results = load_results_or_log(options.files.front());
  }
  if (!old_results) return kExitUsage;
  const auto new_results = load_results_or_log(options.files.back());
  if (!new_results) return kExitUsage;
  reports::ComparisonRequest request =
      comparison_request(options.comparison, targets, *new_results);
  request.old_name = named ? "baseline " + options.baseline.name : options.files.front();
  request.new_name = options.files.back();
  return finish(options, global, targets, *new_results,
                reports::compare_runs(targets, *old_results, *new_results, request));
}

}  // namespace

int compare_command(const CompareOptions& options, const GlobalOptions& global) {
  for (const Status& status :
       {check_sources(options), check_report_requests(options.reports, files_of(options))}) {
    if (!status) {
      log_error(status.error().message);
      return kExitUsage;
    }
  }
  const auto targets = load_targets_or_log(options.targets);
  if (!targets) return kExitUsage;
  return options.live.empty() ? compare_saved(options, global, *targets)
                              : compare_live(options, global, *targets);
}

}  // namespace midstream::app
