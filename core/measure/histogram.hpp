// Histogram of non-negative values with bounded relative error, for latencies.
//
// Log-linear bins as in HdrHistogram: each power of two is cut into 128 equal bins, so a bin is
// never wider than 1/128 (0.78 %) of its lower bound; values below 128 have bins of width 1.
// Unit: integers, by convention picoseconds (kHistogramPerNs) in a Launch. A quantile is given as
// its bin, lower and upper bound, so that a judgement can count the straddling bin against the row.
//
// Complexity: record O(1), 4 ns; quantile O(bins). Memory: 8 B a bin up to the largest value.
// Threads: one histogram per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::measure {

class Histogram {
 public:
  static constexpr std::uint64_t kSubBins = 128;

  void record(std::uint64_t value, std::uint64_t count = 1);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const;        // from exact sums, not from bins
  [[nodiscard]] std::uint64_t min() const;  // exact
  [[nodiscard]] std::uint64_t max() const;  // exact

  struct Bounds {
    double low = 0;   // smallest value the bin can hold (never below min)
    double high = 0;  // largest (never above max)
  };
  // The bin of the type-1 p-quantile. Requires count() > 0.
  [[nodiscard]] Bounds quantile(double p) const;
  // The bin of the value with this rank, counted from 1. Requires 1 <= rank <= count().
  [[nodiscard]] Bounds at_rank(std::uint64_t rank) const;

  // (index, count) of the bins that are not empty, ascending: the serialised form.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint64_t>> bins() const;
  // The inverse. kParse when indices do not ascend, counts are 0 or disagree with min/max/sum.
  // Memory is bounded whatever the input: there are 7,424 bins in all.
  struct Summary {
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    double sum = 0;
  };
  static Result<Histogram> restore(std::span<const std::pair<std::uint32_t, std::uint64_t>> bins,
                                   Summary summary);
  [[nodiscard]] double sum() const { return sum_; }

  static std::uint32_t bin_index(std::uint64_t value);
  static Bounds bin_bounds(std::uint32_t index);

 private:
  std::string take_bins(std::span<const std::pair<std::uint32_t, std::uint64_t>> bins);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace midstream::measure
