// What judging a scorecard again cannot see, because it takes the rows, their scenarios and the
// record of the benchmarks as it finds them: does the one belong to the other, and all of it to
// the scope of the run?
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "reports/scorecard.hpp"

namespace midstream::reports {

// One line for each contradiction, with its place. Uses what was measured and demanded alone:
// conclusions need not be set. Complexity: O(rows · benchmarks).
std::vector<std::string> cross_check(const Scorecard& scorecard);

}  // namespace midstream::reports
