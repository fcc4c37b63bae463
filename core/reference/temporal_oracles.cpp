#include "core/reference/temporal_oracles.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

namespace midstream::reference {
namespace {

// (n + 1) x (m + 1) cells; row 0 and column 0 stand for the empty prefix.
template <class T>
class Matrix {
 public:
  Matrix(std::size_t n, std::size_t m, T value) : width_(m + 1), cells_((n + 1) * (m + 1), value) {}
  T& at(std::size_t i, std::size_t j) { return cells_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<T> cells_;
};

template <class Sequence>
std::size_t lcs(const Sequence& a, const Sequence& b) {
  Matrix<std::size_t> length(a.size(), b.size(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      length.at(i, j) = a[i - 1] == b[j - 1] ? length.at(i - 1, j - 1) + 1
                                             : std::max(length.at(i - 1, j), length.at(i, j - 1));
    }
  }
  return length.at(a.size(), b.size());
}

template <class Sequence>
std::size_t levenshtein(const Sequence& a, const Sequence& b) {
  Matrix<std::size_t> edits(a.size(), b.size(), 0);
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        edits.at(i, j) = i + j;
        continue;
      }
      const std::size_t substitution = edits.at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0U : 1U);
      const std::size_t deletion = edits.at(i - 1, j) + 1;
      const std::size_t insertion = edits.at(i, j - 1) + 1;
      edits.at(i, j) = std::min({substitution, deletion, insertion});
    }
  }
  return edits.at(a.size(), b.size());
}

template <class T>
Matrix<T> dtw_matrix(std::span<const T> x, std::span<const T> y, int band) {
  const T infinity = std::numeric_limits<T>::infinity();
  Matrix<T> total(x.size(), y.size(), infinity);
  total.at(0, 0) = 0;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    for (std::size_t j = 1; j <= y.size(); ++j) {
      const auto offset = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(j);
      if (band >= 0 && std::abs(offset) > band) continue;
      const T difference = x[i - 1] == y[j - 1] ? T{0} : x[i - 1] - y[j - 1];
      total.at(i, j) = difference * difference +
                       std::min({total.at(i - 1, j - 1), total.at(i - 1, j), total.at(i, j - 1)});
    }
  }
  return total;
}

}  // namespace

double dtw_distance(std::span<const double> x, std::span<const double> y, int band) {
  return std::sqrt(dtw_matrix(x, y, band).at(x.size(), y.size()));
}

float dtw_distance(std::span<const float> x, std::span<const float> y, int band) {
  return std::sqrt(dtw_matrix(x, y, band).at(x.size(), y.size()));
}

std::vector<std::pair<std::size_t, std::size_t>> dtw_path(std::span<const double> x,
                                                          std::span<const double> y, int band) {
  Matrix<double> total = dtw_matrix(x, y, band);
  std::vector<std::pair<std::size_t, std::size_t>> path;
  std::size_t i = x.size();
  std::size_t j = y.size();
  if (std::isinf(total.at(i, j))) return path;
  while (i > 0 && j > 0) {
    path.emplace_back(i - 1, j - 1);
    const double diagonal = total.at(i - 1, j - 1);
    const double above = total.at(i - 1, j);
    const double left = total.at(i, j - 1);
    if (diagonal <= above && diagonal <= left) {
      --i;
      --j;
    } else if (above <= left) {
      --i;
    } else {
      --j;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::size_t lcs_length(std::string_view a, std::string_view b) { return lcs(a, b); }

std::size_t lcs_length(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return lcs(a, b);
}

std::size_t levenshtein_distance(std::string_view a, std::string_view b) {
  return levenshtein(a, b);
}

std::size_t levenshtein_distance(std::span<const std::uint32_t> a,
                                 std::span<const std::uint32_t> b) {
  return levenshtein(a, b);
}

std::size_t osa_distance(std::string_view a, std::string_view b) {
  Matrix<std::size_t> edits(a.size(), b.size(), 0);
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        edits.at(i, j) = i + j;
        continue;
      }
      edits.at(i, j) = std::min({edits.at(i - 1, j) + 1, edits.at(i, j - 1) + 1,
                                 edits.at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        edits.at(i, j) = std::min(edits.at(i, j), edits.at(i - 2, j - 2) + 1);
      }
    }
  }
  return edits.at(a.size(), b.size());
}

std::vector<double> normalised(std::span<const double> window) {
  double sum = 0;
  for (const double v : window) sum += v;
  const double mean = sum / static_cast<double>(window.size());
  double squares = 0;
  for (const double v : window) squares += (v - mean) * (v - mean);
  const double variance = squares / static_cast<double>(window.size());
  const double scale = variance <= mean * mean * 1e-20 ? 0 : 1 / std::sqrt(variance);
  std::vector<double> z;
  for (const double v : window) z.push_back((v - mean) * scale);
  return z;
}

std::vector<std::pair<std::size_t, double>> find_similar(std::span<const double> series,
                                                         std::span<const double> query,
                                                         const SearchRules& rules) {
  std::vector<std::pair<std::size_t, double>> matches;
  for (std::size_t p = 0; p + query.size() <= series.size(); ++p) {
    const auto window = series.subspan(p, query.size());
    const double distance = rules.normalise
                                ? dtw_distance(normalised(query), normalised(window), rules.band)
                                : dtw_distance(query, window, rules.band);
    if (distance <= rules.threshold) matches.emplace_back(p, distance);
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<std::pair<std::size_t, double>> picked;
  for (const auto& match : matches) {
    bool suppressed = false;
    for (const auto& other : picked) {
      const std::size_t apart =
          std::max(match.first, other.first) - std::min(match.first, other.first);
      suppressed = suppressed || apart < rules.separation;
    }
    if (!suppressed && picked.size() < rules.best) picked.push_back(match);
  }
  return picked;
}

namespace {

// Two rows of the matrix, of x.size() + 1 cells, the first for the empty prefix.
struct Rows {
  std::vector<double> above;
  std::vector<double> row;
};

// Infinity once no path can stay below `best`. Rows of equal series in a band, j from i - band to
// i + band.
double banded_distance_below(const std::vector<double>& x, const std::vector<double>& y,
                             std::size_t band, double best, Rows& rows) {
  auto& [above, row] = rows;
  const double infinity = std::numeric_limits<double>::infinity();
  std::fill(above.begin(), above.end(), infinity);
  above[0] = 0;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    std::fill(row.begin(), row.end(), infinity);
    double least = infinity;
    const std::size_t first = i > band ? i - band : 1;
    const std::size_t last = std::min(y.size(), i + band);
    for (std::size_t j = first; j <= last; ++j) {
      const double off = x[i - 1] - y[j - 1];
      row[j] = off * off + std::min({above[j - 1], above[j], row[j - 1]});
      least = std::min(least, row[j]);
    }
    if (std::sqrt(least) >= best) return infinity;
    std::swap(above, row);
  }
  return std::sqrt(above[y.size()]);
}

}  // namespace

std::vector<std::pair<std::size_t, double>> best_windows(
    std::span<const double> series, const std::vector<std::vector<double>>& queries, int band) {
  std::vector<std::vector<double>> z_queries;
  z_queries.reserve(queries.size());
  for (const auto& query : queries) z_queries.push_back(normalised(query));
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<std::pair<std::size_t, double>> best(queries.size(), {0, infinity});
  if (queries.empty()) return best;
  const std::size_t q = queries.front().size();
  Rows rows{std::vector<double>(q + 1), std::vector<double>(q + 1)};
  for (std::size_t p = 0; p + q <= series.size(); ++p) {
    const std::vector<double> window = normalised(series.subspan(p, q));
    for (std::size_t k = 0; k < queries.size(); ++k) {
      const double distance = banded_distance_below(
          z_queries[k], window, static_cast<std::size_t>(band), best[k].second, rows);
      if (distance < best[k].second) best[k] = {p, distance};
    }
  }
  return best;
}

double euclidean_distance(std::span<const double> x, std::span<const double> y) {
  std::vector<double> sums(32, 0.0);
  for (std::size_t lane = 0; lane < 32; ++lane) {
    for (std::size_t i = lane; i < x.size(); i += 32) {
      const double difference = x[i] == y[i] ? 0.0 : x[i] - y[i];
      sums[lane] += difference * difference;
    }
  }
  while (sums.size() > 1) {
    const std::size_t half = sums.size() / 2;
    for (std::size_t i = 0; i < half; ++i) sums[i] += sums[i + half];
    sums.resize(half);
  }
  return std::sqrt(sums[0]);
}

}  // namespace midstream::reference
