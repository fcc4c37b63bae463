// The statistics a target may ask for, and exact intervals over launches.
//
// Quantiles follow one definition everywhere: the p-quantile of n sorted values is the smallest
// value with at least p·n values not above it (Hyndman & Fan 1996, type 1), the median the mean
// of the two middle values when n is even. No interpolation: every quantile was observed.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::measure {

enum class Statistic { kMean, kMedian, kMin, kMax, kP50, kP90, kP95, kP99, kP999, kValue };

inline constexpr Statistic kAllStatistics[] = {
    Statistic::kMean, Statistic::kMedian, Statistic::kMin, Statistic::kMax,  Statistic::kP50,
    Statistic::kP90,  Statistic::kP95,    Statistic::kP99, Statistic::kP999, Statistic::kValue};

std::string_view statistic_name(Statistic statistic);  // "p99.9"
Result<Statistic> parse_statistic(std::string_view name);

// The fraction of a tail percentile (0.9 … 0.999); nothing for the others, the median and p50.
std::optional<double> tail_fraction(Statistic statistic);

// The least number of single operations that lets a launch speak about this percentile:
// 10 / (1 - p); 1 for the others.
std::size_t operations_needed(Statistic statistic);

// Which of n sorted values is the p-quantile, counted from 1. Requires n > 0 and p in [0, 1].
std::uint64_t quantile_rank(double p, std::uint64_t n);

// These require at least one value.
double mean(std::span<const double> values);
double median(std::span<const double> values);              // values need not be sorted
double quantile(std::span<const double> values, double p);  // values need not be sorted

// Exact two-sided order-statistic interval for the median of the distribution the values come
// from: [x(k), x(n+1-k)] with the largest k whose coverage is at least `confidence`. With too few
// values for it (n < 6 at 95 %) the interval is [min, max] and `coverage` says what it holds.
// Requires at least one value.
struct Interval {
  double low = 0;
  double high = 0;
  double coverage = 0;
};
Interval median_interval(std::span<const double> values, double confidence);

}  // namespace midstream::measure
