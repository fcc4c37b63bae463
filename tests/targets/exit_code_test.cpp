#include <gtest/gtest.h>

#include <algorithm>

#include "targets/evaluator.hpp"

namespace midstream::targets {
namespace {

using enum Verdict;

constexpr Verdict kAll[] = {kPass,  kFail,    kInconclusive, kInvalid,
                            kError, kMissing, kUnavailable,  kNotRun};

Judgement judgement_of(std::initializer_list<std::pair<Verdict, Severity>> rows) {
  Judgement judgement;
  for (const auto& [verdict, severity] : rows) {
    Row row;
    row.verdict = verdict;
    row.target.severity = severity;
    judgement.rows.push_back(row);
  }
  return judgement;
}

int code_of(Verdict verdict) {
  switch (verdict) {
    case kPass:
      return 0;
    case kFail:
    case kMissing:
      return 1;
    case kInconclusive:
    case kUnavailable:
      return 3;
    case kInvalid:
    case kError:
    case kNotRun:
      return 4;
  }
  return -1;
}

TEST(ExitCode, of_one_required_row) {
  for (const Verdict verdict : kAll) {
    const auto judgement = judgement_of({{verdict, Severity::kRequired}});
    const int code = code_of(verdict);
    EXPECT_EQ(exit_code(judgement, OnInconclusive::kFail), code) << verdict_name(verdict);
    for (const auto lenient : {OnInconclusive::kWarn, OnInconclusive::kPass}) {
      EXPECT_EQ(exit_code(judgement, lenient), code == 3 ? 0 : code) << verdict_name(verdict);
    }
  }
}

TEST(ExitCode, precedence_is_4_then_1_then_3) {
  const auto rank = [](int code) { return code == 4 ? 3 : code == 1 ? 2 : code == 3 ? 1 : 0; };
  for (const Verdict a : kAll) {
    for (const Verdict b : kAll) {
      const auto judgement = judgement_of({{a, Severity::kRequired}, {b, Severity::kRequired}});
      const int expected = rank(code_of(a)) >= rank(code_of(b)) ? code_of(a) : code_of(b);
      EXPECT_EQ(exit_code(judgement, OnInconclusive::kFail), expected)
          << verdict_name(a) << " and " << verdict_name(b);
    }
  }
}

// The verdict of a row is its worst scenario's; its exit code is the most urgent of them all.
TEST(ExitCode, of_every_scenario_of_a_row) {
  const auto row_of = [](std::initializer_list<Verdict> verdicts) {
    Judgement judgement = judgement_of({{kPass, Severity::kRequired}});
    Row& row = judgement.rows[0];
    for (const Verdict verdict : verdicts) {
      row.scenarios.emplace_back().verdict = verdict;
      if (badness(verdict) > badness(row.verdict)) row.verdict = verdict;
    }
    return judgement;
  };
  for (const auto lenient : {OnInconclusive::kFail, OnInconclusive::kWarn, OnInconclusive::kPass}) {
    EXPECT_EQ(exit_code(row_of({kUnavailable, kNotRun}), lenient), 4);
    EXPECT_EQ(exit_code(row_of({kNotRun, kInconclusive, kPass}), lenient), 4);
    EXPECT_EQ(exit_code(row_of({kFail, kNotRun}), lenient), 4);
    EXPECT_EQ(exit_code(row_of({kMissing, kUnavailable}), lenient), 1);
  }
  EXPECT_EQ(exit_code(row_of({kUnavailable, kPass}), OnInconclusive::kPass), 0);
  Judgement advisory = row_of({kPass, kNotRun});
  advisory.rows[0].target.severity = Severity::kAdvisory;
  EXPECT_EQ(exit_code(advisory, OnInconclusive::kFail), 0);
}

TEST(ExitCode, advisory_rows_never_count) {
  for (const Verdict verdict : kAll) {
    EXPECT_EQ(exit_code(judgement_of({{verdict, Severity::kAdvisory}}), OnInconclusive::kFail), 0);
    EXPECT_EQ(
        exit_code(judgement_of({{verdict, Severity::kAdvisory}, {kFail, Severity::kRequired}}),
                  OnInconclusive::kFail),
        1);
  }
}

TEST(ExitCode, nothing_judged_is_undecided) {
  EXPECT_EQ(exit_code({}, OnInconclusive::kFail), 3);
  EXPECT_EQ(exit_code({}, OnInconclusive::kPass), 0);
}

TEST(Verdicts, names_round_trip_and_order_is_worst_first) {
  const Verdict worst_first[] = {kInvalid, kError,       kFail,         kMissing,
                                 kNotRun,  kUnavailable, kInconclusive, kPass};
  for (std::size_t i = 0; i < std::size(worst_first); ++i) {
    const auto parsed = parse_verdict(verdict_name(worst_first[i]));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, worst_first[i]);
    EXPECT_EQ(badness(worst_first[i]), static_cast<int>(std::size(worst_first) - 1 - i));
  }
  EXPECT_EQ(badness(kPass), 0);
  EXPECT_FALSE(parse_verdict("pass").ok());
  EXPECT_NE(parse_verdict("PAS").error().message.find("'PASS'"), std::string::npos);
}

}  // namespace
}  // namespace midstream::targets
