// What goes beyond one plain distance: band, cutoff, path, batch, single precision; edit scripts,
// cutoffs, one against many, transpositions; Euclidean distance.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/damerau.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/dtw_batch.hpp"
#include "core/temporal/dtw_path.hpp"
#include "core/temporal/edit_script.hpp"
#include "core/temporal/euclidean.hpp"
#include "core/temporal/levenshtein.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/temporal/inputs.hpp"

namespace midstream::suites::temporal {
namespace {

namespace fast = midstream::temporal;

std::size_t length(const Bench& bench) { return static_cast<std::size_t>(bench.param("n")); }

std::vector<SeriesPair> walks(const Bench& bench) {
  return bench.variants([n = length(bench)](Random& random) { return walk_pair(n, random); });
}

std::vector<TextPair> texts(const Bench& bench) {
  return bench.variants(
      [n = length(bench)](Random& random) { return similar_texts(n, kLargeAlphabet, random); });
}

void banded(Bench& bench) {
  const int band = std::max(1, static_cast<int>(length(bench)) / 20);
  bench.measure(
      walks(bench), [&](const SeriesPair& p) { return fast::dtw_distance(p.x, p.y, band).value(); },
      [&](const SeriesPair& p) { return reference::dtw_distance(p.x, p.y, band); });
}

// A cutoff of half the distance: what a search meets most.
void cut_off(Bench& bench) {
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
  using Batch = std::vector<SeriesPair>;
  const auto batches = bench.variants([n = length(bench)](Random& random) {
    Batch pairs;
    for (std::size_t i = 0; i < kPairs; ++i) pairs.push_back(walk_pair(n, random));
    return pairs;
  });
  bench.throughput(static_cast<double>(kPairs * length(bench) * length(bench)), "cells");
  bench.measure(
      batches,
      [](const Batch& pairs) {
        std::vector<fast::SeriesPair> views;
        for (const SeriesPair& pair : pairs) views.push_back({pair.x, pair.y});
        std::vector<double> distances(views.size());
        if (!fast::dtw_distances(views, distances)) distances.clear();
        return distances;
      },
      [](const Batch& pairs) {
        std::vector<double> distances;
        for (const SeriesPair& pair : pairs) {
          distances.push_back(reference::dtw_distance(pair.x, pair.y));
        }
        return distances;
      });
}

struct FloatPair {
  std::vector<float> x;
  std::vector<float> y;
};

// Single precision against the double oracle, within the rounding of n + m additions.
void single_precision(Bench& bench) {
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
  bench.measure(
      walks(bench), [](const SeriesPair& p) { return fast::euclidean_distance(p.x, p.y).value(); },
      [](const SeriesPair& p) { return reference::euclidean_distance(p.x, p.y); });
}

// A script is right when it turns a into b in as many edits as the distance.
std::string replay(const TextPair& pair, const std::vector<fast::Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const fast::Edit& edit : edits) {
    while (at < edit.i) out += pair.a[at++];
    if (edit.kind != fast::EditKind::kInsert) ++at;
    if (edit.kind != fast::EditKind::kDelete) out += pair.b[edit.j];
  }
  return out + pair.a.substr(std::min(at, pair.a.size()));
}

void script(Bench& bench) {
  struct Script {
    const TextPair* pair = nullptr;
    std::vector<fast::Edit> edits;
    void fingerprint(Fingerprint& print) const {
      for (const fast::Edit& edit : edits) {
        print.add(edit.kind);
        print.add(edit.i);
        print.add(edit.j);
      }
    }
  };
  Script answer;
  bench.measure(
      texts(bench),
      [&](const TextPair& pair) -> const Script& {
        answer.pair = &pair;
        fast::edit_script(pair.a, pair.b, answer.edits);
        return answer;
      },
      [](const TextPair& pair) { return reference::levenshtein_distance(pair.a, pair.b); },
      [](const Script& got, std::size_t distance) {
        return got.edits.size() == distance && replay(*got.pair, got.edits) == got.pair->b;
      });
}

void within(Bench& bench) {
  const std::size_t cutoff = length(bench) / 5;
  constexpr std::size_t kFarther = ~std::size_t{0};
  bench.measure(
      texts(bench),
      [&](const TextPair& p) {
        return fast::levenshtein_distance_within(p.a, p.b, cutoff).value_or(kFarther);
      },
      [&](const TextPair& p) {
        const std::size_t distance = reference::levenshtein_distance(p.a, p.b);
        return distance <= cutoff ? distance : kFarther;
      });
}

void one_to_many(Bench& bench) {
  constexpr std::size_t kTexts = 64;
  struct Query {
    std::string text;
    std::vector<std::string> others;
  };
  const auto queries = bench.variants([n = length(bench)](Random& random) {
    Query query{random_text(n, kLargeAlphabet, random), {}};
    for (std::size_t i = 0; i < kTexts; ++i) {
      query.others.push_back(random_text(n, kLargeAlphabet, random));
    }
    return query;
  });
  bench.measure(
      queries,
      [](const Query& query) {
        const std::vector<std::string_view> views(query.others.begin(), query.others.end());
        std::vector<std::size_t> distances(views.size());
        if (!fast::levenshtein_distances(query.text, views, distances)) distances.clear();
        return distances;
      },
      [](const Query& query) {
        std::vector<std::size_t> distances;
        for (const std::string& other : query.others) {
          distances.push_back(reference::levenshtein_distance(query.text, other));
        }
        return distances;
      });
}

void transpositions(Bench& bench) {
  bench.measure(
      texts(bench), [](const TextPair& p) { return fast::osa_distance(p.a, p.b); },
      [](const TextPair& p) { return reference::osa_distance(p.a, p.b); });
}

Registration& add(const char* id, void (*function)(Bench&), const char* title,
                  const char* generator, const char* oracle) {
  return register_bench(id, function)
      .params("n", {100, 1000})
      .title(title)
      .generator(generator)
      .oracle(oracle);
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr const char* kWalks = "independent random walks";
  constexpr const char* kTexts = "10 % substituted, 64 symbols";
  add("temporal/dtw-band/random", banded, "DTW in a 5 % band", kWalks, "full-matrix DTW");
  add("temporal/dtw-cutoff/random", cut_off, "DTW given up at half the distance", kWalks,
      "full-matrix DTW");
  add("temporal/dtw-path/random", path, "DTW with its path", kWalks, "full-matrix DTW path");
  add("temporal/dtw-batch/random", batch, "DTW of 64 pairs", kWalks, "full-matrix DTW")
      .declares_rate();
  add("temporal/dtw-float/random", single_precision, "DTW in single precision", kWalks,
      "full-matrix DTW in double precision");
  add("temporal/euclidean/random", euclidean, "Euclidean distance", kWalks,
      "sum in the promised order");
  add("temporal/edit-script/similar", script, "Levenshtein edit script", kTexts,
      "replayed, and as long as the full-matrix distance");
  add("temporal/edit-within/similar", within, "Levenshtein up to a cutoff of 20 %", kTexts,
      "full-matrix Levenshtein");
  add("temporal/edit-many/random", one_to_many, "Levenshtein of one text and 64", "random texts",
      "full-matrix Levenshtein");
  add("temporal/osa/similar", transpositions, "edit distance with transpositions", kTexts,
      "full-matrix optimal string alignment");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
