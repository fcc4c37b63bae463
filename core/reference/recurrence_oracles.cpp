#include "core/reference/recurrence_oracles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/reference/temporal_oracles.hpp"

namespace midstream::reference {
namespace {

// `sorted` from the best; keeps those not within `separation` of one kept, by `place`.
template <class Item, class Place>
std::vector<Item> pick(const std::vector<Item>& sorted, std::size_t best, std::size_t separation,
                       Place place) {
  std::vector<Item> picked;
  for (const Item& item : sorted) {
    bool suppressed = false;
    for (const Item& other : picked) {
      const std::size_t apart =
          std::max(place(item), place(other)) - std::min(place(item), place(other));
      suppressed = suppressed || apart < separation;
    }
    if (!suppressed && picked.size() < best) picked.push_back(item);
  }
  return picked;
}

}  // namespace

std::vector<Recurrence> recurring_patterns(std::span<const double> series,
                                           const RecurrenceRules& rules) {
  std::vector<std::vector<double>> windows;
  for (std::size_t p = 0; p + rules.length <= series.size(); ++p) {
    windows.push_back(normalised(series.subspan(p, rules.length)));
  }
  std::vector<Recurrence> all;
  for (std::size_t p = 0; p < windows.size(); ++p) {
    Recurrence nearest{p, 0, std::numeric_limits<double>::infinity()};
    for (std::size_t e = 0; e + rules.exclusion <= p; ++e) {
      if (p - e > rules.history) continue;
      const double distance = euclidean_distance(windows[p], windows[e]);
      if (distance <= nearest.distance) nearest = {p, e, distance};  // the latest of equals
    }
    if (nearest.distance <= rules.threshold && !std::isinf(nearest.distance)) {
      all.push_back(nearest);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Recurrence& a, const Recurrence& b) {
    return a.distance < b.distance;
  });
  return pick(all, rules.best, rules.separation, [](const Recurrence& r) { return r.position; });
}

std::vector<Repeat> repeated_symbols(std::span<const std::uint32_t> symbols,
                                     const RepeatRules& rules) {
  std::vector<Repeat> all;
  std::size_t begin = 0;  // of what is remembered
  for (std::size_t p = 0; p < symbols.size(); ++p) {
    if (p - begin == 2 * rules.history) begin += rules.history;
    Repeat longest{0, 0, 0};
    for (std::size_t e = begin; e < p; ++e) {
      std::size_t length = 0;
      while (length <= e - begin && symbols[p - length] == symbols[e - length]) ++length;
      if (length > longest.length) longest = {p + 1 - length, e + 1 - length, length};
    }
    if (longest.length >= rules.shortest) all.push_back(longest);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Repeat& a, const Repeat& b) { return a.length > b.length; });
  return pick(all, rules.best, rules.separation,
              [](const Repeat& r) { return r.position + r.length; });
}

}  // namespace midstream::reference
