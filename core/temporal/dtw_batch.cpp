#include "core/temporal/dtw_batch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/temporal/dtw_input.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct LaneTag {};

constexpr std::size_t kMostLanes = 8;

// Of a band: what is under way of the interleaved rows has to stay in the first-level cache.
constexpr std::size_t kMostBandColumns = 400;

bool same_shape(const SeriesPair& a, const SeriesPair& b) {
  return a.x.size() == b.x.size() && a.y.size() == b.y.size();
}

// True if the pairs can go into the lanes of one kernel call.
bool fit_for_lanes(std::span<const SeriesPair> pairs, int band, const kernels::DtwKernel& kernel) {
  const SeriesPair& first = pairs.front();
  const std::size_t kept = kernel_band(first.x.size(), first.y.size(), band);
  const bool whole = kept + 1 >= std::max(first.x.size(), first.y.size());
  return (first.y.size() <= kernel.most_lane_columns || (!whole && kept < kMostBandColumns / 2)) &&
         std::all_of(pairs.begin(), pairs.end(), [&](const SeriesPair& pair) {
           return same_shape(pair, first) && kernel.all_finite(pair.x.data(), pair.x.size()) &&
                  kernel.all_finite(pair.y.data(), pair.y.size());
         });
}

void compute_in_lanes(std::span<const SeriesPair> pairs, int band, const kernels::DtwKernel& kernel,
                      double* distances) {
  std::array<const double*, kMostLanes> x{};
  std::array<const double*, kMostLanes> y{};
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    x[k] = pairs[k].x.data();
    y[k] = pairs[k].y.data();
  }
  const std::size_t n = pairs.front().x.size();
  const std::size_t m = pairs.front().y.size();
  const auto scratch = thread_buffer<LaneTag, double>((n + 2 * m + 1) * kernel.lanes);
  kernel.batch({x.data(), y.data(), n, m, kernel_band(n, m, band), scratch.data()}, distances);
  for (std::size_t k = 0; k < pairs.size(); ++k) distances[k] = std::sqrt(distances[k]);
}

}  // namespace

Status dtw_distances(std::span<const SeriesPair> pairs, std::span<double> distances, int band) {
  if (pairs.size() != distances.size()) {
    return Error{ErrorCode::kInvalidArgument, "as many results as pairs are needed"};
  }
  const kernels::DtwKernel& kernel = *active_kernel_table().dtw;
  std::size_t k = 0;
  while (k < pairs.size()) {
    const SeriesPair& pair = pairs[k];
    if (kernel.batch != nullptr && pairs.size() - k >= kernel.lanes &&
        check_shape(pair.x.size(), pair.y.size(), band).ok() &&
        fit_for_lanes(pairs.subspan(k, kernel.lanes), band, kernel)) {
      compute_in_lanes(pairs.subspan(k, kernel.lanes), band, kernel, &distances[k]);
      k += kernel.lanes;
      continue;
    }
    const Result<double> distance = dtw_distance(pair.x, pair.y, band);
    if (!distance) {
      return Error{distance.error().code,
                   "pair " + std::to_string(k) + ": " + distance.error().message};
    }
    distances[k++] = *distance;
  }
  return {};
}

}  // namespace midstream::temporal
