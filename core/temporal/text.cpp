#include "core/temporal/text.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct FirstTag {};
struct SecondTag {};

constexpr std::uint32_t kInvalid = 0xFFFFFFFF;

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// Decodes one sequence at `at` and moves past it; kInvalid, without moving, if there is none. The
// ranges are those of RFC 3629, section 4.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[at + k]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return kInvalid;
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if (!is_continuation(byte(k))) return kInvalid;
    value = value << 6 | (byte(k) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || value > 0x10FFFF || surrogate) return kInvalid;
  at += length;
  return value;
}

// Room for as many symbols as bytes; the offset of the first invalid sequence, or kValidUtf8.
std::size_t decode(std::string_view text, std::span<std::uint32_t> to, std::size_t& count) {
  count = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::uint32_t value = next_code_point(text, at);
    if (value == kInvalid) return at;
    to[count++] = value;
  }
  return kValidUtf8;
}

Error invalid_at(const char* name, std::size_t offset) {
  std::string message = name;
  message += ": invalid UTF-8 at byte ";
  message += std::to_string(offset);
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

template <class Measure>
Result<std::size_t> compare(std::string_view a, std::string_view b, Measure measure) {
  const auto first = thread_buffer<FirstTag, std::uint32_t>(a.size());
  const auto second = thread_buffer<SecondTag, std::uint32_t>(b.size());
  std::size_t n = 0;
  std::size_t m = 0;
  if (const std::size_t at = decode(a, first, n); at != kValidUtf8) return invalid_at("a", at);
  if (const std::size_t at = decode(b, second, m); at != kValidUtf8) return invalid_at("b", at);
  const std::size_t result = measure(std::span<const std::uint32_t>(first.first(n)),
                                     std::span<const std::uint32_t>(second.first(m)));
  const bool huge = std::max(a.size(), b.size()) > kKeptBytes / sizeof(std::uint32_t);
  if (huge) trim_thread_buffers();
  return result;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (next_code_point(text, at) == kInvalid) return at;
  }
  return kValidUtf8;
}

Status decode_utf8(std::string_view text, std::vector<std::uint32_t>& out) {
  out.resize(text.size());
  std::size_t count = 0;
  const std::size_t invalid = decode(text, out, count);
  out.resize(invalid == kValidUtf8 ? count : 0);
  if (invalid != kValidUtf8) return invalid_at("text", invalid);
  return {};
}

Result<CodePoints> CodePoints::decode(std::string_view text) {
  CodePoints decoded;
  if (Status status = decoded.assign(text); !status) return status.error();
  return decoded;
}

Status levenshtein_distances(const CodePoints& query, std::span<const CodePoints> texts,
                             std::span<std::size_t> distances) {
  if (texts.size() != distances.size()) {
    return Error{ErrorCode::kInvalidArgument, "room for " + std::to_string(distances.size()) +
                                                  " distances of " + std::to_string(texts.size()) +
                                                  " texts"};
  }
  for (std::size_t k = 0; k < texts.size(); ++k) {
    distances[k] = levenshtein_distance(query, texts[k]);
  }
  return {};
}

Result<std::size_t> levenshtein_distance_utf8(std::string_view a, std::string_view b) {
  return compare(a, b, [](auto x, auto y) { return levenshtein_distance(x, y); });
}

Result<std::size_t> lcs_length_utf8(std::string_view a, std::string_view b) {
  return compare(a, b, [](auto x, auto y) { return lcs_length(x, y); });
}

}  // namespace midstream::temporal
