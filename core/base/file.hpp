// Whole files in and out, with errors that say what, where and how to mend it.
//
// Threads: safe on different paths.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream {

// The whole file, at most `limit` bytes (kLimit beyond). "-" is standard input.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// Where a chain of links ends, whether there is a file or not; the path itself where it is no link.
std::string link_target(const std::string& path);

// Writes to a temporary name in the same folder, flushes to the disk, renames: a reader sees the
// old file or the new one, never half of it, and a failure leaves the old one alone. A target
// that is no regular file (a device, a pipe) is written in place.
Status write_file_atomically(const std::string& path, std::string_view content);

}  // namespace midstream
