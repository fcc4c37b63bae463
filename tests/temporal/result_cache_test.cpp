#include "core/temporal/result_cache.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "core/base/random.hpp"
#include "core/temporal/kernels.hpp"
#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
namespace {

using enum CachedOperation;

CacheKey text_key(const std::string& a, const std::string& b) {
  return cache_key(kLevenshtein, std::string_view(a), std::string_view(b));
}

TEST(ResultCache, FindsWhatWasInsertedAndNothingElse) {
  ResultCache cache;
  const std::vector<double> x{1, 2, 3};
  const std::vector<double> y{1, 2, 4};
  const auto key = [](CachedOperation operation, const std::vector<double>& a,
                      const std::vector<double>& b, std::int64_t parameter) {
    return cache_key<double>(operation, a, b, parameter);
  };
  cache.insert(key(kDtw, x, y, -1), 7);
  EXPECT_EQ(cache.find(key(kDtw, x, y, -1)), 7);
  EXPECT_EQ(cache.find(key(kDtw, y, x, -1)), std::nullopt);
  EXPECT_EQ(cache.find(key(kDtw, x, y, 2)), std::nullopt);
  EXPECT_EQ(cache.find(key(kEuclidean, x, y, -1)), std::nullopt);
  EXPECT_EQ(cache.find(key(kDtw, x, x, -1)), std::nullopt);
  cache.insert(key(kDtw, x, y, -1), 8);
  EXPECT_EQ(cache.find(key(kDtw, x, y, -1)), 8);
  EXPECT_EQ(cache.statistics().entries, 1U);
}

TEST(ResultCache, TheBorderBetweenTheSequencesIsPartOfTheKey) {
  ResultCache cache;
  cache.insert(text_key("ab", "c"), 1);
  EXPECT_EQ(cache.find(text_key("a", "bc")), std::nullopt);
  EXPECT_EQ(cache.find(text_key("abc", "")), std::nullopt);
  EXPECT_EQ(cache.find(text_key("", "abc")), std::nullopt);
  EXPECT_EQ(cache.find(text_key("ab", "c")), 1);
}

TEST(ResultCache, TheKindOfSymbolIsPartOfTheKey) {
  ResultCache cache;
  const std::array<std::uint32_t, 1> word{0x01020304};
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), word.data(), sizeof word);
  cache.insert(cache_key<std::uint8_t>(kLcs, bytes, bytes), 4);
  EXPECT_EQ(cache.find(cache_key<std::uint32_t>(kLcs, word, word)), std::nullopt);
}

TEST(ResultCache, EvictsTheLeastRecentlyUsed) {
  ResultCache cache({.entries = 3});
  for (const char* text : {"a", "b", "c"}) cache.insert(text_key(text, ""), text[0]);
  EXPECT_EQ(cache.find(text_key("a", "")), 'a');
  cache.insert(text_key("d", ""), 'd');
  EXPECT_EQ(cache.find(text_key("b", "")), std::nullopt);
  EXPECT_EQ(cache.find(text_key("a", "")), 'a');
  EXPECT_EQ(cache.find(text_key("c", "")), 'c');
  EXPECT_EQ(cache.find(text_key("d", "")), 'd');
  const CacheStatistics statistics = cache.statistics();
  EXPECT_EQ(statistics.hits, 4U);
  EXPECT_EQ(statistics.misses, 1U);
  EXPECT_EQ(statistics.insertions, 4U);
  EXPECT_EQ(statistics.evictions, 1U);
  EXPECT_EQ(statistics.entries, 3U);
}

// A hit is what saves an entry, not when it was inserted.
TEST(ResultCache, WhatIsFoundOutlivesWhatIsNot) {
  ResultCache cache({.entries = 50});
  for (int i = 0; i < 1000; ++i) {
    cache.insert(text_key("kept", ""), 7);
    cache.insert(text_key("passing", std::to_string(i)), i);
    ASSERT_EQ(cache.find(text_key("kept", "")), 7) << i;
  }
}

TEST(ResultCache, StaysWithinItsLimits) {
  const CacheLimits limits{.entries = 1000, .bytes = 300'000};
  ResultCache cache(limits);
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(random.below(400), static_cast<char>('a' + random.below(26)));
    cache.insert(text_key(text, std::to_string(i)), i);
    if (i % 64 == 0) {
      const CacheStatistics now = cache.statistics();
      ASSERT_LE(now.entries, limits.entries);
      ASSERT_LE(now.bytes, limits.bytes);
    }
  }
  EXPECT_GT(cache.statistics().evictions, 0U);
}

TEST(ResultCache, RejectsWhatCanNeverFit) {
  ResultCache none({.entries = 0});
  none.insert(text_key("a", "b"), 1);
  EXPECT_EQ(none.find(text_key("a", "b")), std::nullopt);
  EXPECT_EQ(none.statistics().rejections, 1U);
  ResultCache small({.entries = 10, .bytes = 1000});
  small.insert(text_key("a", "b"), 1);
  small.insert(text_key(std::string(1000, 'x'), ""), 2);
  EXPECT_EQ(small.find(text_key("a", "b")), 1) << "a hopeless key must not evict others";
  EXPECT_EQ(small.statistics().rejections, 1U);
}

// The limit is the whole cache's: a shard is not held to its share of it.
TEST(ResultCache, AKeyOfNearlyTheWholeLimitIsStored) {
  const CacheLimits limits{.entries = 4096, .bytes = 1'000'000};
  ResultCache cache(limits);
  for (int i = 0; i < 2000; ++i) cache.insert(text_key("small", std::to_string(i)), i);
  const std::string large(900'000, 'x');
  cache.insert(text_key(large, ""), 42);
  EXPECT_EQ(cache.find(text_key(large, "")), 42);
  EXPECT_LE(cache.statistics().bytes, limits.bytes);
  EXPECT_EQ(cache.statistics().rejections, 0U);
  for (int i = 0; i < 2000; ++i) cache.insert(text_key("small", std::to_string(i)), i);
  EXPECT_LE(cache.statistics().bytes, limits.bytes);
}

TEST(ResultCache, AnyLimitsAreValid) {
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  for (const std::size_t entries : {std::size_t{1} << 32, (std::size_t{1} << 33) + 5, kMost}) {
    for (const std::size_t bytes : {std::size_t{1} << 20, kMost}) {
      ResultCache cache({.entries = entries, .bytes = bytes});
      for (int i = 0; i < 3000; ++i) cache.insert(text_key("key", std::to_string(i)), i);
      EXPECT_EQ(cache.find(text_key("key", "2999")), 2999);
      EXPECT_LE(cache.statistics().bytes, bytes);
    }
  }
  ResultCache tiny({.entries = kMost, .bytes = 1});
  tiny.insert(text_key("a", "b"), 1);
  EXPECT_EQ(tiny.find(text_key("a", "b")), std::nullopt);
}

TEST(ResultCache, TablesGrowAndKeepTheirEntries) {
  ResultCache cache({.entries = 100'000});
  for (int i = 0; i < 60'000; ++i) cache.insert(text_key("key", std::to_string(i)), i);
  for (int i = 0; i < 60'000; ++i) {
    ASSERT_EQ(cache.find(text_key("key", std::to_string(i))), i);
  }
}

TEST(ResultCache, ClearForgetsEntriesAndKeepsCounters) {
  ResultCache cache;
  const std::size_t tables = cache.statistics().bytes;
  cache.insert(text_key("a", "b"), 1);
  EXPECT_TRUE(cache.find(text_key("a", "b")));
  cache.clear();
  EXPECT_EQ(cache.find(text_key("a", "b")), std::nullopt);
  EXPECT_EQ(cache.statistics().entries, 0U);
  EXPECT_EQ(cache.statistics().bytes, tables);
  EXPECT_EQ(cache.statistics().hits, 1U);
  cache.insert(text_key("a", "b"), 2);
  EXPECT_EQ(cache.find(text_key("a", "b")), 2);
}

// Against a map: never a wrong value, and a hit whenever nothing was evicted.
TEST(ResultCache, RandomOperationsAgreeWithAMap) {
  ResultCache cache({.entries = 10'000});
  std::map<std::pair<std::string, std::string>, double> model;
  Random random(2);
  for (int i = 0; i < 20'000; ++i) {
    const std::string a(random.below(20), static_cast<char>('a' + random.below(3)));
    const std::string b(random.below(20), static_cast<char>('a' + random.below(3)));
    if (random.below(2) == 0) {
      cache.insert(text_key(a, b), i);
      model[{a, b}] = i;
    } else {
      const auto known = model.find({a, b});
      const std::optional<double> found = cache.find(text_key(a, b));
      ASSERT_EQ(found.has_value(), known != model.end());
      if (found) {
        ASSERT_EQ(*found, known->second);
      }
    }
  }
  EXPECT_EQ(cache.statistics().entries, model.size());
}

// Contents end where their memory ends, so that a kernel that reads beyond is caught by ASan.
TEST(ResultCache, KernelsAgreeOnHashAndEquality) {
  Random random(3);
  const auto content = [&](std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
    return bytes;
  };
  for (std::size_t size = 0; size < 300; ++size) {
    const std::vector<std::byte> first = content(size);
    const std::vector<std::byte> second = content(random.below(2) == 0 ? size : random.below(200));
    std::vector<std::byte> other = first;
    if (size > 0) other[random.below(size)] ^= std::byte{1};
    std::vector<std::uint64_t> hashes;
    for (const std::string_view name : kernel_names()) {
      const ScopedKernel forced(name);
      const kernels::ContentKernel& kernel = *active_kernel_table().content;
      const auto hash = [&](const auto& a, const auto& b) {
        return kernel.hash({a.data(), a.size(), b.data(), b.size()}, 1);
      };
      hashes.push_back(hash(first, second));
      EXPECT_TRUE(kernel.equal(first.data(), std::vector(first).data(), size));
      if (size == 0) continue;
      EXPECT_FALSE(kernel.equal(first.data(), other.data(), size)) << name << size;
      EXPECT_NE(hash(other, second), hashes.back()) << name << size;
      if (first != second) {
        EXPECT_NE(hash(second, first), hashes.back()) << name << size;
      }
    }
    for (const std::uint64_t hash : hashes) ASSERT_EQ(hash, hashes.front()) << size;
  }
}

TEST(ResultCache, ThreadsNeverSeeAnotherKeysValue) {
  ResultCache cache({.entries = 256});
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        Random random(seed);
        for (int i = 0; i < 20'000; ++i) {
          const auto number = random.below(600);
          const std::string text = std::to_string(number);
          const auto found = cache.find(text_key(text, "x"));
          if (found && *found != static_cast<double>(number)) ++wrong;
          if (!found) cache.insert(text_key(text, "x"), static_cast<double>(number));
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  const CacheStatistics statistics = cache.statistics();
  EXPECT_EQ(statistics.hits + statistics.misses, 80'000U);
  EXPECT_LE(statistics.entries, 256U);
}

TEST(ResultCache, ThreadsThatGrowTablesTogether) {
  ResultCache cache({.entries = 100'000});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 30'000; ++i) {
          const std::string text = std::to_string(i);
          if (!cache.find(text_key(text, "y"))) cache.insert(text_key(text, "y"), i);
        }
      });
    }
  }
  EXPECT_EQ(cache.statistics().entries, 30'000U);
}

// Contents that are compared without the lock, while others evict and clear them.
TEST(ResultCache, ThreadsWithLargeContents) {
  const CacheLimits limits{.entries = 12, .bytes = 40'000};
  ResultCache cache(limits);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        Random random(seed);
        for (int i = 0; i < 5'000; ++i) {
          const auto number = random.below(24);
          const std::string text(1500 + 37 * number, static_cast<char>('a' + number));
          const auto found = cache.find(text_key(text, "x"));
          if (found && *found != static_cast<double>(number)) ++wrong;
          if (!found) cache.insert(text_key(text, "x"), static_cast<double>(number));
          if (i % 1000 == 999) cache.clear();
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(cache.statistics().entries, 12U);
  EXPECT_LE(cache.statistics().bytes, limits.bytes);
}

}  // namespace
}  // namespace midstream::temporal
