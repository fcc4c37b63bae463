// What the doctor makes of the machine, the build and the probes: facts in, findings out.
//
// Threads: pure functions but for reading files under `root`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/doctor/finding.hpp"
#include "app/doctor/socket_probe.hpp"
#include "core/measure/measurement.hpp"
#include "suites/harness/perf_counters.hpp"

namespace midstream::app {

// The processor and what steadies it: governor, turbo, smt, aslr, load, and what Google Benchmark
// needs of it. `environment` holds the facts of core/measure/environment.hpp; `root` is where
// /proc and /sys are found: "" on a real machine.
std::vector<Finding> check_processor(const measure::Environment& environment,
                                     const std::string& root);

// What the control group allows: CPU quota, memory.
std::vector<Finding> check_limits(const measure::Environment& environment, const std::string& root);

// Build type and timer.
std::vector<Finding> check_build(const measure::Environment& environment);

// UDP offload and the size a socket buffer may have.
std::vector<Finding> check_network(const UdpOffload& offload, const std::string& root);

Finding check_perf_counters(const std::vector<suites::PerfCount>& counts, const std::string& root);

}  // namespace midstream::app
