// The sum behind the Euclidean distance in plain C++.
#include "core/temporal/kernels/euclidean_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

std::size_t add_groups(const double* x, const double* y, std::size_t count, double* sums) {
  std::size_t i = 0;
  for (; i + kPartialSums <= count; i += kPartialSums) {
    for (std::size_t k = 0; k < kPartialSums; ++k) {
      const double difference = x[i + k] - y[i + k];
      sums[k] += difference * difference;
    }
  }
  return i;
}

}  // namespace

const EuclideanKernel kEuclideanScalar{.add_groups = add_groups};

}  // namespace midstream::temporal::kernels
