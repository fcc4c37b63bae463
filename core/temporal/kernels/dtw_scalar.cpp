// The DTW kernel in plain C++: one row of memory.
#include <algorithm>
#include <bit>
#include <limits>

#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/dtw_rows.inl.hpp"
#include "core/temporal/kernels/simd_scalar.hpp"

namespace midstream::temporal::kernels {
namespace {

constexpr std::size_t kRowsPerStrip = 8;

double path(const DtwProblem<double>& problem, DtwDirections& directions) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  directions.strip_shift = directions.group_shift = std::countr_zero(kRowsPerStrip);
  const std::size_t strip_bytes = 2 * direction_records(kRowsPerStrip, problem.m, problem.band);
  double* const row = problem.scratch;
  std::fill(row, row + problem.m + 1, kInfinity);
  row[0] = 0;
  for (std::size_t i = 0; i < problem.n; ++i) {
    const std::size_t bit = i % kRowsPerStrip;
    std::uint8_t* const strip = directions.bits + i / kRowsPerStrip * strip_bytes;
    if (bit == 0) std::fill(strip, strip + strip_bytes, std::uint8_t{0});
    const std::size_t first = first_direction_column(i - bit, problem.band);
    const SweepColumns columns = columns_of(i, 1, problem.m, problem.band, 0);
    double diagonal = row[columns.first];
    row[columns.first] = kInfinity;
    double left = kInfinity;
    for (std::size_t j = columns.first; j < columns.end; ++j) {
      const double above = row[j + 1];
      const double before = std::min(left, std::min(above, diagonal));
      std::uint8_t* const record = strip + 2 * (j - first + bit);
      record[0] |= static_cast<std::uint8_t>((diagonal <= before ? 1U : 0U) << bit);
      record[1] |= static_cast<std::uint8_t>((above <= left ? 1U : 0U) << bit);
      const double difference = problem.x[i] - problem.y[j];
      left = difference * difference + before;
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[problem.m];
}

bool all_finite(const double* values, std::size_t count) {
  double sum = 0;  // v - v is 0 for finite v and NaN otherwise
  for (std::size_t i = 0; i < count; ++i) sum += values[i] - values[i];
  return sum == 0;
}

}  // namespace

const DtwKernel kDtwScalar{.distance = dtw_by_rows<double, OneLane<double>>,
                           .distance_f32 = dtw_by_rows<float, OneLane<float>>,
                           .path = path,
                           .batch = nullptr,
                           .lanes = 1,
                           .most_lane_columns = 0,
                           .all_finite = all_finite};

}  // namespace midstream::temporal::kernels
