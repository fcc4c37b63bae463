// Window statistics and lower bounds, a window in each lane. Internal: included by the kernels.
//
// Neighbouring windows overlap in all but one sample, so the samples at one index of kLanes
// windows are kLanes neighbouring samples: one load. Each lane sums from left to right, which is
// the definition, so the results do not depend on the width.
#pragma once

#include "core/temporal/kernels/search_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

constexpr double kFlat = 1e-20;  // largest variance, relative to mean², of a flat window

// Vectors that are worked on together, to hide the latency of the sums.
template <class V>
constexpr std::size_t kTogether = kWindowGroup / V::kLanes < 4 ? kWindowGroup / V::kLanes : 4;

// Sums term(v, k) over every sample v of kTogether vectors of windows, left to right.
template <class V, class Term>
void sum_windows(const double* series, std::size_t q, typename V::Vector (&sum)[kTogether<V>],
                 Term term) {
#pragma GCC unroll 4
  for (auto& each : sum) each = V::all(0);
  for (std::size_t i = 0; i < q; ++i) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kTogether<V>; ++k) {
      sum[k] = V::add(sum[k], term(V::load(series + i + k * V::kLanes), k));
    }
  }
}

template <class V>
void window_statistics(const double* series, std::size_t windows, std::size_t q, double* mean,
                       double* scale) {
  using Vector = typename V::Vector;
  const Vector length = V::all(static_cast<double>(q));
  for (std::size_t p = 0; p < windows; p += kTogether<V> * V::kLanes) {
    Vector centre[kTogether<V>];
    Vector squares[kTogether<V>];
    sum_windows<V>(series + p, q, centre, [](Vector v, std::size_t) { return v; });
#pragma GCC unroll 4
    for (auto& each : centre) each = V::divide(each, length);
    sum_windows<V>(series + p, q, squares, [&centre](Vector v, std::size_t k) {
      const Vector off = V::subtract(v, centre[k]);
      return V::multiply(off, off);
    });
    for (std::size_t k = 0; k < kTogether<V>; ++k) {
      const Vector variance = V::divide(squares[k], length);
      const Vector flat = V::multiply(V::multiply(centre[k], centre[k]), V::all(kFlat));
      V::store(mean + p + k * V::kLanes, centre[k]);
      V::store(scale + p + k * V::kLanes,
               V::zero_where_less_equal(variance, flat, V::divide(V::all(1), V::root(variance))));
    }
  }
}

template <class V>
typename V::Vector outside(typename V::Vector z, typename V::Vector low, typename V::Vector high) {
  const auto distance =
      V::maximum(V::maximum(V::subtract(z, high), V::subtract(low, z)), V::all(0));
  return V::multiply(distance, distance);
}

// The sums of kTogether vectors of windows, so far.
template <class V>
struct KeoghSums {
  using Vector = typename V::Vector;
  Vector sum[kTogether<V>];
  Vector mean[kTogether<V>];
  Vector scale[kTogether<V>];

  KeoghSums(const double* means, const double* scales) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kTogether<V>; ++k) {
      sum[k] = V::all(0);
      mean[k] = V::load(means + k * V::kLanes);
      scale[k] = V::load(scales + k * V::kLanes);
    }
  }

  void add(const double* series, const BoundTerm& term) {
    const Vector low = V::all(term.low);
    const Vector high = V::all(term.high);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < kTogether<V>; ++k) {
      const Vector sample = V::load(series + term.index + k * V::kLanes);
      const Vector z = V::multiply(V::subtract(sample, mean[k]), scale[k]);
      sum[k] = V::add(sum[k], outside<V>(z, low, high));
    }
  }

  [[nodiscard]] bool any_within(double limit) const {
    Vector least = sum[0];
    for (std::size_t k = 1; k < kTogether<V>; ++k) least = V::minimum(least, sum[k]);
    return V::less_equal(least, V::all(limit)) != 0;
  }
};

template <class V>
void keogh_bounds(const KeoghProblem& problem, double* bounds) {
  constexpr std::size_t kTermsBetweenChecks = 8;
  for (std::size_t p = 0; p < problem.windows; p += kTogether<V> * V::kLanes) {
    KeoghSums<V> sums(problem.mean + p, problem.scale + p);
    std::size_t next = 0;
    do {
      const std::size_t left = problem.count - next;
      const std::size_t end = next + (left < kTermsBetweenChecks ? left : kTermsBetweenChecks);
      for (; next < end; ++next) sums.add(problem.series + p, problem.terms[next]);
    } while (next < problem.count && sums.any_within(problem.limit));
    for (std::size_t k = 0; k < kTogether<V>; ++k) {
      V::store(bounds + p + k * V::kLanes, sums.sum[k]);
    }
  }
}

// In place: values[i] becomes Best of values[i .. i + width), for i < count. Every pass doubles
// the span covered, reading ahead of what it overwrites.
template <class V, class Best>
void sliding_best(double* values, std::size_t count, std::size_t width, Best best) {
  std::size_t span = 1;
  while (span < width) {
    const std::size_t step = 2 * span <= width ? span : width - span;
    for (std::size_t i = 0; i < count + width - span - step; i += V::kLanes) {
      V::store(values + i, best(V::load(values + i), V::load(values + i + step)));
    }
    span += step;
  }
}

template <class V>
double improved_bound(const ImprovedProblem& problem) {
  const std::size_t q = problem.length;
  const std::size_t padded = q + 2 * problem.band + 2 * kWindowGroup;
  double* const highest = problem.scratch;
  double* const lowest = problem.scratch + padded;
  for (std::size_t i = 0; i + V::kLanes <= padded; i += V::kLanes) {
    V::store(highest + i, V::all(-__builtin_inf()));
    V::store(lowest + i, V::all(__builtin_inf()));
  }
  // The window's projection on the query's envelope.
  std::size_t i = 0;
  for (; i + V::kLanes <= q; i += V::kLanes) {
    const auto projection =
        V::minimum(V::maximum(V::load(problem.window + i), V::load(problem.low + i)),
                   V::load(problem.high + i));
    V::store(highest + problem.band + i, projection);
    V::store(lowest + problem.band + i, projection);
  }
  for (; i < q; ++i) {
    const double z = problem.window[i];
    const double raised = z < problem.low[i] ? problem.low[i] : z;
    highest[problem.band + i] = raised > problem.high[i] ? problem.high[i] : raised;
    lowest[problem.band + i] = highest[problem.band + i];
  }
  const auto maximum = [](auto a, auto b) { return V::maximum(a, b); };
  const auto minimum = [](auto a, auto b) { return V::minimum(a, b); };
  sliding_best<V>(highest, q, 2 * problem.band + 1, maximum);
  sliding_best<V>(lowest, q, 2 * problem.band + 1, minimum);
  // The ends are aligned with each other in every path, and LB_Keogh has counted them in full.
  auto sum = V::all(0);
  for (i = 1; i + V::kLanes < q; i += V::kLanes) {
    sum = V::add(sum,
                 outside<V>(V::load(problem.query + i), V::load(lowest + i), V::load(highest + i)));
  }
  double parts[V::kLanes];
  V::store(parts, sum);
  double total = 0;
  for (const double part : parts) total += part;
  for (; i + 1 < q; ++i) {
    const double v = problem.query[i];
    const double off = v > highest[i] ? v - highest[i] : v < lowest[i] ? lowest[i] - v : 0;
    total += off * off;
  }
  return total;
}

template <class V>
void profile_products(const ProfileRow& row) {
  for (std::size_t d = 0; d < row.count; d += V::kLanes) {
    auto sum = V::all(0);
    for (std::size_t k = 0; k < row.q; ++k) {
      sum = V::add(sum, V::multiply(V::all(row.samples[k]), V::load(row.samples + k + d)));
    }
    V::store(row.products + d, sum);
  }
}

template <class V>
void profile_advance(const ProfileRow& row) {
  const auto enters = V::all(row.samples[0]);
  const auto leaves = V::all(row.samples[row.q]);
  for (std::size_t d = 0; d < row.count; d += V::kLanes) {
    const auto gained = V::multiply(enters, V::load(row.samples + d));
    const auto lost = V::multiply(leaves, V::load(row.samples + row.q + d));
    V::store(row.products + d, V::add(V::load(row.products + d), V::subtract(gained, lost)));
  }
}

template <class V>
double profile_bounds(const ProfileRow& row, std::size_t exclusion) {
  const auto length_mean = V::all(static_cast<double>(row.q) * row.mean[0]);
  const auto twice_scale = V::all(2 * row.scale[0]);
  const auto norm = V::all(row.norm[0]);
  const auto error = V::all(row.error);
  auto least_upper = V::all(__builtin_inf());
  double least_of_tail = __builtin_inf();
  for (std::size_t d = exclusion; d < row.count; d += V::kLanes) {
    const auto covariance =
        V::subtract(V::load(row.products + d), V::multiply(length_mean, V::load(row.mean + d)));
    const auto weight = V::multiply(twice_scale, V::load(row.scale + d));
    const auto norms = V::add(norm, V::load(row.norm + d));
    V::store(row.least + d, V::subtract(norms, V::multiply(weight, V::add(covariance, error))));
    const auto upper = V::subtract(norms, V::multiply(weight, V::subtract(covariance, error)));
    if (d + V::kLanes <= row.count) {
      least_upper = V::minimum(least_upper, upper);
    } else {
      double parts[V::kLanes];
      V::store(parts, upper);
      for (std::size_t k = 0; d + k < row.count; ++k) {
        least_of_tail = parts[k] < least_of_tail ? parts[k] : least_of_tail;
      }
    }
  }
  double parts[V::kLanes];
  V::store(parts, least_upper);
  for (const double part : parts) least_of_tail = part < least_of_tail ? part : least_of_tail;
  return least_of_tail;
}

}  // namespace
}  // namespace midstream::temporal::kernels
