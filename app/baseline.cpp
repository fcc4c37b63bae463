// `baseline save|list|show|remove`: results files kept under a name.
#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/comparison.hpp"
#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "core/measure/environment.hpp"
#include "core/measure/results_file.hpp"
#include "reports/text_layout.hpp"

namespace midstream::app {
namespace {

using nlohmann::ordered_json;

std::string head_of(const measure::Results& results) {
  return fmt::format("{} benchmarks, {}, revision {}, profile {}{}", results.measurements.size(),
                     results.started_at.empty() ? "undated" : results.started_at,
                     results.revision.empty() ? "unknown" : results.revision,
                     results.profile.empty() ? "unknown" : results.profile,
                     results.release_build ? "" : ", NOT A RELEASE BUILD");
}

int save(const BaselineOptions& options) {
  const std::string& name = options.baseline.name;
  if (const Status good = reports::BaselineStore::check_name(name); !good) {
    log_error(good.error().message);
    return kExitUsage;
  }
  const auto results = load_results_or_log(options.results);
  if (!results) return kExitUsage;
  if (results->measurements.empty()) {
    log_error(shown_name(options.results) +
              ": holds no measurement, so nothing could be compared with it");
    return kExitUsage;
  }
  if (!results->release_build) {
    log_warning(shown_name(options.results) +
                ": not of a release build; comparisons will be INCONCLUSIVE");
  }
  const reports::BaselineStore store(options.baseline.folder);
  const bool replaces = store.contains(name);
  // Written anew from what was read: the file that is kept is known to be complete.
  if (const Status saved = store.save(name, measure::results_to_json(*results)); !saved) {
    log_error("the baseline was not saved: " + saved.error().message);
    return kExitNotWritten;
  }
  print_stdout(fmt::format("{} {}: {}\n", replaces ? "replaced" : "saved", store.path_of(name),
                           reports::printable(head_of(*results))));
  return kExitOk;
}

int list(const BaselineOptions& options) {
  const reports::BaselineStore store(options.baseline.folder);
  ordered_json array = ordered_json::array();
  std::string text;
  int code = kExitOk;
  for (const std::string& name : store.list()) {
    const auto loaded = load_baseline_or_log({name, options.baseline.folder});
    if (const int* failed = std::get_if<int>(&loaded)) {
      code = worse(code, *failed);
      continue;
    }
    const auto& results = std::get<measure::Results>(loaded);
    text += fmt::format("{:<20}  {}\n", name, reports::printable(head_of(results)));
    array.push_back({{"id", name},
                     {"path", store.path_of(name)},
                     {"started_at", results.started_at},
                     {"revision", results.revision},
                     {"profile", results.profile},
                     {"release_build", results.release_build},
                     {"benchmarks", results.measurements.size()}});
  }
  print_stdout(options.json
                   ? array.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n"
                   : text);
  return code;
}

int show(const BaselineOptions& options) {
  const auto loaded = load_baseline_or_log(options.baseline);
  if (const int* failed = std::get_if<int>(&loaded)) return *failed;
  const auto& results = std::get<measure::Results>(loaded);
  if (options.json) {
    print_stdout(measure::results_to_json(results));
    return kExitOk;
  }
  std::string text = options.baseline.name + ": " + head_of(results) + "\n";
  for (const measure::EnvironmentFact& fact : results.environment) {
    text += fmt::format("  {:<18} {}\n", fact.name, reports::printable(fact.value));
  }
  for (const measure::Measurement& measurement : results.measurements) {
    text += fmt::format("  {}  {} launches, {}\n", reports::printable(measurement.id),
                        measurement.launches.size(), status_name(measurement.status));
  }
  print_stdout(text);
  return kExitOk;
}

int remove(const BaselineOptions& options) {
  const reports::BaselineStore store(options.baseline.folder);
  const Status removed = store.remove(options.baseline.name);
  if (removed) return kExitOk;
  log_error(removed.error().message);
  switch (removed.error().code) {
    case ErrorCode::kNotFound:
      return kExitNotComparable;
    case ErrorCode::kIo:
      return kExitNotWritten;
    default:
      return kExitUsage;
  }
}

}  // namespace

int baseline_command(const BaselineOptions& options) {
  switch (options.action) {
    case BaselineOptions::Action::kSave:
      return save(options);
    case BaselineOptions::Action::kList:
      return list(options);
    case BaselineOptions::Action::kShow:
      return show(options);
    case BaselineOptions::Action::kRemove:
      break;
  }
  return remove(options);
}

}  // namespace midstream::app
