// DTW in strips of rows held in vector registers. Internal: included by the vector kernels.
//
// A strip is kStripVectors·kLanes rows. At step t, row l of the strip computes column
// first_column + t - l: one anti-diagonal a step, so no lane waits for another. The cell to the
// left is the lane's own last value, the cell above is the neighbouring lane's last value, and
// the diagonal one is what was above a step ago. The strip's last row is written to `row`, where
// the next strip reads what lies above it; writing trails reading by the height of the strip, so
// one row serves.
//
// Lanes that are not yet, or no longer, inside the columns hold infinity or values that cannot
// flow back to the left, so neither end needs a mask. A band does, on the steps where it cuts.
#pragma once

#include <cstddef>

#include "core/temporal/kernels/dtw_kernel.hpp"
#include "core/temporal/kernels/dtw_rows.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

// Where a strip lies; columns are relative to its first one.
template <class T>
struct StripFrame {
  const T* x;           // its rows, padded to whole vectors
  const T* y_reversed;  // lane l at step t reads y_reversed[l - t]
  T* row;               // column 0 of the row above, overwritten by the strip's last row
  std::ptrdiff_t steps;
  std::ptrdiff_t low;  // the band keeps row l at step t if t + low <= 2·l <= t + high
  std::ptrdiff_t high;
  std::ptrdiff_t quiet;  // from this step on nothing at or below the limit comes from above
  T limit;
  std::uint8_t* directions;  // the strip's first record, if recorded
};

template <class V, std::size_t R>
struct StripState {
  typename V::Vector left[R];
  typename V::Vector diagonal[R];
};

// The direction bits of one step, 2·kLanes for each vector.
template <class V>
struct StepRecord {
  static constexpr std::size_t kBytes = 2 * V::kStripVectors * V::kLanes / 8;
  std::uint8_t* bytes;

  void set(std::size_t vector, std::uint32_t diagonal, std::uint32_t above) {
    const std::uint32_t both = diagonal | above << V::kLanes;
    if constexpr (V::kLanes == 8) {
      const auto pair = static_cast<std::uint16_t>(both);
      __builtin_memcpy(bytes + 2 * vector, &pair, sizeof pair);
    } else {
      static_assert(V::kLanes == 4);
      bytes[vector] = static_cast<std::uint8_t>(both);
    }
  }
};

// The cells of one vector at step t; `above` is what lies above them.
template <class V, bool kBand, bool kRecord, class Record>
typename V::Vector cells(const StripFrame<typename V::Scalar>& frame, std::ptrdiff_t t,
                         std::size_t r, const typename V::Vector (&around)[4], Record& record) {
  using T = typename V::Scalar;
  const auto& [x, left, diagonal, above] = around;
  const auto difference = V::subtract(x, V::load(frame.y_reversed - t + r * V::kLanes));
  const auto before = V::minimum(V::minimum(left, diagonal), above);
  if constexpr (kRecord) {
    record.set(r, V::less_equal(diagonal, before), V::less_equal(above, left));
  }
  const auto total = V::add(V::multiply(difference, difference), before);
  if constexpr (!kBand) return total;
  const auto shift = static_cast<std::ptrdiff_t>(2 * r * V::kLanes);
  return V::keep(total, static_cast<T>(t + frame.low - shift) / 2,
                 static_cast<T>(t + frame.high - shift) / 2, V::all(kUnreached<T>));
}

// Steps [begin, end). State is copied to locals so that it lives in registers inside the loop.
template <class V, std::size_t R, bool kBand, bool kRecord>
void run_steps(const StripFrame<typename V::Scalar>& frame, StripState<V, R>& state,
               std::ptrdiff_t begin, std::ptrdiff_t end) {
  using Vector = typename V::Vector;
  constexpr std::ptrdiff_t kRows = R * V::kLanes;
  Vector x[R];
  Vector left[R];
  Vector diagonal[R];
#pragma GCC unroll 9
  for (std::size_t r = 0; r < R; ++r) {
    x[r] = V::load(frame.x + r * V::kLanes);
    left[r] = state.left[r];
    diagonal[r] = state.diagonal[r];
  }
  for (std::ptrdiff_t t = begin; t < end; ++t) {
    Vector above[R];
    above[0] = V::shift_up(left[0], V::all(frame.row[t]));
#pragma GCC unroll 9
    for (std::size_t r = 1; r < R; ++r) above[r] = V::shift_up(left[r], left[r - 1]);
    StepRecord<V> record{};
    if constexpr (kRecord) {
      record.bytes = frame.directions + t * std::ptrdiff_t{StepRecord<V>::kBytes};
    }
#pragma GCC unroll 9
    for (std::size_t r = 0; r < R; ++r) {
      const Vector around[4] = {x[r], left[r], diagonal[r], above[r]};
      left[r] = cells<V, kBand, kRecord>(frame, t, r, around, record);
      diagonal[r] = above[r];
    }
    V::store_last(frame.row + (t - (kRows - 1)), left[R - 1]);
  }
#pragma GCC unroll 9
  for (std::size_t r = 0; r < R; ++r) {
    state.left[r] = left[r];
    state.diagonal[r] = diagonal[r];
  }
}

// Band-masked where the band cuts through the strip, unmasked between.
template <class V, std::size_t R, bool kRecord>
void run_segment(const StripFrame<typename V::Scalar>& frame, StripState<V, R>& state,
                 std::ptrdiff_t begin, std::ptrdiff_t end) {
  constexpr std::ptrdiff_t kLastRow = R * V::kLanes - 1;
  // Rows above the band's lower edge are whole from here on, and end with its upper edge there.
  const std::ptrdiff_t whole = smaller(end, larger(begin, 2 * kLastRow - frame.high));
  const std::ptrdiff_t cut = smaller(end, larger(whole, 1 - frame.low));
  run_steps<V, R, true, kRecord>(frame, state, begin, whole);
  run_steps<V, R, false, kRecord>(frame, state, whole, cut);
  run_steps<V, R, true, kRecord>(frame, state, cut, end);
}

template <class V, std::size_t R>
bool any_within_limit(const StripState<V, R>& state, typename V::Scalar limit) {
  typename V::Vector least = V::minimum(state.left[0], state.diagonal[0]);
  for (std::size_t r = 1; r < R; ++r) {
    least = V::minimum(least, V::minimum(state.left[r], state.diagonal[r]));
  }
  return V::less_equal(least, V::all(limit)) != 0;
}

// Runs a whole strip; returns the last value of row `answer`.
template <class V, std::size_t R, bool kRecord>
typename V::Scalar run_strip(const StripFrame<typename V::Scalar>& frame, std::size_t answer) {
  using T = typename V::Scalar;
  constexpr std::ptrdiff_t kRows = R * V::kLanes;
  constexpr std::ptrdiff_t kStepsBetweenChecks = 32;
  StripState<V, R> state;
  for (std::size_t r = 0; r < R; ++r) {
    state.left[r] = state.diagonal[r] = V::all(kUnreached<T>);
  }
  state.diagonal[0] = V::shift_up(state.diagonal[0], V::all(frame.row[-1]));
  if (frame.limit == kUnreached<T>) {
    run_segment<V, R, kRecord>(frame, state, 0, frame.steps);
  } else {
    std::ptrdiff_t done = 0;
    while (done < frame.steps) {
      const std::ptrdiff_t next = smaller(frame.steps, done + kStepsBetweenChecks);
      run_segment<V, R, kRecord>(frame, state, done, next);
      done = next;
      if (done > frame.quiet && !any_within_limit<V, R>(state, frame.limit)) break;
    }
    if (done < frame.steps) {
      for (std::ptrdiff_t j = larger(std::ptrdiff_t{0}, done - (kRows - 1));
           j <= frame.steps - kRows; ++j) {
        frame.row[j] = kUnreached<T>;
      }
      return kUnreached<T>;
    }
  }
  alignas(64) T last[kRows];
  for (std::size_t r = 0; r < R; ++r) V::store(last + r * V::kLanes, state.left[r]);
  return last[answer];
}

// The strip height is a template parameter; this picks it at run time.
template <class V, bool kRecord, std::size_t R>
typename V::Scalar run_strip_of(std::size_t vectors, const StripFrame<typename V::Scalar>& frame,
                                std::size_t answer) {
  if constexpr (R > 1) {
    if (vectors < R) return run_strip_of<V, kRecord, R - 1>(vectors, frame, answer);
  }
  return run_strip<V, R, kRecord>(frame, answer);
}

// `value` at the `padding` elements (whole vectors) before and after the `count` from `at`.
template <class V>
void pad(typename V::Scalar* at, std::size_t count, std::size_t padding, typename V::Scalar value) {
  for (std::size_t k = 0; k < padding; k += V::kLanes) {
    V::store(at - padding + k, V::all(value));
    V::store(at + count + k, V::all(value));
  }
}

// From back to front.
template <class V>
void copy_reversed(const typename V::Scalar* from, std::size_t count, typename V::Scalar* to) {
  std::size_t i = 0;
  for (; i + V::kLanes <= count; i += V::kLanes) {
    V::store(to + (count - V::kLanes - i), V::reverse(V::load(from + i)));
  }
  if (i == count) return;
  if (count >= V::kLanes) {  // once more over samples already done
    V::store(to, V::reverse(V::load(from + (count - V::kLanes))));
  } else {  // what lies before `to` is padding, written afterwards
    V::store(to - (V::kLanes - count), V::reverse(V::load_first(from, count)));
  }
}

}  // namespace
}  // namespace midstream::temporal::kernels
