// Keeps the optimiser from removing or hoisting what is being measured.
#pragma once

namespace midstream::suites {

// `value` must exist in memory and may have been changed by somebody: no work that it depends on
// can be dropped, and none that follows can assume its content.
template <class T>
inline void observe(T& value) {
  asm volatile("" : "+m"(value) : : "memory");
}

}  // namespace midstream::suites
