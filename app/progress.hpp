// A progress line on a terminal's standard error; nothing anywhere else.
#pragma once

#include "app/options.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::app {

class ProgressLine {
 public:
  explicit ProgressLine(const GlobalOptions& global);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const suites::Progress& progress);
  void clear();

 private:
  bool enabled_ = false;
  bool shown_ = false;
};

}  // namespace midstream::app
