// Two runs held against each other, as the reports show it and `verify` recomputes it.
//
// The statistics are core/measure/comparison.hpp's; here the rows get the policy of their targets,
// and everything the verdicts rest on is kept beside them.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/measure/comparability.hpp"
#include "core/measure/measurement.hpp"
#include "targets/model.hpp"

namespace midstream::reports {

// One benchmark that is in both runs.
struct ComparedRow {
  measure::ChangeInput input;  // the launches of both sides, and what they are held to
  measure::Change change;      // what follows
  measure::Statistic statistic = measure::Statistic::kMedian;
  Unit unit;              // of the launches
  bool advisory = false;  // only advisory targets name it: changes no exit code
  bool broken = false;    // crashed, timed out or answered wrongly in the new run
  bool old_broken =
      false;  // the same of the old run: nothing to compare with, and no fault of ours
};

struct RunComparison {
  std::string old_name;  // "baseline main", a file, a binary
  std::string new_name;
  std::string old_revision;  // of the source
  std::string new_revision;
  measure::Pairing pairing = measure::Pairing::kUnpaired;
  double level = 0.05;
  bool forced = false;  // what is not comparable was compared all the same
  std::vector<measure::Difference> differences;
  std::vector<ComparedRow> rows;
  std::vector<std::string> only_old;
  std::vector<std::string> only_new;
  std::vector<std::string> vanished;  // of only_old: a required target in the new scope names it

  [[nodiscard]] bool comparable() const { return measure::comparable(differences); }
  // Were the runs compared in spite of what differs? Then every row says so.
  [[nodiscard]] bool is_forced() const { return forced && !comparable(); }
  [[nodiscard]] std::size_t count(measure::ChangeVerdict verdict) const;
  // Of rows that are not advisory.
  [[nodiscard]] std::size_t count_required(measure::ChangeVerdict verdict) const;
};

// What comparing a binary with itself shows on this machine for such a benchmark (0.02 is 2 %);
// nothing where it is not known.
using NoiseFloorOf =
    std::function<std::optional<double>(const measure::Measurement&, measure::Statistic)>;

struct ComparisonRequest {
  std::string old_name;
  std::string new_name;
  measure::Pairing pairing = measure::Pairing::kUnpaired;
  bool force = false;
  std::optional<double> max_regression;  // instead of the targets file's policy
  NoiseFloorOf noise_floor;              // may be empty; then noise_unknown says why
  std::string noise_unknown;
};

RunComparison compare_runs(const targets::TargetsFile& targets, const measure::Results& old_results,
                           const measure::Results& new_results, const ComparisonRequest& request);

// Those of `only_old` that a required target names and the scope of the new run should have had.
std::vector<std::string> vanished_of(const targets::TargetsFile& targets,
                                     const std::vector<std::string>& only_old,
                                     const measure::Results& new_scope);

// Sets every row's change from the inputs alone.
void compare_again(RunComparison& comparison);

// May this benchmark not be compared, because of the runs or of itself?
bool is_forbidden(const RunComparison& comparison, std::string_view benchmark);

// What blocks, or "": "kernel: 6.1, now 6.2; governor: …".
std::string what_differs(const RunComparison& comparison);

// "2 REGRESSED, 1 IMPROVED, 40 UNCHANGED, 3 INCONCLUSIVE, 1 vanished"; "no benchmark in both"
// without rows.
std::string tally(const RunComparison& comparison);

// The rows as reports list them: REGRESSED first, then INCONCLUSIVE, IMPROVED, UNCHANGED, each in
// the order of the comparison.
std::vector<const ComparedRow*> worst_first(const RunComparison& comparison);

// What a row's change amounts to, as text: "1.21 us", "1.150x", "1.120x … 1.180x", "p 0.0003" and
// "2.1 %"; "-" where there is none.
struct ChangeText {
  std::string old_value, new_value, ratio, interval, p, smallest_visible, launches;
};
ChangeText change_text(const ComparedRow& row);

// "REGRESSED", "REGRESSED (advisory, forced)".
std::string verdict_text(const RunComparison& comparison, const ComparedRow& row);

}  // namespace midstream::reports
