// The order of the launches of a round.
//
// Random, by the run's seed; but a ratio's two sides, and a benchmark of two binaries, stand next
// to each other, the one first in even rounds and the other in odd ones, and no benchmark follows
// itself from one round to the next where there is another.
//
// Threads: one caller.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "suites/harness/track.hpp"

namespace midstream::suites {

class Interleaver {
 public:
  // `random` has to outlive it.
  explicit Interleaver(Random& random) : random_(random) {}

  // Each of `active` once; `active` is not empty.
  std::vector<Track*> order(const std::vector<Track*>& active, std::uint32_t round);

 private:
  Random& random_;
  const Track* last_head_ = nullptr;  // of the round before
};

}  // namespace midstream::suites
