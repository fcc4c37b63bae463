#include "core/measure/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace midstream::measure {
namespace {

std::optional<double> of_samples(std::span<const double> samples, Statistic statistic) {
  switch (statistic) {
    case Statistic::kMean:
      return mean(samples);
    case Statistic::kMedian:
      return median(samples);
    case Statistic::kMin:
      return *std::min_element(samples.begin(), samples.end());
    case Statistic::kMax:
      return *std::max_element(samples.begin(), samples.end());
    case Statistic::kP50:
      return quantile(samples, 0.5);
    case Statistic::kValue:
      return std::nullopt;
    default:
      return quantile(samples, *tail_fraction(statistic));
  }
}

Histogram::Bounds median_bounds(const Histogram& histogram) {
  const std::uint64_t n = histogram.count();
  const auto low = histogram.at_rank((n + 1) / 2);
  const auto high = histogram.at_rank(n / 2 + 1);
  return {std::midpoint(low.low, high.low), std::midpoint(low.high, high.high)};
}

std::optional<Histogram::Bounds> of_histogram(const Histogram& histogram, Statistic statistic) {
  const auto exactly = [](double x) { return Histogram::Bounds{x, x}; };
  switch (statistic) {
    case Statistic::kMean:
      return exactly(histogram.mean());
    case Statistic::kMedian:
      return median_bounds(histogram);
    case Statistic::kMin:
      return exactly(static_cast<double>(histogram.min()));
    case Statistic::kMax:
      return exactly(static_cast<double>(histogram.max()));
    case Statistic::kP50:
      return histogram.quantile(0.5);
    case Statistic::kValue:
      return std::nullopt;
    default:
      return histogram.quantile(*tail_fraction(statistic));
  }
}

bool counts(const Launch& launch, const Metric& metric, Statistic statistic) {
  if (launch.status != LaunchStatus::kOk) return false;
  const bool has_histogram = launch.histogram.has_value();
  if (has_histogram && metric.kind != SampleKind::kOperation) return false;
  const std::uint64_t n = has_histogram ? launch.histogram->count() : launch.samples.size();
  if (n == 0) return false;
  if (!tail_fraction(statistic)) return true;
  return metric.kind == SampleKind::kOperation && n >= operations_needed(statistic);
}

}  // namespace

std::optional<LaunchValue> launch_statistic(const Launch& launch, const Metric& metric,
                                            Statistic statistic) {
  if (!counts(launch, metric, statistic)) return std::nullopt;
  if (launch.histogram) {
    if (metric.unit.dimension != Dimension::kTime) return std::nullopt;
    const auto bounds = of_histogram(*launch.histogram, statistic);
    if (!bounds) return std::nullopt;
    const double per_unit = kHistogramPerNs * metric.unit.scale;
    return LaunchValue{bounds->low / per_unit, bounds->high / per_unit};
  }
  if (statistic == Statistic::kValue) {
    if (metric.kind != SampleKind::kValue) return std::nullopt;
    // A value is deterministic; should it not be, the judgement sees both ends.
    const auto [low, high] = std::minmax_element(launch.samples.begin(), launch.samples.end());
    return LaunchValue{*low, *high};
  }
  const auto value = of_samples(launch.samples, statistic);
  if (!value) return std::nullopt;
  return LaunchValue{*value, *value};
}

std::optional<LaunchValue> launch_rate(const Launch& launch, const Metric& metric,
                                       const Throughput& throughput, Statistic statistic) {
  if (metric.unit.dimension != Dimension::kTime || launch.histogram ||
      statistic == Statistic::kValue || !counts(launch, metric, statistic)) {
    return std::nullopt;
  }
  const double work = throughput.per_operation * (throughput.item == "B" ? 8 : 1);
  const double seconds = metric.unit.scale * 1e-9;  // in one unit of the samples
  if (*std::min_element(launch.samples.begin(), launch.samples.end()) <= 0) return std::nullopt;
  // Every sample stands for the same work, so the mean rate is all the work over all the time;
  // the mean of the samples' rates would flatter.
  if (statistic == Statistic::kMean) {
    const double rate = work / (mean(launch.samples) * seconds);
    return LaunchValue{rate, rate};
  }
  std::vector<double> rates(launch.samples.size());
  std::transform(launch.samples.begin(), launch.samples.end(), rates.begin(),
                 [&](double sample) { return work / (sample * seconds); });
  const auto rate = of_samples(rates, statistic);
  if (!rate || !std::isfinite(*rate)) return std::nullopt;
  return LaunchValue{*rate, *rate};
}

std::string_view status_name(MeasurementStatus status) {
  switch (status) {
    case MeasurementStatus::kOk:
      return "ok";
    case MeasurementStatus::kError:
      return "error";
    case MeasurementStatus::kInvalid:
      return "invalid";
    case MeasurementStatus::kUnavailable:
      return "unavailable";
    case MeasurementStatus::kNotRun:
      return "not_run";
  }
  return "unknown";
}

std::string_view launch_status_name(LaunchStatus status) {
  switch (status) {
    case LaunchStatus::kOk:
      return "ok";
    case LaunchStatus::kCrashed:
      return "crashed";
    case LaunchStatus::kTimedOut:
      return "timed_out";
    case LaunchStatus::kWrongAnswer:
      return "wrong_answer";
    case LaunchStatus::kFailed:
      return "failed";
    case LaunchStatus::kUnavailable:
      return "unavailable";
  }
  return "unknown";
}

}  // namespace midstream::measure
