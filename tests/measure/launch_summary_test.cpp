#include "core/measure/launch_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.hpp"

namespace midstream::measure {
namespace {

// One launch for each median; its samples stand around it.
Measurement with_medians(const std::vector<double>& medians) {
  Measurement of;
  of.metric.unit = *parse_unit("us");
  for (const double median : medians) {
    Launch launch;
    launch.samples = {median * 0.99, median, median * 1.01};
    launch.operations = 30;
    launch.warmup_operations = 10;
    of.launches.push_back(std::move(launch));
  }
  return of;
}

std::vector<double> noisy(std::size_t n, double center, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<double> values(n);
  for (double& value : values) value = center * (1 + 0.01 * random.normal());
  return values;
}

TEST(LaunchSummary, CountsWhatGaveDataAndWhatDidNot) {
  Measurement of = with_medians({1, 2, 3});
  of.launches[0].disturbed = true;
  of.launches[1].warmup_operations = 4;
  of.launches[1].load_average = 2.5;
  of.launches[2].status = LaunchStatus::kCrashed;
  of.launches.emplace_back();  // ok, and empty
  const LaunchSummary summary = summarise_launches(of);
  EXPECT_EQ(summary.launches, 2U);
  EXPECT_EQ(summary.failed, 2U);
  EXPECT_EQ(summary.disturbed, 1U);
  EXPECT_EQ(summary.samples, 6U);
  EXPECT_EQ(summary.least_warmup, 4U);
  EXPECT_EQ(summary.highest_load, 2.5);
  // 30 operations of 1 us, 30 of 2 us.
  EXPECT_NEAR(summary.measured_s, 90e-6, 1e-12);
}

TEST(LaunchSummary, OfNothingIsNothing) {
  EXPECT_EQ(summarise_launches(Measurement{}), LaunchSummary{});
}

TEST(LaunchSummary, HistogramsHoldPicoseconds) {
  Measurement of;
  of.metric = {.unit = *parse_unit("ns"), .kind = SampleKind::kOperation};
  Launch& launch = of.launches.emplace_back();
  launch.histogram.emplace();
  launch.histogram->record(1'000'000, 990);   // 1 us
  launch.histogram->record(100'000'000, 10);  // 100 us: far out
  const LaunchSummary summary = summarise_launches(of);
  EXPECT_EQ(summary.samples, 1000U);
  EXPECT_NEAR(summary.measured_s, 990e-6 + 1000e-6, 1e-12);
  EXPECT_DOUBLE_EQ(summary.outlier_share, 0.01);
}

TEST(LaunchSummary, OutliersAreBeyondTheFarFencesOfTheirLaunch) {
  Measurement of = with_medians({1});
  of.launches[0].samples = {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 9};
  EXPECT_DOUBLE_EQ(summarise_launches(of).outlier_share, 0.1);
}

TEST(LaunchSummary, DriftCorrelatesAndAlternationDoesNot) {
  std::vector<double> drifting;
  std::vector<double> alternating;
  for (int i = 0; i < 20; ++i) {
    drifting.push_back(100 + i);
    alternating.push_back(i % 2 == 0 ? 100 : 101);
  }
  EXPECT_GT(*summarise_launches(with_medians(drifting)).autocorrelation, 0.7);
  EXPECT_LT(*summarise_launches(with_medians(alternating)).autocorrelation, -0.7);
}

TEST(LaunchSummary, NeedsSevenLaunchesThatDiffer) {
  EXPECT_FALSE(summarise_launches(with_medians(noisy(6, 10))).autocorrelation);
  EXPECT_EQ(summarise_launches(with_medians(noisy(6, 10))).modes, 0U);
  EXPECT_FALSE(summarise_launches(with_medians(std::vector<double>(9, 5))).autocorrelation);
  EXPECT_EQ(summarise_launches(with_medians(std::vector<double>(9, 5))).modes, 1U);
}

TEST(LaunchSummary, AValueHasNoModes) {
  Measurement of = with_medians(noisy(9, 10));
  of.metric.kind = SampleKind::kValue;
  EXPECT_EQ(summarise_launches(of).modes, 0U);
  EXPECT_FALSE(summarise_launches(of).autocorrelation);
}

TEST(LaunchSummary, TwoSpeedsAreTwoModes) {
  std::vector<double> medians = noisy(10, 100, 2);
  const std::vector<double> slow = noisy(10, 130, 3);
  medians.insert(medians.end(), slow.begin(), slow.end());
  EXPECT_EQ(summarise_launches(with_medians(medians)).modes, 2U);
}

// One launch far off is an outlier, not a mode.
TEST(LaunchSummary, OneLaunchIsNoMode) {
  std::vector<double> medians = noisy(12, 100, 4);
  medians.push_back(200);
  EXPECT_EQ(summarise_launches(with_medians(medians)).modes, 1U);
}

TEST(LaunchSummary, PlainNoiseSeldomHasTwoModes) {
  int false_alarms = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    if (summarise_launches(with_medians(noisy(10, 100, seed))).modes > 1) ++false_alarms;
  }
  EXPECT_LE(false_alarms, 50);
}

}  // namespace
}  // namespace midstream::measure
