// Two runs of the same benchmarks: which rows regressed, and how sure is that (DESIGN §7).
//
// Ratios are of cost, new over old (old over new where higher is better): above 1 is worse, in
// every row. With δ = the row's max_regression,
//
//   REGRESSED     a one-sided test of ratio <= 1 + δ is significant after Benjamini-Hochberg over
//                 all rows that could be tested;
//   IMPROVED      else, when the mirrored test (old against new) is;
//   UNCHANGED     else, when the upper bound of the ratio's interval is below 1 + δ, and so is the
//                 machine's own noise floor (what comparing a binary with itself shows);
//   INCONCLUSIVE  else, and always with fewer launches than the test needs.
//
// Independent runs are compared by Mann & Whitney's test, interleaved ones (`compare --live`) by
// Wilcoxon's signed ranks on the pairs. A `value` is deterministic: it is compared as it is. The
// timer's resolution is the only absolute floor, and only of single operations: a change of less
// cannot be seen, so it widens δ where δ is smaller.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/measure/measurement.hpp"

namespace midstream::measure {

// One regression among 53 rows must reach p <= 0.00094: below these numbers no data can.
inline constexpr std::size_t kMinLaunchesUnpaired = 7;  // a side
inline constexpr std::size_t kMinPairs = 11;

enum class ChangeVerdict { kRegressed, kImproved, kUnchanged, kInconclusive };
std::string_view change_verdict_name(ChangeVerdict verdict);  // "REGRESSED"

enum class Pairing { kUnpaired, kPaired };

// One row: the statistic of every launch on both sides.
struct ChangeInput {
  std::string benchmark;
  Direction direction = Direction::kLowerIsBetter;
  bool deterministic = false;  // a `value`
  std::string unusable;        // why it cannot be judged, whatever the values; empty: it can
  std::vector<LaunchValue> old_values;  // in the metric's unit; pairs with new_values if paired
  std::vector<LaunchValue> new_values;  // a histogram's range counts against a finding
  double max_regression = 0.05;         // δ
  std::optional<double> noise_floor;    // of rows like this one here, 0.02 is 2 %; unknown: none
  std::string noise_unknown;            // why it is not known; empty: not told
  double resolution = 0;                // of the timer, in the metric's unit; 0: does not apply
};

struct Change {
  std::string benchmark;
  ChangeVerdict verdict = ChangeVerdict::kInconclusive;
  std::string reason;  // one line; empty for a plain UNCHANGED
  double old_median = 0;
  double new_median = 0;
  std::size_t old_n = 0;
  std::size_t new_n = 0;
  double max_regression = 0;  // δ as it was tested, with the timer's resolution

  // Median cost over median cost, with its two-sided interval. Nothing when a value is not above
  // 0, so that there is no ratio, or when there are no launches.
  struct Ratio {
    double value = 1;
    double low = 1;
    double high = 1;
  };
  std::optional<Ratio> ratio;

  // Adjusted over all rows; 1 where nothing was tested.
  double p_regressed = 1;
  double p_improved = 1;

  // The smallest regression (0.08 is 8 %) that these launches, spread as they are, would have
  // shown as REGRESSED had it been the only one. Nothing: none, however large.
  std::optional<double> smallest_visible;
};

// In the order of the inputs. `level` is the rate of false alarms, and of missing intervals.
std::vector<Change> compare_rows(std::span<const ChangeInput> rows, Pairing pairing,
                                 double level = 0.05);

// The noise floor of a machine, from comparing a binary with itself: the 95 % quantile over the
// rows of how far the ratio was from 1; of up to 20 rows that is the largest. They share runs, so
// they depend on one another: what was seen, no bound with a coverage. Nothing without a ratio.
std::optional<double> noise_floor(std::span<const Change> same_binary);

}  // namespace midstream::measure
