// Measures a list of benchmarks in fresh worker processes and gives back a Results.
//
// A verification launch per benchmark, then rounds: each benchmark that still needs launches is
// launched once a round, in a seeded random order, one at a time; of two binaries, one right after
// the other, first in turn. After each round the caller
// says which need more. A worker that crashes, hangs, prints, forks or answers wrongly costs its
// own benchmark only.
//
// Threads: run() is called from one thread; request_stop() from any, and from signal handlers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"
#include "suites/harness/describe.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::suites {

struct Profile {
  std::string_view name;    // quick, standard, thorough
  double launch_budget_ms;  // timed budget of a launch
  double max_time_s;        // cap of the whole run
};
// Timed budget of a launch of a benchmark that times itself and names no budget of its own.
inline constexpr double kNetworkBudgetMs = 300;

const Profile* find_profile(std::string_view name);

struct PlannedBenchmark {
  const Benchmark* benchmark = nullptr;
  std::uint64_t operations_needed = 0;  // for the tail percentiles asked of it
  bool judged = true;       // named by a target: measured first, and asked about after every look
  std::string pair;         // id of the reference it is measured next to; empty: none
  bool other_side = false;  // launched by the plan's other binary, next to its namesake: A B, B A
};

struct RunPlan {
  std::vector<PlannedBenchmark> benchmarks;
  Profile profile;
  std::uint64_t seed = 0;
  std::vector<std::string> worker_command;  // program and leading arguments of a worker
  std::vector<std::string> other_worker_command =
      {};  // of the other side, when two binaries compete
};

// What a progress display needs.
struct Progress {
  std::string current;  // benchmark id
  std::size_t launches_done = 0;
  std::size_t launches_expected = 0;  // an estimate that may shrink
  std::size_t benchmarks_done = 0;
  std::size_t benchmarks = 0;
  double remaining_s = 0;  // estimate
};

class Runner {
 public:
  // How many launches in all each benchmark should have before it is asked about again; one that
  // is not named, or has them, is done. Asked after a round in which a judged benchmark reached
  // what was wanted of it, with all judged measurements so far.
  using LaunchesWanted = std::function<std::map<std::string, std::size_t>(
      const std::vector<const measure::Measurement*>&)>;

  RunPlan plan;
  LaunchesWanted launches_wanted;
  std::function<void(const Progress&)> on_progress;            // may be empty
  std::function<void(const std::string& message)> on_message;  // may be empty; for the log

  // Fills measurements, profile, seed, interrupted, times; the rest is the caller's.
  measure::Results run() { return run_both().first; }
  // The same of both sides of the plan.
  struct Sides {
    measure::Results first;
    measure::Results other;
  };
  Sides run_both();

  // Async-signal-safe: the running worker is killed, what was measured is kept.
  void request_stop() { stop_.store(true); }

 private:
  std::atomic<bool> stop_{false};
};

// Entry point of the worker process: reads one request from `in_fd`, writes one answer to
// `out_fd`. Returns the process's exit code.
int worker_main(int in_fd, int out_fd, const WorkerIdentity& identity);

}  // namespace midstream::suites
