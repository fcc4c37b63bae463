// Words for a POSIX shell, for commands that people copy.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace midstream::reports {

// In single quotes: nothing in it means anything to the shell.
std::string shell_quoted(std::string_view text);

// The same, without the quotes when no character needs them.
std::string shell_word(std::string_view text);

}  // namespace midstream::reports
