// Exact tests of whether one set of launches is slower than another, and the bounds on the ratio
// that follow from turning the tests round.
//
// Unpaired: Mann & Whitney 1947, one-sided; exact, given the ties, up to 60 values in all, beyond
// that by the normal approximation with correction for ties and continuity. Its inverse bounds a
// ratio by order statistics of all pairwise ratios (Moses; Hodges & Lehmann 1963).
// Paired: the sign-flip test of the ranks (Wilcoxon's signed ranks, 1945; zeros as in Pratt 1959),
// exact, given the ties, up to 60 pairs, beyond that by the normal approximation. Its inverse
// bounds a shift by order statistics of the Walsh averages. Of ranks and not of the differences
// themselves, because a launch beside a busy neighbour can be 40 % slower: it counts as one pair
// then, where in a sum it hides the shift of all the others.
//
// A p-value is the probability, when nothing differs, of what was seen or more: never 0.
//
// Threads: pure functions; a MannWhitney remembers null distributions, so one per thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace midstream::measure {

class MannWhitney {
 public:
  // Are the values of x larger than those of y? Requires a value in each.
  // Complexity: O((n + m) log (n + m)) without ties once (n, m) was seen; O(n·m·(n + m)²) with.
  double greater(std::span<const double> x, std::span<const double> y);

  // The largest c with P(U <= c - 1) <= alpha for n and m values without ties: the c-th smallest
  // pairwise ratio bounds the ratio from below with confidence 1 - alpha. 0: too few values.
  std::size_t critical_rank(std::size_t n, std::size_t m, double alpha);

 private:
  // at_most[u] = P(U <= u).
  const std::vector<double>& at_most(std::size_t n, std::size_t m);
  std::map<std::pair<std::size_t, std::size_t>, std::vector<double>> cache_;
};

// Are the differences above 0, by more than chance would have it, were each as likely the other way
// round? Requires a difference. Complexity: O(n³) up to 60 differences, then O(n log n).
double signed_rank_greater(std::span<const double> differences);

// The largest shift that the differences exceed with confidence 1 - alpha: nothing when there are
// too few of them for that. Complexity: O(n³) up to 60 differences, then O(n²).
std::optional<double> signed_rank_lower_bound(std::span<const double> differences, double alpha);

// Adjusted p-values, in the given order: rejecting those at most q keeps the expected share of
// false alarms among the alarms at q (Benjamini & Hochberg 1995), and with no true change at all
// the probability of any alarm.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace midstream::measure
