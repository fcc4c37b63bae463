// "< 10 ms": a limit's operator, number and unit.
//
// Threads: pure functions.
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "targets/model.hpp"

namespace midstream::targets {

// kParse with what is wrong and how to mend it: no operator, no number, an unknown unit, a
// negative limit, a zero no measurement can ever miss or meet. Whether the unit suits the
// benchmark is the caller's to check; a plain number passes here.
Result<Limit> parse_limit(std::string_view text);

// Is it an upper limit (`<`, `<=`)?
bool is_upper(const Limit& limit);

}  // namespace midstream::targets
