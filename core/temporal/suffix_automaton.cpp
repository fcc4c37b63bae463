#include "core/temporal/suffix_automaton.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace midstream::temporal {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kRoot = 0;
constexpr std::size_t kFirstTableSize = 64;

}  // namespace

void SuffixAutomaton::clear() {
  states_.assign(1, State{0, kNone, 0, kNone});
  edges_.clear();
  table_.assign(std::max(kFirstTableSize, table_.size()), kNone);
  last_ = kRoot;
  size_ = 0;
}

std::uint32_t SuffixAutomaton::add_state(const State& state) {
  states_.push_back(state);
  return static_cast<std::uint32_t>(states_.size() - 1);
}

std::size_t SuffixAutomaton::slot_of(std::uint32_t from, std::uint32_t symbol) const {
  const std::uint64_t key = std::uint64_t{from} << 32 | symbol;
  // Multiplicative hashing; the fold lets the state's bits reach the low half first.
  const std::uint64_t hash = (key ^ (key >> 29)) * 0x9e3779b97f4a7c15ULL;
  std::size_t slot = static_cast<std::size_t>(hash >> 32) & (table_.size() - 1);
  while (table_[slot] != kNone &&
         (edges_[table_[slot]].from != from || edges_[table_[slot]].symbol != symbol)) {
    slot = (slot + 1) & (table_.size() - 1);
  }
  return slot;
}

SuffixAutomaton::Edge* SuffixAutomaton::find_edge(std::uint32_t from, std::uint32_t symbol) {
  const std::uint32_t edge = table_[slot_of(from, symbol)];
  return edge == kNone ? nullptr : &edges_[edge];
}

void SuffixAutomaton::grow_table() {
  table_.assign(2 * table_.size(), kNone);
  for (std::uint32_t e = 0; e < edges_.size(); ++e) {
    table_[slot_of(edges_[e].from, edges_[e].symbol)] = e;
  }
}

void SuffixAutomaton::add_edge(std::uint32_t from, std::uint32_t symbol, std::uint32_t to) {
  if (2 * (edges_.size() + 1) > table_.size()) grow_table();
  table_[slot_of(from, symbol)] = static_cast<std::uint32_t>(edges_.size());
  edges_.push_back({from, symbol, to, states_[from].first_edge});
  states_[from].first_edge = static_cast<std::uint32_t>(edges_.size() - 1);
}

// The state reached by `edge` stands for longer runs as well, which the new symbol does not end:
// a copy of it takes the shorter ones.
std::uint32_t SuffixAutomaton::split(std::uint32_t state, std::uint32_t symbol, Edge edge) {
  const std::uint32_t whole = edge.to;
  const std::uint32_t copy =
      add_state({states_[state].length + 1, states_[whole].link, states_[whole].first_end, kNone});
  for (std::uint32_t e = states_[whole].first_edge; e != kNone; e = edges_[e].next) {
    add_edge(copy, edges_[e].symbol, edges_[e].to);
  }
  while (state != kNone) {
    Edge* into = find_edge(state, symbol);
    if (into == nullptr || into->to != whole) break;
    into->to = copy;
    state = states_[state].link;
  }
  states_[whole].link = copy;
  return copy;
}

SuffixAutomaton::Occurrence SuffixAutomaton::append(std::uint32_t symbol) {
  const std::uint32_t added =
      add_state({states_[last_].length + 1, kRoot, static_cast<std::uint32_t>(size_), kNone});
  ++size_;
  std::uint32_t state = last_;
  last_ = added;
  const Edge* edge = nullptr;
  while (state != kNone && (edge = find_edge(state, symbol)) == nullptr) {
    add_edge(state, symbol, added);
    state = states_[state].link;
  }
  if (state != kNone) {
    const bool exact = states_[edge->to].length == states_[state].length + 1;
    states_[added].link = exact ? edge->to : split(state, symbol, *edge);
  }
  const State& repeated = states_[states_[added].link];
  return {repeated.length, repeated.first_end};
}

}  // namespace midstream::temporal
