#include "reports/markdown_text.hpp"

#include <algorithm>
#include <utility>

#include "reports/text_layout.hpp"

namespace midstream::reports {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '|':
      case '~':
      case '#':
      case '!':
        out += '\\';
        out += c;
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string code_block(const std::string& code) {
  std::size_t run = 0;
  std::size_t longest = 2;
  for (const char c : code) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + "sh\n" + code + "\n" + fence + "\n";
}

Table::Table(std::vector<std::string> head) : columns_(head.size()) {
  row(std::move(head));
  for (std::size_t i = 0; i < columns_; ++i) text_ += "|---";
  text_ += "|\n";
}

void Table::row(std::vector<std::string> cells) {
  cells.resize(columns_);
  for (const std::string& cell : cells) text_ += "| " + escaped(cell) + " ";
  text_ += "|\n";
}

std::string markdown_environment(const Scorecard& scorecard) {
  Table table({"Fact", "Value"});
  table.row({"build", scorecard.run.release_build ? "release" : "not a release build"});
  table.row({"started", scorecard.run.started_at});
  table.row({"finished",
             scorecard.run.finished_at + (scorecard.run.interrupted ? " (interrupted)" : "")});
  for (const measure::EnvironmentFact& fact : scorecard.run.environment) {
    table.row({fact.name, fact.value});
  }
  return "## Environment\n\n" + table.take();
}

}  // namespace midstream::reports
