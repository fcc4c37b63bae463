// How each benchmark is compared in two runs, by the targets that name it.
//
// The allowed regression is the strictest of its targets' own, else the general one. The statistic
// is that of the first target with an absolute limit, else the median. A benchmark that only
// advisory targets name is advisory: its regression is shown and changes no exit code. One that no
// target names is compared like a required one: a regression nobody thought of is one too.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/measure/comparability.hpp"
#include "targets/model.hpp"

namespace midstream::targets {

struct RegressionPolicy {
  measure::RowPolicy row;
  bool advisory = false;
};

// By benchmark. `general` is the policy of benchmarks whose targets say nothing else.
std::map<std::string, RegressionPolicy> regression_policies(const TargetsFile& file,
                                                            std::span<const std::string> benchmarks,
                                                            const measure::RowPolicy& general);

// Does a required target in the scope (suites and filters) of a run name this benchmark? Then it is
// missed when that run does not have it.
bool is_demanded(const TargetsFile& file, std::string_view benchmark,
                 const measure::Results& scope);

}  // namespace midstream::targets
