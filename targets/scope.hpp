// Globs against globs: does a filter choose all, some or none of a row's scenarios?
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "targets/evaluator.hpp"

namespace midstream::targets {

// Is there a name both patterns match? Exact. O(first · second).
bool globs_overlap(std::string_view first, std::string_view second);

// Does `wide` match every name `narrow` matches? May say no for patterns that cover one another in
// roundabout ways.
bool glob_covers(std::string_view wide, std::string_view narrow);

enum class Coverage { kNone, kSome, kAll };
Coverage filter_coverage(std::string_view pattern, const std::vector<std::string>& filters);

bool is_chosen(std::string_view id, const std::vector<std::string>& filters);
bool suite_chosen(std::string_view suite, const std::vector<std::string>& suites);

// The reference that belongs to one benchmark of a ratio row.
std::string reference_of(const Target& target, std::string_view benchmark);

}  // namespace midstream::targets
