// Repeated runs of symbols, whole and piece by piece, against brute force. Input: options, a mask
// for the alphabet, the pieces, then the symbols.
#include <algorithm>

#include "core/reference/recurrence_oracles.hpp"
#include "core/temporal/repeated_symbols.hpp"
#include "tests/temporal/fuzz_input.hpp"

namespace {

using namespace midstream;

void check(const std::vector<temporal::Repeat>& found,
           const std::vector<reference::Repeat>& expected, const char* what) {
  test::fuzz_require(found.size() == expected.size(), what);
  for (std::size_t k = 0; k < found.size(); ++k) {
    test::fuzz_require(found[k].position == expected[k].position, what);
    test::fuzz_require(found[k].earlier == expected[k].earlier, what);
    test::fuzz_require(found[k].length == expected[k].length, what);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 8 || size > 1024) return 0;
  test::FuzzInput input(data, size);
  temporal::RepeatOptions options;
  options.shortest = 1 + input.below(4);
  options.best = 1 + input.below(8);
  options.separation = 1 + input.below(64);
  options.history = 1 + 2 * input.below(256);
  const std::uint8_t mask = input.byte();
  const std::size_t piece = 1 + input.byte();
  std::vector<std::uint32_t> symbols;
  while (!input.empty()) symbols.push_back((input.byte() & mask) * 0x01010101U);
  const auto expected = reference::repeated_symbols(
      symbols, {options.shortest, options.best, options.separation, options.history});
  check(temporal::repeated_symbols(symbols, options).value(), expected, "repeated_symbols");
  auto stream = temporal::RepeatStream::create(options);
  for (std::size_t at = 0; at < symbols.size(); at += piece) {
    stream->push(std::span(symbols).subspan(at, std::min(piece, symbols.size() - at)));
  }
  check(stream->best(), expected, "repeat stream");
  return 0;
}
