#include "core/measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "core/measure/statistics.hpp"

namespace midstream::measure {
namespace {

constexpr std::uint32_t kSubBins32 = static_cast<std::uint32_t>(Histogram::kSubBins);
constexpr int kSubBits = std::countr_zero(Histogram::kSubBins);
// Values below 128 have a bin each; every power of two from 2^7 to 2^63 has 128.
constexpr std::uint32_t kBins = kSubBins32 + (64 - kSubBits) * kSubBins32;

struct Range {
  std::uint64_t low;
  std::uint64_t high;  // inclusive
};

Range range_of(std::uint32_t index) {
  if (index < kSubBins32) return {index, index};
  const std::uint32_t power = index / kSubBins32 - 1;  // the bin is 2^power wide
  const std::uint64_t low = (Histogram::kSubBins + index % kSubBins32) << power;
  return {low, low + ((std::uint64_t{1} << power) - 1)};
}

Error bad(const std::string& what) { return {ErrorCode::kParse, what}; }

}  // namespace

std::uint32_t Histogram::bin_index(std::uint64_t value) {
  if (value < kSubBins) return static_cast<std::uint32_t>(value);
  const int power = static_cast<int>(std::bit_width(value)) - 1 - kSubBits;
  const auto sub = static_cast<std::uint32_t>((value >> power) - kSubBins);
  return kSubBins32 * (static_cast<std::uint32_t>(power) + 1) + sub;
}

Histogram::Bounds Histogram::bin_bounds(std::uint32_t index) {
  assert(index < kBins);
  const Range range = range_of(index);
  return {static_cast<double>(range.low), static_cast<double>(range.high)};
}

void Histogram::record(std::uint64_t value, std::uint64_t count) {
  if (count == 0) return;
  const std::uint32_t index = bin_index(value);
  if (index >= counts_.size()) counts_.resize(index + 1);
  counts_[index] += count;
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  count_ += count;
  sum_ += static_cast<double>(value) * static_cast<double>(count);
}

double Histogram::mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
std::uint64_t Histogram::min() const { return min_; }
std::uint64_t Histogram::max() const { return max_; }

Histogram::Bounds Histogram::quantile(double p) const { return at_rank(quantile_rank(p, count_)); }

Histogram::Bounds Histogram::at_rank(std::uint64_t rank) const {
  assert(rank >= 1 && rank <= count_);
  std::uint32_t index = 0;
  for (std::uint64_t seen = counts_[0]; seen < rank; seen += counts_[index]) ++index;
  const Range range = range_of(index);
  return {static_cast<double>(std::max(range.low, min_)),
          static_cast<double>(std::min(range.high, max_))};
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> Histogram::bins() const {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> bins;
  for (std::uint32_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) bins.emplace_back(i, counts_[i]);
  }
  return bins;
}

// Fills counts_ and count_; what is wrong with the bins, or empty.
std::string Histogram::take_bins(std::span<const std::pair<std::uint32_t, std::uint64_t>> bins) {
  for (const auto& [index, count] : bins) {
    if (index >= kBins) return "bin " + std::to_string(index) + " does not exist";
    // counts_ ends after the bin before, or at the start.
    if (index < counts_.size()) return "bins do not ascend";
    if (count == 0) return "bin " + std::to_string(index) + " has count 0";
    if (count > std::numeric_limits<std::uint64_t>::max() - count_) {
      return "the counts add up to more than 2^64";
    }
    counts_.resize(index + 1);
    counts_[index] = count;
    count_ += count;
  }
  return {};
}

Result<Histogram> Histogram::restore(std::span<const std::pair<std::uint32_t, std::uint64_t>> bins,
                                     Summary summary) {
  Histogram histogram;
  if (const std::string fault = histogram.take_bins(bins); !fault.empty()) return bad(fault);
  if (bins.empty()) {
    if (summary.min == 0 && summary.max == 0 && summary.sum == 0) return histogram;
    return bad("an empty histogram has min, max and sum 0");
  }
  if (summary.min > summary.max || bin_index(summary.min) != bins.front().first) {
    return bad("min does not lie in the first bin");
  }
  if (bin_index(summary.max) != bins.back().first) return bad("max does not lie in the last bin");
  // What the exact sum can be, given the bins.
  double least = 0;
  double most = 0;
  for (const auto& [index, count] : bins) {
    const Bounds bounds = bin_bounds(index);
    least += bounds.low * static_cast<double>(count);
    most += bounds.high * static_cast<double>(count);
  }
  // Written as digits and added in another order: equal but for rounding.
  if (!(summary.sum >= least * (1 - 1e-9) && summary.sum <= most * (1 + 1e-9))) {
    return bad("sum does not agree with the bins");
  }
  histogram.min_ = summary.min;
  histogram.max_ = summary.max;
  histogram.sum_ = summary.sum;
  return histogram;
}

}  // namespace midstream::measure
