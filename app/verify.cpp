#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "core/base/file.hpp"
#include "reports/report.hpp"

namespace midstream::app {
namespace {

constexpr std::size_t kScorecardLimit = std::size_t{1} << 28;

}  // namespace

int verify_command(const VerifyOptions& options) {
  const auto json = read_file(options.scorecard, kScorecardLimit);
  if (!json) {
    log_error(json.error().message);
    return kExitUsage;
  }
  const std::string name = shown_name(options.scorecard);
  const auto disagreements = reports::verify_scorecard(*json, name);
  if (!disagreements) {
    log_error(disagreements.error().message);
    return kExitUsage;
  }
  std::string text;
  for (const std::string& disagreement : *disagreements) {
    text.append(name).append(": ").append(disagreement).append("\n");
  }
  print_stdout(text);
  if (!disagreements->empty()) return kExitFailed;
  print_stdout(name +
               ": every verdict agrees with the launches in the file (this proves that the file is "
               "consistent, not who made it)\n");
  return kExitOk;
}

}  // namespace midstream::app
