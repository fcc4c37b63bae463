#include "suites/quic/cores.hpp"

#include <sched.h>
#include <sys/prctl.h>

namespace midstream::suites::quic {
namespace {

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

}  // namespace midstream::suites::quic
