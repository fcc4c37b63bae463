// Runs of symbols that a sequence repeats, found as the symbols arrive.
//
// For every symbol, the longest run that ends with it and occurs earlier too, with the first of
// those occurrences (the two may overlap): one step of a suffix automaton (Blumer et al. 1985),
// whose suffix link is that run. Repeats are ordered by length, then by position; with a
// separation s, one suppresses every later one in that order whose end is less than s away.
//
// History is bounded: when twice `history` symbols are held, the oldest `history` of them are
// forgotten, so occurrences are sought among at least the last `history` symbols.
//
// Errors:     kInvalidArgument if shortest, best, separation or history is 0, or history is 2^29
//             or more.
// Complexity: O(1) expected time a symbol, amortised; O(history) memory.
// Threads:    repeated_symbols is safe to call from any number of threads; a stream belongs to one
//             thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::temporal {

struct RepeatOptions {
  std::size_t shortest = 2;    // symbols
  std::size_t best = 1;        // at most this many repeats
  std::size_t separation = 1;  // positions between the ends of repeats
  std::size_t history = std::size_t{1} << 20;
};

struct Repeat {
  std::uint64_t position = 0;  // of the later occurrence's first symbol
  std::uint64_t earlier = 0;   // of the earlier one's
  std::size_t length = 0;
  bool operator==(const Repeat&) const = default;
};

Result<std::vector<Repeat>> repeated_symbols(std::span<const std::uint32_t> symbols,
                                             const RepeatOptions& options = {});

// The same for symbols that arrive piece by piece; memory does not grow with their number.
class RepeatStream {
 public:
  static Result<RepeatStream> create(const RepeatOptions& options = {});
  RepeatStream(RepeatStream&&) noexcept;
  RepeatStream& operator=(RepeatStream&&) noexcept;
  ~RepeatStream();

  void push(std::span<const std::uint32_t> symbols);

  [[nodiscard]] std::vector<Repeat> best() const;

 private:
  struct State;
  explicit RepeatStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace midstream::temporal
