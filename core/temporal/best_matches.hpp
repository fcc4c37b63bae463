// The best matches so far, and the distance beyond which nothing more can matter. Internal.
//
// With a separation, the final answer is greedy over all matches. It never depends on a match
// worse than the (2·best - 1)th greedy pick so far: one pick can suppress at most two of a set of
// matches that do not suppress each other, so among 2·best - 1 of them at least `best` survive
// whatever comes. Hence everything behind that pick may be dropped, and what is kept lies within
// the separation of one of those picks: bounded memory.
//
// Complexity: O(log kept) amortised an offer, O(kept·log kept) for the result.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace midstream::temporal {

// Item: has a `position` and a `distance`; less distance is better, then the earlier position.
template <class Item>
class BestMatches {
 public:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  BestMatches(std::size_t best, std::size_t separation, double threshold)
      : best_(best), separation_(separation), limit_(threshold) {}

  // An item worse than this need not be offered.
  [[nodiscard]] double limit() const { return limit_; }

  // Positions must be offered in increasing order.
  void offer(const Item& item) {
    if (!(item.distance <= limit_)) return;
    kept_.push_back(item);
    if (best_ == kAll) return;
    // Sorting again only after growth by half keeps the cost per offer logarithmic; small sets
    // are compacted at once, so that the limit falls as early as it can.
    if (kept_.size() > compacted_ + compacted_ / 2) compact();
  }

  [[nodiscard]] std::vector<Item> result() const {
    std::vector<Item> sorted = kept_;
    std::sort(sorted.begin(), sorted.end(), better);
    if (separation_ > 1) {
      Scratch scratch;
      std::vector<Item> picked;
      for (const std::size_t k : greedy(sorted, best_, scratch)) picked.push_back(sorted[k]);
      return picked;
    }
    if (sorted.size() > best_) sorted.resize(best_);
    return sorted;
  }

 private:
  // Of greedy(), kept between calls so that compacting does not allocate once it has grown.
  struct Scratch {
    std::vector<std::size_t> by_position;  // indices of `sorted`
    std::vector<std::size_t> place;        // of sorted[k] in by_position
    std::vector<unsigned char> suppressed;
    std::vector<std::size_t> picked;
  };

  static bool better(const Item& a, const Item& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.position < b.position;
  }

  // Indices of the picks. Each pick walks over its neighbours by position and marks them; an item
  // has at most two picks within the separation, so all walks together are linear.
  const std::vector<std::size_t>& greedy(const std::vector<Item>& sorted, std::size_t most,
                                         Scratch& scratch) const {
    auto& [order, place, suppressed, picked] = scratch;
    const std::size_t count = sorted.size();
    order.resize(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return sorted[a].position < sorted[b].position;
    });
    place.resize(count);
    for (std::size_t p = 0; p < count; ++p) place[order[p]] = p;
    suppressed.assign(count, 0);
    picked.clear();
    for (std::size_t k = 0; k < count && picked.size() < most; ++k) {
      if (suppressed[k] != 0) continue;
      picked.push_back(k);
      const std::uint64_t position = sorted[k].position;
      for (std::size_t p = place[k] + 1;
           p < count && sorted[order[p]].position - position < separation_; ++p) {
        suppressed[order[p]] = 1;
      }
      for (std::size_t p = place[k];
           p > 0 && position - sorted[order[p - 1]].position < separation_; --p) {
        suppressed[order[p - 1]] = 1;
      }
    }
    return picked;
  }

  void compact() {
    std::sort(kept_.begin(), kept_.end(), better);
    if (separation_ == 1) {
      if (kept_.size() >= best_) {
        kept_.resize(best_);
        limit_ = kept_.back().distance;
      }
    } else {
      const std::size_t enough = best_ > kAll / 2 ? kAll : 2 * best_ - 1;
      const std::vector<std::size_t>& picked = greedy(kept_, enough, scratch_);
      if (picked.size() == enough) {
        const Item last = kept_[picked.back()];
        kept_.erase(std::upper_bound(kept_.begin(), kept_.end(), last, better), kept_.end());
        limit_ = last.distance;
      }
    }
    compacted_ = kept_.size();
  }

  std::size_t best_;
  std::size_t separation_;
  double limit_;
  std::vector<Item> kept_;
  std::size_t compacted_ = 0;  // kept_.size() after the last compact()
  Scratch scratch_;
};

}  // namespace midstream::temporal
