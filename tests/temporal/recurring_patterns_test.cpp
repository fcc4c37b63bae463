#include "core/temporal/recurring_patterns.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/reference/recurrence_oracles.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

using Series = std::vector<double>;
using RecurringPatterns = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, RecurringPatterns, test::kernel_values(), test::kernel_name);

void expect_oracle_recurrences(const std::vector<Recurrence>& found, const Series& series,
                               const RecurrenceOptions& options) {
  const auto expected = reference::recurring_patterns(
      series, {options.length, options.best, options.separation, options.exclusion, options.history,
               options.threshold});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    ASSERT_EQ(found[k].position, expected[k].position) << "recurrence " << k;
    ASSERT_EQ(found[k].earlier, expected[k].earlier) << "recurrence " << k;
    EXPECT_SAME_BITS(found[k].distance, expected[k].distance);
  }
}

RecurrenceOptions random_options(Random& random) {
  RecurrenceOptions options;
  options.length = 1 + random.below(24);
  options.best = 1 + random.below(6);
  options.separation = 1 + random.below(20);
  options.exclusion = 1 + random.below(20);
  options.history = options.exclusion + random.below(600);
  if (random.below(2) == 0) options.threshold = random.uniform(0, 4);
  return options;
}

// Rounded series have ties and flat windows; large offsets and a spike try the error bound.
Series random_series(Random& random, std::size_t length) {
  Series series = test::random_walk(random, length);
  const std::uint64_t kind = random.below(4);
  for (double& v : series) {
    if (kind == 0) v = std::round(v / 2);
    if (kind == 1) v += 1e8;
    if (kind == 2) v = std::sin(v);
  }
  if (kind == 2 && length > 50) series[50] = 1e7;
  return series;
}

TEST_P(RecurringPatterns, AreExactlyThoseOfBruteForce) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    const Series series = random_series(random, random.below(700));
    const RecurrenceOptions options = random_options(random);
    const auto found = recurring_patterns(series, options);
    ASSERT_TRUE(found.ok());
    expect_oracle_recurrences(*found, series, options);
  }
}

TEST_P(RecurringPatterns, AStreamInAnyPiecesGivesTheSame) {
  Random random(2);
  for (int round = 0; round < 20; ++round) {
    const Series series = random_series(random, 1 + random.below(500));
    const RecurrenceOptions options = random_options(random);
    auto stream = RecurrenceStream::create(options);
    ASSERT_TRUE(stream.ok());
    for (std::size_t at = 0; at < series.size();) {
      const std::size_t piece = std::min<std::size_t>(series.size() - at, 1 + random.below(50));
      ASSERT_TRUE(stream->push(std::span(series).subspan(at, piece)).ok());
      at += piece;
      if (random.below(6) == 0) {
        expect_oracle_recurrences(
            stream->best(),
            Series(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(at)), options);
      }
    }
  }
}

// What a spike or a shift of level does to the error bounds passes; answers stay exact meanwhile.
TEST_P(RecurringPatterns, SpikesAndShiftsOfLevelStayExact) {
  Random random(4);
  for (int round = 0; round < 12; ++round) {
    Series series = test::random_walk(random, 2200);
    const std::size_t at = 100 + random.below(1500);
    const double size = std::pow(10.0, static_cast<double>(3 + random.below(10)));
    for (std::size_t i = at; i < (round % 2 == 0 ? at + 1 + random.below(3) : 2200); ++i) {
      series[i] += size;
    }
    const RecurrenceOptions options{.length = 8 + random.below(40),
                                    .best = 1 + random.below(20),
                                    .separation = 1 + random.below(30),
                                    .exclusion = 1 + random.below(30),
                                    .history = 200 + random.below(1200)};
    const auto found = recurring_patterns(series, options);
    ASSERT_TRUE(found.ok());
    expect_oracle_recurrences(*found, series, options);
  }
}

// Windows whose samples and the newest's all lie near the spike cannot be told apart by bounds:
// some hundred times some hundred. All of those after it would be more than ten million.
TEST_P(RecurringPatterns, ASpikeDoesNotSlowAStreamDown) {
  Random random(5);
  Series series = test::random_walk(random, 6000);
  const RecurrenceOptions options{.history = 3000};
  const auto compared = [&] {
    auto stream = RecurrenceStream::create(options);
    EXPECT_TRUE(stream->push(series).ok());
    return stream->compared();
  };
  const std::uint64_t without = compared();
  series[500] = 1e7;
  EXPECT_LT(compared(), 4 * without + 300'000);
  for (double& v : series) v += 1e9;  // another origin
  EXPECT_LT(compared(), 4 * without + 300'000);
}

TEST_P(RecurringPatterns, FindsAPlantedPatternWhateverItsScale) {
  Random random(3);
  Series series = test::random_walk(random, 3000);
  const Series pattern = test::random_walk(random, 64);
  for (std::size_t i = 0; i < 64; ++i) {
    series[500 + i] = pattern[i];
    series[2100 + i] = 7 - 0.25 * -pattern[i];
  }
  const auto found = recurring_patterns(series);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().position, 2100U);
  EXPECT_EQ(found->front().earlier, 500U);
  EXPECT_LT(found->front().distance, 1e-9);
}

TEST_P(RecurringPatterns, RejectsWhatItCannotAnswer) {
  const Series good(300, 1.0);
  const Series bad{1, std::nan("")};
  for (const auto& result :
       {recurring_patterns(bad), recurring_patterns(good, {.length = 0}),
        recurring_patterns(good, {.best = 0}), recurring_patterns(good, {.separation = 0}),
        recurring_patterns(good, {.exclusion = 0}), recurring_patterns(good, {.history = 3}),
        recurring_patterns(good, {.length = std::size_t{1} << 27})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(recurring_patterns({})->empty());
}

// Sizes derived from the options must not wrap.
TEST_P(RecurringPatterns, OptionsAtTheirLimits) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  for (const std::size_t far : {std::size_t{1} << 27, std::size_t{1} << 61, kMost - 64, kMost}) {
    for (const RecurrenceOptions& options :
         {RecurrenceOptions{.history = far}, RecurrenceOptions{.length = far},
          RecurrenceOptions{.exclusion = far, .history = far},
          RecurrenceOptions{.length = far, .history = far}}) {
      const auto stream = RecurrenceStream::create(options);
      ASSERT_FALSE(stream.ok());
      EXPECT_EQ(stream.error().code, ErrorCode::kInvalidArgument);
    }
  }
  const Series series{1, 2, 1, 2, 1, 2, 1};
  const RecurrenceOptions whole{.length = 2, .separation = kMost, .exclusion = 2, .history = kMost};
  EXPECT_EQ(recurring_patterns(series, whole)->front(), (Recurrence{2, 0, 0}));
  EXPECT_TRUE(
      recurring_patterns(series, {.length = 2, .exclusion = kMost, .history = kMost})->empty());
}

}  // namespace
}  // namespace midstream::temporal
