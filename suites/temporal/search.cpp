// Subsequence search for a query of 128 samples in a 5 % band: the best match of a million windows,
// and each way to ask for more, against brute force.
#include <cmath>
#include <utility>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/similarity_search.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

using midstream::temporal::SearchOptions;

constexpr std::size_t kQuery = 128;
constexpr int kBand = 6;  // 5 % of the query
using Found = std::vector<std::pair<std::size_t, double>>;

// One walk, and queries that are walks of their own: none has an exact match to stop at.
struct Search {
  std::vector<double> series;
  std::vector<std::vector<double>> queries;

  explicit Search(Bench& bench) {
    const auto n = static_cast<std::size_t>(bench.param("n"));
    Random random(bench.seed());
    series = walk_pair(n, random).x;
    queries = bench.variants([](Random& own) { return walk_pair(kQuery, own).x; });
    bench.throughput(static_cast<double>(n - kQuery + 1), "windows");
  }

  [[nodiscard]] Found find(const std::vector<double>& query, const SearchOptions& options) const {
    Found found;
    const auto matches = midstream::temporal::find_similar(series, query, options);
    for (const auto& match : matches.value()) found.emplace_back(match.position, match.distance);
    return found;
  }
};

template <class Change>
void search(Bench& bench, Change change) {
  const Search inputs(bench);
  SearchOptions options{.band = kBand};
  change(options);
  bench.measure(
      inputs.queries, [&](const std::vector<double>& query) { return inputs.find(query, options); },
      [&](const std::vector<double>& query) {
        return reference::find_similar(inputs.series, query,
                                       {.band = options.band,
                                        .normalise = options.normalise,
                                        .best = options.best,
                                        .threshold = options.threshold,
                                        .separation = options.separation});
      });
}

void best(Bench& bench) {
  search(bench, [](SearchOptions&) {});
}

void raw(Bench& bench) {
  search(bench, [](SearchOptions& options) { options.normalise = false; });
}

void best_ten(Bench& bench) {
  search(bench, [](SearchOptions& options) {
    options.best = 10;
    options.separation = kQuery;
  });
}

// A threshold that some tens of windows of a walk are below.
void threshold(Bench& bench) {
  search(bench, [](SearchOptions& options) {
    options.best = midstream::temporal::kAllMatches;
    options.threshold = 4;
  });
}

// The oracle reads the series once for all queries: a million windows are proved in seconds.
void million(Bench& bench) {
  const Search inputs(bench);
  Found expected;
  bench.measure(
      inputs.queries,
      [&](const std::vector<double>& query) { return inputs.find(query, {.band = kBand}); },
      [&](const std::vector<double>& query) {
        if (expected.empty()) {
          expected = reference::best_windows(inputs.series, inputs.queries, kBand);
        }
        return Found{expected[static_cast<std::size_t>(&query - inputs.queries.data())]};
      });
}

Registration& add(const std::string& id, BenchFunction function, const char* title,
                  std::int64_t n) {
  return register_temporal(id, std::move(function))
      .params("n", {n})
      .title(title)
      .generator("random walks")
      .oracle("brute force")
      .declares_rate();
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr std::int64_t kShort = 10'000;
  add("temporal/search/random", best, "best match of 128 samples, 5 % band", kShort);
  add("temporal/search/raw", raw, "best match, not normalised", kShort);
  add("temporal/search/best-ten", best_ten, "ten best matches a query apart", kShort);
  add("temporal/search/threshold", threshold, "all matches below a threshold", kShort);
  add("temporal/search-million/random", million, "best match of 128 samples, 5 % band", 1'000'000)
      .oracle("brute force, row by row in the band")
      .launch_timeout_s(300);
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
