#include "app/doctor/finding.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace midstream::app {
namespace {

std::string_view color_of(Health health) {
  switch (health) {
    case Health::kGood:
      return "32";
    case Health::kLook:
      return "33";
    case Health::kUnknown:
      break;
  }
  return "2";
}

}  // namespace

std::string_view health_name(Health health) {
  switch (health) {
    case Health::kGood:
      return "good";
    case Health::kLook:
      return "look";
    case Health::kUnknown:
      break;
  }
  return "unknown";
}

std::string findings_to_json(const std::vector<Finding>& findings) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    array.push_back({{"id", finding.id},
                     {"health", health_name(finding.health)},
                     {"value", finding.value},
                     {"effect", finding.effect},
                     {"mend", finding.mend}});
  }
  return array.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string findings_to_text(const std::vector<Finding>& findings, bool color) {
  std::size_t widest = 0;
  for (const Finding& finding : findings) widest = std::max(widest, finding.id.size());
  std::string text;
  for (const Finding& finding : findings) {
    std::string mark = fmt::format("{:<7}", health_name(finding.health));
    if (color) mark = fmt::format("\x1b[{}m{}\x1b[0m", color_of(finding.health), mark);
    text += fmt::format("{} {:<{}} {}\n", mark, finding.id, widest, finding.value);
    if (finding.health != Health::kLook) continue;
    text +=
        fmt::format("          effect: {}\n          mend:   {}\n", finding.effect, finding.mend);
  }
  return text;
}

}  // namespace midstream::app
