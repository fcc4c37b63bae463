// Comparing texts by Unicode code points.
//
// UTF-8 is decoded strictly (RFC 3629): overlong forms, surrogates, values beyond U+10FFFF and
// truncated sequences are errors. Code points are not normalised and not grouped into graphemes:
// "é" as one code point and as "e" with an accent are at distance 2.
//
// Errors:     kInvalidArgument naming the argument and the offset in bytes of the first invalid
//             sequence.
// Complexity: O(bytes) for decoding, then as in levenshtein.hpp and lcs.hpp.
// Memory:     decoded text lives in buffers of the calling thread.
// Threads:    safe to call from any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::temporal {

inline constexpr std::size_t kValidUtf8 = static_cast<std::size_t>(-1);

// The offset of the first byte that does not begin a valid sequence, or kValidUtf8.
std::size_t find_invalid_utf8(std::string_view text);

// Replaces `out`, which keeps its capacity.
Status decode_utf8(std::string_view text, std::vector<std::uint32_t>& out);

Result<std::size_t> levenshtein_distance_utf8(std::string_view a, std::string_view b);
Result<std::size_t> lcs_length_utf8(std::string_view a, std::string_view b);

}  // namespace midstream::temporal
