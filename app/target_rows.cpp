#include "app/target_rows.hpp"

#include <nlohmann/json.hpp>

namespace midstream::app {

using nlohmann::ordered_json;

ordered_json target_rows(const targets::TargetsFile& file) {
  ordered_json array = ordered_json::array();
  for (const auto& component : file.components) {
    for (const auto& target : component.targets) {
      array.push_back(
          {{"id", target.id},
           {"component", component.id},
           {"title", target.title},
           {"benchmark", target.benchmark},
           {"statistic", std::string(measure::statistic_name(target.statistic))},
           {"limit", target.limit.text},
           {"severity", target.severity == targets::Severity::kRequired ? "required" : "advisory"},
           {"source", target.source}});
    }
  }
  return array;
}

}  // namespace midstream::app
