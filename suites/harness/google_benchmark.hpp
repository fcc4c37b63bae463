// Google Benchmark as the timing engine of batch means: the only user of its header.
//
// Threads: one call at a time in a process.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::suites {

struct BatchPlan {
  std::int64_t repetitions = 0;
  std::int64_t iterations = 0;  // calls of `batch` in a repetition
  // One timed call; when `manual` it times itself and returns seconds, else the value is ignored.
  std::function<double()> batch;
  bool manual = false;
};

// Runs `plan` and gives the seconds per call of each repetition. An error when the library gave
// another number of samples than asked for.
Result<std::vector<double>> run_google_benchmark(const std::string& id, const BatchPlan& plan);

}  // namespace midstream::suites
