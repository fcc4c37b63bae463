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

// Walks the strips from top to bottom. With a limit, a strip starts at the first column that the
// last one left at or below it, and ends once nothing is (as EAPruned does by rows, Herrmann &
// Webb 2021); infinity then stands for "above the limit".
template <class V>
class StripWalk {
 public:
  using T = typename V::Scalar;
  static constexpr std::size_t kRows = V::kStripVectors * V::kLanes;
  static constexpr std::size_t kRecordBytes = StepRecord<V>::kBytes;

  explicit StripWalk(const DtwProblem<T>& problem)
      : problem_(problem),
        y_reversed_(problem.scratch + kDtwPadding),
        row_(problem.scratch + problem.m + 3 * kDtwPadding + 16),
        // "None" is wider than any offset inside a strip, so that it masks nothing.
        band_(static_cast<std::ptrdiff_t>(problem.band < larger(problem.n, problem.m)
                                              ? problem.band
                                              : problem.n + problem.m + 2 * kRows)) {
    const std::size_t padding = smaller(kRows, (problem.n - 1) / V::kLanes * V::kLanes) + V::kLanes;
    copy_reversed<V>(problem.y, problem.m, y_reversed_);
    pad<V>(y_reversed_, problem.m, padding, T{0});
    for (std::size_t j = 0; j < problem.m + padding; j += V::kLanes) {
      V::store(row_ + j, V::all(kUnreached<T>));
    }
    row_[-1] = 0;
  }

  // The squared cost of the last cell. `directions` is where to record, if that is wanted.
  template <bool kRecord>
  T run(std::uint8_t* directions) {
    // Records have room for kStripVectors; otherwise a strip may take one vector more, so that
    // none of a vector or two is left, which would wait for itself at every step.
    constexpr std::size_t kMost = V::kStripVectors + (kRecord ? 0 : 1);
    const std::size_t height = kRecord ? kRows : even_height();
    for (std::size_t top = 0;; top += height) {
      const bool final = problem_.n - top <= height;
      const std::size_t rows = final ? problem_.n - top : height;
      choose_columns(top, rows);
      if (first_ >= end_) return kUnreached<T>;
      StripFrame<T> frame = frame_of(top, rows);
      if constexpr (kRecord) {
        frame.directions = directions + top / kRows * kRecordBytes *
                                            direction_records(kRows, problem_.m, problem_.band);
      }
      const T answer =
          run_strip_of<V, kRecord, kMost>((rows + V::kLanes - 1) / V::kLanes, frame, rows - 1);
      if (final) return answer;
      if (problem_.limit != kUnreached<T> && !find_live()) return kUnreached<T>;
    }
  }

 private:
  // Rows of a strip such that all strips are about equally high, of the fewest strips.
  [[nodiscard]] std::size_t even_height() const {
    const std::size_t vectors = (problem_.n + V::kLanes - 1) / V::kLanes;
    const std::size_t strips =
        vectors == 1 ? 1 : (vectors - 2 + V::kStripVectors) / V::kStripVectors;
    return (vectors + strips - 1) / strips * V::kLanes;
  }

  void choose_columns(std::size_t top, std::size_t rows) {
    first_ = larger(top > problem_.band ? top - problem_.band : 0, live_);
    // Written so that an unlimited band cannot overflow.
    end_ = problem_.band < problem_.m && top + rows + problem_.band < problem_.m
               ? top + rows + problem_.band
               : problem_.m;
  }

  StripFrame<T> frame_of(std::size_t top, std::size_t rows) {
    const auto offset = static_cast<std::ptrdiff_t>(first_) - static_cast<std::ptrdiff_t>(top);
    const T* x = problem_.x + top;
    if (rows % V::kLanes != 0) {
      const std::size_t whole = rows / V::kLanes * V::kLanes;
      for (std::size_t i = 0; i < whole; i += V::kLanes) V::store(padded_ + i, V::load(x + i));
      V::store(padded_ + whole, V::load_first(x + whole, rows - whole));
      x = padded_;
    }
    return {.x = x,
            .y_reversed = y_reversed_ + (problem_.m - 1 - first_),
            .row = row_ + first_,
            .steps = static_cast<std::ptrdiff_t>(end_ - first_ + rows - 1),
            .low = offset - band_,
            .high = offset + band_,
            .quiet = static_cast<std::ptrdiff_t>(live_end_) - static_cast<std::ptrdiff_t>(first_),
            .limit = problem_.limit,
            .directions = nullptr};
  }

  // The columns of the row reached that are within the limit; false if there are none.
  bool find_live() {
    live_ = first_;
    while (live_ < end_ && !(row_[live_] <= problem_.limit)) ++live_;
    if (live_ == end_) return false;
    live_end_ = end_;
    while (!(row_[live_end_ - 1] <= problem_.limit)) --live_end_;
    return true;
  }

  const DtwProblem<T>& problem_;
  T* y_reversed_;
  T* row_;
  std::ptrdiff_t band_;
  std::size_t first_ = 0;  // columns [first_, end_) of the strip at hand
  std::size_t end_ = 0;
  std::size_t live_ = 0;      // first column of the row above that is within the limit
  std::size_t live_end_ = 0;  // and one past the last
  alignas(64) T padded_[kRows + V::kLanes];
};

template <class V, bool kRecord>
typename V::Scalar dtw_by_strips(const DtwProblem<typename V::Scalar>& problem,
                                 std::uint8_t* directions) {
  return StripWalk<V>(problem).template run<kRecord>(directions);
}

}  // namespace
}  // namespace midstream::temporal::kernels
