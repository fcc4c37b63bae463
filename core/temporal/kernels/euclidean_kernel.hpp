// The sum behind the Euclidean distance. Internal: callers use euclidean.hpp, whose order of
// summation every kernel follows.
#pragma once

#include <cstddef>

namespace midstream::temporal::kernels {

inline constexpr std::size_t kPartialSums = 32;

struct EuclideanKernel {
  // Adds (x[i] - y[i])² of the first whole groups of kPartialSums samples to sums[i mod 32];
  // returns how many samples that were.
  std::size_t (*add_groups)(const double* x, const double* y, std::size_t count, double* sums);
};

extern const EuclideanKernel kEuclideanScalar;
extern const EuclideanKernel kEuclideanAvx2;
extern const EuclideanKernel kEuclideanAvx512;

}  // namespace midstream::temporal::kernels
