// The DTW kernel for AVX512. The algorithms are in the included files; this unit only chooses
// the vectors.
#include "core/temporal/kernels/dtw_diagonals.inl.hpp"
#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/dtw_lanes.inl.hpp"
#include "core/temporal/kernels/simd_avx512.hpp"

namespace midstream::temporal::kernels {
namespace {

double path(const DtwProblem<double>& problem, DtwDirections& directions) {
  directions.strip_shift = __builtin_ctz(F64x8::kStripVectors * F64x8::kLanes);
  directions.group_shift = __builtin_ctz(F64x8::kLanes);
  return dtw_by_strips<F64x8, true>(problem, directions.bits);
}

}  // namespace

const DtwKernel kDtwAvx512{.distance = dtw_distance<F64x8>,
                           .distance_f32 = dtw_distance<F32x16>,
                           .path = path,
                           .batch = dtw_batch<F64x8>,
                           .lanes = F64x8::kLanes,
                           .most_lane_columns = 400,
                           .all_finite = all_finite<F64x8>};

}  // namespace midstream::temporal::kernels
