#include "core/measure/sign_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <span>

namespace midstream::measure {
namespace {

// The figures of STATISTICS.md, to their printed digits.
TEST(SignTest, ErrorAtTheLimitIsThePublishedOne) {
  EXPECT_NEAR(pass_probability(0.5), 0.0358, 0.00005);
  EXPECT_NEAR(pass_probability(0.5, 2), 0.0146, 0.00005);
  EXPECT_EQ(pass_probability(0.5, 1), 1.0 / 128);
  EXPECT_EQ(pass_probability(1.0), 1);
  EXPECT_EQ(pass_probability(0.0), 0);
  EXPECT_EQ(pass_probability(0.5, 0), 0);
}

// Every sequence of 20 launches, all 2^20 of them: the probability is a count.
TEST(SignTest, OperatingCharacteristicIsExhaustivelyRight) {
  std::array<std::array<double, 21>, 2> passes{};  // [all looks, two looks] by number right
  for (unsigned bits = 0; bits < (1U << 20); ++bits) {
    bool sides[20];
    int right = 0;
    for (int i = 0; i < 20; ++i) {
      sides[i] = ((bits >> i) & 1U) != 0;
      right += sides[i];
    }
    const SignOutcome outcome = sign_test(sides);
    ASSERT_NE(outcome.decision, SignDecision::kUndecided);
    if (outcome.decision != SignDecision::kPass) continue;
    passes[0][static_cast<std::size_t>(right)] += 1;
    if (outcome.n <= 10) passes[1][static_cast<std::size_t>(right)] += 1;
  }
  for (const double p : {0.1, 0.35, 0.5, 0.8, 0.97}) {
    std::array<double, 2> expected{};
    for (int right = 0; right <= 20; ++right) {
      const double weight = std::pow(p, right) * std::pow(1 - p, 20 - right);
      expected[0] += passes[0][static_cast<std::size_t>(right)] * weight;
      expected[1] += passes[1][static_cast<std::size_t>(right)] * weight;
    }
    EXPECT_NEAR(pass_probability(p), expected[0], 1e-12);
    EXPECT_NEAR(pass_probability(p, 2), expected[1], 1e-12);
  }
}

TEST(SignTest, PassAndFailMirror) {
  for (unsigned bits = 0; bits < (1U << 20); bits += 37) {
    bool sides[20];
    bool opposite[20];
    for (int i = 0; i < 20; ++i) {
      sides[i] = ((bits >> i) & 1U) != 0;
      opposite[i] = !sides[i];
    }
    const auto a = sign_test(sides);
    const auto b = sign_test(opposite);
    ASSERT_EQ(a.decision == SignDecision::kPass, b.decision == SignDecision::kFail);
    ASSERT_EQ(a.decision == SignDecision::kInconclusive, b.decision == SignDecision::kInconclusive);
    ASSERT_EQ(a.n, b.n);
    ASSERT_EQ(a.wrong, a.n - b.wrong);
  }
}

TEST(SignTest, Looks) {
  constexpr std::array<bool, 25> kRight = [] {
    std::array<bool, 25> all{};
    all.fill(true);
    return all;
  }();
  const auto first = [&](std::size_t n) {
    return sign_test(std::span<const bool>(kRight).first(n));
  };
  EXPECT_EQ(first(0).next_look, 7u);
  EXPECT_EQ(first(6).decision, SignDecision::kUndecided);
  EXPECT_EQ(first(6).n, 6u);
  EXPECT_EQ(first(7).decision, SignDecision::kPass);
  EXPECT_EQ(first(7).next_look, 0u);
  // More launches than the deciding look needs change nothing: no second chance, no extension.
  auto late_wrong = kRight;
  for (std::size_t i = 7; i < late_wrong.size(); ++i) late_wrong[i] = false;
  EXPECT_EQ(sign_test(late_wrong).decision, SignDecision::kPass);
  EXPECT_EQ(sign_test(late_wrong).n, 7u);

  std::array<bool, 10> one_wrong{};
  one_wrong.fill(true);
  one_wrong[2] = false;
  const auto at7 = sign_test(std::span<const bool>(one_wrong).first(7));
  EXPECT_EQ(at7.decision, SignDecision::kUndecided);
  EXPECT_EQ(at7.next_look, 10u);
  EXPECT_EQ(at7.wrong, 1u);
  EXPECT_EQ(sign_test(one_wrong).decision, SignDecision::kPass);

  std::array<bool, 20> half{};
  for (std::size_t i = 0; i < 20; i += 2) half[i] = true;
  EXPECT_EQ(sign_test(half).decision, SignDecision::kInconclusive);
  EXPECT_EQ(sign_test(half).n, 20u);
  EXPECT_EQ(sign_test(half).wrong, 10u);
}

}  // namespace
}  // namespace midstream::measure
