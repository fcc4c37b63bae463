#include "core/temporal/rolling_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace midstream::temporal {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();  // twice the unit roundoff
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kFlat = 1.01e-20;  // the definition's threshold, with room for rounding

// What bounds the errors of all windows of one call: the textbook bound of a sum of so many
// rounded terms (Higham 2002, section 4.2), with the unit roundoff doubled to cover small change.
struct ErrorBounds {
  double mean;      // of a mean, against the definition's
  double variance;  // of a variance, against the exact one
  double relative;  // of the definition's variance, by its own rounding

  ErrorBounds(double centred, double raw, double q, double steps) {
    const double terms = q + steps + 2;
    const double sum = kEpsilon * centred * terms * (q + 4);
    const double sum_of_squares = kEpsilon * centred * centred * terms * (q + 12);
    mean = sum / q + kEpsilon * raw * (q + 4);
    variance = sum_of_squares / q + 2 * centred * sum / q + 4 * kEpsilon * centred * centred;
    relative = kEpsilon * (q + 8);
  }
};

double largest_magnitude(std::span<const double> values, double origin) {
  const std::size_t count = values.size();
  double largest[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double magnitude = std::abs(values[i + k] - origin);
      largest[k] = magnitude > largest[k] ? magnitude : largest[k];
    }
  }
  for (; i < count; ++i) largest[0] = std::max(largest[0], std::abs(values[i] - origin));
  return std::max(std::max(largest[0], largest[1]), std::max(largest[2], largest[3]));
}

// Means (less the origin) go to `mean`, variances to `scale`.
void roll(std::span<const double> series, std::size_t length, double origin,
          const WindowStatistics& out) {
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const double v = series[i] - origin;
    sum += v;
    squares += v * v;
  }
  const double share = 1 / static_cast<double>(length);
  for (std::size_t k = 0;; ++k) {
    const double centre = sum * share;
    out.mean[k] = centre;
    out.scale[k] = squares * share - centre * centre;
    if (k + length == series.size()) return;
    const double leaves = series[k] - origin;
    const double enters = series[k + length] - origin;
    sum += enters - leaves;
    squares += (enters - leaves) * (enters + leaves);
  }
}

}  // namespace

double rolling_statistics(std::span<const double> series, std::size_t length,
                          const WindowStatistics& out) {
  if (series.size() < length) return 0;
  const std::size_t windows = series.size() - length + 1;
  const double origin = series[series.size() / 2];
  const double centred = largest_magnitude(series, origin);
  const auto q = static_cast<double>(length);
  const ErrorBounds bounds(centred, centred + std::abs(origin), q, static_cast<double>(windows));
  roll(series, length, origin, out);
  const double root_q = std::sqrt(q) * 1.01;
  const double offset = bounds.variance + bounds.mean * bounds.mean;
  double largest = 0;
  for (std::size_t k = 0; k < windows; ++k) {
    const double variance = out.scale[k];
    const double off = offset + bounds.relative * (std::abs(variance) + offset);
    const double centre = origin + out.mean[k];
    const double farthest = std::abs(centre) + bounds.mean;
    const bool certain = variance > 4 * off && variance - off > kFlat * farthest * farthest;
    const double own_scale = 1 / std::sqrt(variance);
    const double own_error =
        root_q * (2 * (off / variance + 4 * kEpsilon) + bounds.mean * own_scale + 4 * kEpsilon);
    out.mean[k] = certain ? centre : 0.0;
    out.scale[k] = certain ? own_scale : 0.0;
    out.error[k] = kInfinity;
    if (!certain) continue;
    out.error[k] = own_error;
    largest = std::max(largest, own_error);
  }
  return largest;
}

}  // namespace midstream::temporal
