#include "suites/harness/bench.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "suites/harness/allocations.hpp"
#include "suites/harness/core_share.hpp"
#include "suites/harness/google_benchmark.hpp"
#include "suites/harness/launch.hpp"
#include "suites/harness/perf_counters.hpp"
#include "suites/harness/timer_share.hpp"

namespace midstream::suites {
namespace {

using measure::LaunchStatus;
using Clock = std::chrono::steady_clock;

// A repetition shorter than this is at the mercy of the timer and of interrupts.
constexpr double kRepetitionNs = 0.2e6;
constexpr double kCalibrationNs = 2e6;
constexpr std::int64_t kMinRepetitions = 5;
constexpr std::int64_t kMaxRepetitions = 100;
// States of a stateful batch that exist at once, at most: they must not outgrow the caches more
// than the operation itself does.
constexpr std::int64_t kMaxStates = 256;
constexpr std::size_t kSampleChunk = 1024;
// A launch that is asked for many single operations may take this many times its budget.
constexpr double kBudgetStretch = 20;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Keeps the calling thread on the core it is on: a migration would be measured as the code's.
void pin_to_this_core() {
  const int core = sched_getcpu();
  if (core < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(core), &set);
  // Not being allowed to pin costs steadiness, not truth; the launch says what share it got.
  static_cast<void>(sched_setaffinity(0, sizeof set, &set));
}

void require(const std::string& wrong) {
  if (!wrong.empty()) throw LaunchEnd(LaunchStatus::kWrongAnswer, wrong);
}

}  // namespace

std::int64_t Bench::param(std::string_view name) const {
  for (const auto& [key, value] : context_.benchmark.parameters) {
    if (key == name) return value;
  }
  std::fprintf(stderr, "fatal: %s has no parameter '%.*s'\n", context_.benchmark.id.c_str(),
               static_cast<int>(name.size()), name.data());
  std::abort();
}

std::uint64_t Bench::seed() const { return context_.request.seed; }

void Bench::throughput(double per_operation, std::string_view item) {
  if (!std::isfinite(per_operation)) {
    throw LaunchEnd(LaunchStatus::kFailed, "the throughput is not a finite number");
  }
  context_.answer.throughput = {.per_operation = per_operation, .item = std::string(item)};
}

void Bench::fact(std::string_view name, std::string_view value) {
  context_.answer.facts[std::string(name)] = value;
}

void Bench::counter(std::string_view name, double value) {
  // JSON has no word for it: the whole answer would be unreadable, for no reason a reader could
  // see.
  if (!std::isfinite(value)) {
    throw LaunchEnd(LaunchStatus::kFailed,
                    "counter '" + std::string(name) + "' is not a finite number");
  }
  context_.answer.counters[std::string(name)] = value;
}

void Bench::record(double sample) {
  LaunchAnswer& answer = context_.answer;
  if (!std::isfinite(sample) || sample < 0) {
    throw LaunchEnd(LaunchStatus::kFailed, "a sample is not a finite, non-negative number");
  }
  ++answer.operations;
  const auto& metric = context_.benchmark.family->metric;
  if (metric.kind == measure::SampleKind::kOperation && metric.unit.dimension == Dimension::kTime) {
    if (!answer.histogram) answer.histogram.emplace();
    answer.histogram->record(static_cast<std::uint64_t>(
        std::llround(sample * metric.unit.scale * measure::kHistogramPerNs)));
  } else {
    answer.samples.push_back(sample);
  }
}

void Bench::expect(bool ok, std::string_view what, std::uint64_t cases) {
  context_.answer.cases += cases;
  if (!ok) throw LaunchEnd(LaunchStatus::kWrongAnswer, std::string(what));
}

void Bench::unavailable(std::string_view why) {
  throw LaunchEnd(LaunchStatus::kUnavailable, std::string(why));
}

void Bench::cpu_share(std::optional<double> share, std::string_view thread) {
  if (!share) {
    fact("core share", "unknown: this kernel has no schedstat");
    return;
  }
  context_.answer.cpu_share = std::min(context_.answer.cpu_share, *share);
  if (thread.empty()) return;
  context_.own_core_share = std::min(context_.own_core_share, *share);
  counter(std::string(thread) + " share of its core", *share);
}

void Bench::warmed_up(std::uint64_t operations) { context_.answer.warmup_operations += operations; }

void Bench::timer_cost(double share) {
  if (!std::isfinite(share) || share < 0) {
    throw LaunchEnd(LaunchStatus::kFailed, "a timer cost is not a finite, non-negative number");
  }
  context_.answer.timer_cost_share = std::max(context_.answer.timer_cost_share, share);
}

double Bench::budget_seconds() const { return context_.request.budget_ms * 1e-3; }

std::uint64_t Bench::operations_wanted() const { return context_.request.operations_wanted; }

bool Bench::is_verification() const { return context_.request.mode == LaunchMode::kVerify; }

void Bench::execute(const Operations& operations) {
  pin_to_this_core();
  context_.answer.optimiser_barrier = true;  // observe() in every call, bench.hpp
  if (is_verification()) {
    prove(operations);
    count_allocations(operations);
    calibrate(operations);
    count_events(operations);
    return;
  }
  if (operations.begin_with) operations.begin_with(context_.request.first_input);
  const CoreShare core(WhileWaiting::kPolls);
  if (context_.benchmark.family->sampling == Sampling::kOperation) {
    sample_operations(operations);
  } else {
    time_batches(operations);
  }
  context_.answer.involuntary_switches = core.involuntary_switches();
  cpu_share(core.share());
  if (operations.answers) compare_with_proved(operations.answers());
}

void Bench::prove(const Operations& operations) {
  if (operations.prove) {
    require(operations.prove(context_.answer.cases));
    for (const auto& print : operations.answers()) context_.answer.answers.push_back(*print);
    return;
  }
  operations.prepare(1);
  operations.run(operations.operations_per_state);
  require(operations.check());
  context_.answer.cases += static_cast<std::uint64_t>(operations.operations_per_state);
}

void Bench::compare_with_proved(const std::vector<std::optional<std::uint64_t>>& answers) const {
  const auto& proved = context_.request.answers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) continue;
    if (i >= proved.size() || *answers[i] != proved[i]) {
      throw LaunchEnd(
          LaunchStatus::kWrongAnswer,
          "a timed call's answer for input " + std::to_string(i) + " differs from the proved one");
    }
  }
}

void Bench::count_allocations(const Operations& operations) {
  std::int64_t n = static_cast<std::int64_t>(operations.inputs);
  if (operations.prepare) {
    n = operations.operations_per_state;
    operations.prepare(1);
  }
  start_counting_allocations();
  operations.run(n);
  const AllocationCount count = stop_counting_allocations();
  counter("allocations/op", static_cast<double>(count.calls) / static_cast<double>(n));
  counter("allocated B/op", static_cast<double>(count.bytes) / static_cast<double>(n));
}

// After calibration: caches are warm, and the time of an operation is known.
void Bench::count_events(const Operations& operations) {
  PerfCounters counters;
  if (!counters.any()) {
    fact(kPerfCountersFact, describe_perf_counters(counters.stop()));
    return;
  }
  const double t = std::max(context_.answer.ns_per_operation, 0.01);
  auto n = static_cast<std::int64_t>(std::max(kRepetitionNs / t, 1.0));
  // Whole rotations: an average over some of the inputs would be that of others.
  const auto inputs = static_cast<std::int64_t>(operations.inputs);
  n = (n + inputs - 1) / inputs * inputs;
  if (operations.prepare) {
    const std::int64_t each = operations.operations_per_state;
    const std::int64_t states = std::clamp(n / each, std::int64_t{1}, kMaxStates);
    operations.prepare(states);
    n = states * each;
  }
  counters.start();
  operations.run(n);
  const std::vector<PerfCount> counts = counters.stop();
  for (const PerfCount& count : counts) {
    if (count.count)
      counter(std::string(count.name) + "/op", *count.count / static_cast<double>(n));
  }
  fact(kPerfCountersFact, describe_perf_counters(counts));
}

void Bench::calibrate(const Operations& operations) {
  double spent = 0;
  std::int64_t n = 1;
  for (;;) {
    if (operations.prepare) operations.prepare(std::min(n, kMaxStates));
    const auto begin = Clock::now();
    operations.run(n);
    const double ns = seconds_since(begin) * 1e9;
    spent += ns;
    const std::int64_t done =
        operations.prepare ? std::min(n, kMaxStates) * operations.operations_per_state : n;
    context_.answer.ns_per_operation = ns / static_cast<double>(done);
    // Stateful batches are bounded by their number of states, so they may stay short.
    if (ns >= kRepetitionNs && spent >= kCalibrationNs) return;
    if (spent >= 5 * kCalibrationNs || n > (std::int64_t{1} << 40)) return;
    if (ns < kRepetitionNs) n *= 2;
  }
}

void Bench::time_batches(const Operations& operations) {
  const double t = std::max(context_.request.ns_per_operation, 0.01);
  const double budget_ns = context_.request.budget_ms * 1e6;
  BatchPlan plan;
  std::int64_t per_call = 0;  // operations in one timed call
  if (operations.prepare) {
    const double state_ns = t * static_cast<double>(operations.operations_per_state);
    const auto states = std::clamp(static_cast<std::int64_t>(kRepetitionNs / state_ns),
                                   std::int64_t{1}, kMaxStates);
    per_call = states * operations.operations_per_state;
    plan.manual = true;
    plan.batch = [&operations, states, per_call] {
      operations.prepare(states);
      const auto begin = Clock::now();
      operations.run(per_call);
      const double seconds = seconds_since(begin);
      require(operations.check());
      return seconds;
    };
  } else {
    per_call = std::max<std::int64_t>(1, static_cast<std::int64_t>(kRepetitionNs / t));
    plan.batch = [&operations, per_call] {
      operations.run(per_call);
      return 0.0;
    };
  }
  const double call_ns = t * static_cast<double>(per_call);
  plan.iterations = 1;
  plan.repetitions = std::clamp(static_cast<std::int64_t>(budget_ns / std::max(call_ns, 1.0)),
                                kMinRepetitions, kMaxRepetitions);
  plan.batch();  // warm-up, discarded
  context_.answer.warmup_operations = static_cast<std::uint64_t>(per_call);

  auto seconds = run_google_benchmark(context_.benchmark.id, plan);
  if (!seconds) throw LaunchEnd(LaunchStatus::kFailed, seconds.error().message);
  double total_ns = 0;
  for (const double value : *seconds) {
    context_.answer.samples.push_back(value * 1e9 / static_cast<double>(per_call));
    total_ns += value * 1e9;
  }
  context_.answer.operations = static_cast<std::uint64_t>(per_call * plan.repetitions);
  context_.answer.timer_cost_share = timer_share(
      measure::TscClock::instance().cost_ns() * static_cast<double>(plan.repetitions), total_ns);
}

void Bench::sample_operations(const Operations& operations) {
  const auto& clock = measure::TscClock::instance();
  const double budget_ns = context_.request.budget_ms * 1e6;
  measure::Histogram histogram;
  double total_ns = 0;
  const auto take = [&](bool keep) {
    std::int64_t n = static_cast<std::int64_t>(kSampleChunk);
    if (operations.prepare) {
      const std::int64_t each = operations.operations_per_state;
      const std::int64_t states =
          std::clamp(static_cast<std::int64_t>(kSampleChunk) / each, std::int64_t{1}, kMaxStates);
      n = states * each;
      operations.prepare(states);
    } else if (context_.request.ns_per_operation * static_cast<double>(n) > budget_ns) {
      n = std::max<std::int64_t>(
          1, static_cast<std::int64_t>(budget_ns / context_.request.ns_per_operation));
    }
    std::vector<std::uint64_t> ticks(static_cast<std::size_t>(n));
    operations.sample(n, ticks.data());
    if (operations.check) require(operations.check());
    if (!keep) {
      context_.answer.warmup_operations += static_cast<std::uint64_t>(n);
      return;
    }
    for (const std::uint64_t tick : ticks) {
      const double ns = clock.nanoseconds(tick);
      total_ns += ns;
      histogram.record(static_cast<std::uint64_t>(std::llround(ns * measure::kHistogramPerNs)));
    }
  };
  take(false);
  while (total_ns < budget_ns || (histogram.count() < context_.request.operations_wanted &&
                                  total_ns < kBudgetStretch * budget_ns)) {
    take(true);
  }
  context_.answer.operations = histogram.count();
  context_.answer.timer_cost_share =
      timer_share(clock.cost_ns() * static_cast<double>(histogram.count()), total_ns);
  context_.answer.histogram = std::move(histogram);
}

}  // namespace midstream::suites
