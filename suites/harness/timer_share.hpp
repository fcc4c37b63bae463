// How much of a measured time went into reading the timer.
//
// Threads: pure function.
#pragma once

namespace midstream::suites {

// Where the clock saw no time pass, reading it is all there was: 1, never a number that JSON, and
// so the worker's answer, cannot hold.
inline double timer_share(double cost_ns, double total_ns) {
  return total_ns > 0 ? cost_ns / total_ns : 1.0;
}

}  // namespace midstream::suites
