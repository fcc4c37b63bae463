// The sum behind the Euclidean distance for AVX512.
#include "core/temporal/kernels/euclidean.inl.hpp"
#include "core/temporal/kernels/simd_avx512.hpp"

namespace midstream::temporal::kernels {

const EuclideanKernel kEuclideanAvx512{.add_groups = add_groups<F64x8>};

}  // namespace midstream::temporal::kernels
