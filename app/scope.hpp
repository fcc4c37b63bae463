// Which benchmarks --suite and --filter choose: the same for every subcommand that has them.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"

namespace midstream::app {

// Both empty: everything.
struct Scope {
  std::vector<std::string> suites;   // names
  std::vector<std::string> filters;  // globs over ids

  [[nodiscard]] bool chooses(const std::string& id) const;
  // As the evaluator takes it.
  [[nodiscard]] measure::Results as_results() const;
};

std::string suite_of(const std::string& id);

// What there is to choose from.
struct Choice {
  std::vector<std::string> suites;
  std::vector<std::string> ids;
  std::vector<std::string> patterns;  // globs that may be named as they are, beside the ids
};

// Every suite and filter must choose something; otherwise what is wrong, with the nearest.
Status check_scope(const Scope& scope, const Choice& choice);

}  // namespace midstream::app
