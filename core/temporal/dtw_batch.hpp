// Dynamic time warping distances of many pairs.
//
// Neighbouring pairs of one shape (equal n, equal m) are computed together, one in each lane of
// the vector registers: put equal shapes next to each other. Results have the bits of
// dtw_distance.
//
// pairs, distances: as many results as pairs.
// Errors:     as dtw_distance, for the first pair at fault, which the message numbers; kept
//             results are those before it. kInvalidArgument if the spans differ in length.
// Complexity: O(n·m) time a pair, O(n + m) memory.
// Memory:     buffers of the calling thread, kept between calls.
// Threads:    safe to call from any number of threads.
#pragma once

#include <span>

#include "core/base/result.hpp"
#include "core/temporal/dtw.hpp"

namespace midstream::temporal {

struct SeriesPair {
  std::span<const double> x;
  std::span<const double> y;
};

Status dtw_distances(std::span<const SeriesPair> pairs, std::span<double> distances,
                     int band = kNoBand);

}  // namespace midstream::temporal
