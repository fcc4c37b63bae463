// Results for tests: small by hand, or random with everything a results file can hold.
#pragma once

#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/random.hpp"
#include "core/measure/results_file.hpp"

namespace midstream::measure {

inline std::string random_word(Random& random) {
  static constexpr const char* kWords[] = {"",      "sine",   "a b",       "\u00b5\u00fc\u4e2d",
                                           "q\"\\", "x\ny\t", "</script>", "100 %"};
  return kWords[random.below(std::size(kWords))];
}

inline Launch random_launch(Random& random, const Metric& metric, std::uint32_t round) {
  Launch launch;
  launch.round = round;
  launch.status = static_cast<LaunchStatus>(random.below(3) == 0 ? random.below(6) : 0);
  if (launch.status != LaunchStatus::kOk) launch.reason = random_word(random);
  launch.operations = random.next() >> random.below(64);
  launch.warmup_operations = random.below(1000);
  launch.started_s = random.uniform(0, 100);
  launch.wall_s = random.uniform();
  launch.cpu_share = random.uniform();
  launch.involuntary_switches = random.below(10);
  launch.load_average = random.uniform(0, 3);
  launch.disturbed = random.below(2) == 0;
  const bool time = metric.unit.dimension == Dimension::kTime;
  if (metric.kind == SampleKind::kOperation && time && random.below(2) == 0) {
    launch.histogram.emplace();
    for (std::uint64_t n = random.below(3000); n > 0; --n) {
      launch.histogram->record(random.next() >> (20 + random.below(40)));
    }
  } else {
    launch.samples.resize(random.below(metric.kind == SampleKind::kOperation ? 300 : 30));
    for (double& sample : launch.samples) sample = std::exp(random.normal() * 3);
  }
  return launch;
}

inline Measurement random_measurement(Random& random, std::string id) {
  static constexpr const char* kUnits[] = {"ns", "\u00b5s", "s", "KB", "M ops/s", "", "%", "x"};
  Measurement of;
  of.id = std::move(id);
  of.title = random_word(random);
  for (std::uint64_t n = random.below(3); n > 0; --n) {
    of.parameters[std::to_string(n)] = random_word(random);
    of.counters["allocations/op " + std::to_string(n)] = random.normal();
    of.facts["kernel " + std::to_string(n)] = random_word(random);
  }
  of.metric.unit = parse_unit(kUnits[random.below(std::size(kUnits))]).value();
  of.metric.direction = static_cast<Direction>(random.below(2));
  of.metric.kind = static_cast<SampleKind>(random.below(3));
  if (random.below(2) == 0) of.throughput = Throughput{random.uniform(1, 1e6), "cells"};
  of.generator = random_word(random);
  of.seed = random.next();
  of.variants = 16;
  of.optimiser_barrier = random.below(2) == 0;
  of.timer_cost_share = random.uniform();
  of.correctness = {random_word(random), random.below(100), random.below(2) == 0};
  of.status = static_cast<MeasurementStatus>(random.below(5));
  of.reason = random_word(random);
  for (std::uint32_t round = 0, n = static_cast<std::uint32_t>(random.below(5)); round < n;
       ++round) {
    of.launches.push_back(random_launch(random, of.metric, round));
  }
  return of;
}

inline Results random_results(Random& random) {
  Results results;
  results.tool_version = "0.1.0";
  results.revision = random_word(random);
  for (std::uint64_t n = random.below(4); n > 0; --n) {
    results.command_line.push_back(random_word(random));
    results.suites.push_back(random_word(random));
    results.filters.push_back(random_word(random));
    results.environment.push_back({"fact " + std::to_string(n), random_word(random)});
  }
  results.started_at = "2025-10-26T09:30:00Z";
  results.finished_at = random.below(2) == 0 ? "" : "2025-10-26T09:31:00.125Z";
  results.interrupted = random.below(2) == 0;
  results.release_build = random.below(2) == 0;
  results.profile = "quick";
  results.seed = random.next();
  for (std::uint64_t n = 0, end = random.below(4); n < end; ++n) {
    results.measurements.push_back(random_measurement(
        random, "suite/case/" + random_word(random) + "/n=" + std::to_string(n)));
  }
  return results;
}

}  // namespace midstream::measure
