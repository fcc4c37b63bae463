// Which core each end of a network benchmark runs on.
//
// Threads: free functions on the calling thread.
#pragma once

#include <cstddef>

namespace midstream::suites::quic {

// Client and server on cores of their own, if the process may use two; else both float. Also asks
// for the finest timer slack, which decides how late a sleep ends.
enum class End { kServer, kClient };
void place_on_core(End end);

// Cores this process may run on.
std::size_t usable_cores();

}  // namespace midstream::suites::quic
