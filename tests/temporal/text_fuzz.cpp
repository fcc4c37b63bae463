// UTF-8 against a decoder that shares nothing with the library's: the automaton of RFC 3629's
// grammar (section 4), state by state. Both must find the same first fault and the same code
// points.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/temporal/text.hpp"

namespace {

// What may follow, by state: a byte in [first, last] leads to `next`; its low `bits` bits count.
struct Step {
  int state;
  unsigned char first;
  unsigned char last;
  int next;
  unsigned bits;
};

// 0: between sequences; 1, 2, 3: so many continuation bytes are missing; 4 to 7: the second bytes
// that the grammar restricts (after E0, ED, F0 and F4).
constexpr Step kGrammar[] = {
    {0, 0x00, 0x7F, 0, 7}, {0, 0xC2, 0xDF, 1, 5}, {0, 0xE0, 0xE0, 4, 4}, {0, 0xE1, 0xEC, 2, 4},
    {0, 0xED, 0xED, 5, 4}, {0, 0xEE, 0xEF, 2, 4}, {0, 0xF0, 0xF0, 6, 3}, {0, 0xF1, 0xF3, 3, 3},
    {0, 0xF4, 0xF4, 7, 3}, {1, 0x80, 0xBF, 0, 6}, {2, 0x80, 0xBF, 1, 6}, {3, 0x80, 0xBF, 2, 6},
    {4, 0xA0, 0xBF, 1, 6}, {5, 0x80, 0x9F, 1, 6}, {6, 0x90, 0xBF, 2, 6}, {7, 0x80, 0x8F, 2, 6},
};

struct Decoded {
  std::vector<std::uint32_t> symbols;
  std::size_t valid = 0;  // bytes
};

Decoded decode_by_table(std::string_view text) {
  Decoded result;
  int state = 0;
  std::uint32_t value = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const Step* taken = nullptr;
    for (const Step& step : kGrammar) {
      if (step.state == state && byte >= step.first && byte <= step.last) taken = &step;
    }
    if (taken == nullptr) return result;
    if (state == 0) value = 0;
    value = value << taken->bits | (byte & ((1U << taken->bits) - 1));
    state = taken->next;
    if (state == 0) {
      result.symbols.push_back(value);
      result.valid = at + 1;
    }
  }
  return result;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream::temporal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Decoded expected = decode_by_table(text);
  const bool valid = expected.valid == size;
  require(find_invalid_utf8(text) == (valid ? kValidUtf8 : expected.valid));
  std::vector<std::uint32_t> decoded{1, 2, 3};
  require(decode_utf8(text, decoded).ok() == valid);
  require(decoded == (valid ? expected.symbols : std::vector<std::uint32_t>{}));
  require(decode_utf8(text.substr(0, expected.valid), decoded).ok());
  require(decoded == expected.symbols);
  const auto points = CodePoints::decode(text);
  require(points.ok() == valid);
  require(levenshtein_distance_utf8(text, "").ok() == valid);
  if (valid) require(*levenshtein_distance_utf8(text, "") == expected.symbols.size());
  return 0;
}
