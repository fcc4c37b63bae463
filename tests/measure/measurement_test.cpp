#include "core/measure/measurement.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace midstream::measure {
namespace {

Metric nanoseconds(SampleKind kind) {
  return {parse_unit("ns").value(), Direction::kLowerIsBetter, kind};
}

Launch launch_of(std::vector<double> samples) {
  Launch launch;
  launch.samples = std::move(samples);
  return launch;
}

TEST(LaunchStatistic, EveryStatisticOfSamples) {
  std::vector<double> samples(10000);
  std::iota(samples.begin(), samples.end(), 1.0);
  const Launch launch = launch_of(samples);
  const Metric metric = nanoseconds(SampleKind::kOperation);
  const auto value = [&](Statistic statistic) {
    const auto both = launch_statistic(launch, metric, statistic);
    EXPECT_TRUE(both.has_value() && both->low == both->high);
    return both ? both->low : -1;
  };
  EXPECT_EQ(value(Statistic::kMean), 5000.5);
  EXPECT_EQ(value(Statistic::kMedian), 5000.5);
  EXPECT_EQ(value(Statistic::kP50), 5000);
  EXPECT_EQ(value(Statistic::kMin), 1);
  EXPECT_EQ(value(Statistic::kMax), 10000);
  EXPECT_EQ(value(Statistic::kP90), 9000);
  EXPECT_EQ(value(Statistic::kP999), 9990);
  EXPECT_FALSE(launch_statistic(launch, metric, Statistic::kValue));
}

TEST(LaunchStatistic, HistogramGivesTheBin) {
  Launch launch;
  launch.histogram.emplace();
  std::vector<double> values;
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    launch.histogram->record(i * 10 * 1000);  // picoseconds
    values.push_back(static_cast<double>(i * 10));
  }
  Metric metric = nanoseconds(SampleKind::kOperation);
  metric.unit = parse_unit("us").value();
  for (const Statistic statistic : kAllStatistics) {
    if (statistic == Statistic::kValue || statistic == Statistic::kP999) continue;
    const auto range = launch_statistic(launch, metric, statistic);
    const auto exact =
        launch_statistic(launch_of(values), nanoseconds(SampleKind::kOperation), statistic);
    ASSERT_TRUE(range && exact) << statistic_name(statistic);
    EXPECT_LE(range->low * 1000, exact->low * (1 + 1e-12)) << statistic_name(statistic);
    EXPECT_GE(range->high * 1000, exact->high * (1 - 1e-12)) << statistic_name(statistic);
    EXPECT_LE(range->high, range->low * (1 + 1.0 / 128) + 1e-12);
  }
  EXPECT_FALSE(launch_statistic(launch, metric, Statistic::kP999));  // needs 10,000
}

TEST(LaunchStatistic, LaunchesThatDoNotCount) {
  const Metric operations = nanoseconds(SampleKind::kOperation);
  const Metric batches = nanoseconds(SampleKind::kBatchMean);
  Launch good = launch_of(std::vector<double>(1000, 5.0));
  EXPECT_TRUE(launch_statistic(good, operations, Statistic::kP99));
  EXPECT_TRUE(launch_statistic(good, batches, Statistic::kMedian));
  EXPECT_FALSE(launch_statistic(good, batches, Statistic::kP90));  // of batch means: meaningless
  EXPECT_FALSE(launch_statistic(good, operations, Statistic::kP999));
  EXPECT_FALSE(launch_statistic(launch_of({}), operations, Statistic::kMean));
  for (const LaunchStatus status :
       {LaunchStatus::kCrashed, LaunchStatus::kTimedOut, LaunchStatus::kWrongAnswer,
        LaunchStatus::kFailed, LaunchStatus::kUnavailable}) {
    good.status = status;
    EXPECT_FALSE(launch_statistic(good, operations, Statistic::kMedian))
        << launch_status_name(status);
  }
  Launch empty;
  empty.histogram.emplace();
  EXPECT_FALSE(launch_statistic(empty, operations, Statistic::kMedian));
  empty.histogram->record(5);
  EXPECT_FALSE(launch_statistic(empty, batches, Statistic::kMedian));
}

TEST(LaunchStatistic, AValueThatDiffersShowsBothEnds) {
  Metric size{parse_unit("KB").value(), Direction::kLowerIsBetter, SampleKind::kValue};
  const auto same = launch_statistic(launch_of({64}), size, Statistic::kValue);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->low, 64);
  EXPECT_EQ(same->high, 64);
  const auto differs = launch_statistic(launch_of({64, 66}), size, Statistic::kValue);
  ASSERT_TRUE(differs);
  EXPECT_EQ(differs->low, 64);
  EXPECT_EQ(differs->high, 66);
}

TEST(LaunchRate, WorkPerSecond) {
  Metric metric = nanoseconds(SampleKind::kBatchMean);
  metric.unit = parse_unit("us").value();
  const Launch launch = launch_of({1, 2, 4});
  const Throughput cells{100, "cells"};
  EXPECT_DOUBLE_EQ(launch_rate(launch, metric, cells, Statistic::kMedian)->low, 5e7);
  EXPECT_DOUBLE_EQ(launch_rate(launch, metric, cells, Statistic::kMax)->low, 1e8);
  // All the work over all the time: 300 cells in 7 us.
  EXPECT_DOUBLE_EQ(launch_rate(launch, metric, cells, Statistic::kMean)->low, 300 / 7e-6);
  EXPECT_DOUBLE_EQ(launch_rate(launch, metric, {100, "B"}, Statistic::kMedian)->low, 4e8);
}

TEST(LaunchRate, WhereThereIsNone) {
  const Throughput cells{100, "cells"};
  const Metric time = nanoseconds(SampleKind::kOperation);
  Metric size = time;
  size.unit = parse_unit("KB").value();
  EXPECT_FALSE(launch_rate(launch_of({1}), size, cells, Statistic::kMedian));
  EXPECT_FALSE(launch_rate(launch_of({1, 0}), time, cells, Statistic::kMedian));
  EXPECT_FALSE(launch_rate(launch_of({}), time, cells, Statistic::kMedian));
  EXPECT_FALSE(launch_rate(launch_of({1}), time, cells, Statistic::kValue));
  Launch histogram;
  histogram.histogram.emplace();
  histogram.histogram->record(5);
  EXPECT_FALSE(launch_rate(histogram, time, cells, Statistic::kMedian));
}

}  // namespace
}  // namespace midstream::measure
