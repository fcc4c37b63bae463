#include <algorithm>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "reports/scorecard.hpp"
#include "targets/evaluator.hpp"

namespace midstream::app {
namespace {

// Judges a saved results file; nothing when something could not be read, which is then logged.
std::optional<reports::Scorecard> judge_saved(const std::string& results_file,
                                              const std::vector<std::string>& target_files,
                                              const std::vector<ReportRequest>& reports) {
  OtherFiles files{.inputs = target_inputs(target_files), .outputs = {}};
  files.inputs.push_back({"RESULTS", results_file});
  if (const Status status = check_report_requests(reports, files); !status) {
    log_error(status.error().message);
    return std::nullopt;
  }
  const auto targets = load_targets_or_log(target_files);
  if (!targets) return std::nullopt;
  const auto results = load_results_or_log(results_file);
  if (!results) return std::nullopt;
  return reports::build_scorecard(*targets, *results);
}

}  // namespace

int judgement_exit_code(const targets::Judgement& judgement,
                        targets::OnInconclusive on_inconclusive) {
  const int code = targets::exit_code(judgement, on_inconclusive);
  const bool undecided =
      targets::exit_code(judgement, targets::OnInconclusive::kFail) == kExitUndecided;
  if (undecided && code == kExitOk && on_inconclusive == targets::OnInconclusive::kWarn) {
    log_warning("a required row is undecided; --on-inconclusive warn lets it pass");
  }
  if (judgement.rows.empty()) {
    // Nothing judged is never a pass.
    log_warning("no target names what was chosen: nothing was judged");
    return worse(code, kExitUndecided);
  }
  const auto& rows = judgement.rows;
  if (std::none_of(rows.begin(), rows.end(), [](const targets::Row& row) {
        return row.target.severity == targets::Severity::kRequired;
      })) {
    log_warning("only advisory rows were judged: they are shown and change no exit code");
  }
  return code;
}

int check_command(const CheckOptions& options, const GlobalOptions& global) {
  const auto scorecard = judge_saved(options.results, options.targets, options.reports);
  if (!scorecard) return kExitUsage;
  const int code = judgement_exit_code(scorecard->judgement, options.on_inconclusive);
  return worse(code, write_reports(*scorecard, options.reports, global));
}

int report_command(const ReportOptions& options, const GlobalOptions& global) {
  const auto scorecard = judge_saved(options.results, options.targets, options.reports);
  if (!scorecard) return kExitUsage;
  return write_reports(*scorecard, options.reports, global);
}

}  // namespace midstream::app
