#include "core/temporal/dtw_input.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/temporal/dtw.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct ScratchTag {};
struct XTag {};
struct YTag {};

template <class T>
bool all_finite(std::span<const T> series) {
  if constexpr (std::is_same_v<T, double>) {
    return active_kernel_table().dtw->all_finite(series.data(), series.size());
  } else {
    return std::all_of(series.begin(), series.end(), [](T v) { return std::isfinite(v); });
  }
}

template <class T>
Status check_nan(std::span<const T> series, const char* name) {
  const auto nan = std::find_if(series.begin(), series.end(), [](T v) { return std::isnan(v); });
  if (nan == series.end()) return {};
  std::string message = name;
  message += '[';
  message += std::to_string(nan - series.begin());
  message += "] is NaN";
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

template <class T>
bool holds_magnitude(std::span<const T> series, T magnitude) {
  return std::any_of(series.begin(), series.end(), [=](T v) { return std::abs(v) == magnitude; });
}

template <class T>
std::span<const T> replace_infinities(std::span<const T> series, T stand_in, std::span<T> to) {
  std::transform(series.begin(), series.end(), to.begin(),
                 [=](T v) { return std::isinf(v) ? std::copysign(stand_in, v) : v; });
  return to;
}

}  // namespace

Status check_shape(std::size_t n, std::size_t m, int band) {
  if (n == 0 || m == 0) {
    return Error{ErrorCode::kInvalidArgument, std::string(n == 0 ? "x" : "y") + " is empty"};
  }
  if (band == kNoBand) return {};
  if (band < 0) return Error{ErrorCode::kInvalidArgument, "the band is negative"};
  const std::size_t gap = n > m ? n - m : m - n;
  if (static_cast<std::size_t>(band) < gap) {
    return Error{ErrorCode::kInvalidArgument, "a band of " + std::to_string(band) +
                                                  " cannot join lengths that differ by " +
                                                  std::to_string(gap)};
  }
  return {};
}

std::size_t kernel_band(std::size_t n, std::size_t m, int band) {
  const std::size_t longest = std::max(n, m);
  return band == kNoBand ? longest : std::min(longest, static_cast<std::size_t>(band));
}

double squared_limit(double cutoff) {
  const double square = cutoff * cutoff;
  return square + square * 0x1p-50 + std::numeric_limits<double>::denorm_min();
}

template <class T>
Result<FinitePair<T>> make_finite(std::span<const T> x, std::span<const T> y) {
  if (all_finite(x) && all_finite(y)) return FinitePair<T>{x, y};
  if (Status status = check_nan(x, "x"); !status) return status.error();
  if (Status status = check_nan(y, "y"); !status) return status.error();
  // At this magnitude different numbers lie so far apart that the square overflows.
  T stand_in = std::numeric_limits<T>::max();
  while (holds_magnitude(x, stand_in) || holds_magnitude(y, stand_in)) {
    stand_in = std::nextafter(stand_in, T{0});
  }
  return FinitePair<T>{replace_infinities(x, stand_in, thread_buffer<XTag, T>(x.size())),
                       replace_infinities(y, stand_in, thread_buffer<YTag, T>(y.size()))};
}

template <class T>
Result<kernels::DtwProblem<T>> prepare_dtw(std::span<const T> x, std::span<const T> y, int band) {
  if (Status status = check_shape(x.size(), y.size(), band); !status) return status.error();
  const Result<FinitePair<T>> pair = make_finite(x, y);
  if (!pair) return pair.error();
  const std::size_t scratch = kernels::dtw_scratch_size(x.size(), y.size());
  return kernels::DtwProblem<T>{.x = pair->x.data(),
                                .n = x.size(),
                                .y = pair->y.data(),
                                .m = y.size(),
                                .band = kernel_band(x.size(), y.size(), band),
                                .limit = std::numeric_limits<T>::infinity(),
                                .scratch = thread_buffer<ScratchTag, T>(scratch).data()};
}

template Result<FinitePair<double>> make_finite(std::span<const double>, std::span<const double>);
template Result<FinitePair<float>> make_finite(std::span<const float>, std::span<const float>);
template Result<kernels::DtwProblem<double>> prepare_dtw(std::span<const double>,
                                                         std::span<const double>, int);
template Result<kernels::DtwProblem<float>> prepare_dtw(std::span<const float>,
                                                        std::span<const float>, int);

}  // namespace midstream::temporal
