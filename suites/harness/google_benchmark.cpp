#include "suites/harness/google_benchmark.hpp"

#include <benchmark/benchmark.h>

#include <utility>

#include "suites/harness/run_trouble.hpp"

namespace midstream::suites {
namespace {

// Keeps the repetitions and prints nothing.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      if (std::string trouble = run_trouble(run); !trouble.empty()) error = std::move(trouble);
      if (run.iterations > 0) {
        seconds.push_back(run.real_accumulated_time / static_cast<double>(run.iterations));
      }
    }
  }

  std::vector<double> seconds;
  std::string error;
};

}  // namespace

Result<std::vector<double>> run_google_benchmark(const std::string& id, const BatchPlan& plan) {
  auto* registered = benchmark::RegisterBenchmark(id.c_str(), [&plan](benchmark::State& state) {
    if (plan.manual) {
      for ([[maybe_unused]] auto step : state) state.SetIterationTime(plan.batch());
    } else {
      for ([[maybe_unused]] auto step : state) plan.batch();
    }
  });
  registered->Repetitions(static_cast<int>(plan.repetitions))
      ->Iterations(static_cast<benchmark::IterationCount>(plan.iterations));
  if (plan.manual) {
    registered->UseManualTime();
  } else {
    registered->UseRealTime();
  }

  std::string program = "worker";
  char* arguments[] = {program.data(), nullptr};
  int count = 1;
  benchmark::Initialize(&count, arguments);
  Collector collector;
  // The filter is a regular expression in which our ids are not literal: take all, there is one.
  benchmark::RunSpecifiedBenchmarks(&collector, nullptr, "all");
  benchmark::ClearRegisteredBenchmarks();

  if (!collector.error.empty()) return Error{ErrorCode::kInternal, collector.error};
  if (collector.seconds.size() != static_cast<std::size_t>(plan.repetitions)) {
    return Error{ErrorCode::kInternal, "Google Benchmark gave " +
                                           std::to_string(collector.seconds.size()) + " of " +
                                           std::to_string(plan.repetitions) + " samples"};
  }
  return collector.seconds;
}

}  // namespace midstream::suites
