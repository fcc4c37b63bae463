// Every report of every constructed scorecard against an approved file.
//
// After a change that is meant, run scripts/approve_reports.sh and read the difference in git
// before committing it: an approved file is a promise about what users see.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/file.hpp"
#include "reports/report.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

std::string extension(std::string_view format) {
  return format == "console" ? "txt" : std::string(format);
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(MIDSTREAM_TEST_DATA) + "/golden/" + name;
  if (std::getenv("MIDSTREAM_APPROVE") != nullptr) {
    ASSERT_TRUE(write_file_atomically(path, actual).ok()) << path;
    return;
  }
  const auto approved = read_file(path, std::size_t{1} << 24);
  ASSERT_TRUE(approved.ok()) << approved.error().message;
  EXPECT_EQ(*approved, actual) << "see scripts/approve_reports.sh";
}

TEST(Golden, EveryFormatOfEverySample) {
  for (const auto& [name, scorecard] : samples::all()) {
    for (const Format& format : formats()) {
      SCOPED_TRACE(name);
      expect_golden(name + "." + extension(format.name), format.render(scorecard, {}));
    }
  }
}

TEST(Golden, ComparisonsAlone) {
  for (const auto& [name, scorecard] : samples::all()) {
    if (!scorecard.comparison) continue;
    for (const Format& format : comparison_formats()) {
      // The JSON of `compare` is the whole scorecard: nothing new to see.
      if (format.name == "json") continue;
      SCOPED_TRACE(name);
      expect_golden(name + ".alone." + extension(format.name), format.render(scorecard, {}));
    }
  }
}

TEST(Golden, ConsoleInColour) {
  expect_golden("every_verdict.ansi.txt",
                render_console(samples::every_verdict(), {.color = true, .width = 80}));
}

TEST(Golden, ConsoleOnANarrowTerminal) {
  expect_golden("every_verdict.60.txt",
                render_console(samples::every_verdict(), {.color = false, .width = 60}));
}

}  // namespace
}  // namespace midstream::reports
