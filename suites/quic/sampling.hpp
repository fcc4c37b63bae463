// How the network benchmarks that time themselves take samples, and what they tell the audit of
// their quality: what ran before the first sample, and what reading the clock cost.
//
// Threads: the calling thread.
#pragma once

#include <time.h>

#include <cstdint>

#include "core/quic/types.hpp"
#include "suites/harness/bench.hpp"

namespace midstream::suites::quic {

using midstream::quic::Duration;
using midstream::quic::Timestamp;

inline constexpr Duration kRateWindow = 20 * midstream::quic::kMillisecond;  // one sample
// Slow start, caches and buffers have settled by then.
inline constexpr int kWarmUpWindows = 5;
inline constexpr Duration kRateWarmUp = kWarmUpWindows * kRateWindow;

// The clock of Endpoint::now(), for programs without an endpoint.
inline Timestamp clock_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<Timestamp>(time.tv_sec) * midstream::quic::kSecond +
         static_cast<Timestamp>(time.tv_nsec);
}

// What a reading of clock_now() takes: measured the first time, in less than a millisecond.
double clock_cost_ns();

inline Duration budget_of(const Bench& bench) {
  return static_cast<Duration>(bench.budget_seconds() * 1e9);
}

// The readings that belong to the measurement: where operations begin and end, and whether it is
// time to stop. Those of an endpoint, or of a reference that polls, are work or waiting of theirs.
class TimingAccount {
 public:
  void warmed_up() { ++discarded_; }
  // A sample took `time`, and `readings` of the clock.
  void measured(Duration time, std::uint64_t readings) {
    if (readings_ == 0) began_ = clock_now() - time;
    time_ += time;
    readings_ += readings;
  }
  // The same, and the time is the sample; nothing while a launch verifies.
  void record(Bench& bench, Duration time, std::uint64_t readings) {
    if (bench.is_verification()) return;
    bench.record(static_cast<double>(time));
    measured(time, readings);
  }
  // After timing: tells the audit. Nothing while a launch verifies.
  void report(Bench& bench) const;
  // The readings' part of the measured time if one takes `cost_ns`. Operations that overlap do not
  // take more time together than passed until `now`.
  [[nodiscard]] double share(double cost_ns, Timestamp now) const;

 private:
  std::uint64_t discarded_ = 0;
  std::uint64_t readings_ = 0;
  Duration time_ = 0;
  Timestamp began_ = 0;
};

// The time of one sample, for loops that have to ask whether it is over.
class Window {
 public:
  explicit Window(Timestamp end) : end_(end) {}
  [[nodiscard]] Timestamp end() const { return end_; }
  [[nodiscard]] bool is_over() {
    ++readings_;
    return clock_now() >= end_;
  }
  [[nodiscard]] std::uint64_t readings() const { return readings_; }

 private:
  Timestamp end_;
  std::uint64_t readings_ = 0;
};

// Before sample_rate(), the same, not recorded.
template <class Advance>
void warm_up_rate(Bench& bench, Advance advance) {
  Window window(clock_now() + kRateWarmUp);
  advance(window);
  if (!bench.is_verification()) bench.warmed_up(kWarmUpWindows);
}

// Samples, in Gbit/s, how fast `counter()` bytes grow for the launch's budget, while
// `advance(window)` keeps things moving.
template <class Counter, class Advance>
void sample_rate(Bench& bench, Counter counter, Advance advance) {
  TimingAccount account;
  const Timestamp end = clock_now() + budget_of(bench);
  Timestamp begin = clock_now();
  std::uint64_t before = counter();
  while (begin < end) {
    Window window(begin + kRateWindow);
    advance(window);
    const Timestamp now = clock_now();
    const std::uint64_t after = counter();
    bench.record(static_cast<double>(after - before) * 8 / static_cast<double>(now - begin));
    account.measured(now - begin, window.readings() + 1);
    begin = now;
    before = after;
  }
  account.report(bench);
}

}  // namespace midstream::suites::quic
