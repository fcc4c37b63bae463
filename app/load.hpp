// Loading what the subcommands share: targets files and results files, with their error messages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/measure/measurement.hpp"
#include "targets/loader.hpp"
#include "targets/model.hpp"

namespace midstream::app {

// Registered benchmarks as plain data, for lint and evaluator.
std::vector<targets::BenchmarkInfo> registered_benchmarks();

// The named files joined, or the built-in contract when there is none; "stretch" and "midstream"
// name the built-in files too. Faults are logged; nothing when there is an error among them.
std::optional<targets::TargetsFile> load_targets_or_log(const std::vector<std::string>& files);

// One file's faults and model; "" is the built-in contract.
targets::LoadOutcome load_targets_file(const std::string& file);

std::optional<measure::Results> load_results_or_log(const std::string& file);

}  // namespace midstream::app
