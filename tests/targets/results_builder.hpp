// Small measurements for the evaluator's tests: launches of one sample each, all sound.
#pragma once

#include <string>
#include <vector>

#include "core/measure/measurement.hpp"

namespace midstream::targets::testing {

inline measure::Launch launch(std::uint32_t round, double sample) {
  measure::Launch result;
  result.round = round;
  result.samples = {sample};
  result.operations = 1;
  return result;
}

// Batch means in nanoseconds, one launch per value, in rounds 0, 1, 2, …
inline measure::Measurement measurement(const std::string& id, const std::vector<double>& values,
                                        const std::string& unit = "ns") {
  measure::Measurement result;
  result.id = id;
  result.metric.unit = parse_unit(unit).value();
  result.correctness = {"oracle", 16, true};
  result.status = measure::MeasurementStatus::kOk;
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.launches.push_back(launch(static_cast<std::uint32_t>(i), values[i]));
  }
  return result;
}

inline measure::Results results(std::vector<measure::Measurement> measurements) {
  measure::Results result;
  result.release_build = true;
  result.measurements = std::move(measurements);
  return result;
}

}  // namespace midstream::targets::testing
