#include "core/measure/statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/names.hpp"

namespace midstream::measure {
namespace {

// Both as whole numbers per mille, so that 10 / (1 - p) is exact.
int tail_per_mille(Statistic statistic) {
  switch (statistic) {
    case Statistic::kP90:
      return 900;
    case Statistic::kP95:
      return 950;
    case Statistic::kP99:
      return 990;
    case Statistic::kP999:
      return 999;
    default:
      return 0;
  }
}

double selected(std::vector<double>& values, std::size_t index) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

std::string_view statistic_name(Statistic statistic) {
  switch (statistic) {
    case Statistic::kMean:
      return "mean";
    case Statistic::kMedian:
      return "median";
    case Statistic::kMin:
      return "min";
    case Statistic::kMax:
      return "max";
    case Statistic::kP50:
      return "p50";
    case Statistic::kP90:
      return "p90";
    case Statistic::kP95:
      return "p95";
    case Statistic::kP99:
      return "p99";
    case Statistic::kP999:
      return "p99.9";
    case Statistic::kValue:
      return "value";
  }
  return "unknown";
}

Result<Statistic> parse_statistic(std::string_view name) {
  std::vector<std::string> known;
  std::string list;
  for (const Statistic statistic : kAllStatistics) {
    if (statistic_name(statistic) == name) return statistic;
    known.emplace_back(statistic_name(statistic));
    list += (list.empty() ? "" : " ") + known.back();
  }
  const std::string near = nearest_name(name, known);
  return Error{ErrorCode::kParse,
               "unknown statistic '" + std::string(name) + "'; " +
                   (near.empty() ? "known: " + list : "did you mean '" + near + "'?")};
}

std::optional<double> tail_fraction(Statistic statistic) {
  const int per_mille = tail_per_mille(statistic);
  if (per_mille == 0) return std::nullopt;
  return per_mille / 1000.0;
}

std::size_t operations_needed(Statistic statistic) {
  const int per_mille = tail_per_mille(statistic);
  return per_mille == 0 ? 1 : static_cast<std::size_t>(10 * 1000 / (1000 - per_mille));
}

std::uint64_t quantile_rank(double p, std::uint64_t n) {
  assert(n > 0 && p >= 0 && p <= 1);
  // Without the slack 0.07 · 100 = 7.000000000000001 would ask for the eighth value.
  const double rank = std::ceil(p * static_cast<double>(n) * (1 - 4e-16));
  if (rank >= static_cast<double>(n)) return n;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(rank));
}

double mean(std::span<const double> values) {
  assert(!values.empty());
  // Around the first value: the sum stays small, so long runs of large numbers lose no digits.
  const double origin = values[0];
  const double sum = std::accumulate(values.begin(), values.end(), 0.0,
                                     [&](double total, double x) { return total + (x - origin); });
  return origin + sum / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
  assert(!values.empty());
  std::vector<double> copy(values.begin(), values.end());
  const std::size_t upper = copy.size() / 2;
  const double high = selected(copy, upper);
  if (copy.size() % 2 == 1) return high;
  const double low =
      *std::max_element(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(upper));
  return std::midpoint(low, high);
}

double quantile(std::span<const double> values, double p) {
  std::vector<double> copy(values.begin(), values.end());
  return selected(copy, static_cast<std::size_t>(quantile_rank(p, copy.size()) - 1));
}

Interval median_interval(std::span<const double> values, double confidence) {
  assert(!values.empty());
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();

  // [x(k), x(n+1-k)] misses the median with probability 2·P(Binomial(n, ½) < k). In logarithms,
  // because 2^-n leaves the doubles at n = 1075.
  double log_term = -static_cast<double>(n) * std::log(2.0);  // P(Binomial = 0)
  double below = 0;                                           // P(Binomial < k)
  std::size_t best = 1;
  double coverage = 0;
  for (std::size_t k = 1; 2 * k <= n + 1; ++k) {
    below += std::exp(log_term);
    const double covered = std::max(0.0, 1 - 2 * below);
    if (k > 1 && covered < confidence - 1e-12) break;
    best = k;
    coverage = covered;
    log_term += std::log(static_cast<double>(n - k + 1) / static_cast<double>(k));
  }
  return {sorted[best - 1], sorted[n - best], coverage};
}

}  // namespace midstream::measure
