// SIGINT, SIGTERM and SIGHUP while something is being measured.
#pragma once

#include "suites/harness/runner.hpp"

namespace midstream::app {

// Stops `runner` on SIGINT, SIGTERM and SIGHUP (unless `nohup` had it ignored) for as long as it
// lives. A second signal ends at once.
// One at a time in a process.
class StopOnSignal {
 public:
  explicit StopOnSignal(suites::Runner& runner);
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
};

// The exit code of an interrupted run: 128 + the signal that came.
int interrupted_exit_code();

}  // namespace midstream::app
