// A live comparison: two binaries measured in one run, launch next to launch.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "app/options.hpp"
#include "core/measure/measurement.hpp"
#include "targets/model.hpp"

namespace midstream::app {

struct LiveRun {
  measure::Results old_results;  // of the benchmarks both binaries have
  measure::Results new_results;
  std::vector<std::string> only_old;  // within the chosen suites and filters
  std::vector<std::string> only_new;
};

// Launches a side of every benchmark: fixed beforehand, so that no look at the data decides it.
std::size_t live_pairs(std::string_view profile);

// Asks both binaries what they have, proves and measures what both have. Otherwise the exit code,
// with the reason logged. Requires two binaries in the options.
std::variant<LiveRun, int> run_live(const CompareOptions& options, const GlobalOptions& global,
                                    const targets::TargetsFile& targets);

}  // namespace midstream::app
