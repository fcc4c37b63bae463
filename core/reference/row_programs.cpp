#include "core/reference/row_programs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace midstream::reference {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

double dtw_distance_rows(std::span<const double> x, std::span<const double> y) {
  std::vector<double> row(y.size() + 1, kInfinity);
  row[0] = 0;
  for (const double sample : x) {
    double diagonal = row[0];
    double left = kInfinity;
    row[0] = kInfinity;
    for (std::size_t j = 0; j < y.size(); ++j) {
      const double up = row[j + 1];
      const double difference = sample - y[j];
      left = difference * difference + std::min(left, std::min(up, diagonal));
      row[j + 1] = left;
      diagonal = up;
    }
  }
  return std::sqrt(row[y.size()]);
}

std::size_t lcs_length_rows(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  std::vector<std::uint32_t> row(b.size() + 1, 0);
  for (const std::uint8_t symbol : a) {
    std::uint32_t diagonal = 0;
    std::uint32_t left = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::uint32_t up = row[j + 1];
      left = symbol == b[j] ? diagonal + 1 : std::max(up, left);
      row[j + 1] = left;
      diagonal = up;
    }
  }
  return row[b.size()];
}

// In two sweeps a row: what does not depend on the cell to the left, then what does. GCC 12 makes
// the one-sweep form of three minima 1.5 times slower, and a peer should be the better one.
std::size_t levenshtein_distance_rows(std::span<const std::uint8_t> a,
                                      std::span<const std::uint8_t> b) {
  std::vector<int> above(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (const std::uint8_t symbol : a) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min(above[j + 1] + 1, above[j] + (symbol != b[j] ? 1 : 0));
    }
    int left = row[0] = above[0] + 1;
    for (std::size_t j = 1; j <= b.size(); ++j) row[j] = left = std::min(row[j], left + 1);
    std::swap(above, row);
  }
  return static_cast<std::size_t>(above[b.size()]);
}

}  // namespace midstream::reference
