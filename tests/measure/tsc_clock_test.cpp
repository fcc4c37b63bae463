#include "core/measure/tsc_clock.hpp"

#include <gtest/gtest.h>

namespace midstream::measure {
namespace {

// Nothing here depends on how fast the machine is, or how loaded.
TEST(TscClock, TimeGoesForward) {
  std::uint64_t last = TscClock::start();
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t stop = TscClock::stop();
    ASSERT_GE(stop, last);
    last = TscClock::start();
    ASSERT_GE(last, stop);
  }
}

TEST(TscClock, CalibrationIsPlausible) {
  const TscClock& clock = TscClock::instance();
  EXPECT_GT(clock.nanoseconds(1), 0.05);  // 20 GHz
  EXPECT_LE(clock.nanoseconds(1), 1000);  // 1 MHz
  EXPECT_GE(clock.cost_ns(), 0);
  EXPECT_GT(clock.resolution_ns(), 0);
  EXPECT_EQ(&clock, &TscClock::instance());
  if (!clock.uses_tsc()) {
    EXPECT_EQ(clock.nanoseconds(12345), 12345);
  }
}

// The two clocks were read in the order TSC, steady, steady, TSC, so whatever the scheduler did in
// between the TSC's time is the longer one.
TEST(TscClock, AgreesWithSteadyClock) {
  const TscClock& clock = TscClock::instance();
  const std::uint64_t outer = TscClock::start();
  const auto begin = std::chrono::steady_clock::now();
  auto end = begin;
  while (end - begin < std::chrono::milliseconds(20)) end = std::chrono::steady_clock::now();
  const double tsc_ns = clock.nanoseconds(TscClock::stop() - outer);
  const double steady_ns = std::chrono::duration<double, std::nano>(end - begin).count();
  EXPECT_GE(tsc_ns, steady_ns * 0.99);
}

}  // namespace
}  // namespace midstream::measure
