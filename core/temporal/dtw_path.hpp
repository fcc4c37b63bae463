// The cheapest warping path between two series: which sample is aligned with which.
//
// Costs and band as in dtw.hpp. Where several predecessors are equally cheap, the path comes from
// the diagonal (i - 1, j - 1) before (i - 1, j) before (i, j - 1); every kernel and every platform
// gives the same path.
//
// Returns:    pairs from (0, 0) to (n - 1, m - 1), both indices never decreasing, and the distance
//             with the bits of dtw_distance. An infinite distance has no cheapest path: empty.
// Errors:     as dtw_distance; kLimit if a series has 2^32 samples or more, or
//             the directions of all cells in the band exceed 16 GiB.
// Complexity: O(n·m) time and two bits a cell of memory, of the band's cells if there is one
//             (and about 64 more a row); O(n + m) for the path.
// Memory:     `out` keeps its capacity and the directions live in a buffer of the calling thread,
//             so repeated calls into the same `out` do not allocate.
// Threads:    safe to call from any number of threads, each with its own `out`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/temporal/dtw.hpp"

namespace midstream::temporal {

struct AlignedPair {
  std::uint32_t i = 0;  // in x
  std::uint32_t j = 0;  // in y
  bool operator==(const AlignedPair&) const = default;
};

struct DtwAlignment {
  double distance = 0;
  std::vector<AlignedPair> path;
};

Status dtw_path(std::span<const double> x, std::span<const double> y, int band, DtwAlignment& out);
Result<DtwAlignment> dtw_path(std::span<const double> x, std::span<const double> y,
                              int band = kNoBand);

}  // namespace midstream::temporal
