// What `run --baseline` and `compare` share: the old side, the noise floor, the exit code.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "app/options.hpp"
#include "app/output.hpp"
#include "core/measure/measurement.hpp"
#include "reports/comparison.hpp"
#include "suites/harness/runner.hpp"
#include "targets/model.hpp"

namespace midstream::app {

// The results under that name; otherwise the exit code, with the reason logged.
std::variant<measure::Results, int> load_baseline_or_log(const BaselineChoice& baseline);

// The same for a run of `plan`, still to be measured here: refused when it could not be compared
// because of the machine, the build, or because they share no benchmark.
std::variant<measure::Results, int> load_comparable_baseline_or_log(
    const BaselineChoice& baseline, const ComparisonOptions& options,
    const std::vector<suites::PlannedBenchmark>& plan);

// The file of the baseline, if there is one, as an input.
void add_baseline_input(const BaselineChoice& baseline, OtherFiles& files);

// The request of an unpaired comparison; live ones set their pairing. Warns of targets whose own
// limit goes before --max-regression.
reports::ComparisonRequest comparison_request(const ComparisonOptions& options,
                                              const targets::TargetsFile& targets,
                                              const measure::Results& new_results);

// Exit code of a comparison (DESIGN §4), with a line on standard error when it is not 0 or when
// undecided rows are let through. Nothing compared is never a pass. Advisory rows change nothing.
int comparison_exit_code(const reports::RunComparison& comparison,
                         targets::OnInconclusive on_inconclusive);

}  // namespace midstream::app
