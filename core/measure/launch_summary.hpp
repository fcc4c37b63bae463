// What the launches of a benchmark look like besides their figures: how many, how long, how
// steady. The audit of a benchmark's quality rests on it (targets/audit.hpp); no sample is ever
// dropped because of it.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/measure/measurement.hpp"

namespace midstream::measure {

struct LaunchSummary {
  std::size_t launches = 0;        // that gave data; all below is about these
  std::size_t failed = 0;          // that did not
  std::size_t disturbed = 0;       // got under 95 % of a core
  std::uint64_t samples = 0;       // or single operations, where there are histograms
  std::uint64_t least_warmup = 0;  // operations discarded before timing, least over launches
  double measured_s = 0;           // inside the timed operations, in all; 0 of what is not a time
  double highest_load = 0;         // load average at the start, highest over launches
  // Samples beyond Tukey's far fences (three interquartile ranges) of their own launch.
  double outlier_share = 0;
  // Of the launches' medians, in order of measuring: lag one, and into how many groups they fall.
  // Nothing, and 0, below seven launches or of a `value`.
  std::optional<double> autocorrelation;
  std::size_t modes = 0;

  bool operator==(const LaunchSummary&) const = default;
};

// Complexity: O(samples · log samples).
LaunchSummary summarise_launches(const Measurement& measurement);

}  // namespace midstream::measure
