// The statistics proved by simulation, with fixed seeds: error rates of the one rule of judgement
// on distributions it never heard of, and of comparing two runs. Nothing here depends on time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/measure/comparison.hpp"
#include "core/measure/measurement.hpp"
#include "core/measure/sign_test.hpp"

namespace midstream::measure {
namespace {

// P(Binomial(n, p) >= k), summed from k upwards.
double binomial_tail(std::size_t n, std::size_t k, double p) {
  double tail = 0;
  for (std::size_t i = k; i <= n; ++i) {
    const auto a = static_cast<double>(n);
    const auto b = static_cast<double>(i);
    tail += std::exp(std::lgamma(a + 1) - std::lgamma(b + 1) - std::lgamma(a - b + 1) +
                     b * std::log(p) + (a - b) * std::log1p(-p));
  }
  return tail;
}

// Exact one-sided lower bound of a rate (Clopper & Pearson 1934): with 99 % confidence the true
// rate is not below it.
double lower_99(std::size_t hits, std::size_t runs) {
  if (hits == 0) return 0;
  double low = 0;
  double high = static_cast<double>(hits) / static_cast<double>(runs);
  for (int step = 0; step < 50; ++step) {
    const double middle = std::midpoint(low, high);
    (binomial_tail(runs, hits, middle) < 0.01 ? low : high) = middle;
  }
  return low;
}

TEST(Simulation, LowerBoundOfARate) {
  EXPECT_EQ(lower_99(0, 100), 0);
  EXPECT_NEAR(lower_99(1, 1), 0.01, 1e-9);
  EXPECT_NEAR(lower_99(100, 100), std::pow(0.01, 0.01), 1e-9);
  EXPECT_GT(lower_99(70, 1000), 0.05);  // 7 % of 1,000 would be noticed
}

struct Rates {
  double pass = 0;
  double fail = 0;
  double launches = 0;  // mean number the decision took
  std::size_t passes = 0;
  std::size_t fails = 0;
};

// Judges rows whose launches come from `launch(random, i)`, the statistic of launch number i,
// against "< limit".
Rates judge_many(std::size_t runs, double limit, std::uint64_t seed,
                 const std::function<double(Random&, std::size_t)>& launch) {
  Random random(seed);
  Rates rates;
  double launches = 0;
  for (std::size_t run = 0; run < runs; ++run) {
    bool right[kMaxLaunches];
    for (std::size_t i = 0; i < kMaxLaunches; ++i) right[i] = launch(random, i) < limit;
    const SignOutcome outcome = sign_test(right);
    rates.passes += outcome.decision == SignDecision::kPass;
    rates.fails += outcome.decision == SignDecision::kFail;
    launches += static_cast<double>(outcome.n);
  }
  const auto n = static_cast<double>(runs);
  rates.pass = static_cast<double>(rates.passes) / n;
  rates.fail = static_cast<double>(rates.fails) / n;
  rates.launches = launches / n;
  return rates;
}

// The statistic of one launch through the same code that judges real ones.
double launch_median(const std::vector<double>& samples) {
  Launch launch;
  launch.samples = samples;
  const Metric metric{parse_unit("ns").value(), Direction::kLowerIsBetter, SampleKind::kBatchMean};
  return launch_statistic(launch, metric, Statistic::kMedian)->low;
}

struct Shape {
  const char* name;
  double median;  // of the launch statistic: the limit that makes every verdict a wrong one
  std::function<double(Random&)> launch;
};

constexpr std::size_t kSamples = 11;

// Launch to launch luck times noise inside the launch, `inside(i)` of sample i.
template <class Inside>
double launch_of(double luck, Inside inside) {
  std::vector<double> samples(kSamples);
  for (std::size_t i = 0; i < kSamples; ++i) samples[i] = luck * inside(i);
  return launch_median(samples);
}

// Layouts of memory that are 30 % apart, seven in ten launches in the fast one, 1 % noise each.
double bimodal_median() {
  const auto below = [](double x, double centre) {
    return 0.5 * std::erfc(-(x - centre) / 0.01 / std::sqrt(2.0));
  };
  double low = 0.9;
  double high = 1.4;
  for (int step = 0; step < 60; ++step) {
    const double middle = std::midpoint(low, high);
    (0.7 * below(middle, 1) + 0.3 * below(middle, 1.3) < 0.5 ? low : high) = middle;
  }
  return low;
}

std::vector<Shape> shapes() {
  const auto normal = [](Random& random) {
    return launch_of(1 + 0.03 * random.normal(),
                     [&](std::size_t) { return 1 + 0.05 * random.normal(); });
  };
  // Heavy on the right, within launches and between them.
  const auto log_normal = [](Random& random) {
    return launch_of(std::exp(0.3 * random.normal()),
                     [&](std::size_t) { return std::exp(random.normal()); });
  };
  // Two speeds inside a launch.
  const auto bimodal_samples = [](Random& random) {
    return launch_of(1, [&](std::size_t) {
      return 1 + (random.below(2) == 0 ? 0.2 : -0.2) + 0.01 * random.normal();
    });
  };
  const auto bimodal_launches = [](Random& random) {
    const double level = (random.uniform() < 0.7 ? 1.0 : 1.3) + 0.01 * random.normal();
    return launch_of(level, [](std::size_t) { return 1.0; });
  };
  // Samples that drift inside the launch (heat, a filling heap), each launch at its own pace.
  const auto drifting = [](Random& random) {
    const double slope = 0.1 * random.normal();
    return launch_of(1 + 0.02 * random.normal(), [&](std::size_t i) {
      return 1 + slope * static_cast<double>(i) / kSamples + 0.02 * random.normal();
    });
  };
  return {{"normal", 1, normal},
          {"log-normal", 1, log_normal},
          {"bimodal samples", 1, bimodal_samples},
          {"bimodal launches", bimodal_median(), bimodal_launches},
          {"drifting samples", 1, drifting}};
}

// With the limit at the median every verdict is wrong.
TEST(Simulation, WrongVerdictsAreRareOnEveryShape) {
  constexpr std::size_t kRuns = 10000;
  std::uint64_t seed = 50;
  for (const Shape& shape : shapes()) {
    const Rates rates = judge_many(kRuns, shape.median, ++seed, [&](Random& random, std::size_t) {
      return shape.launch(random);
    });
    EXPECT_LE(lower_99(rates.passes, kRuns), 0.05) << shape.name << " false PASS " << rates.pass;
    EXPECT_LE(lower_99(rates.fails, kRuns), 0.05) << shape.name << " false FAIL " << rates.fail;
    // Not so rare that the limit cannot have been at the median at all.
    EXPECT_GT(rates.pass, 0.02) << shape.name;
    EXPECT_GT(rates.fail, 0.02) << shape.name;
  }
}

// A machine that drifts over the whole run by a third of the launch noise.
TEST(Simulation, SlowDriftOfTheMachine) {
  constexpr std::size_t kRuns = 20000;
  const Rates rates = judge_many(kRuns, 1, 60, [](Random& random, std::size_t i) {
    return 1 + 0.01 * (static_cast<double>(i) / (kMaxLaunches - 1) - 0.5) + 0.03 * random.normal();
  });
  EXPECT_LE(lower_99(rates.passes, kRuns), 0.05) << rates.pass;
  EXPECT_LE(lower_99(rates.fails, kRuns), 0.05) << rates.fail;
}

// The figures of STATISTICS.md: 3 % launch noise, values 10, 5 and 2 % below their limit. The exact
// operating characteristic gives them too.
TEST(Simulation, LaunchesNeededByMargin) {
  const auto at_margin = [](double margin) {
    const Rates rates = judge_many(20000, 1, 61, [&](Random& random, std::size_t) {
      return (1 - margin) * std::exp(0.03 * random.normal());
    });
    const double right = 0.5 * std::erfc(std::log(1 - margin) / 0.03 / std::sqrt(2.0));
    EXPECT_NEAR(rates.pass, pass_probability(right), 0.012) << margin;
    return rates;
  };
  EXPECT_NEAR(at_margin(0.10).launches, 7, 0.05);
  EXPECT_NEAR(at_margin(0.05).launches, 8.1, 0.1);
  const Rates two = at_margin(0.02);
  EXPECT_NEAR(two.launches, 15.8, 0.1);
  EXPECT_NEAR(two.pass, 0.66, 0.015);
  EXPECT_LT(two.fail, 0.001);
}

// Why launches are interleaved: neighbours that resemble each other raise the error.
TEST(Simulation, CorrelatedLaunchesRaiseTheError) {
  for (const auto& [correlation, expected] : {std::pair{0.0, 0.0358}, std::pair{0.1, 0.048},
                                              std::pair{0.3, 0.085}, std::pair{0.5, 0.15}}) {
    double last = 0;
    const Rates rates = judge_many(20000, 0, 62, [&](Random& random, std::size_t i) {
      const double fresh = random.normal();
      last = i == 0 ? fresh : correlation * last + std::sqrt(1 - correlation * correlation) * fresh;
      return last;
    });
    EXPECT_NEAR(rates.pass, expected, 0.006) << correlation;
  }
}

constexpr std::size_t kRows = 53;

std::vector<LaunchValue> launches(Random& random, std::size_t n, double centre, double noise) {
  std::vector<LaunchValue> values(n);
  for (LaunchValue& value : values) {
    value.low = value.high = centre * std::exp(noise * random.normal());
  }
  return values;
}

std::vector<ChangeInput> rows_of(Random& random, std::size_t n, double delta, double slow_row = 1) {
  std::vector<ChangeInput> rows(kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    rows[i].old_values = launches(random, n, 100, 0.02);
    rows[i].new_values = launches(random, n, i == 17 ? 100 * slow_row : 100, 0.02);
    rows[i].max_regression = delta;
    rows[i].noise_floor = 0.01;
  }
  return rows;
}

std::size_t count(const std::vector<Change>& changes, ChangeVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(),
                    [&](const Change& change) { return change.verdict == verdict; }));
}

struct SelfComparison {
  const char* name;
  Pairing pairing;
  std::size_t n;
  double delta;
};

// For the names of the tests.
void PrintTo(const SelfComparison& setting, std::ostream* out) { *out << setting.name; }

class Self : public testing::TestWithParam<SelfComparison> {};

// The same binary on both sides, 53 rows: how many comparisons raise any alarm. δ = 0 is the hard
// case, the hypothesis tested being exactly true; with a real δ there is all but none.
TEST_P(Self, AlarmsAreRare) {
  constexpr std::size_t kRuns = 1000;
  const SelfComparison& setting = GetParam();
  Random random(70 + setting.n);
  std::size_t regressed = 0;
  std::size_t improved = 0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    const auto changes = compare_rows(rows_of(random, setting.n, setting.delta), setting.pairing);
    regressed += count(changes, ChangeVerdict::kRegressed) > 0;
    improved += count(changes, ChangeVerdict::kImproved) > 0;
  }
  EXPECT_LE(lower_99(regressed, kRuns), 0.05) << regressed << " of " << kRuns;
  EXPECT_LE(lower_99(improved, kRuns), 0.05) << improved << " of " << kRuns;
  if (setting.delta > 0) {
    EXPECT_LE(regressed + improved, kRuns / 100);
  }
  RecordProperty("regressed", static_cast<int>(regressed));
  RecordProperty("improved", static_cast<int>(improved));
}

INSTANTIATE_TEST_SUITE_P(
    Simulation, Self,
    testing::Values(SelfComparison{"unpaired_7", Pairing::kUnpaired, kMinLaunchesUnpaired, 0},
                    SelfComparison{"unpaired_20", Pairing::kUnpaired, 20, 0},
                    SelfComparison{"unpaired_20_delta_3", Pairing::kUnpaired, 20, 0.03},
                    SelfComparison{"paired_11", Pairing::kPaired, kMinPairs, 0}),
    [](const auto& chosen) { return std::string(chosen.param.name); });

TEST(Simulation, ARealRegressionIsFound) {
  constexpr std::size_t kRuns = 200;
  Random random(80);
  std::size_t found = 0;
  std::size_t others = 0;
  std::size_t unchanged = 0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    const auto changes = compare_rows(rows_of(random, 20, 0.03, 1.10), Pairing::kUnpaired);
    found += changes[17].verdict == ChangeVerdict::kRegressed;
    others += count(changes, ChangeVerdict::kRegressed) -
              (changes[17].verdict == ChangeVerdict::kRegressed);
    unchanged += count(changes, ChangeVerdict::kUnchanged);
  }
  EXPECT_GE(static_cast<double>(found), 0.9 * kRuns);
  EXPECT_LE(others, kRuns / 20);
  // And most of the rows that did not change are known not to have.
  EXPECT_GE(static_cast<double>(unchanged), 0.9 * kRuns * (kRows - 1));
}

// A regression of just δ is called one in at most 5 % of the comparisons, and never UNCHANGED
// in more than the interval's share.
TEST(Simulation, TheBoundaryItself) {
  constexpr std::size_t kRuns = 3000;
  Random random(90);
  std::size_t regressed = 0;
  std::size_t unchanged = 0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    ChangeInput row;
    row.old_values = launches(random, 10, 100, 0.02);
    row.new_values = launches(random, 10, 105, 0.02);
    row.noise_floor = 0.01;
    const auto changes = compare_rows(std::span(&row, 1), Pairing::kUnpaired);
    regressed += changes[0].verdict == ChangeVerdict::kRegressed;
    unchanged += changes[0].verdict == ChangeVerdict::kUnchanged;
  }
  EXPECT_LE(lower_99(regressed, kRuns), 0.05);
  EXPECT_LE(lower_99(unchanged, kRuns), 0.025);
}

}  // namespace
}  // namespace midstream::measure
