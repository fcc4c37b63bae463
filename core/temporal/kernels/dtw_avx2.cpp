// The DTW kernel for AVX2. The algorithms are in the included files; this unit only chooses
// the vectors, and the algorithm by what was measured on Zen 3. All of them give the same bits.
#include "core/temporal/kernels/dtw_diagonals.inl.hpp"
#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/dtw_lanes.inl.hpp"
#include "core/temporal/kernels/dtw_skewed.inl.hpp"
#include "core/temporal/kernels/simd_avx2.hpp"
#include "core/temporal/kernels/simd_scalar.hpp"

namespace midstream::temporal::kernels {
namespace {

// Up to here vectors are not worth their padding.
constexpr std::size_t kMostRowCells = 200;

template <class V>
typename V::Scalar distance(const DtwProblem<typename V::Scalar>& problem) {
  using T = typename V::Scalar;
  const std::size_t longest = larger(problem.n, problem.m);
  if (longest <= kMostRowCells && problem.n * problem.m <= kMostRowCells) {
    return dtw_by_rows<T, OneLane<T>>(problem);
  }
  const bool whole = problem.band + 1 >= longest;
  if (whole && longest >= kFewestSkewed * V::kLanes && longest <= kMostSkewedColumns)
    return dtw_by_skewed_strips<V>(problem);
  return dtw_distance<V>(problem);
}

double path(const DtwProblem<double>& problem, DtwDirections& directions) {
  directions.strip_shift = __builtin_ctz(F64x4::kStripVectors * F64x4::kLanes);
  directions.group_shift = __builtin_ctz(F64x4::kLanes);
  return dtw_by_strips<F64x4, true>(problem, directions.bits);
}

}  // namespace

const DtwKernel kDtwAvx2{.distance = distance<F64x4>,
                         .distance_f32 = distance<F32x8>,
                         .path = path,
                         .batch = dtw_batch<F64x4>,
                         .lanes = F64x4::kLanes,
                         .most_lane_columns = 200,
                         .all_finite = all_finite<F64x4>};

}  // namespace midstream::temporal::kernels
