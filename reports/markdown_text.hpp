// Markdown: text that stays text, tables, and the parts that more than one document has.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/scorecard.hpp"

namespace midstream::reports {

// Nothing in a name may become markup, a cell border or a second line.
std::string escaped(std::string_view text);

// Printable commands to copy: a fence longer than any run of backticks in them.
std::string code_block(const std::string& code);

// Cells are escaped here and nowhere else.
class Table {
 public:
  explicit Table(std::vector<std::string> head);
  void row(std::vector<std::string> cells);
  [[nodiscard]] std::string take() { return std::move(text_) + "\n"; }

 private:
  std::size_t columns_;
  std::string text_;
};

// The section of a comparison, and that of the machine and the build.
std::string markdown_comparison(const RunComparison& comparison);
std::string markdown_environment(const Scorecard& scorecard);

}  // namespace midstream::reports
