#include "core/temporal/euclidean.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
namespace {

using kernels::kPartialSums;

// From sample `first` on. Equal infinities differ by 0, where a subtraction would give NaN.
void add_one_by_one(std::span<const double> x, std::span<const double> y, std::size_t first,
                    std::array<double, kPartialSums>& sums) {
  for (std::size_t i = first; i < x.size(); ++i) {
    const double difference = x[i] == y[i] ? 0 : x[i] - y[i];
    sums[i % kPartialSums] += difference * difference;
  }
}

// Few samples leave most sums at zero, and folding zeros changes nothing (squares are never -0):
// they are folded from where there is something, in the order of all kPartialSums.
double folded(std::array<double, kPartialSums>& sums, std::size_t used) {
  std::size_t half = kPartialSums / 2;
  while (half >= used && half > 0) half /= 2;
  for (; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

}  // namespace

Result<double> euclidean_distance(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) {
    return Error{ErrorCode::kInvalidArgument, "lengths " + std::to_string(x.size()) + " and " +
                                                  std::to_string(y.size()) + " differ"};
  }
  alignas(64) std::array<double, kPartialSums> sums{};
  std::size_t done = 0;
  if (x.size() >= kPartialSums) {
    done = active_kernel_table().euclidean->add_groups(x.data(), y.data(), x.size(), sums.data());
  }
  add_one_by_one(x, y, done, sums);
  double squared = folded(sums, x.size());
  if (std::isnan(squared)) {  // a NaN, or two infinities that may be equal
    sums.fill(0);
    add_one_by_one(x, y, 0, sums);
    squared = folded(sums, x.size());
  }
  if (std::isnan(squared)) return Error{ErrorCode::kInvalidArgument, "a sample is NaN"};
  return std::sqrt(squared);
}

}  // namespace midstream::temporal
