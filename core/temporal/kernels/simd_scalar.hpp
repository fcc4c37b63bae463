// The vector operations that row sweeps are written in, for one lane: the interface of
// simd_avx2.hpp on plain numbers. Everything is local to the unit that includes it.
#pragma once

#include <cstddef>

namespace midstream::temporal::kernels {
namespace {

template <class T>
struct OneLane {
  using Scalar = T;
  using Vector = T;
  static constexpr std::size_t kLanes = 1;

  static Vector all(T value) { return value; }
  static Vector load(const T* from) { return *from; }
  static void store(T* to, Vector v) { *to = v; }
  static Vector add(Vector a, Vector b) { return a + b; }
  static Vector difference(Vector a, Vector b) { return a - b; }
  static Vector multiply(Vector a, Vector b) { return a * b; }
  static Vector minimum(Vector a, Vector b) { return b < a ? b : a; }
};

}  // namespace
}  // namespace midstream::temporal::kernels
