// Where in a long series does something like a query occur? Exact subsequence search under
// dynamic time warping.
//
// Every window of the query's length is compared with the query by DTW (dtw.hpp). The answer is
// what comparing all of them would give, to the bit; most windows are dismissed by lower bounds
// first: the two ends (LB_Kim), the query's envelope (LB_Keogh, many windows at once), the
// envelope of the window's projection (LB_Improved, Lemire 2009), and then early abandoning.
//
// Normalisation, if asked for, makes windows and query alike in offset and scale. It is defined
// by sums from left to right, so that it can be recomputed exactly:
//   mean = (Σ v) / q,  variance = (Σ (v - mean)²) / q,
//   scale = 1 / sqrt(variance), or 0 where variance <= 1e-20·mean² (a flat window),
//   z = (v - mean)·scale.
//
// Matches are ordered by distance, then position. With a separation s, a match suppresses every
// later one in that order less than s positions away from it.
//
// Errors:     kInvalidArgument for an empty query; a sample that is not finite or beyond 1e150 in
//             magnitude; a negative band or threshold; best or separation of 0.
// Complexity: O(N·q) time at worst for the bounds and O(N·q·band) for distances, in practice some
//             tens of nanoseconds a sample; O(q + matches) memory, at most
//             2·best·(2·separation - 1) candidates.
// Threads:    find_similar is safe to call from any number of threads; a stream belongs to one
//             thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/temporal/dtw.hpp"

namespace midstream::temporal {

struct SearchOptions {
  int band = kNoBand;  // samples, as in dtw.hpp
  bool normalise = true;
  std::size_t best = 1;  // at most this many matches; kAllMatches for every one
  double threshold = std::numeric_limits<double>::infinity();  // largest distance of a match
  std::size_t separation = 1;  // positions between matches; 1 lets neighbours match
};

inline constexpr std::size_t kAllMatches = std::numeric_limits<std::size_t>::max();

struct Match {
  std::uint64_t position = 0;  // of the window's first sample
  double distance = 0;
  bool operator==(const Match&) const = default;
};

// What became of the windows; for those who want to know why a search is fast or slow.
struct SearchStatistics {
  std::uint64_t windows = 0;
  std::uint64_t dismissed_by_keogh = 0;  // LB_Kim and LB_Keogh, which are one sum
  std::uint64_t dismissed_by_improved = 0;
  std::uint64_t compared = 0;  // by DTW, whole or abandoned
};

// A series shorter than the query has no matches.
Result<std::vector<Match>> find_similar(std::span<const double> series,
                                        std::span<const double> query,
                                        const SearchOptions& options = {});

// The same for a series that arrives piece by piece, in any pieces: after each, best() is what
// find_similar would return for everything so far. Memory does not grow with the series, except
// by matches asked for with kAllMatches.
class SimilarityStream {
 public:
  static Result<SimilarityStream> create(std::span<const double> query,
                                         const SearchOptions& options = {});
  SimilarityStream(SimilarityStream&&) noexcept;
  SimilarityStream& operator=(SimilarityStream&&) noexcept;
  ~SimilarityStream();

  // On an error nothing of `samples` has been taken.
  Status push(std::span<const double> samples);

  [[nodiscard]] std::vector<Match> best() const;
  [[nodiscard]] const SearchStatistics& statistics() const;

 private:
  struct State;
  explicit SimilarityStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace midstream::temporal
