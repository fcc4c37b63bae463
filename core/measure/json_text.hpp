// Strict JSON text: what a parser for people's own files should refuse, and a layout people can
// read and diff.
//
// Threads: pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::measure {

// One JSON document and nothing after it, in UTF-8. Refuses what the grammar allows but no two
// programs read alike: duplicate keys, more than 1,000 keys in an object, nesting beyond 32,
// numbers that no double holds. Keys keep their order. `name` is the file's name for messages.
//
// Errors: kParse, one line with line and column, and how to mend it.
// Complexity: O(n).
Result<nlohmann::ordered_json> parse_json(std::string_view text, std::string_view name);

// Two spaces an indent, arrays of scalars on one line, a newline at the end; shortest digits that
// read back as the same double. Bytes that are no UTF-8 become U+FFFD.
std::string print_json(const nlohmann::ordered_json& value);

}  // namespace midstream::measure
