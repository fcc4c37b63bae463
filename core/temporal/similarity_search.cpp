#include "core/temporal/similarity_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/temporal/best_matches.hpp"
#include "core/temporal/dtw_input.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/rolling_statistics.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

using kernels::BoundTerm;
using kernels::kWindowGroup;

constexpr double kLargestSample = 1e150;
constexpr std::size_t kWindowsPerBlock = 1024;

Status check_samples(std::span<const double> samples, const char* name) {
  const auto bad = std::find_if(samples.begin(), samples.end(),
                                [](double v) { return !(std::abs(v) <= kLargestSample); });
  if (bad == samples.end()) return {};
  std::string message = name;
  message += '[';
  message += std::to_string(bad - samples.begin());
  message += "] is not a number below 1e150 in magnitude";
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

Status check_options(std::span<const double> query, const SearchOptions& options) {
  if (query.empty()) return Error{ErrorCode::kInvalidArgument, "the query is empty"};
  if (options.band < 0 && options.band != kNoBand) {
    return Error{ErrorCode::kInvalidArgument, "the band is negative"};
  }
  if (!(options.threshold >= 0)) {
    return Error{ErrorCode::kInvalidArgument, "the threshold is negative or NaN"};
  }
  if (options.best == 0 || options.separation == 0) {
    return Error{ErrorCode::kInvalidArgument, "best and separation must be at least 1"};
  }
  return check_samples(query, "query");
}

// Largest (or least) of values[i - band .. i + band], each.
template <class Better>
std::vector<double> envelope(std::span<const double> values, std::size_t band, Better better) {
  std::vector<double> edge(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t first = i > band ? i - band : 0;
    const std::size_t end = std::min(values.size(), i + band + 1);
    edge[i] = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(first),
                                values.begin() + static_cast<std::ptrdiff_t>(end), better);
  }
  return edge;
}

void normalise(std::span<const double> window, double mean, double scale, double* to) {
  for (std::size_t i = 0; i < window.size(); ++i) to[i] = (window[i] - mean) * scale;
}

std::vector<double> normalised_query(std::span<const double> query, bool normalised) {
  std::vector<double> z(query.begin(), query.end());
  if (!normalised) return z;
  std::vector<double> padded = z;
  padded.resize(z.size() + kWindowGroup);
  std::vector<double> mean(kWindowGroup);
  std::vector<double> scale(kWindowGroup);
  active_kernel_table().search->statistics(padded.data(), 1, z.size(), mean.data(), scale.data());
  normalise(query, mean[0], scale[0], z.data());
  return z;
}

// The two ends first, which is LB_Kim; then by how far the query is from where most windows are,
// since those terms are likely to be large and end the sum early.
std::vector<BoundTerm> bound_terms(std::span<const double> query, std::span<const double> low,
                                   std::span<const double> high) {
  const std::size_t last = query.size() - 1;
  std::vector<BoundTerm> terms{{0, query[0], query[0]}};
  if (last > 0) terms.push_back({last, query[last], query[last]});
  for (std::size_t i = 1; i < last; ++i) terms.push_back({i, low[i], high[i]});
  double centre = 0;
  for (const double v : query) centre += v / static_cast<double>(query.size());
  std::stable_sort(terms.begin() + std::min<std::ptrdiff_t>(2, std::ssize(terms)), terms.end(),
                   [&](const BoundTerm& a, const BoundTerm& b) {
                     return std::abs(query[a.index] - centre) > std::abs(query[b.index] - centre);
                   });
  return terms;
}

}  // namespace

struct SimilarityStream::State {
  State(std::span<const double> raw, const SearchOptions& options)
      : normalised(options.normalise),
        query(normalised_query(raw, options.normalise)),
        band(kernel_band(raw.size(), raw.size(), options.band)),
        low(envelope(query, band, std::less<>())),
        high(envelope(query, band, std::greater<>())),
        terms(bound_terms(query, low, high)),
        // Bounds and distances sum the same kind of terms in other orders, and roots of both are
        // compared.
        slack(1 + (8 * static_cast<double>(query.size()) + 16) *
                      std::numeric_limits<double>::epsilon()),
        matches(options.best, options.separation, options.threshold),
        buffer(2 * query.size() + 2 * kWindowsPerBlock + kWindowGroup),
        mean(kWindowsPerBlock + kWindowGroup),
        scale(kWindowsPerBlock + kWindowGroup, 1.0),
        error(kWindowsPerBlock + kWindowGroup, 0.0),
        bounds(kWindowsPerBlock + kWindowGroup),
        window(query.size()),
        scratch(2 * (query.size() + 2 * band + 2 * kWindowGroup)),
        dtw_scratch(dtw_buffer.at_least(kernels::dtw_scratch_size(query.size(), query.size()))) {}

  void take(std::span<const double> samples);
  void search_windows(std::size_t count);
  void make_exact(std::size_t k);
  void compare(std::size_t k);

  bool normalised;
  std::vector<double> query;
  std::size_t band;
  std::vector<double> low;
  std::vector<double> high;
  std::vector<BoundTerm> terms;
  double slack;
  BestMatches<Match> matches;
  SearchStatistics statistics;
  std::vector<double> buffer;  // samples [begin, end), of which the first starts window `position`
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t position = 0;
  std::vector<double> mean;
  std::vector<double> scale;
  std::vector<double> error;  // of z-values made with them, as rolling_statistics.hpp says
  std::vector<double> bounds;
  std::size_t first_exact = 0;  // windows of the block [first_exact, end_exact) have exact
  std::size_t end_exact = 0;    // statistics: the group of the last window compared
  std::vector<double> window;
  std::vector<double> scratch;
  AlignedBuffer<double> dtw_buffer;
  std::span<double> dtw_scratch;
};

// Statistics by the definition for the group of windows around one that no bound dismissed: where
// one survives, others of its neighbourhood do.
void SimilarityStream::State::make_exact(std::size_t k) {
  if (!normalised || (k >= first_exact && k < end_exact)) return;
  first_exact = k / kWindowGroup * kWindowGroup;
  end_exact = first_exact + kWindowGroup;
  active_kernel_table().search->statistics(buffer.data() + begin + first_exact, kWindowGroup,
                                           query.size(), mean.data() + first_exact,
                                           scale.data() + first_exact);
}

void SimilarityStream::State::compare(std::size_t k) {
  const double limit = squared_limit(matches.limit());
  // The bound is a squared distance to the envelope, which moves no farther than the z-values.
  const double root = std::max(0.0, std::sqrt(bounds[k]) - error[k]);
  const double bound = root * root;
  if (bound > limit * slack) {
    ++statistics.dismissed_by_keogh;
    return;
  }
  make_exact(k);
  const KernelTable& table = active_kernel_table();
  const std::size_t q = query.size();
  normalise(std::span(buffer).subspan(begin + k, q), mean[k], scale[k], window.data());
  if (limit < std::numeric_limits<double>::infinity()) {
    const double more = table.search->improved({.window = window.data(),
                                                .length = q,
                                                .low = low.data(),
                                                .high = high.data(),
                                                .query = query.data(),
                                                .band = band,
                                                .scratch = scratch.data()});
    if (bound + more > limit * slack) {
      ++statistics.dismissed_by_improved;
      return;
    }
  }
  ++statistics.compared;
  const double squared = table.dtw->distance({.x = query.data(),
                                              .n = q,
                                              .y = window.data(),
                                              .m = q,
                                              .band = band,
                                              .limit = limit,
                                              .scratch = dtw_scratch.data()});
  matches.offer({position + k, std::sqrt(squared)});
}

// The first `count` windows of the buffer; at most kWindowsPerBlock.
void SimilarityStream::State::search_windows(std::size_t count) {
  const kernels::SearchKernel& kernel = *active_kernel_table().search;
  const double* series = buffer.data() + begin;
  double largest_error = 0;
  if (normalised) {
    largest_error = rolling_statistics({series, count == 0 ? 0 : count + query.size() - 1},
                                       query.size(), {mean.data(), scale.data(), error.data()});
    first_exact = end_exact = 0;
  }
  const double farthest = std::sqrt(squared_limit(matches.limit()) * slack) + largest_error;
  kernel.keogh({.series = series,
                .windows = count,
                .mean = mean.data(),
                .scale = scale.data(),
                .terms = terms.data(),
                .count = terms.size(),
                .limit = farthest * farthest},
               bounds.data());
  for (std::size_t k = 0; k < count; ++k) compare(k);
  statistics.windows += count;
  begin += count;
  position += count;
}

void SimilarityStream::State::take(std::span<const double> samples) {
  while (!samples.empty()) {
    if (buffer.size() - kWindowGroup - end == 0) {
      std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(begin),
                buffer.begin() + static_cast<std::ptrdiff_t>(end), buffer.begin());
      end -= begin;
      begin = 0;
    }
    const std::size_t room = buffer.size() - kWindowGroup - end;
    const std::size_t taken = std::min({samples.size(), room, kWindowsPerBlock});
    std::copy_n(samples.begin(), taken, buffer.begin() + static_cast<std::ptrdiff_t>(end));
    end += taken;
    samples = samples.subspan(taken);
    // What follows the samples is old or zero: finite, and only read into lanes nobody looks at.
    if (end - begin >= query.size()) search_windows(end - begin - query.size() + 1);
  }
}

SimilarityStream::SimilarityStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
SimilarityStream::SimilarityStream(SimilarityStream&&) noexcept = default;
SimilarityStream& SimilarityStream::operator=(SimilarityStream&&) noexcept = default;
SimilarityStream::~SimilarityStream() = default;

Result<SimilarityStream> SimilarityStream::create(std::span<const double> query,
                                                  const SearchOptions& options) {
  if (Status status = check_options(query, options); !status) return status.error();
  return SimilarityStream(std::make_unique<State>(query, options));
}

Status SimilarityStream::push(std::span<const double> samples) {
  if (Status status = check_samples(samples, "series"); !status) return status;
  state_->take(samples);
  return {};
}

std::vector<Match> SimilarityStream::best() const { return state_->matches.result(); }

const SearchStatistics& SimilarityStream::statistics() const { return state_->statistics; }

Result<std::vector<Match>> find_similar(std::span<const double> series,
                                        std::span<const double> query,
                                        const SearchOptions& options) {
  Result<SimilarityStream> stream = SimilarityStream::create(query, options);
  if (!stream) return stream.error();
  if (Status status = stream->push(series); !status) return status.error();
  return stream->best();
}

}  // namespace midstream::temporal
