// DTW in a narrow band, one anti-diagonal at a time. Internal: included by the vector kernels.
//
// The band's cells on anti-diagonal s = i + j number at most band + 1 and fit a few registers:
// slot c holds row i(s) + c, where i(s) is the first row of the band on s. From one anti-diagonal
// to the next i(s) stays or grows by one, in turn, so the cells above and to the left are the
// previous registers as they are, and shifted by one slot.
#pragma once

#include "core/temporal/kernels/dtw_strip_walk.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class T>
struct DiagonalFrame {
  const T* x;            // slot 0's row at s = 0, in a copy padded with +infinity
  const T* y_reversed;   // slot 0's column at s = 0, in a reversed copy padded with -infinity
  std::ptrdiff_t count;  // anti-diagonals: n + m - 1
  std::size_t band;
  T limit;
};

template <class V, std::size_t R>
struct DiagonalState {
  using T = typename V::Scalar;
  using Vector = typename V::Vector;
  Vector last[R];    // anti-diagonal s - 1
  Vector before[R];  // anti-diagonal s - 2

  // kGrows: i(s) = i(s - 1) + 1, so `last` lies above and its neighbour to the left.
  template <bool kGrows>
  [[nodiscard]] Vector beside(std::size_t r) const {
    const Vector infinity = V::all(kUnreached<T>);
    if constexpr (kGrows) return V::shift_down(last[r], r + 1 < R ? last[r + 1] : infinity);
    return V::shift_up(last[r], r > 0 ? last[r - 1] : infinity);
  }

  template <bool kGrows>
  void step(const T* x, const T* y, T last_slot) {
    Vector now[R];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) {
      const Vector difference = V::subtract(V::load(x + r * V::kLanes), V::load(y + r * V::kLanes));
      now[r] = V::add(V::multiply(difference, difference),
                      V::minimum(V::minimum(last[r], before[r]), beside<kGrows>(r)));
    }
    // Where i(s) has grown, the band has one cell less: slot `band` is outside.
    if constexpr (kGrows) {
      now[R - 1] = V::keep(now[R - 1], T{0}, last_slot, V::all(kUnreached<T>));
    }
#pragma GCC unroll 8
    for (std::size_t r = 0; r < R; ++r) {
      before[r] = last[r];
      last[r] = now[r];
    }
  }

  [[nodiscard]] bool any_within(T limit) const {
    Vector least = V::minimum(last[0], before[0]);
    for (std::size_t r = 1; r < R; ++r) {
      least = V::minimum(least, V::minimum(last[r], before[r]));
    }
    return V::less_equal(least, V::all(limit)) != 0;
  }
};

// The squared cost of the last cell, which is in slot `answer` of the last anti-diagonal.
template <class V, std::size_t R>
typename V::Scalar run_diagonals(const DiagonalFrame<typename V::Scalar>& frame,
                                 std::size_t answer) {
  using T = typename V::Scalar;
  constexpr std::ptrdiff_t kPairsBetweenChecks = 8;
  alignas(64) T slots[R * V::kLanes];
  for (T& slot : slots) slot = kUnreached<T>;
  slots[frame.band / 2] = 0;  // cell (-1, -1), the only one the first cell can come from
  DiagonalState<V, R> state;
  for (std::size_t r = 0; r < R; ++r) {
    state.before[r] = V::load(slots + r * V::kLanes);
    state.last[r] = V::all(kUnreached<T>);
  }
  // The slots of the last vector that are in the band after i(s) has grown: [0, last_slot].
  const T last_slot = static_cast<T>(frame.band) - static_cast<T>((R - 1) * V::kLanes) - 1;
  const T* x = frame.x;
  const T* y = frame.y_reversed;
  std::ptrdiff_t s = 0;
  if (frame.band % 2 == 1) {  // an odd band starts with the short anti-diagonal
    state.template step<true>(x, y, last_slot);
    --y;
    s = 1;
  }
  while (frame.count - s >= 2) {
    const std::ptrdiff_t pairs = frame.limit == kUnreached<T>
                                     ? (frame.count - s) / 2
                                     : smaller((frame.count - s) / 2, kPairsBetweenChecks);
    DiagonalState<V, R> local = state;  // in registers inside the loop
    for (std::ptrdiff_t k = 0; k < pairs; ++k) {
      local.template step<false>(x, y, last_slot);
      local.template step<true>(x + 1, y, last_slot);
      ++x;
      --y;
    }
    state = local;
    s += 2 * pairs;
    if (frame.limit != kUnreached<T> && !state.any_within(frame.limit)) return kUnreached<T>;
  }
  if (s < frame.count) state.template step<false>(x, y, last_slot);
  for (std::size_t r = 0; r < R; ++r) V::store(slots + r * V::kLanes, state.last[r]);
  return slots[answer];
}

template <class V, std::size_t R = V::kStripVectors>
typename V::Scalar run_diagonals_of(std::size_t vectors,
                                    const DiagonalFrame<typename V::Scalar>& frame,
                                    std::size_t answer) {
  if constexpr (R > 1) {
    if (vectors < R) return run_diagonals_of<V, R - 1>(vectors, frame, answer);
  }
  return run_diagonals<V, R>(frame, answer);
}

// The band must be below max(n, m) and fit kStripVectors registers.
template <class V>
typename V::Scalar dtw_by_diagonals(const DtwProblem<typename V::Scalar>& problem) {
  using T = typename V::Scalar;
  const std::size_t n = problem.n;
  const std::size_t m = problem.m;
  const std::size_t band = problem.band;
  const std::size_t vectors = band / V::kLanes + 1;
  T* const y_reversed = problem.scratch + kDtwPadding;
  T* const x = problem.scratch + 2 * (m + 2 * kDtwPadding + 16) + kDtwPadding;
  // Rows and columns outside the matrix must cost infinity, and opposite signs never give NaN.
  const std::size_t padding = vectors * V::kLanes;
  copy_reversed<V>(problem.y, m, y_reversed);
  pad<V>(y_reversed, m, padding, -kUnreached<T>);
  std::size_t i = 0;
  for (; i + V::kLanes <= n; i += V::kLanes) V::store(x + i, V::load(problem.x + i));
  for (; i < n; ++i) x[i] = problem.x[i];
  pad<V>(x, n, padding, kUnreached<T>);
  const DiagonalFrame<T> frame{.x = x - band / 2,
                               .y_reversed = y_reversed + (m - 1) - band / 2,
                               .count = static_cast<std::ptrdiff_t>(n + m - 1),
                               .band = band,
                               .limit = problem.limit};
  const std::size_t last_first_row = (n + m - 1 - band) / 2;  // i(n + m - 2), rounded up
  return run_diagonals_of<V>(vectors, frame, n - 1 - last_first_row);
}

// Vector operations of either way decide; both give the same bits.
template <class V>
typename V::Scalar dtw_distance(const DtwProblem<typename V::Scalar>& problem) {
  constexpr std::size_t kRows = V::kStripVectors * V::kLanes;
  const std::size_t longest = larger(problem.n, problem.m);
  if (problem.band >= longest || problem.band >= kRows) {
    return dtw_by_strips<V, false>(problem, nullptr);
  }
  const std::size_t strips = (problem.n + kRows - 1) / kRows;
  const std::size_t rows = smaller(problem.n, kRows);
  const std::size_t by_strips =
      strips * rows * (rows + smaller(problem.m, rows + 2 * problem.band));
  const std::size_t slots = (problem.band / V::kLanes + 1) * V::kLanes;
  if (by_strips < slots * (problem.n + problem.m)) return dtw_by_strips<V, false>(problem, nullptr);
  return dtw_by_diagonals<V>(problem);
}

}  // namespace
}  // namespace midstream::temporal::kernels
