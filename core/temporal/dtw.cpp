#include "core/temporal/dtw.hpp"

#include <cmath>
#include <limits>

#include "core/temporal/dtw_input.hpp"
#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
Result<double> dtw_distance(std::span<const double> x, std::span<const double> y, int band) {
  const auto problem = prepare_dtw(x, y, band);
  if (!problem) return problem.error();
  return std::sqrt(active_kernel_table().dtw->distance(*problem));
}

Result<float> dtw_distance(std::span<const float> x, std::span<const float> y, int band) {
  const auto problem = prepare_dtw(x, y, band);
  if (!problem) return problem.error();
  return std::sqrt(active_kernel_table().dtw->distance_f32(*problem));
}

Result<double> dtw_distance_within(std::span<const double> x, std::span<const double> y,
                                   double cutoff, int band) {
  if (!(cutoff >= 0)) return Error{ErrorCode::kInvalidArgument, "the cutoff is negative or NaN"};
  auto problem = prepare_dtw(x, y, band);
  if (!problem) return problem.error();
  problem->limit = squared_limit(cutoff);
  const double distance = std::sqrt(active_kernel_table().dtw->distance(*problem));
  return distance <= cutoff ? distance : std::numeric_limits<double>::infinity();
}

}  // namespace midstream::temporal
