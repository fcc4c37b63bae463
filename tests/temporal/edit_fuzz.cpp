// LCS, Levenshtein, scripts and OSA on every kernel against the oracles. Input: a byte that shrinks
// the alphabet, the cutoff, the share of the first string, then both strings.
#include "tests/temporal/differential.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3 || size > 2048) return 0;
  const std::uint8_t mask = data[0] == 0 ? 0xFF : data[0];
  std::string symbols;
  for (std::size_t i = 3; i < size; ++i) symbols += static_cast<char>(data[i] & mask);
  const std::size_t n = symbols.size() * data[2] / 256;
  const std::string_view all(symbols);
  midstream::test::check_edits(all.substr(0, n), all.substr(n), data[1], true);
  return 0;
}
