// Window statistics and lower bounds for AVX512.
#include "core/temporal/kernels/search.inl.hpp"
#include "core/temporal/kernels/simd_avx512.hpp"

namespace midstream::temporal::kernels {

const SearchKernel kSearchAvx512{.statistics = window_statistics<F64x8>,
                                 .keogh = keogh_bounds<F64x8>,
                                 .improved = improved_bound<F64x8>,
                                 .products = profile_products<F64x8>,
                                 .advance = profile_advance<F64x8>,
                                 .bounds = profile_bounds<F64x8>};

}  // namespace midstream::temporal::kernels
