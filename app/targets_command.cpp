#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "app/target_rows.hpp"

namespace midstream::app {
namespace {

using nlohmann::ordered_json;

int lint(const TargetsOptions& options) {
  const targets::LoadOutcome outcome = load_targets_file(options.file);
  if (options.json) {
    ordered_json array = ordered_json::array();
    for (const targets::Fault& fault : outcome.faults) {
      array.push_back({{"file", fault.file},
                       {"line", fault.line},
                       {"column", fault.column},
                       {"level", fault.level == targets::FaultLevel::kError ? "error" : "warning"},
                       {"message", fault.message}});
    }
    print_stdout(array.dump(2) + "\n");
  } else {
    for (const targets::Fault& fault : outcome.faults) print_stdout(fault.text() + "\n");
    if (outcome.faults.empty()) print_stdout("no faults\n");
  }
  return outcome.ok() ? kExitOk : kExitUsage;
}

std::string as_text(const targets::TargetsFile& file) {
  std::string text = file.title + "\n";
  for (const auto& component : file.components) {
    text += "\n" + component.title + " (" + component.id + ")\n";
    for (const auto& target : component.targets) {
      text += fmt::format("  {:<24} {:<14} {:<7} {}\n", target.id, target.limit.text,
                          measure::statistic_name(target.statistic), target.benchmark);
    }
  }
  if (!file.claims.empty()) text += "\nPublished claims\n";
  for (const auto& claim : file.claims) {
    text += fmt::format("  {:<24} {:<14} {}\n", claim.id, claim.limit ? claim.limit->text : "-",
                        claim.text);
  }
  return text;
}

int show(const TargetsOptions& options) {
  const targets::LoadOutcome outcome = load_targets_file(options.file);
  for (const targets::Fault& fault : outcome.faults) {
    if (fault.level == targets::FaultLevel::kError) log_error(without_level(fault));
  }
  if (!outcome.ok()) return kExitUsage;
  if (options.json) {
    print_stdout(target_rows(outcome.file).dump(2) + "\n");
    return kExitOk;
  }
  print_stdout(as_text(outcome.file));
  return kExitOk;
}

}  // namespace

int targets_command(const TargetsOptions& options) {
  switch (options.action) {
    case TargetsOptions::Action::kLint:
      return lint(options);
    case TargetsOptions::Action::kShow:
      return show(options);
    case TargetsOptions::Action::kSchema:
      break;
  }
  print_stdout(targets::targets_schema());
  return kExitOk;
}

}  // namespace midstream::app
