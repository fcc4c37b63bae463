// Names of enumerators in results.json, for its writer and its reader. Order: the enumerators'.
#pragma once

#include <string_view>

#include "core/measure/measurement.hpp"

namespace midstream::measure {

inline constexpr std::string_view kSampleKindNames[] = {"operation", "batch_mean", "value"};
inline constexpr std::string_view kDirectionNames[] = {"lower_is_better", "higher_is_better"};

// What launch_statistic() or launch_rate() says of one launch, for the file's "statistics" and
// "rates": written for readers, recomputed and compared when the file is read.
using LaunchFigure = std::optional<LaunchValue> (*)(const Launch&, const Measurement&, Statistic);

inline std::optional<LaunchValue> statistic_figure(const Launch& launch, const Measurement& of,
                                                   Statistic statistic) {
  return launch_statistic(launch, of.metric, statistic);
}

inline std::optional<LaunchValue> rate_figure(const Launch& launch, const Measurement& of,
                                              Statistic statistic) {
  if (!of.throughput) return std::nullopt;
  return launch_rate(launch, of.metric, *of.throughput, statistic);
}

}  // namespace midstream::measure
