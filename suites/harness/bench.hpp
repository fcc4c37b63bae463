// How a benchmark is written: one function that says what is measured, and against what oracle.
//
//   void dtw_sine(Bench& bench) {
//     const auto pairs = bench.variants([&](Random& random) {
//       return inputs::sine_pair(bench.param("n"), random);
//     });
//     bench.throughput(double(n) * n, "cells");
//     bench.measure(
//         pairs, [](const Pair& p) { return temporal::dtw_distance(p.x, p.y).value(); },
//         [](const Pair& p) { return reference::dtw_distance(p.x, p.y); });
//   }
//   MIDSTREAM_BENCH("temporal/dtw/sine", dtw_sine).params("n", {10, 50, 100})
//       .title("DTW of two noisy sines").generator("sine + noise").oracle("full-matrix DTW");
//
// The function runs in a fresh worker process, once per launch. In the verification launch
// measure() proves the answer for every input against the oracle, counts allocations, and
// calibrates; in a timed launch it measures, then compares the answers of the timed calls with
// the proved ones. Which of the two it is, a benchmark never needs to know (is_verification() is
// for network rows that check a hash of everything only when nothing is timed).
//
// Threads: measure() calls `operation` from the calling thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "core/measure/tsc_clock.hpp"
#include "suites/harness/barrier.hpp"
#include "suites/harness/fingerprint.hpp"

namespace midstream::suites {

inline constexpr std::size_t kVariants = 16;  // inputs rotated over; no cache answers for the code

class LaunchContext;  // what the worker was asked and what it answers; suites/harness/launch.hpp

class Bench {
 public:
  explicit Bench(LaunchContext& context) : context_(context) {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // A parameter of this benchmark. Unknown names are a defect and end the launch.
  [[nodiscard]] std::int64_t param(std::string_view name) const;

  // Seed for inputs: the same in every launch of a run.
  [[nodiscard]] std::uint64_t seed() const;

  // kVariants inputs, each from its own generator.
  template <class Make>
  [[nodiscard]] auto variants(Make make) const {
    std::vector<std::decay_t<decltype(make(std::declval<Random&>()))>> inputs;
    inputs.reserve(kVariants);
    std::uint64_t state = seed();
    for (std::size_t i = 0; i < kVariants; ++i) {
      Random random(splitmix64(state));
      inputs.push_back(make(random));
    }
    return inputs;
  }

  // Work done by one operation: time per operation is then shown, and judged, as a rate too.
  void throughput(double per_operation, std::string_view item);

  // A fact for the report: "kernel" -> "avx512".
  void fact(std::string_view name, std::string_view value);
  // A number for the report that is not judged: "lost packets" -> 0.
  void counter(std::string_view name, double value);

  // Measures `operation(input)`, rotating over the inputs. The answer must equal the oracle's, or
  // satisfy `agree(answer, expected)`.
  template <class Input, class Operation, class Oracle, class Agree = std::equal_to<>>
  void measure(const std::vector<Input>& inputs, Operation operation, Oracle oracle,
               Agree agree = {});

  // Measures an operation that changes state: `make()` builds it fresh and untimed, then
  // `operation(state, i)` runs for i in [0, operations) as one timed batch, then `check(state)`
  // says, untimed and in every launch, what is wrong (empty: nothing).
  template <class Make, class Operation, class Check>
  void measure_state(std::int64_t operations, Make make, Operation operation, Check check);

  // For benchmarks that time themselves (network, files): one sample in the benchmark's unit.
  // Each is a single operation, a batch mean or a value, as registered.
  void record(double sample);
  // Ends the launch as a wrong answer unless `ok`. `cases` answers were compared.
  void expect(bool ok, std::string_view what, std::uint64_t cases = 1);
  // Ends the launch: this machine or build cannot run the benchmark, and why.
  [[noreturn]] void unavailable(std::string_view why);
  // What a measuring thread of the benchmark's own was left of its core (CoreShare::share()); the
  // least of them is the launch's. measure() does this by itself. Named threads are shown too, and
  // need a core each: a timed launch in which one got less than 80 % of it is unavailable.
  void cpu_share(std::optional<double> share, std::string_view thread = {});
  // What a benchmark that times itself did besides, so that the audit of its quality can tell:
  // operations it ran and discarded before the first sample, and the share of the measured time
  // that went into reading the clock. measure() reports both by itself.
  void warmed_up(std::uint64_t operations);
  void timer_cost(double share);
  // How long to measure in this launch.
  [[nodiscard]] double budget_seconds() const;
  // Single operations wanted in this launch, at least (for tail percentiles).
  [[nodiscard]] std::uint64_t operations_wanted() const;
  [[nodiscard]] bool is_verification() const;

 private:
  // The type-erased form of measure() and measure_state(): the harness never sees inputs. The
  // loops are inside the functions, so that the erasure costs one call a batch.
  struct Operations {
    // Runs n operations back to back.
    std::function<void(std::int64_t n)> run;
    // Runs n operations, each timed on its own; the TSC ticks of each go to `ticks`.
    std::function<void(std::int64_t n, std::uint64_t* ticks)> sample;
    // Untimed: proves all answers against the oracle; what is wrong, or empty.
    std::function<std::string(std::uint64_t& cases)> prove;
    // Untimed: fingerprints of the last answers, one an input; nothing where an input was not
    // reached (slow operations, short launches). Pure operations only.
    std::function<std::vector<std::optional<std::uint64_t>>()> answers;
    // The input to begin with, so that launches too short for all begin with different ones.
    std::function<void(std::size_t input)> begin_with;
    // Untimed: builds `states` fresh states, for n = states * operations_per_state operations.
    // Stateful operations only.
    std::function<void(std::int64_t states)> prepare;
    // Untimed: what is wrong with the states after that, or empty. Stateful operations only.
    std::function<std::string()> check;
    std::int64_t operations_per_state = 0;  // 0: pure
    std::size_t inputs = 1;
  };
  void execute(const Operations& operations);
  void prove(const Operations& operations);
  void compare_with_proved(const std::vector<std::optional<std::uint64_t>>& answers) const;
  void count_allocations(const Operations& operations);
  void calibrate(const Operations& operations);
  void count_events(const Operations& operations);
  void time_batches(const Operations& operations);
  void sample_operations(const Operations& operations);

  LaunchContext& context_;
};

// Closures in a row: nothing to follow but their names.
// NOLINTBEGIN(readability-function-cognitive-complexity)
template <class Input, class Operation, class Oracle, class Agree>
void Bench::measure(const std::vector<Input>& inputs, Operation operation, Oracle oracle,
                    Agree agree) {
  using Answer = std::decay_t<decltype(operation(inputs[0]))>;
  // The answers of the timed calls are kept, one slot an input: they are what is compared.
  std::vector<Answer> answers(inputs.size());
  std::size_t first = 0;
  std::size_t next = 0;
  std::uint64_t calls = 0;
  const auto call = [&] {
    answers[next] = operation(inputs[next]);
    observe(answers[next]);
    if (++next == inputs.size()) next = 0;
  };
  Operations erased;
  erased.inputs = inputs.size();
  erased.run = [&](std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) call();
    calls += static_cast<std::uint64_t>(n);
  };
  erased.sample = [&](std::int64_t n, std::uint64_t* ticks) {
    for (std::int64_t i = 0; i < n; ++i) {
      const std::uint64_t begin = measure::TscClock::start();
      call();
      ticks[i] = measure::TscClock::stop() - begin;
    }
    calls += static_cast<std::uint64_t>(n);
  };
  erased.prove = [&](std::uint64_t& cases) -> std::string {
    for (std::size_t i = 0; i < inputs.size(); ++i, ++cases) {
      erased.run(1);
      if (!agree(answers[i], oracle(inputs[i]))) {
        return "the answer for input " + std::to_string(i) + " differs from the oracle's";
      }
    }
    return {};
  };
  erased.answers = [&] {
    std::vector<std::optional<std::uint64_t>> prints(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const bool reached = (i + inputs.size() - first) % inputs.size() < calls;
      if (!reached) continue;
      Fingerprint print;
      print.add(answers[i]);
      prints[i] = print.value();
    }
    return prints;
  };
  erased.begin_with = [&](std::size_t input) { first = next = input % inputs.size(); };
  execute(erased);
}

template <class Make, class Operation, class Check>
void Bench::measure_state(std::int64_t operations, Make make, Operation operation, Check check) {
  using State = std::decay_t<decltype(make())>;
  std::vector<std::unique_ptr<State>> states;
  Operations erased;
  erased.operations_per_state = operations;
  erased.prepare = [&](std::int64_t count) {
    states.clear();
    for (std::int64_t i = 0; i < count; ++i) states.push_back(std::make_unique<State>(make()));
  };
  erased.run = [&](std::int64_t) {
    for (auto& state : states) {
      for (std::int64_t i = 0; i < operations; ++i) operation(*state, i);
      observe(*state);
    }
  };
  erased.sample = [&](std::int64_t, std::uint64_t* ticks) {
    for (auto& state : states) {
      for (std::int64_t i = 0; i < operations; ++i, ++ticks) {
        const std::uint64_t begin = measure::TscClock::start();
        operation(*state, i);
        observe(*state);
        *ticks = measure::TscClock::stop() - begin;
      }
    }
  };
  erased.check = [&]() -> std::string {
    for (auto& state : states) {
      if (std::string wrong = check(*state); !wrong.empty()) return wrong;
    }
    return {};
  };
  execute(erased);
}
// NOLINTEND(readability-function-cognitive-complexity)

}  // namespace midstream::suites
