// Dynamic time warping distance between two series.
//
// The cost of aligning two samples is their squared difference; the distance is the square root
// of the cheapest warping path (Sakoe & Chiba 1978). `band` limits |i - j| to that many samples
// (the Sakoe-Chiba band); kNoBand means none.
//
// x, y:       n and m samples in the same unit; either may be longer.
// Returns:    the distance in that unit, the same bits from every kernel: sums run in path order
//             without fused multiply-add. Equal infinities differ by 0; an infinity against
//             anything else costs infinity. The float overload works in float throughout.
// Errors:     kInvalidArgument if a series is empty or holds NaN, if the band is negative (other
//             than kNoBand), or if it cannot reach the last cell (band < |n - m|).
// Complexity: O(n·m) time, O(n + m) memory; O(band·max(n, m)) time with a band.
// Memory:     working rows live in buffers of the calling thread that grow and are kept, so
//             repeated calls do not allocate.
// Threads:    safe to call from any number of threads.
#pragma once

#include <span>

#include "core/base/result.hpp"

namespace midstream::temporal {

inline constexpr int kNoBand = -1;

Result<double> dtw_distance(std::span<const double> x, std::span<const double> y,
                            int band = kNoBand);
Result<float> dtw_distance(std::span<const float> x, std::span<const float> y, int band = kNoBand);

// The distance if it is at most `cutoff`, else infinity, given up as soon as no path can stay
// below: the more so the smaller the cutoff.
// Errors: as above, and kInvalidArgument if the cutoff is negative or NaN.
Result<double> dtw_distance_within(std::span<const double> x, std::span<const double> y,
                                   double cutoff, int band = kNoBand);

}  // namespace midstream::temporal
