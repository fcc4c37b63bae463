// Window statistics and lower bounds for AVX2.
#include "core/temporal/kernels/search.inl.hpp"
#include "core/temporal/kernels/simd_avx2.hpp"

namespace midstream::temporal::kernels {

const SearchKernel kSearchAvx2{.statistics = window_statistics<F64x4>,
                               .keogh = keogh_bounds<F64x4>,
                               .improved = improved_bound<F64x4>,
                               .products = profile_products<F64x4>,
                               .advance = profile_advance<F64x4>,
                               .bounds = profile_bounds<F64x4>};

}  // namespace midstream::temporal::kernels
