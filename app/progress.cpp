#include "app/progress.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace midstream::app {
namespace {

constexpr std::size_t kBarWidth = 20;

int terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

ProgressLine::ProgressLine(const GlobalOptions& global) {
  const char* no_color = std::getenv("NO_COLOR");
  enabled_ = isatty(STDERR_FILENO) == 1 && !global.quiet &&
             (no_color == nullptr || *no_color == '\0') && global.color != ColorMode::kNever;
}

void ProgressLine::show(const suites::Progress& progress) {
  if (!enabled_) return;
  const double share = progress.launches_expected == 0
                           ? 0
                           : static_cast<double>(progress.launches_done) /
                                 static_cast<double>(progress.launches_expected);
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  std::string bar;
  for (std::size_t i = 0; i < kBarWidth; ++i) bar += i < filled ? "█" : "░";
  std::string rest = fmt::format(" {}/{}  {:.0f} s left  {}", progress.benchmarks_done,
                                 progress.benchmarks, progress.remaining_s, progress.current);
  const auto room = static_cast<std::size_t>(std::max(0, terminal_columns() - 1)) - kBarWidth;
  if (rest.size() > room) rest.resize(room);
  fmt::print(stderr, "\r\x1b[K{}{}", bar, rest);
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace midstream::app
