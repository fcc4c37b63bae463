// May two runs be compared, and the rows of two results files brought together for it.
//
// A ratio of two runs says something about the code only if the machine, the build and the
// benchmark were the same. What differs is listed; what could change a time by itself makes the
// runs not comparable.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/measure/comparison.hpp"
#include "core/measure/measurement.hpp"

namespace midstream::measure {

struct Difference {
  std::string what;  // "governor", or "temporal/dtw/sine/n=100: generator"
  std::string old_value;
  std::string new_value;
  bool blocks = false;  // the runs are not comparable because of it
};

// Facts of the machine and the build that differ, in the order of the old environment, then those
// that only the new one has. A fact that one side does not know differs.
std::vector<Difference> compare_environments(const Environment& old_environment,
                                             const Environment& new_environment);

// What differs in what was measured: parameters, unit, direction, kind of sample, work, inputs.
// All of it blocks.
std::vector<Difference> compare_definitions(const Measurement& old_measurement,
                                            const Measurement& new_measurement);

bool comparable(const std::vector<Difference>& differences);

// "kernel: 6.1, now 6.2"
std::string difference_text(const Difference& difference);

// How one row is compared.
struct RowPolicy {
  Statistic statistic = Statistic::kMedian;  // a `value` is always compared by its value
  double max_regression = 0.05;
  std::optional<double> noise_floor;
  std::string noise_unknown;  // why there is none
};

struct ComparisonPlan {
  // Paired: launches of the same round are a pair. Such launches come from one run on one machine,
  // and two builds are what is compared: facts of the build then forbid nothing.
  Pairing pairing = Pairing::kUnpaired;
  double level = 0.05;
  bool force = false;                     // compare what is not comparable
  RowPolicy policy;                       // of rows that have none of their own
  std::map<std::string, RowPolicy> rows;  // by benchmark id
};

struct Comparison {
  std::vector<Difference> differences;  // of the environments, then of the benchmarks
  std::vector<ChangeInput> inputs;      // benchmarks in both, in the order of the new results
  std::vector<Change> changes;          // of the inputs, in their order
  std::vector<std::string> only_old;
  std::vector<std::string> only_new;
};

// A row that is not comparable (all of them, when the runs are not) is INCONCLUSIVE and its reason
// says what differs, unless forced. So is one that could carry no verdict by itself: not a release
// build, no answer held against an oracle, too much of its time spent reading the timer.
Comparison compare_results(const Results& old_results, const Results& new_results,
                           const ComparisonPlan& plan);

}  // namespace midstream::measure
