#include "suites/harness/track.hpp"

namespace midstream::suites {

Track new_track(const PlannedBenchmark& planned, std::uint64_t seed) {
  const Benchmark& benchmark = *planned.benchmark;
  const auto& family = *benchmark.family;
  Track track;
  track.planned = planned;
  measure::Measurement& measurement = track.measurement;
  measurement.id = benchmark.id;
  measurement.title = family.title;
  for (const auto& [name, value] : benchmark.parameters) {
    measurement.parameters[name] = std::to_string(value);
  }
  measurement.metric = family.metric;
  measurement.generator = family.generator;
  measurement.correctness.oracle = family.oracle;
  measurement.seed = seed;
  measurement.reason = "not reached";
  return track;
}

}  // namespace midstream::suites
