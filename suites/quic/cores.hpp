// Which core each end of a network benchmark runs on, and what share of it the end got.
//
// Threads: free functions on the calling thread; CoreShare belongs to the thread that made it.
#pragma once

#include <cstddef>

namespace midstream::suites::quic {

// Client and server on cores of their own, if the process may use two; else both float. Also asks
// for the finest timer slack, which decides how late a sleep ends.
enum class End { kServer, kClient };
void place_on_core(End end);

// Cores this process may run on.
std::size_t usable_cores();

class CoreShare {
 public:
  CoreShare();
  // CPU time over wall time of this thread since construction, 0…1.
  [[nodiscard]] double share() const;

 private:
  double wall_;
  double cpu_;
};

}  // namespace midstream::suites::quic
