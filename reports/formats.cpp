#include <vector>

#include "reports/report.hpp"

namespace midstream::reports {

std::span<const Format> formats() {
  static constexpr Format kFormats[] = {
      {"console", "the scorecard for a terminal, 80 columns", render_console},
      {"md", "Markdown report: compliance, coverage, claims, environment", render_markdown},
      {"json", "scorecard for scripts and `verify` (midstream-scorecard/1)", render_json},
  };
  return kFormats;
}

std::span<const Format> comparison_formats() {
  static const std::vector<Format> instead = [] {
    std::vector<Format> all(formats().begin(), formats().end());
    for (Format& format : all) {
      if (format.name == "console") format.render = render_comparison_console;
      if (format.name == "md") format.render = render_comparison_markdown;
    }
    return all;
  }();
  return instead;
}

}  // namespace midstream::reports
