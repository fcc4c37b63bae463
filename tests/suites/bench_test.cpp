#include "suites/harness/bench.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "suites/harness/launch.hpp"
#include "suites/harness/registry.hpp"
#include "suites/harness/run_trouble.hpp"
#include "suites/harness/runner.hpp"
#include "suites/harness/timer_share.hpp"

namespace midstream::suites {
namespace {

// Sixteen small numbers; the operation doubles, the oracle adds.
void doubling(Bench& bench) {
  const auto inputs = bench.variants([](Random& random) { return random.below(1000); });
  bench.measure(
      inputs, [](std::uint64_t x) { return 2 * x; }, [](std::uint64_t x) { return x + x; });
}

void allocating(Bench& bench) {
  const auto inputs = bench.variants([](Random& random) { return random.below(1000); });
  bench.measure(
      inputs,
      [](std::uint64_t x) {
        return std::vector<std::uint64_t>{x, x};
      },
      [](std::uint64_t x) {
        return std::vector<std::uint64_t>{x, x};
      });
}

void counting(Bench& bench) {
  struct Counter {
    std::int64_t value = 0;
  };
  bench.measure_state(
      10, [] { return Counter{}; }, [](Counter& counter, std::int64_t i) { counter.value += i; },
      [](const Counter& counter) {
        return counter.value == 45 ? std::string() : std::string("wrong sum");
      });
}

struct Case {
  explicit Case(BenchFunction function) : registration("test/bench/case", std::move(function)) {
    benchmark = {
        .id = "test/bench/case", .parameters = {{"n", 3}}, .family = &registration.family()};
    request.id = benchmark.id;
    request.seed = 7;
    request.budget_ms = 1;
  }
  LaunchAnswer launch(LaunchMode mode) {
    request.mode = mode;
    LaunchContext context(benchmark, request);
    Bench bench(context);
    benchmark.family->function(bench);
    return context.answer;
  }
  // A verification launch, then a timed one that knows what it proved.
  LaunchAnswer verify_then_time() {
    const LaunchAnswer proved = launch(LaunchMode::kVerify);
    request.answers = proved.answers;
    request.ns_per_operation = proved.ns_per_operation;
    return launch(LaunchMode::kTime);
  }
  Registration registration;
  Benchmark benchmark;
  LaunchRequest request;
};

TEST(Bench, VerificationProvesEveryInputAndTimesNothing) {
  Case test(doubling);
  const LaunchAnswer answer = test.launch(LaunchMode::kVerify);
  EXPECT_EQ(answer.cases, kVariants);
  EXPECT_EQ(answer.answers.size(), kVariants);
  EXPECT_TRUE(answer.samples.empty());
  EXPECT_GT(answer.ns_per_operation, 0);
}

TEST(Bench, CountsAllocationsExactly) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers own operator new";
#endif
  EXPECT_EQ(Case(doubling).launch(LaunchMode::kVerify).counters.at("allocations/op"), 0);
  const LaunchAnswer answer = Case(allocating).launch(LaunchMode::kVerify);
  EXPECT_EQ(answer.counters.at("allocations/op"), 1);
  EXPECT_EQ(answer.counters.at("allocated B/op"), 16);
}

TEST(Bench, TimedLaunchGivesRepetitions) {
  Case test(doubling);
  const LaunchAnswer answer = test.verify_then_time();
  EXPECT_GE(answer.samples.size(), 5U);
  for (const double sample : answer.samples) EXPECT_GT(sample, 0);
  EXPECT_GT(answer.warmup_operations, 0U);
  EXPECT_LT(answer.timer_cost_share, 0.1);
}

TEST(Bench, SingleOperationsGoToAHistogramUntilThereAreEnough) {
  Case test(doubling);
  test.registration.per_operation();
  test.request.operations_wanted = 10000;
  const LaunchAnswer answer = test.verify_then_time();
  ASSERT_TRUE(answer.histogram.has_value());
  EXPECT_GE(answer.histogram->count(), 10000U);
  EXPECT_EQ(answer.operations, answer.histogram->count());
  EXPECT_TRUE(answer.samples.empty());
}

TEST(Bench, OneThatTimesItselfTellsWhatItDidBesides) {
  Case silent([](Bench& bench) { bench.record(5); });
  EXPECT_EQ(silent.launch(LaunchMode::kTime).warmup_operations, 0U);
  Case telling([](Bench& bench) {
    bench.warmed_up(3);
    bench.warmed_up(4);
    bench.timer_cost(0.02);
    bench.timer_cost(0.01);
    bench.record(5);
  });
  const LaunchAnswer answer = telling.launch(LaunchMode::kTime);
  EXPECT_EQ(answer.warmup_operations, 7U);
  EXPECT_EQ(answer.timer_cost_share, 0.02);
  EXPECT_FALSE(answer.optimiser_barrier);
}

TEST(Bench, StateIsBuiltFreshAndCheckedInBothModes) {
  Case test(counting);
  EXPECT_EQ(test.launch(LaunchMode::kVerify).cases, 10U);
  EXPECT_GE(test.verify_then_time().samples.size(), 5U);
  test.registration.per_operation();
  EXPECT_GT(test.verify_then_time().operations, 0U);
}

TEST(Bench, ADifferentAnswerWhenTimedEndsTheLaunch) {
  Case test(doubling);
  test.request.ns_per_operation = 1;
  test.request.answers = std::vector<std::uint64_t>(kVariants, 1);
  try {
    test.launch(LaunchMode::kTime);
    FAIL() << "accepted answers that nobody proved";
  } catch (const LaunchEnd& end) {
    EXPECT_EQ(end.status, measure::LaunchStatus::kWrongAnswer);
  }
}

// Five calls reach five of sixteen inputs: the others have no answer to compare, and which five
// they are is the launch's to say.
TEST(Bench, ComparesTheInputsThatWereReachedAndBeginsWhereAsked) {
  Case test(doubling);
  const LaunchAnswer proved = test.launch(LaunchMode::kVerify);
  test.request.answers = proved.answers;
  test.request.ns_per_operation = 1e9;  // one call a repetition
  test.request.first_input = 14;
  EXPECT_EQ(test.launch(LaunchMode::kTime).operations, 5U);
  test.request.answers[5] ^= 1;  // six calls with the warm-up: 14, 15, 0, 1, 2, 3
  EXPECT_NO_THROW(test.launch(LaunchMode::kTime));
  test.request.answers[15] ^= 1;
  EXPECT_THROW(test.launch(LaunchMode::kTime), LaunchEnd);
}

TEST(Bench, AnAnswerThatIsNotTheOraclesEndsTheLaunch) {
  Case test([](Bench& bench) {
    const auto inputs = bench.variants([](Random& random) { return random.below(1000); });
    bench.measure(
        inputs, [](std::uint64_t x) { return x; }, [](std::uint64_t x) { return x + 1; });
  });
  EXPECT_THROW(test.launch(LaunchMode::kVerify), LaunchEnd);
}

TEST(Bench, VariantsFollowTheSeed) {
  const auto draw = [](std::uint64_t seed) {
    std::vector<std::uint64_t> drawn;
    Case test([&](Bench& bench) {
      drawn = bench.variants([](Random& random) { return random.next(); });
    });
    test.request.seed = seed;
    test.launch(LaunchMode::kVerify);
    return drawn;
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(Bench, RecordRefusesWhatIsNoMeasurement) {
  Case test([](Bench& bench) { bench.record(-1); });
  EXPECT_THROW(test.launch(LaunchMode::kTime), LaunchEnd);
}

TEST(Bench, RecordKeepsOwnSamplesInTheirUnit) {
  Case test([](Bench& bench) { bench.record(2.5); });
  test.registration.records("us", measure::Direction::kLowerIsBetter,
                            measure::SampleKind::kOperation);
  const LaunchAnswer single = test.launch(LaunchMode::kTime);
  ASSERT_TRUE(single.histogram.has_value());
  EXPECT_EQ(single.histogram->max(), 2500000U);  // picoseconds
  test.registration.records("us", measure::Direction::kLowerIsBetter,
                            measure::SampleKind::kBatchMean);
  EXPECT_EQ(test.launch(LaunchMode::kTime).samples, std::vector<double>{2.5});
}

TEST(Fingerprint, TellsAnswersApart) {
  const auto print = [](auto value) {
    Fingerprint fingerprint;
    fingerprint.add(value);
    return fingerprint.value();
  };
  EXPECT_EQ(print(1.5), print(1.5));
  EXPECT_NE(print(0.0), print(-0.0));
  EXPECT_NE(print(std::vector<int>{1, 2}), print(std::vector<int>{2, 1}));
  EXPECT_NE(print(std::vector<int>{}), print(std::vector<int>{0}));
  EXPECT_NE(print(std::pair<int, int>{1, 2}), print(std::pair<int, int>{2, 1}));
}

TEST(LaunchJson, GoesThereAndBack) {
  LaunchAnswer answer;
  answer.reason = "why \"not\"\n";
  answer.samples = {1.25, 1e-9, 3e15};
  answer.histogram.emplace();
  answer.histogram->record(12345, 3);
  answer.answers = {~std::uint64_t{0}, 1};
  answer.throughput = {.per_operation = 10, .item = "cells"};
  answer.counters["a"] = 0.5;
  answer.facts["b"] = "c";
  const auto back = answer_from_json(to_json(answer));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->reason, answer.reason);
  EXPECT_EQ(back->samples, answer.samples);
  EXPECT_EQ(back->histogram->bins(), answer.histogram->bins());
  EXPECT_EQ(back->answers, answer.answers);
  EXPECT_EQ(back->throughput->item, "cells");
  EXPECT_EQ(back->counters, answer.counters);
  EXPECT_EQ(back->facts, answer.facts);
  EXPECT_FALSE(answer_from_json("{").ok());
  EXPECT_FALSE(request_from_json("[]").ok());
}

// Its parent may be gone before it has asked to be taken along.
TEST(Worker, DoesNothingWhenNobodyListens) {
  int in[2];
  int out[2];
  ASSERT_EQ(pipe(in), 0);
  ASSERT_EQ(pipe(out), 0);
  close(in[1]);
  close(out[0]);
  EXPECT_EQ(worker_main(in[0], out[1], {}), 1);  // 2: an empty request
  close(in[0]);
  close(out[1]);
}

// JSON has no word for them: they would make the whole answer unreadable.
TEST(Bench, NumbersThatAreNotFiniteEndTheLaunchWithTheirName) {
  const double no_number = std::nan("");
  for (const BenchFunction& function :
       {BenchFunction([&](Bench& bench) { bench.counter("hits", no_number); }),
        BenchFunction([&](Bench& bench) {
          bench.throughput(std::numeric_limits<double>::infinity(), "cells");
        })}) {
    try {
      Case(function).launch(LaunchMode::kTime);
      FAIL() << "accepted it";
    } catch (const LaunchEnd& end) {
      EXPECT_EQ(end.status, measure::LaunchStatus::kFailed);
      EXPECT_NE(std::string(end.what()).find("finite"), std::string::npos) << end.what();
    }
  }
  EXPECT_EQ(timer_share(20, 0), 1);  // the clock saw no time pass
  EXPECT_EQ(timer_share(20, 200), 0.1);
}

// The two shapes of a run, of Google Benchmark before 1.8 and since.
TEST(RunTrouble, IsFoundInOldAndNewVersions) {
  struct Old {
    bool error_occurred = false;
    std::string error_message;
  };
  struct New {
    enum Skipped { kNot, kWithMessage, kWithError } skipped = kNot;
    std::string skip_message;
  };
  EXPECT_EQ(run_trouble(Old{}), "");
  EXPECT_EQ(run_trouble(Old{.error_occurred = true, .error_message = "why"}), "why");
  EXPECT_EQ(run_trouble(New{}), "");
  EXPECT_EQ(run_trouble(New{.skipped = New::kWithError, .skip_message = "why"}), "why");
  EXPECT_EQ(run_trouble(New{.skipped = New::kWithMessage, .skip_message = {}}), "skipped");
}

}  // namespace
}  // namespace midstream::suites
