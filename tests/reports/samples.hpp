// Constructed scorecards: targets and results written out by hand, judged and scored for real.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <vector>

#include "reports/scorecard.hpp"

namespace midstream::reports::samples {

struct Sample {
  std::string name;  // of its golden files
  Scorecard scorecard;
};

// passing, every_verdict, unicode, huge_names, nothing, advisory_only, compared, compared_live,
// other_machine and other_machine_forced.
std::vector<Sample> all();

Scorecard passing();        // one component, everything met
Scorecard every_verdict();  // every verdict of rows and claims, every relation and unit
Scorecard unicode();        // names that try to break a table, a line or a shell
Scorecard huge_names();
Scorecard nothing();        // no component, no row, no claim
Scorecard advisory_only();  // rows, and none of them required
Scorecard compared();       // with a baseline: every verdict of a change
Scorecard compared_live();  // pairs, two builds, benchmarks that only one of them has
Scorecard other_machine(bool force);

// One side of a comparison, and targets that require one of its benchmarks and advise on another.
measure::Results results_to_compare();
targets::TargetsFile file_to_compare();

}  // namespace midstream::reports::samples
