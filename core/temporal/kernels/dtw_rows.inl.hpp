// DTW row by row, four rows in one sweep over the columns: a cell then costs a quarter of the
// loads and stores, and four cells that do not wait for each other are under way at once.
// Internal: included by the kernels, for one pair (OneLane) or for as many as a vector has lanes.
//
// Series of several pairs are interleaved, so that one vector holds the same sample of every pair.
#pragma once

#include <cstddef>

#include "core/temporal/kernels/dtw_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

template <class T>
constexpr T kUnreached = static_cast<T>(__builtin_inf());

template <class T>
constexpr T smaller(T a, T b) {
  return b < a ? b : a;
}

template <class T>
constexpr T larger(T a, T b) {
  return a < b ? b : a;
}

inline constexpr std::size_t kSweepRows = 4;

// The columns of a sweep: row r keeps those within `band` of first_row + r; columns
// [whole, cut) are in every row.
struct SweepColumns {
  std::size_t first_row;
  std::size_t band;
  std::size_t first;
  std::size_t whole;
  std::size_t cut;
  std::size_t end;
};

// Of `rows` rows, not before column `live`.
inline SweepColumns columns_of(std::size_t first_row, std::size_t rows, std::size_t m,
                               std::size_t band, std::size_t live) {
  const std::size_t last_row = first_row + rows - 1;
  // Written so that an unlimited band cannot overflow.
  const auto end_of = [&](std::size_t row) {
    return band < m && row + band + 1 < m ? row + band + 1 : m;
  };
  const std::size_t first = larger(live, first_row > band ? first_row - band : 0);
  const std::size_t end = end_of(last_row);
  const std::size_t whole = smaller(larger(first, last_row > band ? last_row - band : 0), end);
  return {.first_row = first_row,
          .band = band,
          .first = first,
          .whole = whole,
          .cut = larger(whole, end_of(first_row)),
          .end = end};
}

template <class V, std::size_t kRows>
struct RowSweep {
  using T = typename V::Scalar;
  using Vector = typename V::Vector;

  Vector sample[kRows];
  Vector left[kRows];  // of each row: its cell in the column before
  Vector corner;       // what lies diagonally above the first row

  // One column; `cell` is the row's memory for it.
  template <bool kBand>
  void step(const SweepColumns& columns, std::size_t j, const T* y, T* cell) {
    const Vector column = V::load(y + j * V::kLanes);
    Vector above = V::load(cell);
    Vector diagonal = corner;
    corner = above;
#pragma GCC unroll 4
    for (std::size_t r = 0; r < kRows; ++r) {
      const Vector difference = V::difference(sample[r], column);
      const Vector before = V::minimum(V::minimum(left[r], diagonal), above);
      diagonal = left[r];
      above = left[r] = V::add(V::multiply(difference, difference), before);
      if constexpr (kBand) {
        const std::size_t i = columns.first_row + r;
        if (j + columns.band < i || j > i + columns.band) {
          above = left[r] = V::all(kUnreached<T>);
        }
      }
    }
    V::store(cell, above);
  }
};

// `row` holds the row above, column j at j + 1, and receives the last of the kRows rows.
template <class V, std::size_t kRows>
void sweep_rows(const typename V::Scalar* x, const typename V::Scalar* y,
                const SweepColumns& columns, typename V::Scalar* row) {
  const auto infinity = V::all(kUnreached<typename V::Scalar>);
  RowSweep<V, kRows> sweep;
#pragma GCC unroll 4
  for (std::size_t r = 0; r < kRows; ++r) {
    sweep.sample[r] = V::load(x + r * V::kLanes);
    sweep.left[r] = infinity;
  }
  sweep.corner = V::load(row + columns.first * V::kLanes);
  V::store(row + columns.first * V::kLanes, infinity);  // its column is outside from now on
  auto* const cells = row + V::kLanes;
  std::size_t j = columns.first;
  for (; j < columns.whole; ++j) {
    sweep.template step<true>(columns, j, y, cells + j * V::kLanes);
  }
  for (; j < columns.cut; ++j) {
    sweep.template step<false>(columns, j, y, cells + j * V::kLanes);
  }
  for (; j < columns.end; ++j) {
    sweep.template step<true>(columns, j, y, cells + j * V::kLanes);
  }
}

// The number of rows is a template parameter; this picks it at run time.
template <class V, std::size_t kMost = kSweepRows>
void sweep_rows_of(std::size_t rows, const typename V::Scalar* x, const typename V::Scalar* y,
                   const SweepColumns& columns, typename V::Scalar* row) {
  if constexpr (kMost > 1) {
    if (rows < kMost) return sweep_rows_of<V, kMost - 1>(rows, x, y, columns, row);
  }
  sweep_rows<V, kMost>(x, y, columns, row);
}

// Row 0 of the matrix, of m + 1 vectors: only the corner is reached.
template <class V>
void begin_rows(std::size_t m, typename V::Scalar* row) {
  using T = typename V::Scalar;
  V::store(row, V::all(T{0}));
  for (std::size_t j = 1; j <= m; ++j) V::store(row + j * V::kLanes, V::all(kUnreached<T>));
}

// The squared cost of the last cell of one pair. With a limit, columns on the left from which no
// path can stay within it are left out, and infinity stands for "above the limit".
template <class T, class V>
T dtw_by_rows(const DtwProblem<T>& problem) {
  static_assert(V::kLanes == 1);
  T* const row = problem.scratch;
  begin_rows<V>(problem.m, row);
  std::size_t live = 0;
  for (std::size_t i = 0; i < problem.n;) {
    const std::size_t rows = smaller(problem.n - i, kSweepRows);
    const SweepColumns columns = columns_of(i, rows, problem.m, problem.band, live);
    sweep_rows_of<V>(rows, problem.x + i, problem.y, columns, row);
    i += rows;
    if (problem.limit == kUnreached<T>) continue;
    live = columns.first;
    while (live < columns.end && !(row[live + 1] <= problem.limit)) ++live;
    if (live == columns.end) return kUnreached<T>;
  }
  return row[problem.m];
}

}  // namespace
}  // namespace midstream::temporal::kernels
