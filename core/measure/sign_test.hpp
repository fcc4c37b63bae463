// The one rule of judgement: an exact sequential sign test over launches.
//
// Every launch gives one number (the target's statistic inside that launch). The number lies on
// the right or the wrong side of the limit. Looks are taken at 7, 10, 15 and 20 launches; at a
// look the row is decided when at most 0, 1, 3, 5 launches are wrong (PASS) or right (FAIL).
// When the median over launches sits exactly on the limit a wrong PASS has probability 0.0358,
// and so has a wrong FAIL. Undecided after 20 launches: INCONCLUSIVE; the plan is never extended.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <span>

namespace midstream::measure {

inline constexpr std::size_t kLooks[] = {7, 10, 15, 20};
inline constexpr std::size_t kBoundaries[] = {0, 1, 3, 5};
inline constexpr std::size_t kFirstLook = kLooks[0];
inline constexpr std::size_t kMaxLaunches = kLooks[3];

enum class SignDecision {
  kUndecided,  // more launches are needed, up to the next look
  kPass,
  kFail,
  kInconclusive,  // all looks taken
};

struct SignOutcome {
  SignDecision decision = SignDecision::kUndecided;
  std::size_t n = 0;          // launches the decision rests on: those of the deciding look
  std::size_t wrong = 0;      // of those, on the wrong side
  std::size_t next_look = 0;  // launches to have before asking again; 0 when decided
};

// `right_side[i]`: launch i, in the order of measuring, lies on the right side of the limit.
SignOutcome sign_test(std::span<const bool> right_side);

// Probability that the test says PASS when each launch is right with probability `p_right`,
// taking the first `looks` looks: the exact operating characteristic, for tests and reports.
double pass_probability(double p_right, std::size_t looks = 4);

}  // namespace midstream::measure
