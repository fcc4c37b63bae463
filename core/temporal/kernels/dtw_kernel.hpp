// What a DTW kernel is given and what it must return. Internal: callers use dtw.hpp.
//
// Kernels see finite samples only, so no NaN can arise; they work with squared costs, and the
// caller takes the root. A kernel's translation unit is compiled with its instruction set and
// therefore must not instantiate inline functions of the standard library, which the linker
// might then choose for everybody.
#pragma once

#include <cstddef>
#include <cstdint>

namespace midstream::temporal::kernels {

template <class T>
struct DtwProblem {
  const T* x;  // n samples
  std::size_t n;
  const T* y;  // m samples
  std::size_t m;
  std::size_t band;  // largest |i - j|, at least |n - m|; anything >= max(n, m) - 1 is no limit
  T limit;           // squared cost above which the exact result does not matter
  T* scratch;        // dtw_scratch_size(n, m) elements, 64-byte aligned
};

// Padding that lets a strip of kMostStripRows rows load and store beyond both ends.
inline constexpr std::size_t kMostStripRows = 144;
inline constexpr std::size_t kDtwPadding = kMostStripRows + 16;

// Longer series are not worth their columns laid out (dtw_skewed.inl.hpp): as many times the
// memory as a vector has lanes.
inline constexpr std::size_t kMostSkewedColumns = std::size_t{1} << 16;
inline constexpr std::size_t kSkewedLanes = 8;

constexpr std::size_t dtw_scratch_size(std::size_t n, std::size_t m) {
  const std::size_t shorter = n < m ? n : m;
  const std::size_t longer = n < m ? m : n;
  // A padded copy of x, y reversed, and one row; rounded so that each starts aligned. Or, where
  // rows and columns may trade places, padded copies of both, a row, and the columns laid out.
  const std::size_t padding = 2 * kDtwPadding + 16;
  const std::size_t by_strips = (n + padding) + 2 * (m + padding);
  const std::size_t skewed =
      (shorter + padding) + 2 * (longer + padding) + kSkewedLanes * (longer + padding);
  return longer > kMostSkewedColumns || skewed < by_strips ? by_strips : skewed;
}

// Two bits a cell say where the cheapest path came from. Rows are grouped in strips; a strip holds
// one record per anti-diagonal step t = (j - its first column) + (row in the strip). A record
// holds, for every group of rows, as many bits "from the diagonal" and then as many "from above".
// Neither: from the left.
struct DtwDirections {
  std::uint8_t* bits;
  unsigned strip_shift;  // a strip is 2^strip_shift rows, at least 8
  unsigned group_shift;  // a group is 2^group_shift rows
};

// The first column that the band leaves to the strip whose first row is `top`.
constexpr std::size_t first_direction_column(std::size_t top, std::size_t band) {
  return top > band ? top - band : 0;
}

// Records of a strip of that many rows.
constexpr std::size_t direction_records(std::size_t rows, std::size_t m, std::size_t band) {
  return (band < m && rows + 2 * band < m ? rows + 2 * band : m) + rows - 1;
}

// Bytes needed for the directions of any kernel; may exceed what can be addressed.
constexpr std::uint64_t dtw_direction_bytes(std::size_t n, std::size_t m, std::size_t band) {
  return (std::uint64_t{n} / 64 + 1) * (std::uint64_t{direction_records(64, m, band)} + 1) * 16;
}

// Shape shared by a batch: pair k of the lanes is x[k], y[k], all n by m.
struct DtwLanes {
  const double* const* x;
  const double* const* y;
  std::size_t n;
  std::size_t m;
  std::size_t band;  // as in DtwProblem
  double* scratch;   // (n + 2·m + 1) times the lanes
};

struct DtwKernel {
  double (*distance)(const DtwProblem<double>&);
  float (*distance_f32)(const DtwProblem<float>&);
  // Fills `directions.bits` and sets the layout; `limit` is ignored.
  double (*path)(const DtwProblem<double>&, DtwDirections& directions);
  // Writes `lanes` squared costs; nullptr where the kernel has no lanes.
  void (*batch)(const DtwLanes&, double* squared);
  std::size_t lanes;
  // Columns of a whole matrix from which on one pair after another is faster than lanes, whose
  // interleaved rows leave the first-level cache.
  std::size_t most_lane_columns;
  bool (*all_finite)(const double* values, std::size_t count);
};

extern const DtwKernel kDtwScalar;
extern const DtwKernel kDtwAvx2;
extern const DtwKernel kDtwAvx512;

}  // namespace midstream::temporal::kernels
