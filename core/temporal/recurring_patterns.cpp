#include "core/temporal/recurring_patterns.hpp"

#include <algorithm>
#include <cmath>
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
// stay within the bound below.
constexpr std::size_t kStepsBetweenRestarts = 256;

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

 private:
  std::size_t most_;
  std::vector<double> values_;
  std::size_t front_;
};

Status check_options(const RecurrenceOptions& options) {
  if (options.length == 0 || options.best == 0 || options.separation == 0 ||
      options.exclusion == 0) {
    return Error{ErrorCode::kInvalidArgument,
                 "length, best, separation and exclusion must be at least 1"};
  }
  if (options.history < options.exclusion) {
    return Error{ErrorCode::kInvalidArgument, "the history is shorter than the exclusion"};
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
        window(given.length + kSlack),
        newest_z(given.length),
        other_z(given.length),
        matches(given.best, given.separation, given.threshold) {}

  void take(double sample);
  void measure_newest();
  void update_products(const kernels::ProfileRow& row, std::uint64_t newest);
  void find_nearest();
  [[nodiscard]] double distance_to(std::size_t back);
  void normalised(std::size_t back, std::vector<double>& to) const;
  [[nodiscard]] double covariance_error() const;

  RecurrenceOptions options;
  NewestFirst samples;
  NewestFirst centred;  // less the first sample of all, for the recurrence's accuracy
  NewestFirst mean;     // of windows, by the definition
  NewestFirst centred_mean;
  NewestFirst scale;
  NewestFirst norm;
  std::vector<double> products;
  std::vector<double> least;
  std::vector<double> window;
  std::vector<double> newest_z;
  std::vector<double> other_z;
  BestMatches<Recurrence> matches;
  std::uint64_t taken = 0;  // samples
  double origin = 0;
  double largest = 0;  // magnitudes ever seen
  double largest_centred = 0;
};

// Rounding of the products and means over kStepsBetweenRestarts steps, and of the definition's
// means, which enter squared. Generous by a factor of about two.
double RecurrenceStream::State::covariance_error() const {
  const auto q = static_cast<double>(options.length);
  const double steps = 2 * static_cast<double>(kStepsBetweenRestarts) + 3 * q + 16;
  const double mean_error = q * kRounding * largest;
  return kRounding * steps * q * largest_centred * largest_centred +
         4 * q * mean_error * mean_error;
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
  double sum = 0;
  for (std::size_t i = 0; i < q; ++i) sum += centred.data()[i];
  centred_mean.push(sum / static_cast<double>(q));
}

void RecurrenceStream::State::normalised(std::size_t back, std::vector<double>& to) const {
  const std::size_t q = options.length;
  const double m = mean.data()[back];
  const double s = scale.data()[back];
  const double* const last = samples.data() + back;
  for (std::size_t i = 0; i < q; ++i) to[i] = (last[q - 1 - i] - m) * s;
}

double RecurrenceStream::State::distance_to(std::size_t back) {
  normalised(back, other_z);
  return *euclidean_distance(other_z, newest_z);
}

void RecurrenceStream::State::update_products(const kernels::ProfileRow& row,
                                              std::uint64_t newest) {
  const kernels::SearchKernel& kernel = *active_kernel_table().search;
  if (newest % kStepsBetweenRestarts == 0) {
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

void RecurrenceStream::State::find_nearest() {
  const std::uint64_t newest = taken - options.length;  // its position
  const std::size_t q = options.length;
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(newest, options.history)) + 1;
  const kernels::SearchKernel& kernel = *active_kernel_table().search;
  const kernels::ProfileRow row{.samples = centred.data(),
                                .q = q,
                                .mean = centred_mean.data(),
                                .scale = scale.data(),
                                .norm = norm.data(),
                                .count = count,
                                .error = covariance_error(),
                                .products = products.data(),
                                .least = least.data()};
  update_products(row, newest);
  if (count <= options.exclusion) return;
  const double upper = kernel.bounds(row, options.exclusion);
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
  ++taken;
  samples.push(sample);
  centred.push(sample - origin);
  largest = std::max(largest, std::abs(sample));
  largest_centred = std::max(largest_centred, std::abs(sample - origin));
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

Result<std::vector<Recurrence>> recurring_patterns(std::span<const double> series,
                                                   const RecurrenceOptions& options) {
  RecurrenceOptions fitting = options;  // no history longer than the series is worth its memory
  fitting.history = std::max(options.exclusion, std::min(options.history, series.size()));
  if (options.history < options.exclusion) fitting.history = options.history;
  Result<RecurrenceStream> stream = RecurrenceStream::create(fitting);
  if (!stream) return stream.error();
  if (Status status = stream->push(series); !status) return status.error();
  return stream->best();
}

}  // namespace midstream::temporal
