// One benchmark during a run: what was planned, what was measured so far, what is still wanted.
//
// Threads: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "core/measure/measurement.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::suites {

struct Track {
  PlannedBenchmark planned;
  measure::Measurement measurement;
  std::vector<std::uint64_t> answers;  // proved
  double ns_per_operation = 0;
  std::size_t wanted = 0;     // launches
  double launch_seconds = 0;  // wall time of the last launch, for estimates
  bool hired = false;         // a filler from outside the plan that is still to be proved
  [[nodiscard]] bool active() const {
    return measurement.status == measure::MeasurementStatus::kOk &&
           measurement.launches.size() < wanted;
  }
};

// Nothing measured yet.
Track new_track(const PlannedBenchmark& planned, std::uint64_t seed);

// Fisher-Yates.
template <class T>
void shuffle(std::vector<T*>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(i)]);
  }
}

}  // namespace midstream::suites
