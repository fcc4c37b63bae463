// The machine compared with itself: `doctor --noise`.
#pragma once

#include <vector>

#include "app/options.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::app {

// A few benchmarks of every class of row, of different cases where there are; the first
// alphabetically, so that two machines measure the same ones. Values have no noise.
std::vector<suites::PlannedBenchmark> choose_for_noise(
    const std::vector<suites::Benchmark>& benchmarks);

// Runs the binary against itself, stores the floors and prints them. Returns the exit code.
int measure_noise(const DoctorOptions& options, const GlobalOptions& global);

}  // namespace midstream::app
