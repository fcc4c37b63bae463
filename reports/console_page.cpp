#include "reports/console_page.hpp"

#include <algorithm>

#include "reports/text_layout.hpp"

namespace midstream::reports {
namespace {

// The columns of a row do not fit into less; a narrower terminal wraps.
constexpr int kLeastWidth = 60;

}  // namespace

Page::Page(const RenderOptions& options)
    : color_(options.color), width_(std::max(options.width, kLeastWidth)) {}

std::string Page::paint(std::string_view code, const std::string& text) const {
  if (!color_) return text;
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

void Page::line(std::string_view text) {
  const auto end = text.find_last_not_of(' ');
  text_ += text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  text_ += '\n';
}

void Page::paragraph(std::string_view lead, std::string_view text) {
  const int indent = display_width(lead);
  const auto lines = wrap(printable(text), std::max(1, width_ - indent));
  if (lines.empty()) line(lead);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    line((i == 0 ? std::string(lead) : std::string(static_cast<std::size_t>(indent), ' ')) +
         lines[i]);
  }
}

}  // namespace midstream::reports
