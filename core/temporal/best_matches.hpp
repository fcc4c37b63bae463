// The best matches so far, and the distance beyond which nothing more can matter. Internal.
//
// With a separation, the final answer is greedy over all matches. It never depends on a match
// worse than the (2·best - 1)th greedy pick so far: one pick can suppress at most two of a set of
// matches that do not suppress each other, so among 2·best - 1 of them at least `best` survive
// whatever comes. Hence everything behind that pick may be dropped, and what is kept lies within
// the separation of one of those picks: bounded memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
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
    if (separation_ > 1) return greedy(sorted, best_);
    if (sorted.size() > best_) sorted.resize(best_);
    return sorted;
  }

 private:
  static bool better(const Item& a, const Item& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.position < b.position;
  }

  [[nodiscard]] bool suppressed(const Item& item, const std::vector<Item>& picked) const {
    return std::any_of(picked.begin(), picked.end(), [&](const Item& other) {
      const std::uint64_t apart = item.position > other.position ? item.position - other.position
                                                                 : other.position - item.position;
      return apart < separation_;
    });
  }

  [[nodiscard]] std::vector<Item> greedy(const std::vector<Item>& sorted, std::size_t most) const {
    std::vector<Item> picked;
    for (const Item& item : sorted) {
      if (picked.size() == most) break;
      if (!suppressed(item, picked)) picked.push_back(item);
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
      const std::vector<Item> picked = greedy(kept_, enough);
      if (picked.size() == enough) {
        kept_.erase(std::upper_bound(kept_.begin(), kept_.end(), picked.back(), better),
                    kept_.end());
        limit_ = picked.back().distance;
      }
    }
    compacted_ = kept_.size();
  }

  std::size_t best_;
  std::size_t separation_;
  double limit_;
  std::vector<Item> kept_;
  std::size_t compacted_ = 0;  // kept_.size() after the last compact()
};

}  // namespace midstream::temporal
