// The noise floor of a machine: what comparing a binary with itself shows, by class of row.
//
// A change below its row's floor is not one. `doctor --noise` measures the floors and keeps them in
// a file (schema midstream-noise/1, docs/noise.md); a comparison asks floor_of() for each row and
// hands it to compare_rows() as ChangeInput::noise_floor.
//
// Threads: plain values, pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::measure {

inline constexpr std::string_view kNoiseSchema = "midstream-noise/1";

// Rows that are as noisy as each other: the same suite, the same kind of sample, and a statistic of
// the center or of the tail. "temporal/batch_mean/center", "scheduler/operation/tail".
std::string row_class(const Measurement& measurement, Statistic statistic);

struct NoiseFloor {
  std::string row_class;
  double floor = 0;             // 0.02 is 2 %
  std::size_t comparisons = 0;  // of a benchmark with itself
  std::vector<std::string> benchmarks;
};

struct NoiseRecord {
  std::string tool_version;
  std::string revision;
  std::string measured_at;  // UTC, RFC 3339
  Environment environment;
  std::vector<NoiseFloor> floors;  // sorted by class
};

// The floors that two or more runs of one binary show: every run against every other, every
// benchmark but values (which have no noise), by its median and, of single operations, its p99.
// A benchmark that has no ratio (it did not run) adds nothing.
// Fills floors and, from the last run, the rest.
NoiseRecord noise_of(std::span<const Results> runs);

// 0 for a value; nothing when no benchmark of its class was measured.
std::optional<double> floor_of(const NoiseRecord& record, const Measurement& measurement,
                               Statistic statistic);

std::string noise_to_json(const NoiseRecord& record);
// Strict, as results_from_json(). `name` is the file's name for messages.
Result<NoiseRecord> noise_from_json(std::string_view text, std::string_view name);

}  // namespace midstream::measure
