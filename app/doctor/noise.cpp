#include "app/doctor/noise.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <optional>

#include "app/doctor/checks.hpp"
#include "app/exit_code.hpp"
#include "app/interrupt.hpp"
#include "app/log.hpp"
#include "app/noise_store.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/version.hpp"
#include "core/measure/environment.hpp"
#include "core/measure/noise.hpp"
#include "core/measure/sign_test.hpp"

namespace midstream::app {
namespace {

// Three runs make three comparisons of every benchmark; four benchmarks a class make twelve.
constexpr std::size_t kRuns = 3;
constexpr std::size_t kBenchmarksPerClass = 4;
// One that takes this long in a launch is expensive enough for two of them.
constexpr double kLongBudgetMs = 100;

std::string case_of(const std::string& id) {
  const std::size_t suite_end = id.find('/');
  return id.substr(0, id.find('/', suite_end + 1));
}

bool is_long(const suites::Benchmark& benchmark) {
  const auto& family = *benchmark.family;
  return family.budget_ms > kLongBudgetMs ||
         (family.budget_ms == 0 && family.sampling == suites::Sampling::kOwn);
}

measure::Measurement described(const suites::Benchmark& benchmark) {
  measure::Measurement measurement;
  measurement.id = benchmark.id;
  measurement.metric = benchmark.family->metric;
  return measurement;
}

// One more of each case in turn, until there are enough.
std::vector<const suites::Benchmark*> spread(
    const std::map<std::string, std::vector<const suites::Benchmark*>>& cases) {
  std::vector<const suites::Benchmark*> chosen;
  for (std::size_t turn = 0;; ++turn) {
    bool any = false;
    for (const auto& [name, members] : cases) {
      if (turn >= members.size()) continue;
      any = true;
      const std::size_t enough = is_long(*members[turn]) ? 2 : kBenchmarksPerClass;
      if (chosen.size() >= enough) return chosen;
      chosen.push_back(members[turn]);
    }
    if (!any) return chosen;
  }
}

std::optional<measure::Results> run_once(const std::vector<suites::PlannedBenchmark>& plan,
                                         const GlobalOptions& global) {
  suites::Runner runner;
  runner.plan = {.benchmarks = plan,
                 .profile = *suites::find_profile("quick"),
                 .seed = 1,
                 .worker_command = {"/proc/self/exe", "worker"}};
  runner.launches_wanted = [](const auto&) { return std::map<std::string, std::size_t>(); };
  ProgressLine progress(global);
  runner.on_progress = [&](const suites::Progress& state) { progress.show(state); };
  runner.on_message = [&](const std::string& message) {
    progress.clear();
    log_info(message);
  };
  const StopOnSignal stop(runner);
  measure::Results results = runner.run();
  if (results.interrupted) return std::nullopt;
  results.release_build = measure::is_release_build();
  return results;
}

std::string floors_to_text(const measure::NoiseRecord& record) {
  std::size_t widest = 0;
  for (const auto& floor : record.floors) widest = std::max(widest, floor.row_class.size());
  std::string text = "noise floor: what comparing this binary with itself shows\n";
  for (const auto& floor : record.floors) {
    text += fmt::format("  {:<{}}  {:6.2f} %  {} comparisons of {} benchmarks\n", floor.row_class,
                        widest, floor.floor * 100, floor.comparisons, floor.benchmarks.size());
  }
  return text +
         "A regression limit (--max-regression) below its row's floor cannot give UNCHANGED."
         "\nwritten to " +
         kNoiseFile + "\n";
}

}  // namespace

std::vector<suites::PlannedBenchmark> choose_for_noise(
    const std::vector<suites::Benchmark>& benchmarks) {
  std::map<std::string, std::map<std::string, std::vector<const suites::Benchmark*>>> classes;
  for (const suites::Benchmark& benchmark : benchmarks) {
    const measure::Measurement measurement = described(benchmark);
    if (measurement.metric.kind == measure::SampleKind::kValue) continue;
    classes[measure::row_class(measurement, measure::Statistic::kMedian)][case_of(benchmark.id)]
        .push_back(&benchmark);
  }
  std::vector<suites::PlannedBenchmark> plan;
  for (const auto& [name, cases] : classes) {
    for (const suites::Benchmark* benchmark : spread(cases)) {
      plan.push_back({.benchmark = benchmark,
                      .operations_needed = measure::operations_needed(measure::Statistic::kP99),
                      .pair = {}});
    }
  }
  return plan;
}

int measure_noise(const DoctorOptions& options, const GlobalOptions& global) {
  for (const Finding& finding : check_processor(measure::machine_facts(""), "")) {
    if (finding.id == "load" && finding.health == Health::kLook) {
      log_warning("load " + finding.value + ": the floor will be that of a busy machine");
    }
  }
  const auto plan = choose_for_noise(suites::all_benchmarks());
  std::vector<measure::Results> runs;
  for (std::size_t i = 0; i < kRuns; ++i) {
    auto results = run_once(plan, global);
    if (!results) {
      log_error("interrupted: no noise floor was stored");
      return interrupted_exit_code();
    }
    runs.push_back(*std::move(results));
  }
  runs.back().tool_version = tool_version();
  runs.back().revision = tool_revision();
  runs.back().environment = measure::record_environment();
  const measure::NoiseRecord record = measure::noise_of(runs);
  if (record.floors.empty()) {
    log_error("no benchmark gave data in two runs: no noise floor (see `run --verbose`)");
    return kExitBroken;
  }
  print_stdout(options.json ? measure::noise_to_json(record) : floors_to_text(record));
  const Status saved = save_noise(record);
  if (saved) return kExitOk;
  log_error("the noise floor was not stored: " + saved.error().message);
  return kExitNotWritten;
}

}  // namespace midstream::app
