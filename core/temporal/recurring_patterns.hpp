// Patterns that a series of numbers repeats: for every window the most similar earlier one, and
// of those pairs the best.
//
// Windows are z-normalised as in similarity_search.hpp and compared by euclidean_distance. Each is
// paired with its nearest window at least `exclusion` and at most `history` positions before it
// (of several equally near, the latest): the left matrix profile (Yeh et al. 2016; its row-wise
// recurrence STOMP, Zhu et al. 2016). The recurrence only dismisses: it carries a bound of its
// rounding error, and every pair reported has been compared by the definition, so the answer is
// brute force's to the bit.
//
// Recurrences are ordered by distance, then position; with a separation s, one suppresses every
// later one in that order whose position is less than s away.
//
// Errors:     kInvalidArgument if length, best, separation or exclusion is 0, history is below
//             exclusion, length or history is 2^27 or more (recurring_patterns takes any history:
//             none is longer than the series), or a sample is not finite or beyond 1e150 in
//             magnitude.
// Complexity: O(history) time a sample, O(history + length) memory.
// Threads:    recurring_patterns is safe to call from any number of threads; a stream belongs to
//             one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::temporal {

struct RecurrenceOptions {
  std::size_t length = 64;      // samples of a pattern
  std::size_t best = 1;         // at most this many recurrences
  std::size_t separation = 64;  // positions between recurrences; 1 lets neighbours count
  std::size_t exclusion = 64;   // nearer windows are the same pattern, not a repetition
  std::size_t history = std::size_t{1} << 15;
  double threshold = std::numeric_limits<double>::infinity();
};

struct Recurrence {
  std::uint64_t position = 0;  // of the later window's first sample
  std::uint64_t earlier = 0;   // of the earlier one's
  double distance = 0;
  bool operator==(const Recurrence&) const = default;
};

Result<std::vector<Recurrence>> recurring_patterns(std::span<const double> series,
                                                   const RecurrenceOptions& options = {});

// The same for a series that arrives piece by piece; memory does not grow with the series.
class RecurrenceStream {
 public:
  static Result<RecurrenceStream> create(const RecurrenceOptions& options = {});
  RecurrenceStream(RecurrenceStream&&) noexcept;
  RecurrenceStream& operator=(RecurrenceStream&&) noexcept;
  ~RecurrenceStream();

  // On an error nothing of `samples` has been taken.
  Status push(std::span<const double> samples);

  [[nodiscard]] std::vector<Recurrence> best() const;

  // Pairs of windows that no bound dismissed; for those who want to know why a stream is slow.
  [[nodiscard]] std::uint64_t compared() const;

 private:
  struct State;
  explicit RecurrenceStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace midstream::temporal
