#include "core/measure/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::measure {
namespace {

std::vector<LaunchValue> launches(Random& random, std::size_t n, double centre, double noise) {
  std::vector<LaunchValue> values(n);
  for (LaunchValue& value : values) {
    value.low = value.high = centre * std::exp(noise * random.normal());
  }
  return values;
}

ChangeInput row_of(double old_centre, double new_centre, std::size_t n = 20, double noise = 0.01,
                   std::uint64_t seed = 1) {
  Random random(seed);
  ChangeInput row;
  row.benchmark = "suite/case";
  row.old_values = launches(random, n, old_centre, noise);
  row.new_values = launches(random, n, new_centre, noise);
  row.noise_floor = 0.01;
  return row;
}

Change compare(const ChangeInput& row, Pairing pairing = Pairing::kUnpaired) {
  return compare_rows(std::span(&row, 1), pairing)[0];
}

TEST(Comparison, FourVerdicts) {
  for (const Pairing pairing : {Pairing::kUnpaired, Pairing::kPaired}) {
    const Change worse = compare(row_of(100, 120), pairing);
    EXPECT_EQ(worse.verdict, ChangeVerdict::kRegressed) << worse.reason;
    EXPECT_NEAR(worse.ratio->value, 1.2, 0.02);
    EXPECT_LT(worse.ratio->low, 1.2);
    EXPECT_GT(worse.ratio->high, 1.2);
    EXPECT_LE(worse.p_regressed, 0.05);
    EXPECT_GT(worse.p_improved, 0.5);
    EXPECT_EQ(compare(row_of(120, 100), pairing).verdict, ChangeVerdict::kImproved);
    EXPECT_EQ(compare(row_of(100, 100), pairing).verdict, ChangeVerdict::kUnchanged);
    EXPECT_EQ(compare(row_of(100, 102), pairing).verdict, ChangeVerdict::kUnchanged);
    const Change close = compare(row_of(100, 105), pairing);  // on δ itself
    EXPECT_EQ(close.verdict, ChangeVerdict::kInconclusive);
    EXPECT_NE(close.reason.find("may be worse by up to"), std::string::npos) << close.reason;
  }
}

// Everything mirrors when higher is better: the same values mean the opposite, and the ratio is
// above 1 when it got worse.
TEST(Comparison, DirectionIsMirrored) {
  for (const double centre : {80.0, 97.0, 100.0, 103.0, 125.0}) {
    ChangeInput row = row_of(100, centre);
    const Change lower = compare(row);
    row.direction = Direction::kHigherIsBetter;
    std::swap(row.old_values, row.new_values);
    const Change higher = compare(row);
    EXPECT_EQ(lower.verdict, higher.verdict) << centre;
    EXPECT_NEAR(lower.ratio->value, higher.ratio->value, 1e-3);
    EXPECT_NEAR(lower.ratio->low, higher.ratio->low, 1e-9);
    EXPECT_NEAR(lower.p_regressed, higher.p_regressed, 1e-9);
  }
}

TEST(Comparison, TooFewLaunchesAreInconclusive) {
  EXPECT_EQ(compare(row_of(100, 150, 7)).verdict, ChangeVerdict::kRegressed);
  const Change six = compare(row_of(100, 150, 6));
  EXPECT_EQ(six.verdict, ChangeVerdict::kInconclusive);
  EXPECT_EQ(six.reason, "needs 7 launches a side, has 6 and 6");
  EXPECT_EQ(compare(row_of(100, 150, 11), Pairing::kPaired).verdict, ChangeVerdict::kRegressed);
  const Change ten = compare(row_of(100, 150, 10), Pairing::kPaired);
  EXPECT_EQ(ten.verdict, ChangeVerdict::kInconclusive);
  EXPECT_EQ(ten.reason, "needs 11 pairs of launches, has 10");
  EXPECT_EQ(compare(ChangeInput{}).verdict, ChangeVerdict::kInconclusive);
}

// At the least numbers of launches one regression among 53 rows can be found.
TEST(Comparison, MinimaReachOneOf53Rows) {
  for (const auto& [pairing, n] : {std::pair{Pairing::kUnpaired, kMinLaunchesUnpaired},
                                   std::pair{Pairing::kPaired, kMinPairs}}) {
    std::vector<ChangeInput> rows;
    for (std::uint64_t i = 0; i < 53; ++i) {
      rows.push_back(row_of(100, i == 17 ? 130 : 100, n, 0.01, 100 + i));
    }
    const auto changes = compare_rows(rows, pairing);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      EXPECT_EQ(changes[i].verdict == ChangeVerdict::kRegressed, i == 17) << i;
    }
    EXPECT_TRUE(changes[17].smallest_visible.has_value());
  }
}

TEST(Comparison, NoiseFloorGuardsUnchanged) {
  ChangeInput row = row_of(100, 100);
  row.noise_floor = 0.05;
  Change change = compare(row);
  EXPECT_EQ(change.verdict, ChangeVerdict::kInconclusive);
  EXPECT_NE(change.reason.find("noise floor of this machine, 5.00 %"), std::string::npos)
      << change.reason;
  row.noise_floor.reset();
  change = compare(row);
  EXPECT_EQ(change.verdict, ChangeVerdict::kInconclusive);
  EXPECT_NE(change.reason.find("not known (`doctor"), std::string::npos);
  row.noise_unknown = "it cannot be read";
  EXPECT_NE(compare(row).reason.find("is not known: it cannot be read"), std::string::npos);
}

// A noisy machine excuses no regression that the launches prove, but the row says how noisy it is.
TEST(Comparison, FindingsBesideAHighNoiseFloorSaySo) {
  const auto reason = [](double old_centre, double new_centre, double floor,
                         ChangeVerdict verdict) {
    ChangeInput row = row_of(old_centre, new_centre);
    row.noise_floor = floor;
    const Change change = compare(row);
    EXPECT_EQ(change.verdict, verdict) << floor;
    return change.reason;
  };
  const char* kShown = "this machine showed up to 50.0 % between runs of one binary";
  const char* kFloor = "the noise floor of this machine, 6.00 %, is not below";
  for (const auto& [old_centre, new_centre, verdict] :
       {std::tuple{100, 130, ChangeVerdict::kRegressed}, {130, 100, ChangeVerdict::kImproved}}) {
    EXPECT_NE(reason(old_centre, new_centre, 0.5, verdict).find(kShown), std::string::npos);
    EXPECT_NE(reason(old_centre, new_centre, 0.06, verdict).find(kFloor), std::string::npos);
    EXPECT_EQ(reason(old_centre, new_centre, 0.01, verdict).find("machine"), std::string::npos);
  }
}

TEST(Comparison, DeltaIsTheUsers) {
  ChangeInput row = row_of(100, 110);
  row.max_regression = 0.2;
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kUnchanged);
  row.max_regression = 0.03;
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kRegressed);
  row.max_regression = 0;
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kRegressed);
}

// Every launch slower by the smallest visible regression and a hair: found. A hair less: not.
TEST(Comparison, SmallestVisibleIsWhatWouldBeFound) {
  for (const Pairing pairing : {Pairing::kUnpaired, Pairing::kPaired}) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      const ChangeInput row = row_of(100, 100, 12, 0.03, seed);
      const Change change = compare(row, pairing);
      ASSERT_TRUE(change.smallest_visible.has_value());
      for (const double hair : {-1e-6, 1e-6}) {
        ChangeInput slower = row;
        const double factor = (1 + *change.smallest_visible) / change.ratio->value * (1 + hair);
        for (LaunchValue& value : slower.new_values) {
          value.low *= factor;
          value.high *= factor;
        }
        ASSERT_EQ(compare(slower, pairing).verdict == ChangeVerdict::kRegressed, hair > 0) << seed;
      }
    }
  }
  // So many rows that seven launches can never speak for one of them alone.
  std::vector<ChangeInput> rows;
  for (std::uint64_t i = 0; i < 200; ++i) rows.push_back(row_of(100, 100, 7, 0.01, i));
  EXPECT_FALSE(compare_rows(rows, Pairing::kUnpaired)[0].smallest_visible.has_value());
}

TEST(Comparison, TimerResolutionIsTheOnlyFloor) {
  ChangeInput row = row_of(20, 26);
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kRegressed);
  row.resolution = 10;  // 6 ns cannot be seen with a clock that moves in steps of 10
  const Change change = compare(row);
  EXPECT_EQ(change.verdict, ChangeVerdict::kUnchanged);
  EXPECT_NEAR(change.max_regression, 0.5, 0.02);
  row = row_of(2000, 2600);
  row.resolution = 10;
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kRegressed);
}

// The bin of a histogram counts against every finding: a change no larger than a bin is none.
TEST(Comparison, RangesCountAgainstAFinding) {
  ChangeInput row = row_of(100, 107, 20, 0.001);
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kRegressed);
  for (auto* values : {&row.old_values, &row.new_values}) {
    for (LaunchValue& value : *values) {
      value.low *= 0.98;
      value.high *= 1.02;
    }
  }
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kInconclusive);
  row = row_of(100, 104, 20, 0.001);
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kUnchanged);
  for (LaunchValue& value : row.new_values) value.high *= 1.02;
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kInconclusive);
}

TEST(Comparison, ValuesAreComparedAsTheyAre) {
  ChangeInput row;
  row.deterministic = true;
  const auto verdict = [&](double old_value, double new_value) {
    row.old_values = {{old_value, old_value}};
    row.new_values = {{new_value, new_value}, {new_value, new_value}};
    return compare(row).verdict;
  };
  EXPECT_EQ(verdict(65000, 65000), ChangeVerdict::kUnchanged);
  EXPECT_EQ(verdict(65000, 68000), ChangeVerdict::kUnchanged);
  EXPECT_EQ(verdict(65000, 68251), ChangeVerdict::kRegressed);
  EXPECT_EQ(verdict(68251, 65000), ChangeVerdict::kImproved);
  EXPECT_EQ(verdict(0, 0), ChangeVerdict::kUnchanged);
  EXPECT_EQ(verdict(0, 1), ChangeVerdict::kRegressed);
  EXPECT_FALSE(compare(row).ratio.has_value());
  row.direction = Direction::kHigherIsBetter;
  EXPECT_EQ(verdict(65000, 60000), ChangeVerdict::kRegressed);
  row.new_values[1] = {1, 1};
  EXPECT_EQ(compare(row).verdict, ChangeVerdict::kInconclusive);
  row.new_values.clear();
  EXPECT_EQ(compare(row).reason, "has no value on one side");
}

TEST(Comparison, WithoutARatioThereIsNoVerdict) {
  ChangeInput row = row_of(100, 130);
  row.new_values[3] = {0, 0};
  const Change change = compare(row);
  EXPECT_EQ(change.verdict, ChangeVerdict::kInconclusive);
  EXPECT_FALSE(change.ratio.has_value());
  row.unusable = "the new run ended with status invalid";
  EXPECT_EQ(compare(row).reason, row.unusable);
}

// Half of the launches in another mode: the medians jump where the ranks hardly do. That must not
// pass as UNCHANGED.
TEST(Comparison, AMixOfModesIsNotUnchanged) {
  ChangeInput row;
  row.noise_floor = 0.01;
  for (int i = 0; i < 20; ++i) {
    const double jitter = 1 + i * 1e-5;
    row.old_values.push_back({(i < 11 ? 100 : 200) * jitter, (i < 11 ? 100 : 200) * jitter});
    row.new_values.push_back({(i < 9 ? 100 : 200) * jitter, (i < 9 ? 100 : 200) * jitter});
  }
  const Change change = compare(row);
  EXPECT_NEAR(change.ratio->value, 2, 0.01);
  EXPECT_GE(change.ratio->high, change.ratio->value);
  EXPECT_NE(change.verdict, ChangeVerdict::kUnchanged);
}

TEST(Comparison, NoiseFloorOfAMachine) {
  std::vector<ChangeInput> rows;
  for (std::uint64_t i = 0; i < 100; ++i) rows.push_back(row_of(100, 100, 20, 0.02, i));
  const auto floor = noise_floor(compare_rows(rows, Pairing::kUnpaired));
  ASSERT_TRUE(floor.has_value());
  // Medians of 20 launches with 2 % noise: their ratio has a standard deviation of 0.8 %.
  EXPECT_NEAR(*floor, 1.96 * 0.0079, 0.006);
  EXPECT_FALSE(noise_floor({}).has_value());
}

}  // namespace
}  // namespace midstream::measure
