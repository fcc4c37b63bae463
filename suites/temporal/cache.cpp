// The result cache (hit, miss, eviction), and comparisons whose inputs are built in the call.
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <thread>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/result_cache.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

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

std::size_t usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<std::size_t>(CPU_COUNT(&set))
                                                     : 1;
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// One thread of cache_threads: rounds over all keys from a place of its own.
struct LookupThread {
  std::vector<double> samples;  // ns a lookup, one a round
  std::uint64_t lookups = 0;
  std::uint64_t wrong = 0;
  double cpu_share = 1;

  void run(ResultCache& cache, const std::vector<SeriesPair>& pairs,
           const std::vector<double>& expected, std::size_t first, double budget) {
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    const double cpu_begin = cpu_seconds();
    double elapsed = 0;
    do {
      for (std::size_t k = 0; k < pairs.size(); ++k) {
        const std::size_t at = (first + k) % pairs.size();
        const auto found = cache.find(key_of(pairs[at]));
        wrong += found && *found == expected[at] ? 0U : 1U;
      }
      lookups += pairs.size();
      const double now = std::chrono::duration<double>(Clock::now() - begin).count();
      samples.push_back((now - elapsed) * 1e9 / static_cast<double>(pairs.size()));
      elapsed = now;
    } while (elapsed < budget);
    cpu_share = std::min(1.0, (cpu_seconds() - cpu_begin) / elapsed);
  }
};

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

std::vector<SeriesPair> many_walks(const Bench& bench, std::size_t count) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  Random random(bench.seed());
  std::vector<SeriesPair> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.push_back(walk_pair(n, random));
  return pairs;
}

// Inserts in an order that has nothing to do with that of the lookups.
void insert_shuffled(ResultCache& cache, const std::vector<SeriesPair>& pairs, Random random) {
  std::vector<std::size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  for (const std::size_t k : order) {
    cache.insert(key_of(pairs[k]), dtw_distance(pairs[k].x, pairs[k].y).value());
  }
}

constexpr std::size_t kManyKeys = 4096;
constexpr midstream::temporal::CacheLimits kRoomForMany{.entries = 4 * kManyKeys};

// So many keys that neither they nor the branches they take are remembered by the processor.
void cache_hit_many(Bench& bench) {
  const auto pairs = many_walks(bench, kManyKeys);
  ResultCache cache(kRoomForMany);
  insert_shuffled(cache, pairs, Random(bench.seed() + 1));
  bench.measure(
      pairs, [&](const SeriesPair& pair) { return cache.find(key_of(pair)).value_or(kNotFound); },
      oracle);
}

// Threads that look up and nothing else, all in one cache. A sample is the time of a lookup as one
// thread sees it: the same for any number of threads if they do not hinder each other.
void cache_threads(Bench& bench) {
  const auto threads = static_cast<std::size_t>(bench.param("threads"));
  if (usable_cores() < threads) bench.unavailable("fewer usable cores than threads");
  const auto pairs = many_walks(bench, kManyKeys);
  ResultCache cache(kRoomForMany);
  insert_shuffled(cache, pairs, Random(bench.seed() + 1));
  std::vector<double> expected;
  expected.reserve(pairs.size());
  for (const SeriesPair& pair : pairs) expected.push_back(oracle(pair));

  const double budget = bench.budget_seconds();
  std::atomic<std::size_t> ready{0};
  std::vector<LookupThread> each(threads);
  {
    std::vector<std::jthread> running;
    for (std::size_t t = 0; t < threads; ++t) {
      running.emplace_back([&, t] {
        ++ready;
        while (ready < threads) std::this_thread::yield();
        each[t].run(cache, pairs, expected, t * kManyKeys / threads, budget);
      });
    }
  }
  for (std::size_t t = 0; t < threads; ++t) {
    const LookupThread& thread = each[t];
    bench.expect(thread.wrong == 0, "a lookup gave another key's result or none", thread.lookups);
    // Threads that take turns on a core cannot hinder each other: that would pass for scaling.
    bench.cpu_share(thread.cpu_share, "thread " + std::to_string(t + 1));
    for (const double sample : thread.samples) bench.record(sample);
  }
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
  const auto statistics = cache.statistics();
  bench.expect(statistics.hits == 0, "a lookup that was to miss has hit");
  bench.expect(statistics.insertions <= kVariants / 2 || statistics.evictions > 0,
               "nothing was evicted");
  bench.counter("cache hits", static_cast<double>(statistics.hits));
  bench.counter("evictions/insertion", static_cast<double>(statistics.evictions) /
                                           static_cast<double>(statistics.insertions));
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
  return register_temporal(id, function)
      .params("n", std::move(lengths))
      .title(title)
      .generator("independent random walks")
      .oracle("full-matrix DTW");
}

[[maybe_unused]] const bool kRegistered = [] {
  add("temporal/cache/hit", cache_hit, "result cache, hit", {10, 100, 1000});
  add("temporal/cache/hit-many", cache_hit_many, "result cache, hit, 4096 keys", {10, 100});
  add("temporal/cache/threads", cache_threads, "result cache, hit, 4096 keys, threads at once",
      {10})
      .params("threads", {1, 2})
      .records("ns", measure::Direction::kLowerIsBetter, measure::SampleKind::kBatchMean)
      .launch_budget_ms(20);
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
