// What goes beyond one plain edit distance: scripts, subsequences, cutoffs, one against many,
// transpositions.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/damerau.hpp"
#include "core/temporal/edit_script.hpp"
#include "core/temporal/levenshtein.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

namespace fast = midstream::temporal;

std::size_t length(const Bench& bench) { return static_cast<std::size_t>(bench.param("n")); }

std::vector<TextPair> texts(const Bench& bench) {
  return bench.variants(
      [n = length(bench)](Random& random) { return similar_texts(n, kLargeAlphabet, random); });
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
  const auto pairs = texts(bench);
  bench.throughput(edit_cells(pairs), "cells");
  bench.measure(
      pairs,
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

// A longest common subsequence is right when it is one, and as long as the full matrix says.
void subsequence(Bench& bench) {
  struct Subsequence {
    const TextPair* pair = nullptr;
    std::vector<fast::CommonSymbol> common;
    void fingerprint(Fingerprint& print) const {
      for (const fast::CommonSymbol& symbol : common) print.add(std::pair(symbol.i, symbol.j));
    }
  };
  Subsequence answer;
  const auto pairs = texts(bench);
  bench.throughput(edit_cells(pairs), "cells");
  bench.measure(
      pairs,
      [&](const TextPair& pair) -> const Subsequence& {
        answer.pair = &pair;
        fast::common_subsequence(pair.a, pair.b, answer.common);
        return answer;
      },
      [](const TextPair& pair) { return reference::lcs_length(pair.a, pair.b); },
      [](const Subsequence& got, std::size_t expected) {
        const auto& common = got.common;
        bool good = common.size() == expected;
        for (std::size_t k = 0; good && k < common.size(); ++k) {
          good = got.pair->a[common[k].i] == got.pair->b[common[k].j] &&
                 (k == 0 || (common[k - 1].i < common[k].i && common[k - 1].j < common[k].j));
        }
        return good;
      });
}

constexpr std::size_t kFarther = ~std::size_t{0};

// The rate counts the cells that need not be computed too.
void within_a_fifth(Bench& bench, const std::vector<TextPair>& pairs) {
  const std::size_t cutoff = length(bench) / 5;
  bench.throughput(edit_cells(pairs), "cells decided");
  bench.measure(
      pairs,
      [&](const TextPair& p) {
        return fast::levenshtein_distance_within(p.a, p.b, cutoff).value_or(kFarther);
      },
      [&](const TextPair& p) {
        const std::size_t distance = reference::levenshtein_distance(p.a, p.b);
        return distance <= cutoff ? distance : kFarther;
      });
}

void within(Bench& bench) { within_a_fifth(bench, texts(bench)); }

// Every pair is farther apart than the cutoff.
void beyond(Bench& bench) {
  const auto pairs = bench.variants(
      [n = length(bench)](Random& random) { return different_texts(n, kLargeAlphabet, random); });
  if (bench.is_verification()) {
    for (const TextPair& pair : pairs) {
      bench.expect(reference::levenshtein_distance(pair.a, pair.b) > length(bench) / 5,
                   "a pair is within the cutoff", 0);
    }
  }
  within_a_fifth(bench, pairs);
}

void one_to_many(Bench& bench) {
  constexpr std::size_t kTexts = 64;
  struct Query {
    std::string text;
    std::vector<std::string> others;
    std::vector<std::string_view> views;
  };
  auto queries = bench.variants([n = length(bench)](Random& random) {
    Query query{random_text(n, kLargeAlphabet, random), {}, {}};
    for (std::size_t i = 0; i < kTexts; ++i) {
      query.others.push_back(random_text(n, kLargeAlphabet, random));
    }
    return query;
  });
  double cells = 0;
  for (Query& query : queries) {
    std::vector<TextPair> pairs;
    for (const std::string& other : query.others) {
      query.views.emplace_back(other);
      pairs.push_back({.a = query.text, .b = other});
    }
    cells += edit_cells(pairs) * kTexts / static_cast<double>(queries.size());
  }
  bench.throughput(cells, "cells");
  std::vector<std::size_t> distances(kTexts);
  bench.measure(
      queries,
      [&](const Query& query) -> const std::vector<std::size_t>& {
        if (!fast::levenshtein_distances(query.text, query.views, distances)) {
          distances.assign(kTexts, ~std::size_t{0});  // a wrong answer
        }
        return distances;
      },
      [](const Query& query) {
        std::vector<std::size_t> expected;
        for (const std::string& other : query.others) {
          expected.push_back(reference::levenshtein_distance(query.text, other));
        }
        return expected;
      });
}

void transpositions(Bench& bench) {
  const auto pairs = texts(bench);
  bench.throughput(edit_cells(pairs), "cells");
  bench.measure(
      pairs, [](const TextPair& p) { return fast::osa_distance(p.a, p.b); },
      [](const TextPair& p) { return reference::osa_distance(p.a, p.b); });
}

Registration& add(const char* id, void (*function)(Bench&), const char* title, const char* oracle) {
  return register_temporal(id, function)
      .params("n", {100, 1000})
      .title(title)
      .generator("10 % substituted, 64 symbols")
      .oracle(oracle)
      .declares_rate();
}

[[maybe_unused]] const bool kRegistered = [] {
  constexpr const char* kOracle = "full-matrix Levenshtein";
  add("temporal/edit-script/similar", script, "Levenshtein edit script",
      "replayed, and as long as the full-matrix distance");
  add("temporal/common-subsequence/similar", subsequence, "one longest common subsequence",
      "common, increasing, and as long as the full-matrix LCS");
  add("temporal/edit-within/similar", within, "Levenshtein up to a cutoff of 20 %", kOracle);
  add("temporal/edit-within/different", beyond, "Levenshtein given up at a cutoff of 20 %", kOracle)
      .generator("independent texts, 64 symbols");
  add("temporal/edit-many/random", one_to_many, "Levenshtein of one text and 64", kOracle)
      .generator("random texts");
  add("temporal/osa/similar", transpositions, "edit distance with transpositions",
      "full-matrix optimal string alignment");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
