// DTW of whole matrices, in strips whose lanes are as far apart as they can be. Internal: included
// by the kernels for AVX2.
//
// A strip is R·kLanes rows; lane k of register r holds row k·R + r, and at step t its column
// t - k·R - r. What lies above register r is then register r - 1 as it was a step ago, without a
// shift; only register 0 takes a shifted one, once a step, where strips of neighbouring rows
// (dtw_strips.inl.hpp) shift every register. The price is a run-in of all rows for each strip, and
// columns that have to be laid out for their R: no band and no path here. A limit is looked at
// between strips, on the one row that is in memory.
#pragma once

#include "core/temporal/kernels/dtw_strips.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class T>
struct SkewedFrame {
  const T* x;        // padded to whole strips
  std::size_t n;     // at least 1
  const T* columns;  // vector t holds samples t, t - R, t - 2·R, … of y
  std::size_t m;
  T* row;  // column 0 of the row above the first strip, padded on both sides
  T limit;
};

// One strip over `steps` steps, from the row above to its own last row; the last value of each of
// its rows goes to `last`, lane by lane.
template <class V, std::size_t R>
void skewed_strip(const SkewedFrame<typename V::Scalar>& frame, const typename V::Scalar* x,
                  std::ptrdiff_t steps, typename V::Scalar* last) {
  using Vector = typename V::Vector;
  constexpr std::ptrdiff_t kRows = R * V::kLanes;
  Vector sample[R];
  Vector left[R];
  Vector before[R];  // the cheaper of the cells to the left and on the diagonal
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r) {
    sample[r] = V::strided(x + r, R);
    left[r] = before[r] = V::all(kUnreached<typename V::Scalar>);
  }
  before[0] = V::shift_up(before[0], V::all(frame.row[-1]));
  for (std::ptrdiff_t t = 0; t < steps; ++t) {
    const Vector first = V::shift_up(left[R - 1], V::all(frame.row[t]));
#pragma GCC unroll 8
    for (std::size_t k = 1; k <= R; ++k) {  // from the bottom: each reads the one above as it was
      const std::size_t r = R - k;
      const Vector above = r > 0 ? left[r - 1] : first;
      const auto column = frame.columns + (t - static_cast<std::ptrdiff_t>(r)) *
                                              static_cast<std::ptrdiff_t>(V::kLanes);
      const Vector difference = V::difference(sample[r], V::load(column));
      left[r] = V::add(V::multiply(difference, difference), V::minimum(before[r], above));
      before[r] = V::minimum(left[r], above);
    }
    V::store_last(frame.row + (t - (kRows - 1)), left[R - 1]);
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < R; ++r) V::store(last + r * V::kLanes, left[r]);
}

// Every path crosses the row, and costs only grow.
template <class V>
bool is_beyond_limit(const SkewedFrame<typename V::Scalar>& frame) {
  using T = typename V::Scalar;
  if (frame.limit == kUnreached<T>) return false;
  auto least = V::all(kUnreached<T>);
  for (std::size_t j = 0; j < frame.m; j += V::kLanes) {
    least = V::minimum(least, V::load(frame.row + j));
  }
  alignas(64) T lanes[V::kLanes];
  V::store(lanes, least);
  for (const T lane : lanes) {
    if (lane <= frame.limit) return false;
  }
  return true;
}

// The squared cost of the last cell.
template <class V, std::size_t R>
typename V::Scalar skewed_strips(const SkewedFrame<typename V::Scalar>& frame) {
  constexpr std::size_t kRows = R * V::kLanes;
  alignas(64) typename V::Scalar last[kRows];
  std::size_t top = 0;
  for (; frame.n - top > kRows; top += kRows) {
    skewed_strip<V, R>(frame, frame.x + top, static_cast<std::ptrdiff_t>(frame.m + kRows - 1),
                       last);
    if (is_beyond_limit<V>(frame)) return kUnreached<typename V::Scalar>;
  }
  const std::size_t rows = frame.n - top;
  skewed_strip<V, R>(frame, frame.x + top, static_cast<std::ptrdiff_t>(frame.m + rows - 1), last);
  return last[(rows - 1) % R * V::kLanes + (rows - 1) / R];
}

// A step's time for a number of registers, in tenths of a cycle (Zen 3). Below three registers, a
// step takes the time a value takes from one step to the next; above seven, registers run out.
constexpr std::size_t kFewestSkewed = 3;
constexpr std::size_t kMostSkewed = 7;
constexpr std::size_t kSkewedStep[] = {81, 90, 98, 111, 128};
constexpr std::size_t kSkewedSetUp = 6;  // of a strip, in steps

// How many registers the strips of an n by m matrix should have.
template <class V>
std::size_t skewed_registers(std::size_t n, std::size_t m) {
  std::size_t best = kFewestSkewed;
  std::size_t least = ~std::size_t{0};
  for (std::size_t registers = kFewestSkewed; registers <= kMostSkewed; ++registers) {
    const std::size_t rows = registers * V::kLanes;
    const std::size_t strips = (n + rows - 1) / rows;
    const std::size_t idle = strips * rows - n;
    const std::size_t steps = strips * (m + rows + kSkewedSetUp) - idle;
    const std::size_t cost = steps * kSkewedStep[registers - kFewestSkewed];
    if (cost < least) {
      least = cost;
      best = registers;
    }
  }
  return best;
}

template <class V, std::size_t R>
typename V::Scalar skewed_of(std::size_t registers, const SkewedFrame<typename V::Scalar>& frame) {
  if constexpr (R > kFewestSkewed) {
    if (registers < R) return skewed_of<V, R - 1>(registers, frame);
  }
  return skewed_strips<V, R>(frame);
}

// A series copied to `to` with zeros around it.
template <class V>
void copy_padded(const typename V::Scalar* from, std::size_t count, std::size_t padding,
                 typename V::Scalar* to) {
  std::size_t i = 0;
  for (; i + V::kLanes <= count; i += V::kLanes) V::store(to + i, V::load(from + i));
  for (; i < count; ++i) to[i] = from[i];
  pad<V>(to, count, padding, typename V::Scalar{0});
}

// The shorter series makes the rows: fewer strips, each run in once.
template <class V>
typename V::Scalar dtw_by_skewed_strips(const DtwProblem<typename V::Scalar>& problem) {
  using T = typename V::Scalar;
  const bool swapped = problem.n > problem.m;
  const std::size_t n = swapped ? problem.m : problem.n;
  const std::size_t m = swapped ? problem.n : problem.m;
  const std::size_t registers = skewed_registers<V>(n, m);
  const std::size_t rows = registers * V::kLanes;
  T* const x = problem.scratch + kDtwPadding;
  T* const y = x + (n + kDtwPadding) / 16 * 16 + kDtwPadding;
  T* const row = y + (m + kDtwPadding) / 16 * 16 + kDtwPadding;
  T* const columns = row + (m + kDtwPadding) / 16 * 16 + kDtwPadding;
  copy_padded<V>(swapped ? problem.y : problem.x, n, rows, x);
  copy_padded<V>(swapped ? problem.x : problem.y, m, rows, y);
  for (std::size_t j = 0; j < m + rows; j += V::kLanes) V::store(row + j, V::all(kUnreached<T>));
  row[-1] = 0;
  const auto stride = -static_cast<std::ptrdiff_t>(registers);
  T* const first = columns + registers * V::kLanes;  // of step 0; lower registers look back
  for (std::size_t t = 0; t < m + rows + registers; ++t) {
    V::store(columns + t * V::kLanes,
             V::strided(y + static_cast<std::ptrdiff_t>(t) + stride, stride));
  }
  return skewed_of<V, kMostSkewed>(
      registers, {.x = x, .n = n, .columns = first, .m = m, .row = row, .limit = problem.limit});
}

}  // namespace
}  // namespace midstream::temporal::kernels
