// Time stamps for single operations: the invariant TSC where there is one, else steady_clock.
//
// Reading costs 10-25 ns on current machines; the cost is measured, published and never
// subtracted. start()/stop() are ordered so that no timed instruction leaks out (lfence; rdtscp).
//
// Threads: calibrate once (thread-safe), then pure reads; stamps of different cores compare only
// on machines with a constant, synchronised TSC.
#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace midstream::measure {

class TscClock {
 public:
  // Calibrates against steady_clock (about 10 ms) the first time.
  static const TscClock& instance();

  [[nodiscard]] static std::uint64_t start() {
#if defined(__x86_64__)
    if (kUsesTsc) {
      _mm_lfence();
      const std::uint64_t stamp = __rdtsc();
      _mm_lfence();
      return stamp;
    }
#endif
    return steady_stamp();
  }
  [[nodiscard]] static std::uint64_t stop() {
#if defined(__x86_64__)
    if (kUsesTsc) {
      unsigned aux = 0;
      const std::uint64_t stamp = __rdtscp(&aux);
      _mm_lfence();
      return stamp;
    }
#endif
    return steady_stamp();
  }

  [[nodiscard]] double nanoseconds(std::uint64_t ticks) const {
    return static_cast<double>(ticks) * ns_per_tick_;
  }
  [[nodiscard]] double cost_ns() const { return cost_ns_; }  // median of an empty start/stop pair
  // The least time by which two readings differ when they differ at all: no duration means more.
  [[nodiscard]] double resolution_ns() const { return resolution_ns_; }
  [[nodiscard]] bool uses_tsc() const { return uses_tsc_; }

 private:
  TscClock();
  static bool has_invariant_tsc();
  // A TSC that changes its rate, or stops, is no clock; steady_clock costs more but is one.
  static inline const bool kUsesTsc = has_invariant_tsc();
  static std::uint64_t steady_stamp() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
  }

  double ns_per_tick_ = 1;
  double cost_ns_ = 0;
  double resolution_ns_ = 0;
  bool uses_tsc_ = false;
};

}  // namespace midstream::measure
