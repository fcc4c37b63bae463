#include "app/progress.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace midstream::app {
namespace {

constexpr std::size_t kBarWidth = 20;

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

RowProgress row_progress(const targets::Judgement& judgement) {
  RowProgress progress{.done = 0, .all = judgement.rows.size()};
  for (const targets::Row& row : judgement.rows) {
    const bool open = std::any_of(row.scenarios.begin(), row.scenarios.end(),
                                  [](const auto& scenario) { return scenario.next_look > 0; });
    if (!open) ++progress.done;
  }
  return progress;
}

std::string progress_text(const suites::Progress& progress, const RowProgress& rows, int columns) {
  const double share = progress.launches_expected == 0
                           ? 0
                           : static_cast<double>(progress.launches_done) /
                                 static_cast<double>(progress.launches_expected);
  // The last column stays free: writing it makes some terminals wrap.
  const auto room = static_cast<std::size_t>(std::max(0, columns - 1));
  const std::size_t width = std::min(kBarWidth, room);
  const auto filled =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  std::string bar;
  for (std::size_t i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
  const bool by_row = rows.all > 0;
  std::string rest =
      fmt::format(" {}/{} {}  {:.0f} s left  {}", by_row ? rows.done : progress.benchmarks_done,
                  by_row ? rows.all : progress.benchmarks, by_row ? "rows" : "benchmarks",
                  progress.remaining_s, progress.current);
  if (rest.size() > room - width) rest.resize(room - width);
  return bar + rest;
}

ProgressLine::ProgressLine(const GlobalOptions& global) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  enabled_ = isatty(STDERR_FILENO) == 1 && !global.quiet &&
             (no_color == nullptr || *no_color == '\0') &&
             (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

void ProgressLine::show(const suites::Progress& progress) {
  if (!enabled_) return;
  fmt::print(stderr, "\r\x1b[K{}", progress_text(progress, rows_, terminal_columns()));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace midstream::app
