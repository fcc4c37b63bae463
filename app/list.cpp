#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/output.hpp"
#include "app/target_rows.hpp"
#include "reports/report.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::app {
namespace {

using nlohmann::ordered_json;

ordered_json list_suites() {
  ordered_json array = ordered_json::array();
  for (const std::string& suite : suites::all_suites()) {
    std::size_t count = 0;
    for (const auto& benchmark : suites::all_benchmarks()) {
      if (benchmark.id.starts_with(suite + "/")) ++count;
    }
    array.push_back({{"id", suite}, {"benchmarks", count}});
  }
  return array;
}

ordered_json list_benchmarks() {
  ordered_json array = ordered_json::array();
  for (const auto& benchmark : suites::all_benchmarks()) {
    const auto& family = *benchmark.family;
    array.push_back(
        {{"id", benchmark.id},
         {"title", family.title},
         {"unit", family.metric.unit.symbol},
         {"sample", family.metric.kind == measure::SampleKind::kOperation   ? "operation"
                    : family.metric.kind == measure::SampleKind::kBatchMean ? "batch mean"
                                                                            : "value"},
         {"generator", family.generator},
         {"oracle", family.oracle}});
  }
  return array;
}

ordered_json list_reports() {
  ordered_json array = ordered_json::array();
  for (const reports::Format& format : reports::formats()) {
    array.push_back({{"id", format.name}, {"description", format.description}});
  }
  return array;
}

// The id, then what else fits a line for people.
std::string as_text(const ordered_json& array) {
  std::size_t width = 0;
  for (const auto& item : array) {
    width = std::max(width, item["id"].get_ref<const std::string&>().size());
  }
  std::string text;
  for (const auto& item : array) {
    std::string detail;
    for (const char* key : {"title", "limit", "description", "benchmarks"}) {
      if (!item.contains(key)) continue;
      const std::string value =
          item[key].is_string() ? item[key].get<std::string>() : item[key].dump() + " " + key;
      detail += (detail.empty() ? "" : "  ") + value;
    }
    text += fmt::format("{:<{}}  {}", item["id"].get<std::string>(), width, detail);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace

int list_command(const ListOptions& options) {
  ordered_json array;
  if (options.what == "suites") {
    array = list_suites();
  } else if (options.what == "benchmarks") {
    array = list_benchmarks();
  } else if (options.what == "reports") {
    array = list_reports();
  } else {
    const auto targets = load_targets_or_log(options.targets);
    if (!targets) return kExitUsage;
    array = target_rows(*targets);
  }
  print_stdout(options.json ? array.dump(2) + "\n" : as_text(array));
  return kExitOk;
}

}  // namespace midstream::app
