// The pairs that every measure over symbols is tested on; `check` is called with each pair.
#pragma once

#include <cstddef>
#include <string>

#include "tests/temporal/sequences.hpp"

namespace midstream::test {

template <class Check>
void for_every_small_pair(Check check) {
  const auto all = all_strings("ab", 6);
  for (const std::string& a : all) {
    for (const std::string& b : all) check(a, b);
  }
  const auto ternary = all_strings("abc", 4);
  for (const std::string& a : ternary) {
    for (const std::string& b : ternary) check(a, b);
  }
}

// Lengths around word and vector boundaries, small and large alphabets, similar and unrelated.
template <class Check>
void for_random_pairs(std::uint64_t seed, int rounds, std::size_t longest, Check check) {
  Random random(seed);
  for (int round = 0; round < rounds; ++round) {
    const std::size_t alphabet = round % 3 == 0 ? 2 : round % 3 == 1 ? 26 : 256;
    const std::string a = random_string(random, random.below(longest + 1), alphabet);
    const std::string b = round % 2 == 0
                              ? random_string(random, random.below(longest + 1), alphabet)
                              : edited(random, a, random.below(12), alphabet);
    check(a, b);
  }
}

template <class Check>
void for_boundary_lengths(std::uint64_t seed, Check check) {
  Random random(seed);
  for (const std::size_t n :
       {1U, 63U, 64U, 65U, 127U, 128U, 129U, 191U, 192U, 256U, 511U, 512U, 513U, 1025U}) {
    for (const std::size_t m : {1U, 2U, 63U, 64U, 65U, 128U, 130U, 512U, 1100U}) {
      check(random_string(random, n, 4), random_string(random, m, 4));
    }
  }
}

}  // namespace midstream::test
