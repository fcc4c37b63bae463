// In steady state nothing allocates: after one call of each kind, repeating it on inputs no larger
// must not reach operator new.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "core/temporal/damerau.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/dtw_batch.hpp"
#include "core/temporal/dtw_path.hpp"
#include "core/temporal/edit_script.hpp"
#include "core/temporal/euclidean.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "core/temporal/recurring_patterns.hpp"
#include "core/temporal/repeated_symbols.hpp"
#include "core/temporal/result_cache.hpp"
#include "core/temporal/similarity_search.hpp"
#include "core/temporal/text.hpp"
#include "tests/temporal/every_kernel.hpp"
#include "tests/temporal/sequences.hpp"

namespace {
std::atomic<std::size_t> allocations{0};

void* allocate_or_null(std::size_t size, std::size_t alignment) {
  ++allocations;
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}
void* allocate(std::size_t size, std::size_t alignment) {
  void* memory = allocate_or_null(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
// std::stable_sort's buffer.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate_or_null(size, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace midstream::temporal {
namespace {

using Allocation = test::EveryKernel;
INSTANTIATE_TEST_SUITE_P(, Allocation, test::kernel_values(), test::kernel_name);

template <class Operation>
std::size_t allocations_when_repeated(Operation operation) {
  operation();
  const std::size_t before = allocations;
  operation();
  return allocations - before;
}

TEST_P(Allocation, NoneInDtw) {
  Random random(1);
  const auto x = test::random_walk(random, 300);
  const auto y = test::random_walk(random, 280);
  const std::vector<float> xf(x.begin(), x.end());
  const std::vector<float> yf(y.begin(), y.end());
  const std::vector<SeriesPair> pairs(16, SeriesPair{x, y});
  std::vector<double> distances(16);
  DtwAlignment alignment;
  EXPECT_EQ(allocations_when_repeated([&] {
              (void)dtw_distance(x, y);
              (void)dtw_distance(x, y, 30);
              (void)dtw_distance(xf, yf);
              (void)dtw_distance_within(x, y, 5);
              (void)dtw_path(x, y, kNoBand, alignment);
              (void)dtw_distances(pairs, distances);
              (void)euclidean_distance(x, x);
            }),
            0U);
}

TEST_P(Allocation, NoneInEdits) {
  Random random(2);
  for (const std::size_t length : {20U, 100U, 1500U}) {
    const std::string a = test::random_string(random, length, 26);
    const std::string b = test::random_string(random, length, 26);
    const auto wide_a = test::wide_symbols(a);
    const auto wide_b = test::wide_symbols(b);
    const std::vector<std::string_view> texts(8, b);
    std::vector<std::size_t> distances(texts.size());
    const std::string accented = "é" + a;
    CodePoints decoded;
    std::vector<Edit> script;
    std::vector<CommonSymbol> common;
    EXPECT_EQ(allocations_when_repeated([&] {
                (void)lcs_length(a, b);
                (void)lcs_length(wide_a, wide_b);
                (void)levenshtein_distance(a, b);
                (void)levenshtein_distance(wide_a, wide_b);
                (void)levenshtein_distance_within(a, b, 9);
                (void)osa_distance(a, b);
                EXPECT_TRUE(levenshtein_distances(a, texts, distances).ok());
                (void)levenshtein_distance_utf8(accented, "naïve");
                (void)lcs_length_utf8(accented, "naïve");
                (void)decoded.assign(accented);
                (void)osa_distance(decoded, wide_b);
                edit_script(a, b, script);
                common_subsequence(a, b, common);
              }),
              0U)
        << length;
  }
}

// Once a stream holds what it is to hold, another push of the same samples allocates nothing.
TEST_P(Allocation, NoneInStreams) {
  Random random(3);
  const auto series = test::random_walk(random, 3000);
  const auto query = test::random_walk(random, 40);
  std::vector<std::uint32_t> symbols;
  for (int i = 0; i < 3000; ++i) symbols.push_back(static_cast<std::uint32_t>(random.below(3)));
  auto search = SimilarityStream::create(query, {.band = 4, .best = 3, .separation = 40});
  auto recurrences = RecurrenceStream::create({.length = 32, .best = 3, .history = 500});
  auto repeats = RepeatStream::create({.best = 3, .separation = 10, .history = 700});
  const auto push_all = [&] {
    (void)search->push(series);
    (void)recurrences->push(series);
    repeats->push(symbols);
  };
  push_all();
  EXPECT_EQ(allocations_when_repeated(push_all), 0U);
}

TEST_P(Allocation, NoneInACacheThatIsHitOrFullOfKeysOfOneSize) {
  ResultCache cache({.entries = 8});
  std::vector<std::string> keys;
  for (int i = 0; i < 32; ++i) keys.push_back("a key of one size " + std::to_string(10 + i));
  const auto all = [&] {
    for (const std::string& key : keys) {
      const auto cached = cache_key(CachedOperation::kLcs, std::string_view(key), "");
      if (!cache.find(cached)) cache.insert(cached, 1);
      (void)cache.find(cached);
    }
  };
  EXPECT_EQ(allocations_when_repeated(all), 0U);
}

}  // namespace
}  // namespace midstream::temporal
