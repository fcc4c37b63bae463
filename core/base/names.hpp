// Matching and suggesting names: globs over benchmark ids, and the nearest valid name for a
// message about a wrong one.
//
// Glob: `*` matches any run of characters but '/', `**` any run at all, `?` one character but
// '/'; everything else itself. O(pattern · text), no recursion blow-up.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace midstream {

bool is_glob(std::string_view pattern);
bool glob_match(std::string_view pattern, std::string_view text);

// What each wildcard of `pattern` matched in `text` (leftmost-shortest), or nothing.
std::optional<std::vector<std::string>> glob_captures(std::string_view pattern,
                                                      std::string_view text);

// Puts the captures in the place of the wildcards of `pattern`, in order; a pattern with more
// wildcards than captures keeps the rest.
std::string glob_fill(std::string_view pattern, std::span<const std::string> captures);

// The candidate with the least edit distance, when it is near enough to be a likely slip
// (at most a third of the longer name); empty otherwise.
std::string nearest_name(std::string_view wrong, std::span<const std::string> candidates);

}  // namespace midstream
