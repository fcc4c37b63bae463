#include "core/temporal/repeated_symbols.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/reference/recurrence_oracles.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream::temporal {
namespace {

void expect_oracle_repeats(const std::vector<Repeat>& found,
                           const std::vector<std::uint32_t>& symbols,
                           const RepeatOptions& options) {
  const auto expected = reference::repeated_symbols(
      symbols, {options.shortest, options.best, options.separation, options.history});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    ASSERT_EQ(found[k].position, expected[k].position);
    ASSERT_EQ(found[k].earlier, expected[k].earlier);
    ASSERT_EQ(found[k].length, expected[k].length);
  }
}

TEST(RepeatedSymbols, EverySmallSequenceGivesTheOraclesRepeats) {
  for (const std::string& text : test::all_strings("ab", 9)) {
    const auto symbols = test::wide_symbols(text);
    const RepeatOptions options{.shortest = 1, .best = 20};
    expect_oracle_repeats(*repeated_symbols(symbols, options), symbols, options);
  }
}

TEST(RepeatedSymbols, RandomSequencesAndOptions) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const auto symbols =
        test::wide_symbols(test::random_string(random, random.below(300), 1 + random.below(5)));
    const RepeatOptions options{.shortest = 1 + random.below(4),
                                .best = 1 + random.below(8),
                                .separation = 1 + random.below(6),
                                .history = 1 + random.below(200)};
    expect_oracle_repeats(*repeated_symbols(symbols, options), symbols, options);
  }
}

TEST(RepeatedSymbols, AStreamInAnyPiecesGivesTheSame) {
  Random random(2);
  const auto symbols = test::wide_symbols(test::random_string(random, 400, 3));
  const RepeatOptions options{.shortest = 3, .best = 5, .separation = 4, .history = 60};
  auto stream = RepeatStream::create(options);
  for (std::size_t at = 0; at < symbols.size();) {
    const std::size_t piece = std::min<std::size_t>(symbols.size() - at, 1 + random.below(30));
    stream->push(std::span(symbols).subspan(at, piece));
    at += piece;
    expect_oracle_repeats(stream->best(),
                          {symbols.begin(), symbols.begin() + static_cast<std::ptrdiff_t>(at)},
                          options);
  }
}

TEST(RepeatedSymbols, RejectsEmptyOptions) {
  for (const auto& result :
       {repeated_symbols({}, {.shortest = 0}), repeated_symbols({}, {.best = 0}),
        repeated_symbols({}, {.separation = 0}), repeated_symbols({}, {.history = 0}),
        repeated_symbols({}, {.history = std::size_t{1} << 29})}) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(repeated_symbols({})->empty());
}

}  // namespace
}  // namespace midstream::temporal
