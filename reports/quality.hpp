// The audit of targets/audit.hpp as reports show it: for a row, and over all benchmarks.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
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

// What the benchmarks recorded of how they ran ("cipher", "datagram path"), without the hardware
// counters, which say how they were counted. One whole for all benchmarks whose value is the same.
struct RunFacts {
  std::vector<std::pair<std::string, std::string>> common;  // of every benchmark: name, value
  // The others, "name: value; name: value", of each benchmark that has any.
  std::vector<std::pair<std::string, std::string>> own;
};
RunFacts run_facts(const Scorecard& scorecard);

// The same of one component in a line: "datagram 1452 B, 65000 B; cipher aes-128-gcm". Empty when
// nothing was recorded.
std::string facts_of_component(const Scorecard& scorecard, std::string_view component);

}  // namespace midstream::reports
