// What goes beyond one plain DTW distance: band, cutoff, path, batch, single precision; and the
// Euclidean distance.
#include <algorithm>
#include <cmath>
#include <span>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/dtw_batch.hpp"
#include "core/temporal/dtw_path.hpp"
#include "core/temporal/euclidean.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

namespace fast = midstream::temporal;

std::size_t length(const Bench& bench) { return static_cast<std::size_t>(bench.param("n")); }

std::vector<SeriesPair> walks(const Bench& bench) {
  return bench.variants([n = length(bench)](Random& random) { return walk_pair(n, random); });
}

double matrix_cells(const Bench& bench) {
  return static_cast<double>(length(bench)) * static_cast<double>(length(bench));
}

void banded(Bench& bench) {
  const int band = std::max(1, static_cast<int>(length(bench)) / 20);
  // Those with |i - j| <= band.
  bench.throughput(static_cast<double>(length(bench)) * (2 * band + 1) - band * (band + 1),
                   "cells");
  bench.measure(
      walks(bench), [&](const SeriesPair& p) { return fast::dtw_distance(p.x, p.y, band).value(); },
      [&](const SeriesPair& p) { return reference::dtw_distance(p.x, p.y, band); });
}

// A cutoff of half the distance: what a search meets most. The rate counts the cells that need not
// be computed too.
void cut_off(Bench& bench) {
  bench.throughput(matrix_cells(bench), "cells decided");
  struct Query {
    SeriesPair pair;
    double cutoff;
  };
  std::vector<Query> queries;
  for (auto& pair : walks(bench)) {
    const double cutoff = reference::dtw_distance(pair.x, pair.y) / 2;
    queries.push_back({std::move(pair), cutoff});
  }
  bench.measure(
      queries,
      [](const Query& q) {
        return fast::dtw_distance_within(q.pair.x, q.pair.y, q.cutoff).value();
      },
      [](const Query& q) {
        const double distance = reference::dtw_distance(q.pair.x, q.pair.y);
        return distance <= q.cutoff ? distance : HUGE_VAL;
      });
}

struct Aligned : fast::DtwAlignment {
  void fingerprint(Fingerprint& print) const {
    print.add(distance);
    for (const fast::AlignedPair& pair : path) {
      print.add(pair.i);
      print.add(pair.j);
    }
  }
};

void path(Bench& bench) {
  bench.throughput(matrix_cells(bench), "cells");
  Aligned answer;  // reused, as a caller with many pairs would: the steady state allocates nothing
  bench.measure(
      walks(bench),
      [&](const SeriesPair& p) -> const Aligned& {
        if (!fast::dtw_path(p.x, p.y, fast::kNoBand, answer)) answer.path.clear();
        return answer;
      },
      [](const SeriesPair& p) {
        return std::pair(reference::dtw_distance(p.x, p.y), reference::dtw_path(p.x, p.y));
      },
      [](const Aligned& got, const auto& expected) {
        const auto& [distance, pairs] = expected;
        return got.distance == distance && got.path.size() == pairs.size() &&
               std::equal(got.path.begin(), got.path.end(), pairs.begin(),
                          [](const fast::AlignedPair& a, const auto& b) {
                            return a.i == b.first && a.j == b.second;
                          });
      });
}

void batch(Bench& bench) {
  constexpr std::size_t kPairs = 64;
  struct Batch {
    std::vector<SeriesPair> pairs;
    std::vector<fast::SeriesPair> views;
  };
  auto batches = bench.variants([n = length(bench)](Random& random) {
    Batch made;
    for (std::size_t i = 0; i < kPairs; ++i) made.pairs.push_back(walk_pair(n, random));
    return made;
  });
  for (Batch& each : batches) {
    for (const SeriesPair& pair : each.pairs) each.views.push_back({pair.x, pair.y});
  }
  bench.throughput(static_cast<double>(kPairs) * matrix_cells(bench), "cells");
  std::vector<double> distances(kPairs);
  bench.measure(
      batches,
      [&](const Batch& each) -> const std::vector<double>& {
        if (!fast::dtw_distances(each.views, distances)) distances.assign(kPairs, -1);
        return distances;
      },
      [](const Batch& each) {
        std::vector<double> expected;
        for (const SeriesPair& pair : each.pairs) {
          expected.push_back(reference::dtw_distance(pair.x, pair.y));
        }
        return expected;
      });
}

struct FloatPair {
  std::vector<float> x;
  std::vector<float> y;
};

// Single precision against the double oracle, within the rounding of n + m additions.
void single_precision(Bench& bench) {
  bench.throughput(matrix_cells(bench), "cells");
  std::vector<FloatPair> pairs;
  for (const SeriesPair& pair : walks(bench)) {
    pairs.push_back({{pair.x.begin(), pair.x.end()}, {pair.y.begin(), pair.y.end()}});
  }
  const double tolerance = 1e-6 * static_cast<double>(2 * length(bench));
  bench.measure(
      pairs,
      [](const FloatPair& p) {
        return fast::dtw_distance(std::span<const float>(p.x), std::span<const float>(p.y)).value();
      },
      [](const FloatPair& p) {
        const std::vector<double> x(p.x.begin(), p.x.end());
        const std::vector<double> y(p.y.begin(), p.y.end());
        return reference::dtw_distance(x, y);
      },
      [tolerance](float got, double expected) {
        return std::abs(static_cast<double>(got) - expected) <= tolerance * expected;
      });
}

void euclidean(Bench& bench) {
  bench.throughput(static_cast<double>(length(bench)), "samples");
  bench.measure(
      walks(bench), [](const SeriesPair& p) { return fast::euclidean_distance(p.x, p.y).value(); },
      [](const SeriesPair& p) { return reference::euclidean_distance(p.x, p.y); });
}

void add(const char* id, void (*function)(Bench&), const char* title, const char* oracle) {
  register_temporal(id, function)
      .params("n", {100, 1000})
      .title(title)
      .generator("independent random walks")
      .oracle(oracle)
      .declares_rate();
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr const char* kOracle = "full-matrix DTW";
  add("temporal/dtw-band/random", banded, "DTW in a 5 % band", kOracle);
  add("temporal/dtw-cutoff/random", cut_off, "DTW given up at half the distance", kOracle);
  add("temporal/dtw-path/random", path, "DTW with its path", "full-matrix DTW path");
  add("temporal/dtw-batch/random", batch, "DTW of 64 pairs", kOracle);
  add("temporal/dtw-float/random", single_precision, "DTW in single precision",
      "full-matrix DTW in double precision");
  add("temporal/euclidean/random", euclidean, "Euclidean distance", "sum in the promised order");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
