#include "core/measure/launch_summary.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/measure/sign_test.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::measure {
namespace {

constexpr double kFarFence = 3;
// A gap between sorted medians parts two modes when it is this wide, in shares of the median, and
// this many times as wide as the other gaps are on average, with two launches on either side.
constexpr double kModeGap = 0.02;
constexpr double kModeGapRatio = 4;
constexpr std::size_t kModeLaunches = 2;

double outliers_of(std::vector<double> samples) {
  if (samples.size() < 4) return 0;
  const double low = quantile(samples, 0.25);
  const double high = quantile(samples, 0.75);
  const double reach = kFarFence * (high - low);
  return static_cast<double>(std::count_if(samples.begin(), samples.end(), [&](double x) {
    return x < low - reach || x > high + reach;
  }));
}

// By whole bins: one that the fence cuts does not count.
double outliers_of(const Histogram& histogram) {
  const double low = histogram.quantile(0.25).low;
  const double high = histogram.quantile(0.75).high;
  const double reach = kFarFence * (high - low);
  double count = 0;
  for (const auto& [index, in_bin] : histogram.bins()) {
    const Histogram::Bounds bin = Histogram::bin_bounds(index);
    if (bin.high < low - reach || bin.low > high + reach) count += static_cast<double>(in_bin);
  }
  return count;
}

std::uint64_t samples_of(const Launch& launch) {
  return launch.histogram ? launch.histogram->count() : launch.samples.size();
}

double seconds_of(const Launch& launch, const Metric& metric) {
  if (metric.unit.dimension != Dimension::kTime) return 0;
  if (launch.histogram) return launch.histogram->sum() / kHistogramPerNs * 1e-9;
  const double ns = mean(launch.samples) * metric.unit.scale;
  const double seconds = ns * static_cast<double>(launch.operations) * 1e-9;
  return std::isfinite(seconds) ? seconds : 0;
}

std::optional<double> lag_one(const std::vector<double>& values) {
  const double center = mean(values);
  double total = 0;
  double lagged = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    total += (values[i] - center) * (values[i] - center);
    if (i > 0) lagged += (values[i] - center) * (values[i - 1] - center);
  }
  // Equal medians have none; figures beyond any machine overflow.
  if (!(total > 0) || !std::isfinite(lagged / total)) return std::nullopt;
  return lagged / total;
}

std::size_t modes_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  const double range = values.back() - values.front();
  const double wide = kModeGap * std::abs(values[n / 2]);
  std::size_t modes = 1;
  std::size_t begin = 0;
  for (std::size_t i = kModeLaunches; i + kModeLaunches <= n; ++i) {
    const double gap = values[i] - values[i - 1];
    const double others = (range - gap) / static_cast<double>(n - 2);
    if (gap <= wide || gap <= kModeGapRatio * others || i - begin < kModeLaunches) continue;
    ++modes;
    begin = i;
  }
  return modes;
}

void add_launch(LaunchSummary& summary, const Launch& launch, const Metric& metric) {
  const bool first = summary.launches == 0;
  ++summary.launches;
  if (launch.disturbed) ++summary.disturbed;
  summary.samples += samples_of(launch);
  summary.measured_s += seconds_of(launch, metric);
  summary.least_warmup =
      first ? launch.warmup_operations : std::min(summary.least_warmup, launch.warmup_operations);
  summary.highest_load = std::max(summary.highest_load, launch.load_average);
}

}  // namespace

LaunchSummary summarise_launches(const Measurement& measurement) {
  LaunchSummary summary;
  double outliers = 0;
  std::vector<double> medians;
  for (const Launch& launch : measurement.launches) {
    if (launch.status != LaunchStatus::kOk || samples_of(launch) == 0) {
      ++summary.failed;
      continue;
    }
    add_launch(summary, launch, measurement.metric);
    outliers += launch.histogram ? outliers_of(*launch.histogram) : outliers_of(launch.samples);
    const auto value = launch_statistic(launch, measurement.metric, Statistic::kMedian);
    if (value) medians.push_back(value->low);
  }
  if (!std::isfinite(summary.measured_s)) summary.measured_s = 0;
  if (summary.samples > 0) summary.outlier_share = outliers / static_cast<double>(summary.samples);
  if (measurement.metric.kind != SampleKind::kValue && medians.size() >= kFirstLook) {
    summary.autocorrelation = lag_one(medians);
    summary.modes = modes_of(medians);
  }
  return summary;
}

}  // namespace midstream::measure
