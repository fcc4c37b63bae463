// Comparing texts by Unicode code points: decode once, then use whatever takes 32-bit symbols.
//
//   const Result<CodePoints> a = CodePoints::decode("naïve");
//   const Result<CodePoints> b = CodePoints::decode("naive");
//   levenshtein_distance_within(*a, *b, 2);  // as lcs_length, osa_distance, edit_script, …
//
// UTF-8 is decoded strictly (RFC 3629): overlong forms, surrogates, values beyond U+10FFFF and
// truncated sequences are errors. Code points are not normalised and not grouped into graphemes:
// "é" as one code point and as "e" with an accent are at distance 2.
//
// Errors:     kInvalidArgument naming the argument and the offset in bytes of the first invalid
//             sequence.
// Complexity: O(bytes) for decoding, then that of the algorithm.
// Memory:     4 bytes a code point in CodePoints, which assign() reuses; the two functions at the
//             end decode into buffers of the calling thread.
// Threads:    safe to call from any number of threads; an object belongs to one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace midstream::temporal {

inline constexpr std::size_t kValidUtf8 = static_cast<std::size_t>(-1);

// The offset of the first byte that does not begin a valid sequence, or kValidUtf8.
std::size_t find_invalid_utf8(std::string_view text);

// Replaces `out`, which keeps its capacity; empty after an error.
Status decode_utf8(std::string_view text, std::vector<std::uint32_t>& out);

// A decoded text, which every algorithm over 32-bit symbols takes as it is.
class CodePoints {
 public:
  CodePoints() = default;

  // On an error, find_invalid_utf8(text) is the offset that the message names.
  static Result<CodePoints> decode(std::string_view text);

  // Replaces the text and keeps the memory; empty after an error.
  Status assign(std::string_view text) { return decode_utf8(text, symbols_); }

  [[nodiscard]] std::span<const std::uint32_t> symbols() const { return symbols_; }
  // NOLINTNEXTLINE(google-explicit-constructor): to be passed where symbols are taken
  operator std::span<const std::uint32_t>() const { return symbols_; }

 private:
  std::vector<std::uint32_t> symbols_;
};

// distances[k] = the Levenshtein distance between `query` and texts[k], each decoded once.
// Errors: kInvalidArgument when the spans are not equally long; nothing is written then.
Status levenshtein_distances(const CodePoints& query, std::span<const CodePoints> texts,
                             std::span<std::size_t> distances);

// For a single comparison of two texts.
Result<std::size_t> levenshtein_distance_utf8(std::string_view a, std::string_view b);
Result<std::size_t> lcs_length_utf8(std::string_view a, std::string_view b);

}  // namespace midstream::temporal
