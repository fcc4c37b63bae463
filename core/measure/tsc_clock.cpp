#include "core/measure/tsc_clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace midstream::measure {
namespace {

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Sync {
  double ticks = 0;
  double ns = 0;
};

// One instant on both clocks. Of several tries the one with the least ticks around the reading of
// steady_clock: the others were interrupted in between.
Sync synchronise() {
  Sync best;
  std::uint64_t least = ~std::uint64_t{0};
  for (int i = 0; i < 32; ++i) {
    const std::uint64_t before = TscClock::start();
    const std::int64_t ns = steady_ns();
    const std::uint64_t after = TscClock::stop();
    if (after - before >= least) continue;
    least = after - before;
    best = {static_cast<double>(before) + static_cast<double>(least) / 2, static_cast<double>(ns)};
  }
  return best;
}

double calibrate() {
  constexpr double kCalibrationNs = 10e6;
  const Sync begin = synchronise();
  while (static_cast<double>(steady_ns()) < begin.ns + kCalibrationNs) {
  }
  const Sync end = synchronise();
  return (end.ns - begin.ns) / (end.ticks - begin.ticks);
}

double median_empty_ticks() {
  std::array<std::uint64_t, 1001> ticks{};
  for (auto& tick : ticks) {
    const std::uint64_t begin = TscClock::start();
    tick = TscClock::stop() - begin;
  }
  const auto middle = ticks.begin() + ticks.size() / 2;
  std::nth_element(ticks.begin(), middle, ticks.end());
  return static_cast<double>(*middle);
}

// As close to each other as readings can be: without the fences of start() and stop().
std::uint64_t bare_reading(bool tsc) {
#if defined(__x86_64__)
  if (tsc) return __rdtsc();
#endif
  return tsc ? 0 : TscClock::start();
}

double least_step_ticks(bool tsc) {
  std::uint64_t least = ~std::uint64_t{0};
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t first = bare_reading(tsc);
    std::uint64_t next = bare_reading(tsc);
    while (next == first) next = bare_reading(tsc);
    least = std::min(least, next - first);
  }
  return static_cast<double>(least);
}

}  // namespace

bool TscClock::has_invariant_tsc() {
#if defined(__x86_64__)
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  // CPUID 8000_0007h EDX[8]: the TSC runs at one rate in every power state.
  return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & (1U << 8)) != 0;
#else
  return false;
#endif
}

const TscClock& TscClock::instance() {
  static const TscClock clock;
  return clock;
}

TscClock::TscClock() : uses_tsc_(kUsesTsc) {
  if (uses_tsc_) ns_per_tick_ = calibrate();
  cost_ns_ = ns_per_tick_ * median_empty_ticks();
  resolution_ns_ = ns_per_tick_ * least_step_ticks(uses_tsc_);
}

}  // namespace midstream::measure
