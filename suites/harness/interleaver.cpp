#include "suites/harness/interleaver.hpp"

#include <algorithm>
#include <utility>

namespace midstream::suites {
namespace {

// The track whose group this one joins: its namesake of the first side, or the reference it is
// measured against.
Track* leader_of(const Track& track, const std::vector<Track*>& active) {
  if (track.planned.other_side) {
    const auto namesake = std::find_if(active.begin(), active.end(), [&](const Track* other) {
      return !other->planned.other_side && other->measurement.id == track.measurement.id;
    });
    return namesake == active.end() ? nullptr : *namesake;
  }
  if (track.planned.pair.empty()) return nullptr;
  for (Track* other : active) {
    const bool leads = other->measurement.id == track.planned.pair && other != &track;
    if (leads && other->planned.pair.empty()) return other;
  }
  return nullptr;
}

}  // namespace

std::vector<Track*> Interleaver::order(const std::vector<Track*>& active, std::uint32_t round) {
  std::vector<Track*> heads;
  for (Track* track : active) {
    if (leader_of(*track, active) == nullptr) heads.push_back(track);
  }
  shuffle(heads, random_);
  // Not again at once the one that ended the round before.
  if (heads.front() == last_head_) std::swap(heads.front(), heads.back());
  last_head_ = heads.back();
  std::vector<Track*> order;
  for (Track* head : heads) {
    std::vector<Track*> group{head};
    for (Track* track : active) {
      if (leader_of(*track, active) == head) group.push_back(track);
    }
    if (round % 2 == 1) std::reverse(group.begin(), group.end());
    order.insert(order.end(), group.begin(), group.end());
  }
  return order;
}

}  // namespace midstream::suites
