// The scorecard as a JSON tree: what the JSON report prints, what its digest is taken of, and what
// `verify` compares with.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/units.hpp"
#include "reports/scorecard.hpp"

namespace midstream::reports {

// Every member of docs/scorecard.md, in its order.
nlohmann::ordered_json scorecard_tree(const Scorecard& scorecard);

// The canonical form of a tree without its "digest": one line for each leaf, sorted.
std::string canonical_lines(const nlohmann::ordered_json& tree);

// A number, or null: JSON has no infinity, and a margin beside a value of 0 is one.
nlohmann::ordered_json json_number(double value);
nlohmann::ordered_json json_number(const std::optional<double>& value);

// A value in base units as a number of `unit`, such that times the unit's scale gives the same
// bits back whenever there is such a number. Division alone would lose the last bit.
double in_unit(double base_value, const Unit& unit);

// The words of the file for each value of an enumeration: word i stands for value i.
inline constexpr std::string_view kRelations[] = {"absolute", "relative_to", "speedup_over"};
inline constexpr std::string_view kSeverities[] = {"required", "advisory"};
inline constexpr std::string_view kDirections[] = {"lower_is_better", "higher_is_better"};
inline constexpr std::string_view kSampleKinds[] = {"operation", "batch_mean", "value"};

template <class Enum>
std::string_view word(std::span<const std::string_view> words, Enum value) {
  return words[static_cast<std::size_t>(value)];
}

}  // namespace midstream::reports
