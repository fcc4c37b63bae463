// The sum behind the Euclidean distance for AVX2.
#include "core/temporal/kernels/euclidean.inl.hpp"
#include "core/temporal/kernels/simd_avx2.hpp"

namespace midstream::temporal::kernels {

const EuclideanKernel kEuclideanAvx2{.add_groups = add_groups<F64x4>};

}  // namespace midstream::temporal::kernels
