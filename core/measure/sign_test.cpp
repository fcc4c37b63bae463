#include "core/measure/sign_test.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

namespace midstream::measure {

SignOutcome sign_test(std::span<const bool> right_side) {
  std::size_t right = 0;
  std::size_t counted = 0;
  for (std::size_t look = 0; look < std::size(kLooks); ++look) {
    const std::size_t n = kLooks[look];
    for (; counted < std::min(n, right_side.size()); ++counted) right += right_side[counted];
    const std::size_t wrong = counted - right;
    if (counted < n) return {SignDecision::kUndecided, counted, wrong, n};
    if (wrong <= kBoundaries[look]) return {SignDecision::kPass, n, wrong, 0};
    if (right <= kBoundaries[look]) return {SignDecision::kFail, n, wrong, 0};
  }
  return {SignDecision::kInconclusive, kMaxLaunches, kMaxLaunches - right, 0};
}

double pass_probability(double p_right, std::size_t looks) {
  assert(looks <= std::size(kLooks));
  // undecided[w]: probability of having reached this launch undecided, with w wrong ones so far.
  std::array<double, kMaxLaunches + 1> undecided{};
  undecided[0] = 1;
  double pass = 0;
  std::size_t launches = 0;
  for (std::size_t look = 0; look < looks; ++look) {
    for (; launches < kLooks[look]; ++launches) {
      for (std::size_t wrong = launches + 1; wrong-- > 0;) {
        undecided[wrong + 1] += undecided[wrong] * (1 - p_right);
        undecided[wrong] *= p_right;
      }
    }
    for (std::size_t wrong = 0; wrong <= launches; ++wrong) {
      const bool passed = wrong <= kBoundaries[look];
      const bool failed = launches - wrong <= kBoundaries[look];
      if (passed) pass += undecided[wrong];
      if (passed || failed) undecided[wrong] = 0;
    }
  }
  return pass;
}

}  // namespace midstream::measure
