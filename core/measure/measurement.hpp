// What was measured: the model of results.json (schema midstream-results/1, docs/results.md).
//
// A Results holds one Measurement per benchmark; a Measurement holds the launches (fresh
// processes); a Launch holds the samples or the histogram taken inside it. Everything a verdict
// needs is in here, and nothing that was judged.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "core/measure/histogram.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::measure {

// What one sample is. Tail percentiles are allowed for kOperation only.
enum class SampleKind { kOperation, kBatchMean, kValue };
enum class Direction { kLowerIsBetter, kHigherIsBetter };

struct Metric {
  Unit unit;  // the unit the samples are in
  Direction direction = Direction::kLowerIsBetter;
  SampleKind kind = SampleKind::kBatchMean;
};

// Work done by one operation, so that time per operation can be read as a rate.
struct Throughput {
  double per_operation = 0;
  std::string item;  // "cells", "B", "msg"
};

enum class LaunchStatus { kOk, kCrashed, kTimedOut, kWrongAnswer, kFailed, kUnavailable };

// Histograms of single operations hold picoseconds: a nanosecond would be 3 % of a 30 ns operation.
inline constexpr double kHistogramPerNs = 1000;

struct Launch {
  std::uint32_t round = 0;  // launches of one round were measured next to each other
  LaunchStatus status = LaunchStatus::kOk;
  std::string reason;                   // why not kOk
  std::vector<double> samples;          // in Metric::unit; empty when there is a histogram
  std::optional<Histogram> histogram;   // of picoseconds; kOperation only
  std::uint64_t operations = 0;         // operations that were timed
  std::uint64_t warmup_operations = 0;  // run and discarded before
  double started_s = 0;                 // since the start of the run
  double wall_s = 0;                    // of the whole process
  double cpu_share = 1;                 // CPU time / wall time of the measuring part
  std::uint64_t involuntary_switches = 0;
  double load_average = 0;  // one minute, at the start
  bool disturbed = false;   // got under 95 % of its core; kept and flagged
};

// Above this timer_cost_share a benchmark carries no verdict.
inline constexpr double kMaxTimerShare = 0.10;

struct Correctness {
  std::string oracle;       // what the answers were held against; empty: none
  std::uint64_t cases = 0;  // answers compared
  bool ok = false;
};

enum class MeasurementStatus {
  kOk,           // every launch that was started gave data
  kError,        // crash, time-out, exception, no data
  kInvalid,      // wrong answer
  kUnavailable,  // cannot run here
  kNotRun,       // interrupted, or out of time
};

struct Measurement {
  std::string id;  // suite/case/scenario/param=value
  std::string title;
  std::map<std::string, std::string> parameters;
  Metric metric;
  std::optional<Throughput> throughput;
  std::string generator;  // of the inputs
  std::uint64_t seed = 0;
  std::uint32_t variants = 0;  // inputs rotated over
  // The harness kept the optimiser from dropping or hoisting the work; a benchmark that times
  // itself has to see to that.
  bool optimiser_barrier = false;
  double timer_cost_share = 0;  // timer reads / measured time, largest over launches
  Correctness correctness;
  std::map<std::string, double> counters;    // "allocations/op", "allocated B/op", …
  std::map<std::string, std::string> facts;  // "kernel": "avx512", "datagram": "1452 B, GSO+GRO"
  MeasurementStatus status = MeasurementStatus::kNotRun;
  std::string reason;
  std::vector<Launch> launches;
};

// The machine and the build, as name -> value in a fixed order; see environment.hpp.
struct EnvironmentFact {
  std::string name;
  std::string value;
};
using Environment = std::vector<EnvironmentFact>;

struct Results {
  std::string tool_version;
  std::string revision;
  std::vector<std::string> command_line;
  std::string started_at;  // RFC 3339, UTC
  std::string finished_at;
  bool interrupted = false;
  bool release_build = false;
  std::string profile;
  std::uint64_t seed = 0;
  std::vector<std::string> suites;   // scope as asked; empty: all
  std::vector<std::string> filters;  // globs; empty: all
  Environment environment;
  std::vector<Measurement> measurements;  // sorted by id
};

// The statistic inside one launch, in Metric::unit. With a histogram a percentile is a range,
// low <= true value <= high; otherwise low == high. Nothing when the launch does not count: not
// kOk, no data, too few operations for the percentile, or a tail percentile of batch means.
struct LaunchValue {
  double low = 0;
  double high = 0;
};
std::optional<LaunchValue> launch_statistic(const Launch& launch, const Metric& metric,
                                            Statistic statistic);

// The same of work per second, for limits that are rates on a benchmark that measures time. Needs
// samples (not a histogram); in "/s", or bps when the item is "B".
std::optional<LaunchValue> launch_rate(const Launch& launch, const Metric& metric,
                                       const Throughput& throughput, Statistic statistic);

std::string_view status_name(MeasurementStatus status);
std::string_view launch_status_name(LaunchStatus status);

}  // namespace midstream::measure
