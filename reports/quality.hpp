// The audit of targets/audit.hpp as reports show it: for a row, and over all benchmarks.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/scorecard.hpp"
#include "targets/audit.hpp"

namespace midstream::reports {

std::vector<targets::AuditCheck> audit_of(const Scorecard& scorecard, const BenchmarkFacts& facts);

// Did it run, well or badly? What could not run at all has no quality.
bool has_started(const BenchmarkFacts& facts);

// One check over every benchmark that was started.
struct CheckTally {
  std::string_view id;
  std::string_view title;
  std::size_t holds = 0;
  std::size_t not_applicable = 0;
  std::vector<std::string> warns;  // "benchmark: what was found"
  std::vector<std::string> caps;
};
std::vector<CheckTally> tally_checks(const Scorecard& scorecard);

// Ids of the checks that cap and that warn, for any benchmark or reference of the row. A timed row
// that rests on a single scenario is warned of as "scenarios".
struct RowQuality {
  std::vector<std::string> caps;
  std::vector<std::string> warns;
};
RowQuality row_quality(const Scorecard& scorecard, const targets::Row& row);

}  // namespace midstream::reports
