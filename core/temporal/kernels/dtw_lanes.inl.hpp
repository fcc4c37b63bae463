// DTW of several pairs of one shape at once, a pair in each lane. Internal: included by the
// vector kernels.
//
// Series are interleaved so that one vector holds the same sample of every pair. Four rows are
// computed in one sweep over the columns: a cell then costs a quarter of the loads and stores.
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

// `row` holds the row above, of m + 1 vectors, and receives the last of the kRows rows.
template <class V, std::size_t kRows>
void sweep_rows(const double* x, const double* y, std::size_t m, double* row) {
  using Vector = typename V::Vector;
  const Vector infinity = V::all(kUnreached<double>);
  Vector sample[kRows];
  Vector left[kRows];  // of each row: its cell in the column before
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRows; ++r) {
    sample[r] = V::load(x + r * V::kLanes);
    left[r] = infinity;
  }
  Vector corner = V::load(row);  // what lies diagonally above the first row
  V::store(row, infinity);
  for (std::size_t j = 0; j < m; ++j) {
    const Vector column = V::load(y + j * V::kLanes);
    Vector above = V::load(row + (j + 1) * V::kLanes);
    Vector diagonal = corner;
    corner = above;
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRows; ++r) {
      const Vector difference = V::subtract(sample[r], column);
      const Vector before = V::minimum(V::minimum(left[r], diagonal), above);
      diagonal = left[r];
      above = left[r] = V::add(V::multiply(difference, difference), before);
    }
    V::store(row + (j + 1) * V::kLanes, above);
  }
}

template <class V>
void dtw_batch(const DtwLanes& lanes, double* squared) {
  double* const x = lanes.scratch;
  double* const y = x + lanes.n * V::kLanes;
  double* const row = y + lanes.m * V::kLanes;
  interleave<V>(lanes.x, lanes.n, x);
  interleave<V>(lanes.y, lanes.m, y);
  V::store(row, V::all(0));
  for (std::size_t j = 1; j <= lanes.m; ++j)
    V::store(row + j * V::kLanes, V::all(kUnreached<double>));
  std::size_t i = 0;
  for (; i + 4 <= lanes.n; i += 4) sweep_rows<V, 4>(x + i * V::kLanes, y, lanes.m, row);
  for (; i < lanes.n; ++i) sweep_rows<V, 1>(x + i * V::kLanes, y, lanes.m, row);
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
