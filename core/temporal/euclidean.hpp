// Euclidean distance between two series of equal length.
//
// x, y:       n samples each, in the same unit. Empty series are at distance 0.
// Returns:    sqrt(sum (x[i] - y[i])^2), the same bits from every kernel: sample i is added to
//             partial sum i mod 32, and the partial sums are folded in halves (32 → 16 → … → 1).
//             Equal infinities differ by 0; an infinity against anything else gives infinity.
// Errors:     kInvalidArgument if the lengths differ or a sample is NaN.
// Complexity: O(n) time, no memory.
// Threads:    pure function.
#pragma once

#include <span>

#include "core/base/result.hpp"

namespace midstream::temporal {

Result<double> euclidean_distance(std::span<const double> x, std::span<const double> y);

}  // namespace midstream::temporal
