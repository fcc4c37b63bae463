// Suffix automaton of a growing sequence: every run of symbols that has occurred is a path from
// its root (Blumer et al. 1985). Internal.
//
// Complexity: O(1) amortised expected time a symbol; at most 2·n states and 3·n edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace midstream::temporal {

class SuffixAutomaton {
 public:
  SuffixAutomaton() { clear(); }

  struct Occurrence {
    std::size_t length;     // of the longest run ending here that has occurred before; may be 0
    std::size_t first_end;  // index of the last symbol of its first occurrence
  };

  void clear();
  Occurrence append(std::uint32_t symbol);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct State {
    std::uint32_t length;
    std::uint32_t link;
    std::uint32_t first_end;
    std::uint32_t first_edge;
  };
  struct Edge {
    std::uint32_t from;
    std::uint32_t symbol;
    std::uint32_t to;
    std::uint32_t next;  // of the same state
  };

  std::uint32_t add_state(const State& state);
  [[nodiscard]] std::size_t slot_of(std::uint32_t from, std::uint32_t symbol) const;
  [[nodiscard]] Edge* find_edge(std::uint32_t from, std::uint32_t symbol);
  void add_edge(std::uint32_t from, std::uint32_t symbol, std::uint32_t to);
  void grow_table();
  std::uint32_t split(std::uint32_t state, std::uint32_t symbol, Edge edge);

  std::vector<State> states_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> table_;  // edges by state and symbol, open addressing
  std::uint32_t last_ = 0;
  std::size_t size_ = 0;
};

}  // namespace midstream::temporal
