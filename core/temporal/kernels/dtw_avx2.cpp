// The DTW kernel for AVX2. The algorithms are in the included files; this unit only chooses
// the vectors.
#include "core/temporal/kernels/dtw_diagonals.inl.hpp"
#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/dtw_lanes.inl.hpp"
#include "core/temporal/kernels/simd_avx2.hpp"

namespace midstream::temporal::kernels {
namespace {

double path(const DtwProblem<double>& problem, DtwDirections& directions) {
  directions.strip_shift = __builtin_ctz(F64x4::kStripVectors * F64x4::kLanes);
  directions.group_shift = __builtin_ctz(F64x4::kLanes);
  return dtw_by_strips<F64x4, true>(problem, directions.bits);
}

}  // namespace

const DtwKernel kDtwAvx2{.distance = dtw_distance<F64x4>,
                         .distance_f32 = dtw_distance<F32x8>,
                         .path = path,
                         .batch = dtw_batch<F64x4>,
                         .lanes = F64x4::kLanes,
                         .all_finite = all_finite<F64x4>};

}  // namespace midstream::temporal::kernels
