#include "core/measure/comparability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "core/measure/environment.hpp"

namespace midstream::measure {
namespace {

Measurement measurement(std::string id, double centre, std::uint64_t seed) {
  Random random(seed);
  Measurement of;
  of.id = std::move(id);
  of.metric.unit = parse_unit("ns").value();
  of.status = MeasurementStatus::kOk;
  of.correctness = {"oracle", 16, true};
  of.launches.resize(20);
  for (std::uint32_t i = 0; i < of.launches.size(); ++i) {
    of.launches[i].round = i;
    const double level = centre * std::exp(0.01 * random.normal());
    for (int k = 0; k < 9; ++k) {
      of.launches[i].samples.push_back(level * std::exp(0.02 * random.normal()));
    }
  }
  return of;
}

Results run(double factor, std::uint64_t seed) {
  Results results;
  results.release_build = true;
  results.environment = {{"cpu", "A"}, {"governor", "performance"}, {"load_average", "0.1"}};
  results.measurements = {measurement("a/x", 100, seed), measurement("a/y", 200 * factor, seed + 1),
                          measurement("a/z", 300, seed + 2)};
  return results;
}

ComparisonPlan plan_of(Pairing pairing) {
  ComparisonPlan plan;
  plan.pairing = pairing;
  plan.policy.noise_floor = 0.01;
  return plan;
}

const Change& change_of(const Comparison& comparison, std::string_view id) {
  return *std::find_if(comparison.changes.begin(), comparison.changes.end(),
                       [&](const Change& change) { return change.benchmark == id; });
}

TEST(Comparability, RowsAreBroughtTogetherById) {
  for (const Pairing pairing : {Pairing::kUnpaired, Pairing::kPaired}) {
    Results before = run(1, 1);
    Results after = run(1.2, 11);
    before.measurements.push_back(measurement("b/gone", 1, 5));
    after.measurements.insert(after.measurements.begin(), measurement("b/new", 1, 6));
    const Comparison comparison = compare_results(before, after, plan_of(pairing));
    EXPECT_EQ(comparison.only_old, std::vector<std::string>{"b/gone"});
    EXPECT_EQ(comparison.only_new, std::vector<std::string>{"b/new"});
    ASSERT_EQ(comparison.changes.size(), 3u);
    EXPECT_TRUE(comparable(comparison.differences));
    EXPECT_EQ(change_of(comparison, "a/x").verdict, ChangeVerdict::kUnchanged);
    EXPECT_EQ(change_of(comparison, "a/y").verdict, ChangeVerdict::kRegressed);
    EXPECT_EQ(change_of(comparison, "a/z").verdict, ChangeVerdict::kUnchanged);
  }
}

// "A results file whose launches are all multiplied by 1.2 is REGRESSED on every row."
TEST(Comparability, EverythingSlowerByAFifthIsRegressed) {
  const Results before = run(1, 1);
  Results after = before;
  for (Measurement& of : after.measurements) {
    for (Launch& launch : of.launches) {
      for (double& sample : launch.samples) sample *= 1.2;
    }
  }
  for (const Pairing pairing : {Pairing::kUnpaired, Pairing::kPaired}) {
    for (const Change& change : compare_results(before, after, plan_of(pairing)).changes) {
      EXPECT_EQ(change.verdict, ChangeVerdict::kRegressed) << change.benchmark;
      EXPECT_NEAR(change.ratio->value, 1.2, 1e-9);
    }
    for (const Change& change : compare_results(before, before, plan_of(pairing)).changes) {
      EXPECT_EQ(change.verdict, ChangeVerdict::kUnchanged) << change.reason;
      EXPECT_EQ(change.ratio->value, 1);
    }
  }
}

TEST(Comparability, PairsAreLaunchesOfOneRound) {
  Results before = run(1, 1);
  Results after = run(1, 11);
  after.measurements[0].launches[4].status = LaunchStatus::kCrashed;
  before.measurements[0].launches[5].status = LaunchStatus::kTimedOut;
  before.measurements[0].launches[6].round = 99;
  const auto comparison = compare_results(before, after, plan_of(Pairing::kPaired));
  EXPECT_EQ(change_of(comparison, "a/x").old_n, 17u);
  EXPECT_EQ(change_of(comparison, "a/x").new_n, 17u);
  EXPECT_EQ(change_of(comparison, "a/y").old_n, 20u);
}

TEST(Comparability, RowsHaveTheirOwnPolicy) {
  const Results before = run(1, 1);
  const Results after = run(1.2, 11);
  ComparisonPlan plan = plan_of(Pairing::kUnpaired);
  plan.rows["a/y"] = {Statistic::kMax, 0.5, 0.01, {}};
  const auto comparison = compare_results(before, after, plan);
  EXPECT_EQ(change_of(comparison, "a/y").verdict, ChangeVerdict::kUnchanged);
  EXPECT_GT(change_of(comparison, "a/y").old_median, 200);  // of the largest samples
}

TEST(Comparability, WrongAnswersAreNotCompared) {
  const Results before = run(1, 1);
  Results after = run(1, 11);
  after.measurements[0].status = MeasurementStatus::kInvalid;
  after.measurements[0].reason = "answer differs";
  const auto comparison = compare_results(before, after, plan_of(Pairing::kUnpaired));
  EXPECT_EQ(change_of(comparison, "a/x").verdict, ChangeVerdict::kInconclusive);
  EXPECT_EQ(change_of(comparison, "a/x").reason,
            "the new run ended with status invalid: answer differs");
}

// A row without the facts that let it carry a verdict carries none here either.
TEST(Comparability, WhatCannotBeJudgedIsNotCompared) {
  const Results sound = run(1, 1);
  const auto reason_of = [&](auto spoil) {
    Results spoilt = run(1.2, 11);
    spoil(spoilt);
    const Comparison comparison = compare_results(sound, spoilt, plan_of(Pairing::kUnpaired));
    EXPECT_EQ(change_of(comparison, "a/y").verdict, ChangeVerdict::kInconclusive);
    return change_of(comparison, "a/y").reason;
  };
  EXPECT_EQ(reason_of([](Results& r) { r.release_build = false; }),
            "the new run was not of a release build");
  EXPECT_EQ(reason_of([](Results& r) { r.measurements[1].correctness.cases = 0; }),
            "the new run held no answer against an oracle");
  EXPECT_EQ(reason_of([](Results& r) { r.measurements[1].timer_cost_share = 0.2; }),
            "the new run spent over 10 % of its time on the timer");
}

TEST(Comparability, OtherMachinesAreComparedByForceOnly) {
  const Results before = run(1, 1);
  Results after = run(1.2, 11);
  after.environment[0].value = "B";
  ComparisonPlan plan = plan_of(Pairing::kUnpaired);
  for (const Change& change : compare_results(before, after, plan).changes) {
    EXPECT_EQ(change.verdict, ChangeVerdict::kInconclusive);
    EXPECT_EQ(change.reason, "not comparable: cpu: A, now B");
  }
  plan.force = true;
  const Comparison forced = compare_results(before, after, plan);
  EXPECT_EQ(change_of(forced, "a/y").verdict, ChangeVerdict::kRegressed);
  EXPECT_FALSE(comparable(forced.differences));
}

TEST(Comparability, AnotherBenchmarkCostsItsOwnRowOnly) {
  const Results before = run(1, 1);
  Results after = run(1.2, 11);
  after.measurements[0].generator = "other";
  const Comparison comparison = compare_results(before, after, plan_of(Pairing::kUnpaired));
  EXPECT_EQ(change_of(comparison, "a/x").reason,
            "not the same benchmark: a/x: generator: none, now other");
  EXPECT_EQ(change_of(comparison, "a/y").verdict, ChangeVerdict::kRegressed);
}

TEST(Comparability, OneRunMayCompareTwoBuilds) {
  Results before = run(1, 1);
  Results after = run(1.2, 11);
  before.environment.push_back({"compiler_flags", "-O2"});
  after.environment.push_back({"compiler_flags", "-O3"});
  const auto paired = compare_results(before, after, plan_of(Pairing::kPaired));
  EXPECT_EQ(change_of(paired, "a/y").verdict, ChangeVerdict::kRegressed);
  EXPECT_EQ(difference_text(paired.differences.at(0)), "compiler_flags: -O2, now -O3");
  const auto unpaired = compare_results(before, after, plan_of(Pairing::kUnpaired));
  EXPECT_EQ(change_of(unpaired, "a/y").verdict, ChangeVerdict::kInconclusive);
}

TEST(Comparability, SingleOperationsTakeTheClocksResolution) {
  Results before = run(1, 1);
  Results after = run(1.2, 11);
  for (Results* results : {&before, &after}) {
    results->environment.push_back({"timer_resolution", "100 ns"});
    for (Measurement& of : results->measurements) of.metric.kind = SampleKind::kOperation;
  }
  const auto coarse = compare_results(before, after, plan_of(Pairing::kUnpaired));
  EXPECT_EQ(change_of(coarse, "a/y").verdict, ChangeVerdict::kUnchanged);  // 40 ns of 200
  for (Results* results : {&before, &after}) results->environment.back().value = "unknown";
  const auto unknown = compare_results(before, after, plan_of(Pairing::kUnpaired));
  EXPECT_EQ(change_of(unknown, "a/y").verdict, ChangeVerdict::kRegressed);
}

TEST(Comparability, Environments) {
  const Environment before = {
      {"cpu", "A"}, {"kernel", "6.1"}, {"load_average", "0.1"}, {"smt", "on"}};
  EXPECT_TRUE(compare_environments(before, before).empty());
  Environment after = before;
  after[2].value = "2.5";
  auto differences = compare_environments(before, after);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_TRUE(comparable(differences));  // shown, but the load alone forbids nothing
  after[1].value = "6.2";
  after.pop_back();
  after.push_back({"turbo", "on"});
  differences = compare_environments(before, after);
  ASSERT_EQ(differences.size(), 4u);
  EXPECT_FALSE(comparable(differences));
  EXPECT_EQ(differences[0].what, "kernel");
  EXPECT_EQ(differences[0].old_value, "6.1");
  EXPECT_EQ(differences[0].new_value, "6.2");
  EXPECT_EQ(differences[2].what, "smt");
  EXPECT_EQ(differences[2].new_value, "unknown");
  EXPECT_EQ(differences[3].what, "turbo");
  EXPECT_EQ(differences[3].old_value, "unknown");
}

// What STATISTICS.md names must forbid a comparison, under the names the record really uses.
TEST(Comparability, TheRecordedFactsThatBlock) {
  const Environment here = record_environment();
  for (const char* name : {"cpu", "cpu_cores", "kernel", "compiler", "compiler_flags", "governor",
                           "turbo", "smt", "build_type", "sanitizers", "vector_set", "timer"}) {
    Environment other = here;
    const auto it = std::find_if(other.begin(), other.end(),
                                 [&](const EnvironmentFact& entry) { return entry.name == name; });
    ASSERT_NE(it, other.end()) << name;
    it->value += " other";
    EXPECT_FALSE(comparable(compare_environments(here, other))) << name;
  }
}

TEST(Comparability, Definitions) {
  const Measurement of = measurement("a/x", 100, 1);
  EXPECT_TRUE(compare_definitions(of, measurement("a/x", 300, 2)).empty());
  const auto changed = [&](auto change) {
    Measurement other = of;
    change(other);
    const auto differences = compare_definitions(of, other);
    EXPECT_EQ(differences.size(), 1u);
    EXPECT_FALSE(comparable(differences));
    return differences.empty() ? "" : differences[0].what;
  };
  EXPECT_EQ(changed([](Measurement& m) { m.parameters["n"] = "5"; }), "a/x: parameters");
  EXPECT_EQ(changed([](Measurement& m) { m.metric.unit = parse_unit("us").value(); }), "a/x: unit");
  EXPECT_EQ(changed([](Measurement& m) { m.metric.direction = Direction::kHigherIsBetter; }),
            "a/x: direction");
  EXPECT_EQ(changed([](Measurement& m) { m.metric.kind = SampleKind::kOperation; }), "a/x: sample");
  EXPECT_EQ(changed([](Measurement& m) {
              m.throughput = Throughput{1, "cells"};
            }),
            "a/x: throughput");
  EXPECT_EQ(changed([](Measurement& m) { m.generator = "other"; }), "a/x: generator");
  EXPECT_EQ(changed([](Measurement& m) { m.seed = 7; }), "a/x: seed");
  EXPECT_EQ(changed([](Measurement& m) { m.variants = 99; }), "a/x: variants");
}

}  // namespace
}  // namespace midstream::measure
