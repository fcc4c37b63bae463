// Counts heap allocations of this process: the program's global operator new is replaced by one
// that counts when asked to (one predictable branch otherwise).
//
// Threads: counting may be switched by one thread while others allocate.
#pragma once

#include <cstdint>

namespace midstream::suites {

struct AllocationCount {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
};

void start_counting_allocations();
AllocationCount stop_counting_allocations();

}  // namespace midstream::suites
