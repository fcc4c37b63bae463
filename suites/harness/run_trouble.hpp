// Why a Google Benchmark run gave no time, in the words of whichever version of the library.
//
// Version 1.8 put `skipped` and `skip_message` in the place of `error_occurred` and
// `error_message`: Debian 12 has the old, Debian 13 the new.
//
// Threads: pure function.
#pragma once

#include <string>

namespace midstream::suites {

// `Run` is benchmark::BenchmarkReporter::Run, or looks like one. Empty when nothing went wrong.
template <class Run>
std::string run_trouble(const Run& run) {
  if constexpr (requires { run.skip_message; }) {
    if (static_cast<int>(run.skipped) == 0) return {};
    return run.skip_message.empty() ? "skipped" : run.skip_message;
  } else {
    if (!run.error_occurred) return {};
    return run.error_message.empty() ? "failed" : run.error_message;
  }
}

}  // namespace midstream::suites
