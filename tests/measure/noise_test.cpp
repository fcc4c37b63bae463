#include "core/measure/noise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midstream::measure {
namespace {

using testing::HasSubstr;

Measurement batch(const std::string& id, double center) {
  Measurement of;
  of.id = id;
  of.metric.unit = *parse_unit("ns");
  of.status = MeasurementStatus::kOk;
  of.correctness = {.oracle = "the definition", .cases = 16, .ok = true};
  for (int i = 0; i < 7; ++i) {
    Launch& launch = of.launches.emplace_back();
    launch.round = static_cast<std::uint32_t>(i);
    launch.samples = {center * (1 + 0.001 * i)};
  }
  return of;
}

// Single operations: a center and a tail of its own.
Measurement single(const std::string& id, std::uint64_t center, std::uint64_t tail) {
  Measurement of = batch(id, 1);
  of.metric.kind = SampleKind::kOperation;
  for (Launch& launch : of.launches) {
    launch.samples.clear();
    launch.histogram.emplace();
    launch.histogram->record(center, 2900);
    launch.histogram->record(tail, 100);
  }
  return of;
}

Results run(std::vector<Measurement> measurements) {
  Results results;
  results.tool_version = "0.1.0";
  results.release_build = true;
  results.finished_at = "2026-01-02T03:04:05Z";
  results.environment = {{"cpu", "Example"}};
  results.measurements = std::move(measurements);
  return results;
}

TEST(Noise, ClassesAreSuiteKindAndPartOfTheDistribution) {
  EXPECT_EQ(row_class(batch("temporal/dtw/sine/n=10", 1), Statistic::kMedian),
            "temporal/batch_mean/center");
  EXPECT_EQ(row_class(single("quic/rtt", 1, 2), Statistic::kMean), "quic/operation/center");
  EXPECT_EQ(row_class(single("quic/rtt", 1, 2), Statistic::kP999), "quic/operation/tail");
  EXPECT_EQ(row_class(single("quic/rtt", 1, 2), Statistic::kMax), "quic/operation/tail");
}

TEST(Noise, TheFloorIsWhatEqualRunsDifferBy) {
  const std::vector<Results> runs = {run({batch("a/x/y", 100), single("b/x/y", 1000, 9000)}),
                                     run({batch("a/x/y", 102), single("b/x/y", 1000, 9900)}),
                                     run({batch("a/x/y", 97), single("b/x/y", 1000, 9000)})};
  const NoiseRecord record = noise_of(runs);
  ASSERT_EQ(record.floors.size(), 3U);
  EXPECT_EQ(record.floors[0].row_class, "a/batch_mean/center");
  EXPECT_NEAR(record.floors[0].floor, 102.0 / 97 - 1, 1e-9);
  EXPECT_EQ(record.floors[0].comparisons, 3U);
  EXPECT_EQ(record.floors[0].benchmarks, std::vector<std::string>{"a/x/y"});
  EXPECT_EQ(record.floors[1].row_class, "b/operation/center");
  EXPECT_NEAR(record.floors[1].floor, 0, 0.01);
  EXPECT_EQ(record.floors[2].row_class, "b/operation/tail");
  EXPECT_NEAR(record.floors[2].floor, 0.1, 0.02);
}

TEST(Noise, ARowFindsItsClassAndAValueHasNone) {
  const std::vector<Results> runs = {run({batch("a/x/y", 100)}), run({batch("a/x/y", 104)})};
  const NoiseRecord record = noise_of(runs);
  EXPECT_NEAR(*floor_of(record, batch("a/other/one", 5), Statistic::kMean), 0.04, 1e-9);
  EXPECT_FALSE(floor_of(record, batch("b/x/y", 5), Statistic::kMedian));
  Measurement size = batch("b/size", 5);
  size.metric.kind = SampleKind::kValue;
  EXPECT_EQ(floor_of(record, size, Statistic::kValue), 0.0);
}

TEST(Noise, WhatDidNotRunAddsNothing) {
  Measurement broken = batch("a/x/y", 100);
  broken.launches.clear();
  broken.status = MeasurementStatus::kError;
  const std::vector<Results> runs = {run({broken}), run({batch("a/x/y", 104)})};
  EXPECT_TRUE(noise_of(runs).floors.empty());
  EXPECT_TRUE(noise_of({}).floors.empty());
}

TEST(NoiseFile, ComesBackAsItWas) {
  const std::vector<Results> runs = {run({batch("a/x/y", 100)}), run({batch("a/x/y", 104)})};
  const NoiseRecord record = noise_of(runs);
  const std::string text = noise_to_json(record);
  const auto again = noise_from_json(text, "noise.json");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(noise_to_json(*again), text);
  EXPECT_EQ(again->floors[0].floor, record.floors[0].floor);
}

TEST(NoiseFile, FaultsAreOneLineAndSayHowToMendThem) {
  const std::string good = noise_to_json(noise_of({}));
  const auto fault = [](const std::string& text) {
    const auto read = noise_from_json(text, "noise.json");
    EXPECT_FALSE(read.ok()) << text;
    return read.ok() ? std::string() : read.error().message;
  };
  EXPECT_THAT(fault(""), HasSubstr("noise.json"));
  EXPECT_THAT(fault("{}"), HasSubstr("doctor --noise"));
  std::string other = good;
  other.replace(other.find("noise/1"), 7, "noise/9");
  EXPECT_THAT(fault(other), HasSubstr("midstream-noise/1"));
  std::string more = good;
  more.replace(more.find("\"floors\""), 8, "\"flaws\"");
  EXPECT_THAT(fault(more), HasSubstr("floors"));
  for (std::size_t n = 0; n + 2 < good.size(); n += 7) {
    EXPECT_FALSE(noise_from_json(good.substr(0, n), "noise.json").ok()) << n;
  }
}

}  // namespace
}  // namespace midstream::measure
