// What holds of every report whatever is in it: widths, table structure, one document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/report.hpp"
#include "reports/text_layout.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_command(const std::string& line) { return line.starts_with("    rerun: "); }

TEST(Console, LinesFitTheTerminal) {
  for (const auto& [name, scorecard] : samples::all()) {
    for (const int width : {60, 80, 132}) {
      for (const std::string& line : lines_of(render_console(scorecard, {false, width}))) {
        // A command is there to be copied and is never broken.
        if (is_command(line)) continue;
        EXPECT_LE(display_width(line), width) << name << ": " << line;
      }
    }
  }
}

TEST(Console, ColourIsOnlyPaint) {
  for (const auto& [name, scorecard] : samples::all()) {
    const std::string plain = render_console(scorecard, {});
    EXPECT_EQ(plain.find('\x1b'), std::string::npos) << name;
    std::string painted = render_console(scorecard, {.color = true, .width = 80});
    for (auto at = painted.find('\x1b'); at != std::string::npos; at = painted.find('\x1b')) {
      painted.erase(at, painted.find('m', at) - at + 1);
    }
    // Blanks at the end of a line survive inside paint; nothing else may differ.
    std::string stripped;
    for (const std::string& line : lines_of(painted)) {
      stripped += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    EXPECT_EQ(stripped, plain) << name;
  }
}

TEST(Console, EveryRowThatDidNotPassSaysWhyAndHowToRerun) {
  const Scorecard scorecard = samples::every_verdict();
  const auto lines = lines_of(render_console(scorecard, {}));
  const auto commands = std::count_if(lines.begin(), lines.end(), is_command);
  const auto open =
      std::count_if(scorecard.judgement.rows.begin(), scorecard.judgement.rows.end(),
                    [](const auto& row) { return row.verdict != targets::Verdict::kPass; });
  EXPECT_EQ(commands, open);
}

std::size_t cells(const std::string& line) {
  std::size_t borders = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      ++borders;
    }
  }
  return borders - 1;
}

TEST(Markdown, EveryLineOfATableHasAsManyCells) {
  for (const auto& [name, scorecard] : samples::all()) {
    std::size_t expected = 0;
    std::size_t tables = 0;
    for (const std::string& line : lines_of(render_markdown(scorecard, {}))) {
      if (!line.starts_with("|")) {
        expected = 0;
        continue;
      }
      if (expected == 0) {
        expected = cells(line);
        ++tables;
      }
      EXPECT_EQ(cells(line), expected) << name << ": " << line;
      EXPECT_TRUE(line.ends_with("|")) << name << ": " << line;
    }
    EXPECT_GT(tables, 2U) << name;
  }
}

TEST(Markdown, NamesStayText) {
  const std::string text = render_markdown(samples::unicode(), {});
  EXPECT_EQ(text.find("<script>"), std::string::npos);
  EXPECT_EQ(text.find("<b>"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("動的時間伸縮法"), std::string::npos);
}

TEST(Markdown, SaysWhatAClaimShows) {
  EXPECT_THAT(render_markdown(samples::every_verdict(), {}),
              testing::HasSubstr("It says nothing about how the published figure was measured."));
}

TEST(Json, IsOneDocumentThatParses) {
  for (const auto& [name, scorecard] : samples::all()) {
    const std::string text = render_json(scorecard, {});
    const auto tree = nlohmann::json::parse(text, nullptr, false);
    ASSERT_FALSE(tree.is_discarded()) << name;
    EXPECT_EQ(tree["schema"], kScorecardSchema);
    EXPECT_EQ(tree["rows"].size(), scorecard.judgement.rows.size());
    EXPECT_EQ(tree["digest"], scorecard.digest);
  }
}

TEST(Json, RowsAreInTheUnitOfTheirBenchmark) {
  const auto tree = nlohmann::json::parse(render_json(samples::every_verdict(), {}));
  const auto row = [&](const char* target) {
    for (const auto& candidate : tree["rows"]) {
      if (candidate["target"] == target) return candidate;
    }
    return nlohmann::json();
  };
  EXPECT_EQ(row("pass")["unit"], "us");
  EXPECT_DOUBLE_EQ(row("pass")["value"], 1.34);
  EXPECT_EQ(row("near")["unit"], "ms");
  EXPECT_EQ(row("ratio")["unit"], "x");
  EXPECT_EQ(row("rate")["unit"], "/s");
  EXPECT_EQ(row("size")["unit"], "B");
  EXPECT_EQ(row("size")["value"], 65432.0);
  EXPECT_TRUE(row("size")["ci"].is_null());
  EXPECT_TRUE(row("absent")["value"].is_null());
  EXPECT_EQ(row("absent")["n"], 0);
}

TEST(Formats, HaveDistinctNamesAndDescriptions) {
  std::vector<std::string_view> names;
  for (const Format& format : formats()) {
    names.push_back(format.name);
    EXPECT_NE(format.description, "");
    EXPECT_NE(format.render, nullptr);
  }
  EXPECT_THAT(names, testing::ElementsAre("console", "md", "json"));
}

}  // namespace
}  // namespace midstream::reports
