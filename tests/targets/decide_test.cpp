// One scenario: looks, boundaries, ties, values, caps.
#include <gtest/gtest.h>

#include "targets/evaluator.hpp"
#include "targets/limit.hpp"

namespace midstream::targets {
namespace {

Limit limit(const char* text) { return parse_limit(text).value(); }

Scenario scenario(const std::vector<double>& values) {
  Scenario result;
  for (const double value : values) {
    result.launches.push_back({static_cast<std::uint32_t>(result.launches.size()), value});
  }
  return result;
}

// `wrong` launches of 20 ns, then `right` ones of 5 ns.
Scenario mixed(std::size_t wrong, std::size_t right) {
  std::vector<double> values(wrong, 20);
  values.insert(values.end(), right, 5);
  return scenario(values);
}

struct Case {
  std::size_t wrong, right;
  Verdict verdict;
  std::size_t n, next_look;
};

TEST(Decide, at_every_look_and_boundary) {
  using enum Verdict;
  for (const Case& c :
       {Case{0, 0, kInconclusive, 0, 7}, Case{0, 6, kInconclusive, 6, 7},
        Case{6, 0, kInconclusive, 6, 7}, Case{0, 7, kPass, 7, 0}, Case{7, 0, kFail, 7, 0},
        Case{0, 20, kPass, 7, 0}, Case{1, 6, kInconclusive, 7, 10},
        Case{1, 8, kInconclusive, 9, 10}, Case{1, 9, kPass, 10, 0}, Case{9, 1, kFail, 7, 0},
        Case{2, 8, kInconclusive, 10, 15}, Case{3, 12, kPass, 15, 0},
        Case{4, 11, kInconclusive, 15, 20}, Case{5, 15, kPass, 20, 0},
        Case{6, 14, kInconclusive, 20, 0}, Case{6, 24, kInconclusive, 20, 0}}) {
    Scenario s = mixed(c.wrong, c.right);
    decide(s, limit("< 10 ns"), 0.95);
    SCOPED_TRACE(std::to_string(c.wrong) + " wrong, " + std::to_string(c.right) + " right");
    EXPECT_EQ(s.verdict, c.verdict);
    EXPECT_EQ(s.n, c.n);
    EXPECT_EQ(s.next_look, c.next_look);
    EXPECT_EQ(s.verdict == kPass, s.reason.empty());
  }
}

TEST(Decide, failing_has_the_same_boundaries) {
  using enum Verdict;
  for (const Case& c : {Case{9, 1, kFail, 10, 0}, Case{12, 3, kFail, 15, 0},
                        Case{15, 5, kFail, 20, 0}, Case{14, 6, kInconclusive, 20, 0}}) {
    // The right ones first, so that no earlier look decides.
    std::vector<double> values(c.right, 5);
    values.insert(values.end(), c.wrong, 20);
    Scenario s = scenario(values);
    decide(s, limit("< 10 ns"), 0.95);
    EXPECT_EQ(s.verdict, c.verdict) << c.wrong;
    EXPECT_EQ(s.n, c.n);
    EXPECT_EQ(s.wrong, c.wrong);
  }
}

TEST(Decide, value_and_interval_are_of_the_deciding_launches) {
  Scenario s = scenario({1, 2, 3, 4, 5, 6, 7, 100, 100, 100});
  decide(s, limit("< 10 ns"), 0.95);
  EXPECT_EQ(s.n, 7U);
  EXPECT_EQ(s.value, 4);
  EXPECT_EQ(s.ci_low, 1);
  EXPECT_EQ(s.ci_high, 7);
}

// The interval has the coverage that n launches can give, whatever was asked for.
TEST(Decide, the_coverage_is_the_achieved_one) {
  const auto coverage = [](std::size_t n, double confidence) {
    std::vector<double> values(n, 5);
    for (std::size_t i = 0; i < n; i += 4) values[i] = 20;  // undecided up to the last look
    Scenario s = scenario(values);
    decide(s, limit("< 10 ns"), confidence);
    EXPECT_EQ(s.n, n);
    return s.coverage;
  };
  EXPECT_DOUBLE_EQ(coverage(7, 0.95), 1 - 2.0 / 128);
  EXPECT_DOUBLE_EQ(coverage(7, 0.9999), 1 - 2.0 / 128);
  EXPECT_NEAR(coverage(10, 0.95), 0.97852, 1e-5);
  EXPECT_EQ(coverage(1, 0.95), 0);
}

TEST(Decide, a_tie_is_wrong_for_strict_limits_and_right_for_others) {
  for (const auto& [text, verdict] : {std::pair{"< 10 ns", Verdict::kFail},
                                      {"<= 10 ns", Verdict::kPass},
                                      {"> 10 ns", Verdict::kFail},
                                      {">= 10 ns", Verdict::kPass}}) {
    Scenario s = scenario(std::vector<double>(7, 10));
    decide(s, limit(text), 0.95);
    EXPECT_EQ(s.verdict, verdict) << text;
  }
}

TEST(Decide, near_limit_is_within_ten_percent_and_only_of_a_pass) {
  for (const auto& [value, near] : {std::pair{8.9, false}, {9.0, true}, {9.9, true}}) {
    Scenario s = scenario(std::vector<double>(7, value));
    decide(s, limit("< 10 ns"), 0.95);
    EXPECT_EQ(s.verdict, Verdict::kPass);
    EXPECT_EQ(s.near_limit, near) << value;
  }
  Scenario s = scenario(std::vector<double>(7, 10.5));
  decide(s, limit("< 10 ns"), 0.95);
  EXPECT_FALSE(s.near_limit);
}

TEST(Decide, a_value_needs_two_equal_launches) {
  const auto judged = [](const std::vector<double>& values) {
    Scenario s = scenario(values);
    s.single_value = true;
    decide(s, limit("<= 65 KB"), 0.95);
    return s;
  };
  EXPECT_EQ(judged({}).next_look, 2U);
  EXPECT_EQ(judged({1000}).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged({1000}).next_look, 2U);
  const Scenario pass = judged({65000, 65000});
  EXPECT_EQ(pass.verdict, Verdict::kPass);
  EXPECT_TRUE(pass.near_limit);
  EXPECT_EQ(pass.value, 65000);
  EXPECT_EQ(pass.n, 2U);
  EXPECT_EQ(judged({65001, 65001}).verdict, Verdict::kFail);
  EXPECT_EQ(judged({1000, 1001}).verdict, Verdict::kInvalid);
  EXPECT_EQ(judged({1000, 1000, 1001}).verdict, Verdict::kInvalid);
}

TEST(Decide, a_cap_leaves_nothing_better_than_inconclusive) {
  for (const double value : {5.0, 20.0}) {
    Scenario s = scenario(std::vector<double>(7, value));
    s.cap = "no oracle";
    decide(s, limit("< 10 ns"), 0.95);
    EXPECT_EQ(s.verdict, Verdict::kInconclusive);
    EXPECT_EQ(s.reason,
              std::string("would be ") + (value < 10 ? "PASS" : "FAIL") + ", but no oracle");
    EXPECT_FALSE(s.near_limit);
    EXPECT_EQ(s.next_look, 0U);
  }
}

TEST(Decide, deciding_again_changes_nothing) {
  Scenario once = mixed(4, 11);
  decide(once, limit("< 10 ns"), 0.95);
  Scenario twice = once;
  decide(twice, limit("< 10 ns"), 0.95);
  EXPECT_EQ(once.reason, twice.reason);
  EXPECT_EQ(once.verdict, twice.verdict);
  EXPECT_EQ(once.next_look, twice.next_look);
}

}  // namespace
}  // namespace midstream::targets
