// What a worker is asked and what it answers: the messages between runner and worker.
//
// Threads: plain values, pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::suites {

enum class LaunchMode {
  kVerify,  // prove every answer, count allocations, calibrate; nothing is timed for a verdict
  kTime,
};

struct LaunchRequest {
  std::string id;
  LaunchMode mode = LaunchMode::kVerify;
  std::uint64_t seed = 0;
  double budget_ms = 5;
  double ns_per_operation = 0;          // from the verification launch; 0: unknown
  std::uint64_t operations_wanted = 0;  // single operations, for tail percentiles
  std::size_t first_input = 0;          // which of the inputs to begin with
  std::vector<std::uint64_t> answers;   // proved fingerprints
};

struct LaunchAnswer {
  measure::LaunchStatus status = measure::LaunchStatus::kOk;
  std::string reason;
  std::vector<double> samples;
  std::optional<measure::Histogram> histogram;
  std::uint64_t operations = 0;
  std::uint64_t warmup_operations = 0;
  std::uint64_t cases = 0;
  std::vector<std::uint64_t> answers;
  double ns_per_operation = 0;
  bool optimiser_barrier = false;
  double timer_cost_share = 0;
  double cpu_share = 1;
  std::uint64_t involuntary_switches = 0;
  std::optional<measure::Throughput> throughput;
  std::map<std::string, double> counters;
  std::map<std::string, std::string> facts;
};

// The state of one launch inside the worker.
class LaunchContext {
 public:
  LaunchContext(const Benchmark& target, const LaunchRequest& asked)
      : benchmark(target), request(asked) {}
  const Benchmark& benchmark;
  const LaunchRequest& request;
  double own_core_share = 1;  // the least of the threads that need a core each
  LaunchAnswer answer;
};

// Ends a launch early; caught by the worker.
struct LaunchEnd : std::runtime_error {
  LaunchEnd(measure::LaunchStatus why, const std::string& what)
      : std::runtime_error(what), status(why) {}
  measure::LaunchStatus status;
};

std::string to_json(const LaunchRequest& request);
std::string to_json(const LaunchAnswer& answer);
Result<LaunchRequest> request_from_json(std::string_view text);
Result<LaunchAnswer> answer_from_json(std::string_view text);

}  // namespace midstream::suites
