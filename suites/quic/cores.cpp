#include "suites/quic/cores.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>

namespace midstream::suites::quic {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// What the process may use, as it was before any thread was placed.
const cpu_set_t& allowed() {
  static const cpu_set_t set = [] {
    cpu_set_t result;
    CPU_ZERO(&result);
    sched_getaffinity(0, sizeof result, &result);
    return result;
  }();
  return set;
}

}  // namespace

std::size_t usable_cores() { return static_cast<std::size_t>(CPU_COUNT(&allowed())); }

void place_on_core(End end) {
  prctl(PR_SET_TIMERSLACK, 1);
  if (usable_cores() < 2) return;
  int wanted = end == End::kServer ? 0 : 1;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(static_cast<std::size_t>(core), &allowed())) continue;
    if (wanted-- > 0) continue;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    // Refused placing costs steadiness, not truth: the share of the core is reported.
    static_cast<void>(sched_setaffinity(0, sizeof set, &set));
    return;
  }
}

CoreShare::CoreShare() : wall_(seconds(CLOCK_MONOTONIC)), cpu_(seconds(CLOCK_THREAD_CPUTIME_ID)) {}

double CoreShare::share() const {
  const double wall = seconds(CLOCK_MONOTONIC) - wall_;
  return wall > 0 ? std::min(1.0, (seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_) / wall) : 1.0;
}

}  // namespace midstream::suites::quic
