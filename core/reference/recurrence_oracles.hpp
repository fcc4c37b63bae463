// Slow, obvious answers for recurring patterns, sharing no code with core/temporal. For suites and
// tests only. Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace midstream::reference {

struct Recurrence {
  std::size_t position;
  std::size_t earlier;
  double distance;
};

struct RecurrenceRules {
  std::size_t length;
  std::size_t best;
  std::size_t separation;
  std::size_t exclusion;
  std::size_t history;
  double threshold;
};

// Every window against every earlier one, as temporal::recurring_patterns defines it.
std::vector<Recurrence> recurring_patterns(std::span<const double> series,
                                           const RecurrenceRules& rules);

struct Repeat {
  std::size_t position;
  std::size_t earlier;
  std::size_t length;
};

struct RepeatRules {
  std::size_t shortest;
  std::size_t best;
  std::size_t separation;
  std::size_t history;
};

// For every symbol the longest run ending there that is found earlier by plain comparison.
std::vector<Repeat> repeated_symbols(std::span<const std::uint32_t> symbols,
                                     const RepeatRules& rules);

}  // namespace midstream::reference
