#include "suites/harness/core_share.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace midstream::suites {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

void spin_for(Clock::duration time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
  }
}

TEST(CoreShare, SleepingOfItsOwnWillCostsAThreadNothing) {
  const CoreShare sleeper(WhileWaiting::kSleeps);
  const CoreShare poller(WhileWaiting::kPolls);
  std::this_thread::sleep_for(milliseconds(100));
  if (!sleeper.share()) GTEST_SKIP() << "no schedstat";
  // Not 1: a busy machine lets it wait for its core when it wakes up.
  EXPECT_GT(*sleeper.share(), 0.5);
  // Who says it polls, and had no CPU, lost its core.
  EXPECT_LT(*poller.share(), 0.2);
}

TEST(CoreShare, ACoreSharedWithAnotherIsSeenBothWays) {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int core = sched_getcpu();
  ASSERT_GE(core, 0);
  CPU_SET(static_cast<std::size_t>(core), &set);
  std::atomic<bool> stop{false};
  std::thread rival([&] {
    sched_setaffinity(0, sizeof set, &set);
    while (!stop) {
    }
  });
  std::thread measured([&] {
    if (sched_setaffinity(0, sizeof set, &set) != 0) return;
    spin_for(milliseconds(20));  // both are on the core now
    const CoreShare sleeper(WhileWaiting::kSleeps);
    const CoreShare poller(WhileWaiting::kPolls);
    spin_for(milliseconds(300));
    if (sleeper.share()) {
      EXPECT_LT(*sleeper.share(), 0.8);
    }
    EXPECT_LT(*poller.share(), 0.8);
    EXPECT_GT(poller.involuntary_switches(), 0U);
  });
  measured.join();
  stop = true;
  rival.join();
}

}  // namespace
}  // namespace midstream::suites
