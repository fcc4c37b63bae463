#include "app/load.hpp"

#include <spdlog/fmt/fmt.h>

#include "app/log.hpp"
#include "core/base/file.hpp"
#include "core/measure/results_file.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::app {
namespace {

constexpr std::size_t kTargetsLimit = std::size_t{1} << 20;
constexpr std::size_t kResultsLimit = std::size_t{1} << 30;

}  // namespace

std::vector<targets::BenchmarkInfo> registered_benchmarks() {
  std::vector<targets::BenchmarkInfo> infos;
  for (const suites::Benchmark& benchmark : suites::all_benchmarks()) {
    const auto& family = *benchmark.family;
    infos.push_back({.id = benchmark.id,
                     .dimension = family.metric.unit.dimension,
                     .single_operations = family.metric.kind == measure::SampleKind::kOperation,
                     .has_rate = family.has_rate,
                     .single_value = family.metric.kind == measure::SampleKind::kValue});
  }
  return infos;
}

bool is_builtin_targets(const std::string& file) {
  return file.empty() || file == "midstream" || file == "stretch";
}

targets::LoadOutcome load_targets_file(const std::string& file) {
  const auto registered = registered_benchmarks();
  if (is_builtin_targets(file)) {
    const std::string name = file.empty() ? "midstream" : file;
    return targets::load_targets(targets::builtin_targets(name), "built-in " + name + ".yaml",
                                 registered);
  }
  const auto text = read_file(file, kTargetsLimit);
  if (!text) {
    targets::LoadOutcome outcome;
    // The message names the file.
    outcome.faults.push_back({.file = {}, .message = text.error().message});
    return outcome;
  }
  return targets::load_targets(*text, file, registered);
}

std::string without_level(const targets::Fault& fault) {
  if (fault.file.empty()) return fault.message;
  std::string place = fault.file;
  if (fault.line > 0) place += fmt::format(":{}:{}", fault.line, fault.column);
  return place + ": " + fault.message;
}

std::optional<targets::TargetsFile> load_targets_or_log(const std::vector<std::string>& files) {
  const std::vector<std::string> builtin = {""};
  std::vector<targets::TargetsFile> loaded;
  bool ok = true;
  for (const std::string& file : files.empty() ? builtin : files) {
    targets::LoadOutcome outcome = load_targets_file(file);
    for (const targets::Fault& fault : outcome.faults) {
      // An unregistered benchmark becomes a MISSING row, which says so itself.
      if (fault.level == targets::FaultLevel::kError) log_error(without_level(fault));
    }
    ok = ok && outcome.ok();
    if (!files.empty()) outcome.file.files = {file};
    loaded.push_back(std::move(outcome.file));
  }
  if (!ok) return std::nullopt;
  targets::LoadOutcome merged = targets::merge_targets(std::move(loaded));
  for (const targets::Fault& fault : merged.faults) log_error(without_level(fault));
  if (!merged.ok()) return std::nullopt;
  return std::move(merged.file);
}

std::string shown_name(const std::string& file) { return file == "-" ? "standard input" : file; }

std::optional<measure::Results> load_results_or_log(const std::string& file) {
  const auto text = read_file(file, kResultsLimit);
  if (!text) {
    log_error(text.error().message);
    return std::nullopt;
  }
  auto results = measure::results_from_json(*text, shown_name(file));
  if (!results) {
    log_error(results.error().message);
    return std::nullopt;
  }
  return *std::move(results);
}

}  // namespace midstream::app
