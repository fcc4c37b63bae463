// Where a machine's noise floors are kept: .midstream/noise.json in the current folder.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/measure/noise.hpp"

namespace midstream::app {

inline constexpr const char* kNoiseFile = ".midstream/noise.json";

// Atomically; makes the folder.
Status save_noise(const measure::NoiseRecord& record);

// The floors that hold for `environment`. Otherwise nothing, and `why_not` says in one line why and
// how to mend it: never measured, not readable, or measured on another machine or build.
std::optional<measure::NoiseRecord> load_noise(const measure::Environment& environment,
                                               std::string& why_not);

}  // namespace midstream::app
