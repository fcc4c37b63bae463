// Partial sums of squared differences in vector registers. Internal: included by the kernels.
#pragma once

#include "core/temporal/kernels/euclidean_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class V>
std::size_t add_groups(const double* x, const double* y, std::size_t count, double* sums) {
  constexpr std::size_t kVectors = kPartialSums / V::kLanes;
  typename V::Vector sum[kVectors];
#pragma GCC unroll 8
  for (std::size_t k = 0; k < kVectors; ++k) sum[k] = V::load(sums + k * V::kLanes);
  std::size_t i = 0;
  for (; i + kPartialSums <= count; i += kPartialSums) {
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kVectors; ++k) {
      const auto difference =
          V::subtract(V::load(x + i + k * V::kLanes), V::load(y + i + k * V::kLanes));
      sum[k] = V::add(sum[k], V::multiply(difference, difference));
    }
  }
#pragma GCC unroll 8
  for (std::size_t k = 0; k < kVectors; ++k) V::store(sums + k * V::kLanes, sum[k]);
  return i;
}

}  // namespace
}  // namespace midstream::temporal::kernels
