// How the network benchmarks that time themselves take samples.
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

// Slow start, caches and buffers have settled by then.
inline constexpr Duration kRateWarmUp = 100 * midstream::quic::kMillisecond;
inline constexpr Duration kRateWindow = 20 * midstream::quic::kMillisecond;  // one sample

// The clock of Endpoint::now(), for programs without an endpoint.
inline Timestamp clock_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<Timestamp>(time.tv_sec) * midstream::quic::kSecond +
         static_cast<Timestamp>(time.tv_nsec);
}

inline Duration budget_of(const Bench& bench) {
  return static_cast<Duration>(bench.budget_seconds() * 1e9);
}

// Samples, in Gbit/s, how fast `counter()` bytes grow for the launch's budget, while
// `advance(until)` keeps things moving.
template <class Counter, class Advance>
void sample_rate(Bench& bench, Counter counter, Advance advance) {
  const Timestamp end = clock_now() + budget_of(bench);
  Timestamp begin = clock_now();
  std::uint64_t before = counter();
  while (begin < end) {
    advance(begin + kRateWindow);
    const Timestamp now = clock_now();
    const std::uint64_t after = counter();
    bench.record(static_cast<double>(after - before) * 8 / static_cast<double>(now - begin));
    begin = now;
    before = after;
  }
}

}  // namespace midstream::suites::quic
