#include "core/temporal/recurring_patterns.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/temporal/best_matches.hpp"
#include "core/temporal/euclidean.hpp"
#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
namespace {

constexpr double kLargestSample = 1e150;
constexpr std::size_t kSlack = 64;  // kernels read and write whole vectors

// After so many steps of the recurrence the products are computed afresh, so that rounding errors
// stay within the bound below. Magnitudes are kept by blocks of as many samples.
constexpr std::size_t kStepsBetweenRestarts = 256;

// Keeps sizes from wrapping, and memory within some tens of gigabytes.
constexpr std::size_t kLongest = std::size_t{1} << 27;

// Neighbouring blocks whose magnitudes are within this factor share an error bound: the bounds are
// so small that a larger factor would hardly cost a comparison, and one call serves them all.
constexpr double kAlike = 64;

constexpr double kRounding = std::numeric_limits<double>::epsilon();

// A history that grows at its front: value(0) is the newest. Old values fall off the end.
class NewestFirst {
 public:
  explicit NewestFirst(std::size_t most) : most_(most), values_(2 * most + kSlack), front_(most) {}

  void push(double value) {
    if (front_ == 0) {
      std::copy_backward(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(most_),
                         values_.begin() + static_cast<std::ptrdiff_t>(2 * most_));
      front_ = most_;
    }
    values_[--front_] = value;
  }
  [[nodiscard]] const double* data() const { return values_.data() + front_; }
  double* data() { return values_.data() + front_; }

 private:
  std::size_t most_;
  std::vector<double> values_;
  std::size_t front_;
};

// The largest magnitude in each block of samples still held, so that what has been forgotten no
// longer counts.
class BlockMagnitudes {
 public:
  // Samples dropped since the last restart still count: they have entered products.
  explicit BlockMagnitudes(std::size_t samples_held)
      : largest_(std::bit_ceil(samples_held / kStepsBetweenRestarts + 4), 0.0) {}

  void add(std::uint64_t index, double sample) {
    double& largest = slot(index / kStepsBetweenRestarts);
    if (index % kStepsBetweenRestarts == 0) largest = 0;
    largest = std::max(largest, std::abs(sample));
  }
  [[nodiscard]] double over(std::uint64_t first_block, std::uint64_t last_block) const {
    double largest = 0;
    for (std::uint64_t block = first_block; block <= last_block; ++block) {
      largest = std::max(largest, largest_[block & (largest_.size() - 1)]);
    }
    return largest;
  }
  void forget() { std::fill(largest_.begin(), largest_.end(), 0.0); }
  // Without starting a block anew.
  void raise(std::uint64_t index, double sample) {
    double& largest = slot(index / kStepsBetweenRestarts);
    largest = std::max(largest, std::abs(sample));
  }

 private:
  double& slot(std::uint64_t block) { return largest_[block & (largest_.size() - 1)]; }
  std::vector<double> largest_;
};

double mean_of_first(const double* values, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i];
  return sum / static_cast<double>(count);
}

Status check_options(const RecurrenceOptions& options) {
  if (options.length == 0 || options.best == 0 || options.separation == 0 ||
      options.exclusion == 0) {
    return Error{ErrorCode::kInvalidArgument,
                 "length, best, separation and exclusion must be at least 1"};
  }
  if (options.history < options.exclusion) {
    return Error{ErrorCode::kInvalidArgument, "the history is shorter than the exclusion"};
  }
  if (options.length >= kLongest || options.history >= kLongest) {
    return Error{ErrorCode::kInvalidArgument, "length and history must be below 2^27"};
  }
  return {};
}

}  // namespace

struct RecurrenceStream::State {
  explicit State(const RecurrenceOptions& given)
      : options(given),
        samples(given.history + given.length + 1),
        centred(given.history + given.length + 1),
        mean(given.history + 1),
        centred_mean(given.history + 1),
        scale(given.history + 1),
        norm(given.history + 1),
        products(given.history + 1 + kSlack),
        least(given.history + 1 + kSlack),
        magnitudes(given.history + given.length + 1),
        centred_magnitudes(given.history + given.length + 1),
        window(given.length + kSlack),
        newest_z(given.length),
        other_z(given.length),
        matches(given.best, given.separation, given.threshold) {}

  void take(double sample);
  void measure_newest();
  void update_products(const kernels::ProfileRow& row, std::uint64_t newest);
  void find_nearest();
  double fill_bounds(kernels::ProfileRow row, std::uint64_t newest);
  [[nodiscard]] double distance_to(std::size_t back);
  void normalised(std::size_t back, std::vector<double>& to) const;
  void recentre_if_worth_it();
  void recentre();

  // The largest magnitudes of all samples that have entered the product of a window and the
  // newest since the last restart: the window's own and those up to so many steps before it.
  struct Reach {
    double raw;
    double centred;
  };
  [[nodiscard]] Reach reach_of(std::uint64_t position) const;
  [[nodiscard]] double covariance_error(const Reach& newer, const Reach& older) const;

  RecurrenceOptions options;
  NewestFirst samples;
  NewestFirst centred;  // less `origin`, for the recurrence's accuracy
  NewestFirst mean;     // of windows, by the definition
  NewestFirst centred_mean;
  NewestFirst scale;
  NewestFirst norm;
  std::vector<double> products;
  std::vector<double> least;
  BlockMagnitudes magnitudes;
  BlockMagnitudes centred_magnitudes;
  std::vector<double> window;
  std::vector<double> newest_z;
  std::vector<double> other_z;
  BestMatches<Recurrence> matches;
  std::uint64_t taken = 0;  // samples
  std::uint64_t compared = 0;
  double origin = 0;
};

RecurrenceStream::State::Reach RecurrenceStream::State::reach_of(std::uint64_t position) const {
  const std::uint64_t first_block =
      position / kStepsBetweenRestarts - (position >= kStepsBetweenRestarts ? 1 : 0);
  const std::uint64_t last_block = (position + options.length - 1) / kStepsBetweenRestarts;
  return {magnitudes.over(first_block, last_block),
          centred_magnitudes.over(first_block, last_block)};
}

// Rounding of the products and means over kStepsBetweenRestarts steps, and of the definition's
// means, whose errors multiply. Generous by a factor of about two.
double RecurrenceStream::State::covariance_error(const Reach& newer, const Reach& older) const {
  const auto q = static_cast<double>(options.length);
  const double steps = 2 * static_cast<double>(kStepsBetweenRestarts) + 3 * q + 16;
  return kRounding * steps * q * newer.centred * older.centred +
         4 * q * (q * kRounding * newer.raw) * (q * kRounding * older.raw);
}

// A series that has moved away from the origin loses digits to it. The middle of some samples is
// the new origin: a spike does not move it, and the error of windows near a spike is their own.
void RecurrenceStream::State::recentre_if_worth_it() {
  constexpr std::size_t kSampled = 63;
  const auto held = static_cast<std::size_t>(
      std::min<std::uint64_t>(taken, options.history + options.length + 1));
  std::array<double, kSampled> sampled;
  for (std::size_t k = 0; k < kSampled; ++k) sampled[k] = samples.data()[k * held / kSampled];
  const auto middle = sampled.begin() + kSampled / 2;
  std::nth_element(sampled.begin(), middle, sampled.end());
  const double centre = *middle;
  for (double& v : sampled) v = std::abs(v - centre);
  std::nth_element(sampled.begin(), middle, sampled.end());
  if (std::abs(centre - origin) <= 4 * *middle) return;
  origin = centre;
  recentre();
}

void RecurrenceStream::State::recentre() {
  const std::size_t q = options.length;
  const auto held =
      static_cast<std::size_t>(std::min<std::uint64_t>(taken, options.history + q + 1));
  centred_magnitudes.forget();
  for (std::size_t back = 0; back < held; ++back) {
    centred.data()[back] = samples.data()[back] - origin;
    centred_magnitudes.raise(taken - 1 - back, centred.data()[back]);
  }
  const std::size_t windows = std::min(held - q, options.history) + 1;
  for (std::size_t back = 0; back < windows; ++back) {
    centred_mean.data()[back] = mean_of_first(centred.data() + back, q);
  }
}

void RecurrenceStream::State::measure_newest() {
  const std::size_t q = options.length;
  for (std::size_t i = 0; i < q; ++i) window[i] = samples.data()[q - 1 - i];
  double group_mean[kernels::kWindowGroup];
  double group_scale[kernels::kWindowGroup];
  active_kernel_table().search->statistics(window.data(), 1, q, group_mean, group_scale);
  mean.push(group_mean[0]);
  scale.push(group_scale[0]);
  norm.push(group_scale[0] == 0 ? 0 : static_cast<double>(q));
  centred_mean.push(mean_of_first(centred.data(), q));
}

void RecurrenceStream::State::normalised(std::size_t back, std::vector<double>& to) const {
  const std::size_t q = options.length;
  const double m = mean.data()[back];
  const double s = scale.data()[back];
  const double* const last = samples.data() + back;
  for (std::size_t i = 0; i < q; ++i) to[i] = (last[q - 1 - i] - m) * s;
}

double RecurrenceStream::State::distance_to(std::size_t back) {
  ++compared;
  normalised(back, other_z);
  return *euclidean_distance(other_z, newest_z);
}

void RecurrenceStream::State::update_products(const kernels::ProfileRow& row,
                                              std::uint64_t newest) {
  const kernels::SearchKernel& kernel = *active_kernel_table().search;
  if (newest % kStepsBetweenRestarts == 0) {
    recentre_if_worth_it();
    kernel.products(row);
    return;
  }
  kernel.advance(row);
  if (newest > options.history) return;
  // The first window of all is met by the newest for the first time: nothing to update.
  const std::size_t first = row.count - 1;
  products[first] = 0;
  for (std::size_t k = 0; k < row.q; ++k)
    products[first] += row.samples[k] * row.samples[k + first];
}

// Fills `least`, and returns the least upper bound among windows outside the exclusion. Stretches
// of windows whose samples are alike in magnitude have an error bound of their own, so that a
// spike is felt by the windows near it and by no others.
double RecurrenceStream::State::fill_bounds(kernels::ProfileRow row, std::uint64_t newest) {
  const kernels::SearchKernel& kernel = *active_kernel_table().search;
  const std::size_t end = row.count;
  const Reach newer = reach_of(newest);
  double upper = std::numeric_limits<double>::infinity();
  std::size_t back = options.exclusion;
  double error = covariance_error(newer, reach_of(newest - back));
  while (back < end) {
    const std::size_t first = back;
    double least_error = error;
    row.error = error;
    do {
      // All windows of a block reach the same samples, or nearly: on to the next older block.
      back += static_cast<std::size_t>((newest - back) % kStepsBetweenRestarts) + 1;
      if (back >= end) break;
      error = covariance_error(newer, reach_of(newest - back));
      least_error = std::min(least_error, error);
      if (std::max(row.error, error) > kAlike * least_error) break;
      row.error = std::max(row.error, error);
    } while (true);
    row.count = std::min(back, end);
    upper = std::min(upper, kernel.bounds(row, first));
  }
  return upper;
}

void RecurrenceStream::State::find_nearest() {
  const std::uint64_t newest = taken - options.length;  // its position
  const std::size_t q = options.length;
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(newest, options.history)) + 1;
  const kernels::ProfileRow row{.samples = centred.data(),
                                .q = q,
                                .mean = centred_mean.data(),
                                .scale = scale.data(),
                                .norm = norm.data(),
                                .count = count,
                                .error = 0,
                                .products = products.data(),
                                .least = least.data()};
  update_products(row, newest);
  if (count <= options.exclusion) return;
  const double upper = fill_bounds(row, newest);
  const double limit = matches.limit();
  // Norms and distances are rounded sums of q terms each.
  const double slack = 1e-9 * static_cast<double>(q);
  double bound = std::min(upper, limit * limit) + slack;
  normalised(0, newest_z);
  Recurrence nearest{newest, 0, std::numeric_limits<double>::infinity()};
  for (std::size_t back = options.exclusion; back < count; ++back) {
    if (least[back] > bound) continue;
    const double distance = distance_to(back);
    if (distance < nearest.distance) {
      nearest = {newest, newest - back, distance};
      bound = std::min(bound, distance * distance + slack);
    }
    if (nearest.distance == 0) break;  // nothing older is preferred to it
  }
  if (nearest.distance < std::numeric_limits<double>::infinity()) matches.offer(nearest);
}

void RecurrenceStream::State::take(double sample) {
  if (taken == 0) origin = sample;
  samples.push(sample);
  centred.push(sample - origin);
  magnitudes.add(taken, sample);
  centred_magnitudes.add(taken, sample - origin);
  ++taken;
  if (taken < options.length) return;
  measure_newest();
  find_nearest();
}

RecurrenceStream::RecurrenceStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecurrenceStream::RecurrenceStream(RecurrenceStream&&) noexcept = default;
RecurrenceStream& RecurrenceStream::operator=(RecurrenceStream&&) noexcept = default;
RecurrenceStream::~RecurrenceStream() = default;

Result<RecurrenceStream> RecurrenceStream::create(const RecurrenceOptions& options) {
  if (Status status = check_options(options); !status) return status.error();
  return RecurrenceStream(std::make_unique<State>(options));
}

Status RecurrenceStream::push(std::span<const double> samples) {
  const auto bad = std::find_if(samples.begin(), samples.end(),
                                [](double v) { return !(std::abs(v) <= kLargestSample); });
  if (bad != samples.end()) {
    std::string message = "series[";
    message += std::to_string(bad - samples.begin());
    message += "] is not a number below 1e150 in magnitude";
    return Error{ErrorCode::kInvalidArgument, std::move(message)};
  }
  for (const double sample : samples) state_->take(sample);
  return {};
}

std::vector<Recurrence> RecurrenceStream::best() const { return state_->matches.result(); }

std::uint64_t RecurrenceStream::compared() const { return state_->compared; }

Result<std::vector<Recurrence>> recurring_patterns(std::span<const double> series,
                                                   const RecurrenceOptions& options) {
  RecurrenceOptions fitting = options;  // no history longer than the series is worth its memory
  if (options.history >= options.exclusion) {
    fitting.exclusion = std::min(options.exclusion, series.size() + 1);
    fitting.history = std::max(fitting.exclusion, std::min(options.history, series.size()));
  }
  Result<RecurrenceStream> stream = RecurrenceStream::create(fitting);
  if (!stream) return stream.error();
  if (Status status = stream->push(series); !status) return status.error();
  return stream->best();
}

}  // namespace midstream::temporal
