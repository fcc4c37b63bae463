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

// Does this --targets argument name a file that is compiled in?
bool is_builtin_targets(const std::string& file);

// One file's faults and model; "" is the built-in contract.
targets::LoadOutcome load_targets_file(const std::string& file);

// A fault as a line of the log, which says "error" itself: file:line:column: message.
std::string without_level(const targets::Fault& fault);

// How messages call an input: '-' is standard input.
std::string shown_name(const std::string& file);

std::optional<measure::Results> load_results_or_log(const std::string& file);

}  // namespace midstream::app
