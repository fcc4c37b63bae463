// Strips of DTW (dtw_strips.inl.hpp) from the top of a matrix to its bottom. Internal: included by
// the vector kernels.
#pragma once

#include "core/temporal/kernels/dtw_strips.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

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
