// The output formats: one file each, rendered purely from the scorecard.
//
// Threads: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "reports/scorecard.hpp"

namespace midstream::reports {

struct RenderOptions {
  bool color = false;  // ANSI colours; console only
  int width = 80;      // columns; console only
};

struct Format {
  std::string_view name;         // "console", "md", "json"
  std::string_view description;  // one line, for `list reports`
  std::string (*render)(const Scorecard&, const RenderOptions&);
};

std::span<const Format> formats();
// The same formats, as `compare` renders them: where a document is about targets in the first
// place, one about the comparison takes its place. They require a scorecard with a comparison.
std::span<const Format> comparison_formats();

std::string render_console(const Scorecard& scorecard, const RenderOptions& options);
std::string render_markdown(const Scorecard& scorecard, const RenderOptions& options);
std::string render_comparison_console(const Scorecard& scorecard, const RenderOptions& options);
std::string render_comparison_markdown(const Scorecard& scorecard, const RenderOptions& options);
std::string render_json(const Scorecard& scorecard, const RenderOptions& options);

// Recomputes everything in a scorecard JSON from the launches it embeds. The list of what does
// not agree, empty when all does; an Error when it is no scorecard at all.
Result<std::vector<std::string>> verify_scorecard(std::string_view json, std::string_view name);

}  // namespace midstream::reports
