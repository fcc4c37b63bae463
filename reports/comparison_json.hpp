// The member "comparison" of a scorecard JSON: written, and read back without its conclusions.
//
// Threads: pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "reports/comparison.hpp"
#include "reports/json_cursor.hpp"

namespace midstream::reports {

nlohmann::ordered_json comparison_tree(const RunComparison& comparison);

// Everything but what compare_again() sets.
RunComparison read_comparison(const JsonCursor& at);

}  // namespace midstream::reports
