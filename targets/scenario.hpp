// One benchmark of a row, judged from its measurements.
//
// Threads: pure functions.
#pragma once

#include <string>

#include "targets/evaluator.hpp"

namespace midstream::targets {

// The measurement with this id, or nullptr. Requires measurements sorted by id or not: O(n).
const measure::Measurement* find_measurement(const measure::Results& results, std::string_view id);

// Is the limit one of work per second, on a benchmark that measures time and declares its work?
bool reads_rate(const Limit& limit, const measure::Measurement& measurement);

// The target a claim amounts to. Requires a claim with a limit.
Target target_of(const Claim& claim);

// Requires `measurement` to be one of those the target's benchmark matches.
Scenario judge_scenario(const Target& target, const measure::Measurement& measurement,
                        const measure::Results& results, double confidence);

// The second half of it: everything that follows from the launches the scenario holds and from
// what is recorded of its benchmark (and its reference, in `results`) besides samples.
void conclude(Scenario& scenario, const Target& target, const measure::Measurement& measurement,
              const measure::Results& results, double confidence);

// limit/value for an upper limit, value/limit for a lower one: above 1 on the good side. 0 when
// nothing was measured or the ratio has no bound (a value of 0 under an upper limit).
double margin_of(const Scenario& scenario, const Limit& limit);

}  // namespace midstream::targets
