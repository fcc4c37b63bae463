// DTW of several pairs of one shape at once, a pair in each lane. Internal: included by the
// vector kernels.
//
// Series are interleaved so that one vector holds the same sample of every pair.
#pragma once

#include "core/temporal/kernels/dtw_strips.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class V>
void interleave(const double* const* series, std::size_t length, double* to) {
  for (std::size_t i = 0; i < length; ++i) {
    for (std::size_t lane = 0; lane < V::kLanes; ++lane) {
      to[i * V::kLanes + lane] = series[lane][i];
    }
  }
}

template <class V>
void dtw_batch(const DtwLanes& lanes, double* squared) {
  double* const x = lanes.scratch;
  double* const y = x + lanes.n * V::kLanes;
  double* const row = y + lanes.m * V::kLanes;
  interleave<V>(lanes.x, lanes.n, x);
  interleave<V>(lanes.y, lanes.m, y);
  begin_rows<V>(lanes.m, row);
  for (std::size_t i = 0; i < lanes.n;) {
    const std::size_t rows = smaller(lanes.n - i, kSweepRows);
    const SweepColumns columns = columns_of(i, rows, lanes.m, lanes.band, 0);
    sweep_rows_of<V>(rows, x + i * V::kLanes, y, columns, row);
    i += rows;
  }
  V::store(squared, V::load(row + lanes.m * V::kLanes));
}

// v - v is 0 for finite v and NaN otherwise.
template <class V>
bool all_finite(const double* values, std::size_t count) {
  typename V::Vector sum[4];
  for (auto& part : sum) part = V::all(0);
  std::size_t i = 0;
  for (; i + 4 * V::kLanes <= count; i += 4 * V::kLanes) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) {
      const auto v = V::load(values + i + k * V::kLanes);
      sum[k] = V::add(sum[k], V::subtract(v, v));
    }
  }
  double rest = 0;
  for (; i < count; ++i) rest += values[i] - values[i];
  const auto total = V::add(V::add(sum[0], sum[1]), V::add(V::add(sum[2], sum[3]), V::all(rest)));
  constexpr std::uint32_t kEveryLane = (1U << V::kLanes) - 1;
  return V::less_equal(total, V::all(0)) == kEveryLane;
}

}  // namespace
}  // namespace midstream::temporal::kernels
