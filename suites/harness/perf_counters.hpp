// Hardware counters of the calling thread, by perf_event_open: instructions, cycles, branch and
// cache misses, in user mode only.
//
// Instruction counts hardly vary, so they witness a change that times cannot show. Many machines
// give none: containers forbid the call, virtual machines have no counters. Then it says why.
//
// Threads: counts the thread that constructs it; one object per thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace midstream::suites {

// The fact of a measurement that says which counters there are, and why the others are not.
inline constexpr std::string_view kPerfCountersFact = "hardware counters";

struct PerfCount {
  std::string_view name;        // "instructions"
  std::optional<double> count;  // of everything between start() and stop(); nothing: not counted
  std::string why_absent;       // of those not counted
  bool forbidden = false;       // by the kernel's settings: somebody can allow it
};

class PerfCounters {
 public:
  PerfCounters();  // opens what the kernel gives
  ~PerfCounters();
  PerfCounters(const PerfCounters&) = delete;
  PerfCounters& operator=(const PerfCounters&) = delete;

  void start();
  // One entry a counter, in the same order always. Counts are scaled up where the processor had to
  // share its counters among more events than it has.
  std::vector<PerfCount> stop();

  [[nodiscard]] bool any() const;

 private:
  struct Event {
    std::string_view name;
    int descriptor = -1;
    int error = 0;
  };
  std::vector<Event> events_;
};

// One line for the report: "none (…)", "instructions, cycles", "instructions; no cache misses (…)".
std::string describe_perf_counters(const std::vector<PerfCount>& counts);

}  // namespace midstream::suites
