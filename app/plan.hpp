// Which benchmarks a run measures, and why: targets and scope in, the runner's list out.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "core/base/result.hpp"
#include "suites/harness/runner.hpp"
#include "targets/model.hpp"

namespace midstream::app {

// Unknown suites, filters that match nothing: errors that name the nearest.
Status check_scope(const RunOptions& options, const targets::TargetsFile& targets);

std::vector<suites::PlannedBenchmark> plan_benchmarks(const RunOptions& options,
                                                      const targets::TargetsFile& targets);

// Rows, launches and estimated time, for --dry-run.
std::string describe_plan(const std::vector<suites::PlannedBenchmark>& plan,
                          const targets::TargetsFile& targets, const RunOptions& options);

}  // namespace midstream::app
