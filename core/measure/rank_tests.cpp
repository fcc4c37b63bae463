#include "core/measure/rank_tests.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace midstream::measure {
namespace {

constexpr std::size_t kExactRanks = 60;

double normal_upper_tail(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

// The pooled sample as the test sees it. Ranks are doubled, so that midranks are whole.
struct Ranking {
  std::vector<std::size_t> doubled;  // of x and y together, ascending
  std::size_t x_sum = 0;             // of those of x
  double tie_term = 0;               // sum of t³ - t over the groups of equals
};

Ranking rank(std::span<const double> x, std::span<const double> y) {
  std::vector<std::pair<double, bool>> pooled;
  pooled.reserve(x.size() + y.size());
  for (const double value : x) pooled.emplace_back(value, true);
  for (const double value : y) pooled.emplace_back(value, false);
  std::sort(pooled.begin(), pooled.end());
  Ranking ranking;
  ranking.doubled.reserve(pooled.size());
  for (std::size_t begin = 0; begin < pooled.size();) {
    std::size_t end = begin;
    while (end < pooled.size() && pooled[end].first == pooled[begin].first) ++end;
    const std::size_t doubled = begin + end + 1;  // twice the mean of begin + 1 … end
    for (std::size_t i = begin; i < end; ++i) {
      ranking.doubled.push_back(doubled);
      if (pooled[i].second) ranking.x_sum += doubled;
    }
    const auto ties = static_cast<double>(end - begin);
    ranking.tie_term += ties * ties * ties - ties;
    begin = end;
  }
  return ranking;
}

// P(sum of n of these ranks, drawn without replacement, is at least `least`).
double exact_rank_tail(const std::vector<std::size_t>& ranks, std::size_t n, std::size_t least) {
  // The largest sum there is, for the size of the table.
  const std::size_t top =
      std::accumulate(ranks.end() - static_cast<std::ptrdiff_t>(n), ranks.end(), std::size_t{0});
  // ways[k][s]: how many selections of k ranks have sum s. Up to 10^17 of them, all added and none
  // taken away, so the doubles are right to their last digits.
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(top + 1, 0.0));
  ways[0][0] = 1;
  std::size_t seen = 0;
  for (const std::size_t value : ranks) {
    for (std::size_t k = std::min(n, ++seen); k > 0; --k) {
      for (std::size_t sum = top; sum >= value; --sum) ways[k][sum] += ways[k - 1][sum - value];
    }
  }
  double all = 0;
  double tail = 0;
  for (std::size_t sum = top + 1; sum-- > 0;) {
    all += ways[n][sum];
    if (sum >= least) tail += ways[n][sum];
  }
  return tail / all;
}

double approximate_rank_tail(const Ranking& ranking, double n, double m) {
  const double total = n + m;
  const double u = static_cast<double>(ranking.x_sum) / 2 - n * (n + 1) / 2;
  const double variance = n * m / 12 * ((total + 1) - ranking.tie_term / (total * (total - 1)));
  if (variance <= 0) return 1;  // all values are equal
  return normal_upper_tail((u - n * m / 2 - 0.5) / std::sqrt(variance));
}

// The differences as the signed-rank test sees them. Ranks are doubled, as above.
struct SignedRanking {
  std::vector<std::size_t> doubled;  // of those that are not 0; zeros take theirs and count nowhere
  std::size_t below = 0;             // sum of those of the differences below 0
};

SignedRanking signed_ranks(std::span<const double> differences) {
  std::vector<std::pair<double, bool>> sizes;  // each with whether it is below 0
  sizes.reserve(differences.size());
  for (const double d : differences) sizes.emplace_back(std::fabs(d), d < 0);
  std::sort(sizes.begin(), sizes.end());
  SignedRanking ranking;
  for (std::size_t begin = 0; begin < sizes.size();) {
    std::size_t end = begin;
    while (end < sizes.size() && sizes[end].first == sizes[begin].first) ++end;
    const std::size_t doubled = begin + end + 1;
    for (std::size_t i = begin; i < end && sizes[i].first > 0; ++i) {
      ranking.doubled.push_back(doubled);
      if (sizes[i].second) ranking.below += doubled;
    }
    begin = end;
  }
  return ranking;
}

// P(sum of the ranks that a fair coin picks <= s), for every s: there are 2^60 picks at most, so
// doubles count them.
std::vector<double> picked_at_most(const std::vector<std::size_t>& ranks) {
  std::vector<double> ways(std::accumulate(ranks.begin(), ranks.end(), std::size_t{1}), 0.0);
  ways[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t sum = reached; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  std::partial_sum(ways.begin(), ways.end(), ways.begin());
  const double all = ways.back();
  for (double& share : ways) share /= all;
  return ways;
}

// The normal approximation to P(sum of the picked ranks <= s), with a step of continuity.
double approximate_picked_at_most(double s, double sum, double squares) {
  return normal_upper_tail((sum / 2 - s - 0.5) / (std::sqrt(squares) / 2));
}

}  // namespace

const std::vector<double>& MannWhitney::at_most(std::size_t n, std::size_t m) {
  std::vector<double>& table = cache_[{n, m}];
  if (!table.empty()) return table;
  // The number of selections with U = u is the coefficient of q^u in the Gaussian binomial
  // product over i of (1 - q^(m+i)) / (1 - q^i): multiply by one factor, divide by the next.
  table.assign(n * m + 1, 0.0);
  table[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t u = n * m + 1; u-- > m + i;) table[u] -= table[u - m - i];
    for (std::size_t u = i; u <= n * m; ++u) table[u] += table[u - i];
  }
  std::partial_sum(table.begin(), table.end(), table.begin());
  const double all = table.back();
  for (double& share : table) share /= all;
  return table;
}

double MannWhitney::greater(std::span<const double> x, std::span<const double> y) {
  assert(!x.empty() && !y.empty());
  const Ranking ranking = rank(x, y);
  const std::size_t n = x.size();
  const std::size_t m = y.size();
  if (n + m > kExactRanks) {
    return approximate_rank_tail(ranking, static_cast<double>(n), static_cast<double>(m));
  }
  if (ranking.tie_term > 0) return exact_rank_tail(ranking.doubled, n, ranking.x_sum);
  const std::size_t u = ranking.x_sum / 2 - n * (n + 1) / 2;
  return at_most(n, m)[n * m - u];  // U is symmetric: P(U >= u) = P(U <= nm - u)
}

std::size_t MannWhitney::critical_rank(std::size_t n, std::size_t m, double alpha) {
  assert(n > 0 && m > 0);
  if (n + m > kExactRanks) {
    const auto nm = static_cast<double>(n * m);
    const double sigma = std::sqrt(nm * static_cast<double>(n + m + 1) / 12);
    std::size_t rank = 0;
    while (rank < n * m &&
           normal_upper_tail((nm / 2 - static_cast<double>(rank) - 0.5) / sigma) <= alpha) {
      ++rank;
    }
    return rank;
  }
  const std::vector<double>& table = at_most(n, m);
  return static_cast<std::size_t>(
      std::upper_bound(table.begin(), table.end(), alpha * (1 + 1e-12)) - table.begin());
}

double signed_rank_greater(std::span<const double> differences) {
  assert(!differences.empty());
  const SignedRanking ranking = signed_ranks(differences);
  const std::vector<std::size_t>& ranks = ranking.doubled;
  if (ranks.empty()) return 1;
  // The sums are symmetric: as large a sum above as this is as small a sum below.
  if (ranks.size() <= kExactRanks) return picked_at_most(ranks)[ranking.below];
  double sum = 0;
  double squares = 0;
  for (const std::size_t doubled : ranks) {
    const double rank = static_cast<double>(doubled) / 2;
    sum += rank;
    squares += rank * rank;
  }
  return approximate_picked_at_most(static_cast<double>(ranking.below) / 2, sum, squares);
}

std::optional<double> signed_rank_lower_bound(std::span<const double> differences, double alpha) {
  const std::size_t n = differences.size();
  // The number of Walsh averages below a shift is the sum of the ranks below it (Tukey 1949), so
  // the test turns at the c-th smallest of them, c the largest with P(sum <= c - 1) <= alpha.
  std::size_t c = 0;
  if (n <= kExactRanks) {
    std::vector<std::size_t> ranks(n);
    std::iota(ranks.begin(), ranks.end(), std::size_t{1});
    const std::vector<double> at_most = picked_at_most(ranks);
    c = static_cast<std::size_t>(
        std::upper_bound(at_most.begin(), at_most.end(), alpha * (1 + 1e-12)) - at_most.begin());
  } else {
    const auto count = static_cast<double>(n);
    const double sum = count * (count + 1) / 2;
    const double squares = sum * (2 * count + 1) / 3;
    while (static_cast<double>(c) < sum &&
           approximate_picked_at_most(static_cast<double>(c), sum, squares) <= alpha) {
      ++c;
    }
  }
  if (c == 0) return std::nullopt;
  std::vector<double> averages;
  averages.reserve(n * (n + 1) / 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) {
      averages.push_back(std::midpoint(differences[i], differences[j]));
    }
  }
  const auto at = averages.begin() + static_cast<std::ptrdiff_t>(std::min(c, averages.size()) - 1);
  std::nth_element(averages.begin(), at, averages.end());
  return *at;
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  const std::size_t m = p_values.size();
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(m);
  double least = 1;
  for (std::size_t i = m; i-- > 0;) {
    least =
        std::min(least, p_values[order[i]] * static_cast<double>(m) / static_cast<double>(i + 1));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

}  // namespace midstream::measure
