// Exit codes, and which one wins when several hold.
#pragma once

#include <algorithm>
#include <array>

namespace midstream::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // a required target failed, a regression, verify disagrees
inline constexpr int kExitUsage = 2;   // usage, unreadable input
inline constexpr int kExitUndecided = 3;      // inconclusive or unavailable
inline constexpr int kExitBroken = 4;         // crash, time-out, wrong answer, no data
inline constexpr int kExitNotComparable = 5;  // baseline missing or not comparable
inline constexpr int kExitNotWritten = 6;     // an output could not be written

// Precedence 2, 4, 1, 5, 3, 6.
constexpr int worse(int a, int b) {
  constexpr std::array<int, 7> kOrder = {
      kExitOk,     kExitNotWritten, kExitUndecided, kExitNotComparable,
      kExitFailed, kExitBroken,     kExitUsage};
  const auto rank = [&](int code) {
    return std::find(kOrder.begin(), kOrder.end(), code) - kOrder.begin();
  };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace midstream::app
