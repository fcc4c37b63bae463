// Mean and scale of every window of a series by adding what enters and removing what leaves, with
// a bound of what that is off by. Internal.
//
// The normalisation of similarity_search.hpp is defined by sums from left to right, which cost
// O(length) a window. Lower bounds do not need it to the bit: these cost O(1) a window, and say how
// far z-values made with them may be from those of the definition.
#pragma once

#include <cstddef>
#include <span>

namespace midstream::temporal {

// One number a window.
struct WindowStatistics {
  double* mean;
  double* scale;
  double* error;
};

// Windows series[k .. k + length), as many as the series holds. With them, the vector of a window's
// z-values is at most error[k] (Euclidean) away from the definition's; where that cannot be
// promised (a window that is flat, or nearly, beside the magnitudes around it) error[k] is infinity
// and mean and scale are 0. Returns the largest finite error. Samples must be finite and at most
// 1e150 in magnitude.
double rolling_statistics(std::span<const double> series, std::size_t length,
                          const WindowStatistics& out);

}  // namespace midstream::temporal
