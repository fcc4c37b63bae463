// Which rows `run --failed RESULTS` measures again.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"
#include "targets/model.hpp"

namespace midstream::app {

// The benchmarks (ids and globs, once each) of the rows in the scope of `results` that are anything
// but PASS; empty when all pass. kNotFound when no row is in that scope: nothing was judged, and
// nothing must not look like everything passed.
Result<std::vector<std::string>> benchmarks_of_failed_rows(const targets::TargetsFile& targets,
                                                           const measure::Results& results);

}  // namespace midstream::app
