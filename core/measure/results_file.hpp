// results.json: the only interchange between measuring and judging.
//
// Reading checks everything (schema version, types, ranges, that stored statistics agree with the
// samples they were computed from) and says what is wrong and where; a truncated or edited file
// never gives a partial Results.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"

namespace midstream::measure {

inline constexpr std::string_view kResultsSchema = "midstream-results/1";

std::string results_to_json(const Results& results);

// `name` is the file's name for messages.
Result<Results> results_from_json(std::string_view text, std::string_view name);

}  // namespace midstream::measure
