// The progress line on terminals of every width.
#include "app/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace midstream::app {
namespace {

using testing::HasSubstr;

suites::Progress halfway() {
  suites::Progress progress;
  progress.current = "temporal/dtw/sine/n=100";
  progress.launches_done = 5;
  progress.launches_expected = 10;
  progress.benchmarks_done = 3;
  progress.benchmarks = 8;
  progress.remaining_s = 12;
  return progress;
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

TEST(Progress, ShowsBarRowsTimeAndBenchmark) {
  const std::string text = progress_text(halfway(), {.done = 2, .all = 4}, 80);
  EXPECT_EQ(text, "██████████░░░░░░░░░░ 2/4 rows  12 s left  temporal/dtw/sine/n=100");
}

TEST(Progress, CountsBenchmarksWhereThereAreNoRows) {
  EXPECT_THAT(progress_text(halfway(), {}, 80), HasSubstr(" 3/8 benchmarks "));
}

TEST(Progress, NeverOutgrowsTheTerminal) {
  for (int columns = 0; columns <= 100; ++columns) {
    const std::string text = progress_text(halfway(), {.done = 2, .all = 4}, columns);
    EXPECT_LE(columns_of(text), static_cast<std::size_t>(std::max(0, columns - 1))) << columns;
  }
}

TEST(Progress, ARowIsDoneWhenNoLaunchCanChangeIt) {
  targets::Judgement judgement;
  judgement.rows.resize(3);
  judgement.rows[0].scenarios.resize(1);
  judgement.rows[1].scenarios.resize(2);
  judgement.rows[1].scenarios[1].next_look = 10;
  const RowProgress progress = row_progress(judgement);  // the third is MISSING: settled
  EXPECT_EQ(progress.done, 2U);
  EXPECT_EQ(progress.all, 3U);
}

}  // namespace
}  // namespace midstream::app
