// Subsequence search: the best match of a z-normalised query of 128 samples, 5 % band, against
// brute force.
#include <cmath>
#include <utility>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/similarity_search.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/temporal/inputs.hpp"

namespace midstream::suites::temporal {
namespace {

constexpr std::size_t kQuery = 128;
constexpr int kBand = 6;  // 5 % of the query
using Found = std::vector<std::pair<std::size_t, double>>;

// One walk, and queries that are walks of their own: none has an exact match to stop at.
void search(Bench& bench, std::size_t queries_wanted) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  Random random(bench.seed());
  const std::vector<double> series = walk_pair(n, random).x;
  auto queries = bench.variants([](Random& own) { return walk_pair(kQuery, own).x; });
  queries.resize(queries_wanted);
  bench.throughput(static_cast<double>(n - kQuery + 1), "windows");
  bench.measure(
      queries,
      [&](const std::vector<double>& query) {
        Found found;
        const auto matches = midstream::temporal::find_similar(series, query, {.band = kBand});
        for (const auto& match : matches.value())
          found.emplace_back(match.position, match.distance);
        return found;
      },
      [&](const std::vector<double>& query) {
        return reference::find_similar(series, query, {.band = kBand, .threshold = HUGE_VAL});
      });
}

[[maybe_unused]] const bool kRegistered = [] {
  register_bench("temporal/search/random", [](Bench& bench) { search(bench, kVariants); })
      .params("n", {10000})
      .title("best match of 128 samples, 5 % band")
      .generator("random walks")
      .oracle("brute force")
      .declares_rate();
  // Brute force over a million windows takes its time: one query is proved, and measured.
  register_bench("temporal/search-million/random", [](Bench& bench) { search(bench, 1); })
      .params("n", {1000000})
      .title("best match of 128 samples, 5 % band")
      .generator("random walks")
      .oracle("brute force")
      .launch_timeout_s(300)
      .declares_rate();
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
