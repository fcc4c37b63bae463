// What `run --baseline` and `compare` share: the old side, the noise floor, the exit code.
#pragma once

#include <optional>
#include <variant>

#include "app/options.hpp"
#include "core/measure/measurement.hpp"
#include "reports/comparison.hpp"

namespace midstream::app {

// The results under that name; otherwise the exit code, with the reason logged.
std::variant<measure::Results, int> load_baseline_or_log(const BaselineChoice& baseline);

// The request of an unpaired comparison; live ones set their pairing.
reports::ComparisonRequest comparison_request(const ComparisonOptions& options,
                                              const measure::Results& new_results);

// Exit code of a comparison (DESIGN §4), with a line on standard error when it is not 0 or when
// undecided rows are let through. Nothing compared is never a pass. Advisory rows change nothing.
int comparison_exit_code(const reports::RunComparison& comparison,
                         targets::OnInconclusive on_inconclusive);

}  // namespace midstream::app
