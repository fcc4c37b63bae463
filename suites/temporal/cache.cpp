// The result cache (hit, miss, eviction), and comparisons whose inputs are built in the call.
#include <limits>
#include <span>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/result_cache.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/temporal/inputs.hpp"

namespace midstream::suites::temporal {
namespace {

using midstream::temporal::CachedOperation;
using midstream::temporal::CacheKey;
using midstream::temporal::dtw_distance;
using midstream::temporal::ResultCache;

CacheKey key_of(const SeriesPair& pair) {
  return midstream::temporal::cache_key(CachedOperation::kDtw, std::span<const double>(pair.x),
                                        std::span<const double>(pair.y));
}

// No distance is negative: what a lookup answers when it found nothing.
constexpr double kNotFound = -1;

std::vector<SeriesPair> walks(const Bench& bench) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  return bench.variants([&](Random& random) { return walk_pair(n, random); });
}

double oracle(const SeriesPair& pair) { return reference::dtw_distance(pair.x, pair.y); }

void cache_hit(Bench& bench) {
  const auto pairs = walks(bench);
  ResultCache cache;
  for (const auto& pair : pairs) cache.insert(key_of(pair), dtw_distance(pair.x, pair.y).value());
  bench.measure(
      pairs, [&](const SeriesPair& pair) { return cache.find(key_of(pair)).value_or(kNotFound); },
      oracle);
}

void cache_miss(Bench& bench) {
  const auto pairs = walks(bench);
  ResultCache cache;
  // Full of other content of the same lengths: a key made of lengths alone would hit.
  for (const auto& pair : pairs) {
    cache.insert(key_of({.x = pair.y, .y = pair.x}), dtw_distance(pair.x, pair.y).value());
  }
  bench.measure(
      pairs, [&](const SeriesPair& pair) { return cache.find(key_of(pair)).value_or(kNotFound); },
      [](const SeriesPair&) { return kNotFound; });
}

void cache_evict(Bench& bench) {
  const auto pairs = walks(bench);
  // Half as many entries as inputs that rotate: every lookup misses, every insertion evicts.
  ResultCache cache({.entries = kVariants / 2});
  bench.measure(
      pairs,
      [&](const SeriesPair& pair) {
        const CacheKey key = key_of(pair);
        if (const auto found = cache.find(key)) return *found;
        const double distance = dtw_distance(pair.x, pair.y).value();
        cache.insert(key, distance);
        return distance;
      },
      oracle);
  bench.counter("cache hits", static_cast<double>(cache.statistics().hits));
}

// A comparison as a caller with data of its own makes it: both series copied, then compared.
void allocate(Bench& bench) {
  bench.measure(
      walks(bench),
      [](const SeriesPair& pair) {
        const std::vector<double> x(pair.x);
        const std::vector<double> y(pair.y);
        return dtw_distance(x, y).value();
      },
      oracle);
}

// The same pair again and again: the memory of one call is the next one's.
void repeat(Bench& bench) {
  auto pairs = walks(bench);
  for (auto& pair : pairs) pair = pairs.front();
  bench.measure(
      pairs, [](const SeriesPair& pair) { return dtw_distance(pair.x, pair.y).value(); }, oracle);
}

Registration& add(const char* id, void (*function)(Bench&), const char* title,
                  std::vector<std::int64_t> lengths) {
  return register_bench(id, function)
      .params("n", std::move(lengths))
      .title(title)
      .generator("independent random walks")
      .oracle("full-matrix DTW");
}

[[maybe_unused]] const bool kRegistered = [] {
  add("temporal/cache/hit", cache_hit, "result cache, hit", {10, 100, 1000});
  add("temporal/cache/miss", cache_miss, "result cache, miss", {10, 100, 1000})
      .oracle("absent by construction");
  add("temporal/cache/evict", cache_evict, "miss, compute, insert, evict", {10, 100, 1000});
  add("temporal/allocation/small", allocate, "series built for the call", {10});
  add("temporal/allocation/large", allocate, "series built for the call", {1000});
  add("temporal/allocation/repeated", repeat, "the same pair again and again", {100});
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
