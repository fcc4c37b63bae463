#include "core/temporal/best_matches.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/random.hpp"

namespace midstream::temporal {
namespace {

struct Item {
  std::uint64_t position;
  double distance;
  bool operator==(const Item&) const = default;
};

// From the best on: every item that none picked before it suppresses.
std::vector<Item> picked_one_by_one(std::vector<Item> items, std::size_t best,
                                    std::size_t separation) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.distance < b.distance; });
  std::vector<Item> picked;
  for (const Item& item : items) {
    const bool suppressed = std::any_of(picked.begin(), picked.end(), [&](const Item& other) {
      return std::max(item.position, other.position) - std::min(item.position, other.position) <
             separation;
    });
    if (!suppressed && picked.size() < best) picked.push_back(item);
  }
  return picked;
}

TEST(BestMatches, AreTheGreedyPicks) {
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    const std::size_t best = random.below(3) == 0 ? BestMatches<Item>::kAll : 1 + random.below(5);
    const std::size_t separation = 1 + random.below(random.below(4) == 0 ? 1000 : 9);
    BestMatches<Item> matches(best, separation, 40);
    std::vector<Item> offered;
    std::uint64_t position = random.below(3);
    for (std::size_t k = random.below(80); k > 0; --k) {
      const Item item{position, static_cast<double>(random.below(50))};
      position += 1 + random.below(3);
      matches.offer(item);
      if (item.distance <= 40) offered.push_back(item);
    }
    ASSERT_EQ(matches.result(), picked_one_by_one(offered, best, separation));
  }
}

TEST(BestMatches, AnySeparationIsAccepted) {
  BestMatches<Item> matches(3, BestMatches<Item>::kAll, 10);
  for (std::uint64_t p = 0; p < 100; ++p) matches.offer({p, 5});
  EXPECT_EQ(matches.result(), (std::vector<Item>{{0, 5}}));
}

// As many as a search for all matches in a long series gives; quadratic picking took seconds.
TEST(BestMatches, ManyMatchesWithASeparation) {
  BestMatches<Item> matches(BestMatches<Item>::kAll, 2, 1);
  Random random(2);
  for (std::uint64_t p = 0; p < 200'000; ++p) matches.offer({p, random.uniform()});
  const std::vector<Item> picked = matches.result();
  std::vector<std::uint64_t> positions;
  for (const Item& item : picked) positions.push_back(item.position);
  std::sort(positions.begin(), positions.end());
  for (std::size_t k = 1; k < positions.size(); ++k) {
    ASSERT_GE(positions[k] - positions[k - 1], 2U);
    ASSERT_LE(positions[k] - positions[k - 1], 3U) << "nothing suppressed what lies between";
  }
}

}  // namespace
}  // namespace midstream::temporal
