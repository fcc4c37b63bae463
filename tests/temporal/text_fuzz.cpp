// UTF-8: whatever the input, the offset of the first fault is where the longest valid prefix ends,
// and what decodes has as many code points as bytes that are not continuations.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/temporal/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream::temporal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t invalid = find_invalid_utf8(text);
  const std::string_view prefix = text.substr(0, invalid);
  std::vector<std::uint32_t> decoded;
  if (decode_utf8(text, decoded).ok() != (invalid == kValidUtf8)) std::abort();
  if (!decode_utf8(prefix, decoded).ok()) std::abort();
  std::size_t leads = 0;
  for (const char c : prefix) leads += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  if (decoded.size() != leads) std::abort();
  return 0;
}
