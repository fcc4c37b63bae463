// Makes a piece of work take 15 % longer where MIDSTREAM_DELIBERATE_SLOWDOWN is defined, and does
// nothing anywhere else. One test binary defines it, for one kernel, to prove that a comparison of
// two builds finds a regression of that size, there and nowhere else (CONTRIBUTING.md). It reads
// the clock, which no other code below core/ does; that makes calls of less than about a
// microsecond slower still.
//
// Threads: as the work.
#pragma once

#ifdef MIDSTREAM_DELIBERATE_SLOWDOWN
#include <chrono>
#endif

namespace midstream {

template <class Work>
auto deliberately_slowed(Work work) {
#ifdef MIDSTREAM_DELIBERATE_SLOWDOWN
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto answer = work();
  const auto worked = Clock::now() - begin;
  const auto end = begin + worked + worked * 15 / 100;
  while (Clock::now() < end) {
  }
  return answer;
#else
  return work();
#endif
}

}  // namespace midstream
