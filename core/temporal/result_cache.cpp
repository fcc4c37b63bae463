#include "core/temporal/result_cache.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/spin_lock.hpp"

namespace midstream::temporal {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMostShards = 16;
constexpr std::size_t kLeastEntriesPerShard = 64;

// Everything of a key that is not content, compared as three words.
struct KeyShape {
  std::uint64_t operation_and_kind;
  std::int64_t parameter;
  std::size_t first_size;
  bool operator==(const KeyShape&) const = default;
};

KeyShape shape_of(const CacheKey& key) {
  return {static_cast<std::uint64_t>(key.operation) << 8 | static_cast<std::uint64_t>(key.kind),
          key.parameter, key.first.size()};
}

std::uint64_t hash_of(const CacheKey& key, const KeyShape& shape) {
  const std::uint64_t seed =
      (shape.operation_and_kind << 40) ^ static_cast<std::uint64_t>(shape.parameter);
  return active_kernel_table().content->hash(
      {key.first.data(), key.first.size(), key.second.data(), key.second.size()}, seed);
}

}  // namespace

// One lock, one hash table with chains, one recency list; links are indices into `entries`.
struct alignas(64) ResultCache::Shard {
  struct Entry {
    std::uint64_t hash = 0;
    KeyShape shape{};
    double value = 0;
    std::uint32_t next_in_bucket = kNone;
    std::uint32_t newer = kNone;
    std::uint32_t older = kNone;
    std::size_t content_size = 0;
    std::size_t content_capacity = 0;
    std::unique_ptr<std::byte[]> content;  // first, then second
  };

  SpinLock lock;
  std::vector<Entry> entries;
  std::vector<std::uint32_t> buckets;  // a power of two
  std::uint32_t newest = kNone;
  std::uint32_t oldest = kNone;
  std::uint32_t free = kNone;  // unused entries, linked by next_in_bucket
  std::size_t most_entries = 0;
  std::size_t most_bytes = 0;
  CacheStatistics counters;

  static std::size_t footprint(std::size_t content_size) { return content_size + sizeof(Entry); }

  void set_limits(std::size_t entry_limit, std::size_t byte_limit) {
    most_entries = entry_limit;
    most_bytes = byte_limit;
    buckets.assign(std::bit_ceil(std::max<std::size_t>(entry_limit, 1)), kNone);
  }

  std::uint32_t& bucket_of(std::uint64_t hash) { return buckets[hash & (buckets.size() - 1)]; }

  std::uint32_t locate(const CacheKey& key, const KeyShape& shape, std::uint64_t hash) {
    const std::size_t size = key.first.size() + key.second.size();
    const auto equal = active_kernel_table().content->equal;
    for (std::uint32_t i = bucket_of(hash); i != kNone; i = entries[i].next_in_bucket) {
      const Entry& entry = entries[i];
      if (entry.hash == hash && entry.shape == shape && entry.content_size == size &&
          equal(entry.content.get(), key.first.data(), key.first.size()) &&
          equal(entry.content.get() + key.first.size(), key.second.data(), key.second.size())) {
        return i;
      }
    }
    return kNone;
  }

  void unlink_recency(std::uint32_t i) {
    const Entry& entry = entries[i];
    (entry.newer == kNone ? newest : entries[entry.newer].older) = entry.older;
    (entry.older == kNone ? oldest : entries[entry.older].newer) = entry.newer;
  }

  void make_newest(std::uint32_t i) {
    entries[i].newer = kNone;
    entries[i].older = newest;
    (newest == kNone ? oldest : entries[newest].newer) = i;
    newest = i;
  }

  void remove(std::uint32_t i) {
    std::uint32_t* link = &bucket_of(entries[i].hash);
    while (*link != i) link = &entries[*link].next_in_bucket;
    *link = entries[i].next_in_bucket;
    unlink_recency(i);
    entries[i].next_in_bucket = free;
    free = i;
    --counters.entries;
    counters.bytes -= footprint(entries[i].content_capacity);
  }

  [[nodiscard]] bool has_room(std::size_t content_size) const {
    return counters.entries < most_entries &&
           counters.bytes + footprint(content_size) <= most_bytes;
  }

  std::uint32_t take_free() {
    if (free == kNone) {
      entries.emplace_back();
      return static_cast<std::uint32_t>(entries.size() - 1);
    }
    const std::uint32_t i = free;
    free = entries[i].next_in_bucket;
    return i;
  }

  void store(const CacheKey& key, const KeyShape& shape, std::uint64_t hash, double value) {
    const std::size_t size = key.first.size() + key.second.size();
    if (most_entries == 0 || footprint(size) > most_bytes) {
      ++counters.rejections;
      return;
    }
    // The last evicted entry's buffer serves again when it fits, so that a full cache of keys of
    // one size does not allocate.
    std::unique_ptr<std::byte[]> content;
    std::size_t capacity = 0;
    while (!has_room(size)) {
      const std::uint32_t victim = oldest;
      remove(victim);
      ++counters.evictions;
      content = std::move(entries[victim].content);
      capacity = entries[victim].content_capacity;
    }
    if (capacity < size || capacity > 2 * size || !has_room(capacity)) {
      content = std::make_unique_for_overwrite<std::byte[]>(size);
      capacity = size;
    }
    std::copy(key.first.begin(), key.first.end(), content.get());
    std::copy(key.second.begin(), key.second.end(), content.get() + key.first.size());

    const std::uint32_t i = take_free();
    Entry& entry = entries[i];
    entry.hash = hash;
    entry.shape = shape;
    entry.value = value;
    entry.content_size = size;
    entry.content_capacity = capacity;
    entry.content = std::move(content);
    entry.next_in_bucket = std::exchange(bucket_of(hash), i);
    make_newest(i);
    ++counters.entries;
    ++counters.insertions;
    counters.bytes += footprint(capacity);
  }
};

CacheKey cache_key(CachedOperation operation, std::string_view first, std::string_view second,
                   std::int64_t parameter) {
  return {operation, SymbolKind::kByte, parameter, std::as_bytes(std::span(first)),
          std::as_bytes(std::span(second))};
}

ResultCache::ResultCache(const CacheLimits& limits)
    : shard_count_(std::bit_floor(
          std::clamp<std::size_t>(limits.entries / kLeastEntriesPerShard, 1, kMostShards))),
      shards_(std::make_unique<Shard[]>(shard_count_)) {
  for (std::size_t i = 0; i < shard_count_; ++i) {
    // The remainder goes to the first shards, so that the sum is exactly the limit.
    const std::size_t extra = i < limits.entries % shard_count_ ? 1 : 0;
    shards_[i].set_limits(limits.entries / shard_count_ + extra, limits.bytes / shard_count_);
  }
}

ResultCache::~ResultCache() = default;

ResultCache::Shard& ResultCache::shard_of(std::uint64_t hash) const {
  return shards_[(hash >> 32) & (shard_count_ - 1)];  // buckets use the low bits
}

std::optional<double> ResultCache::find(const CacheKey& key) {
  const KeyShape shape = shape_of(key);
  const std::uint64_t hash = hash_of(key, shape);
  Shard& shard = shard_of(hash);
  const std::lock_guard guard(shard.lock);
  const std::uint32_t i = shard.locate(key, shape, hash);
  if (i == kNone) {
    ++shard.counters.misses;
    return std::nullopt;
  }
  ++shard.counters.hits;
  if (i != shard.newest) {
    shard.unlink_recency(i);
    shard.make_newest(i);
  }
  return shard.entries[i].value;
}

void ResultCache::insert(const CacheKey& key, double value) {
  const KeyShape shape = shape_of(key);
  const std::uint64_t hash = hash_of(key, shape);
  Shard& shard = shard_of(hash);
  const std::lock_guard guard(shard.lock);
  const std::uint32_t known = shard.locate(key, shape, hash);
  if (known != kNone) {
    shard.entries[known].value = value;
    shard.unlink_recency(known);
    shard.make_newest(known);
    return;
  }
  shard.store(key, shape, hash, value);
}

void ResultCache::clear() {
  for (std::size_t s = 0; s < shard_count_; ++s) {
    Shard& shard = shards_[s];
    const std::lock_guard guard(shard.lock);
    shard.entries.clear();
    std::fill(shard.buckets.begin(), shard.buckets.end(), kNone);
    shard.newest = shard.oldest = shard.free = kNone;
    shard.counters.entries = shard.counters.bytes = 0;
  }
}

CacheStatistics ResultCache::statistics() const {
  CacheStatistics sum;
  for (std::size_t s = 0; s < shard_count_; ++s) {
    const std::lock_guard guard(shards_[s].lock);
    const CacheStatistics& counters = shards_[s].counters;
    sum.hits += counters.hits;
    sum.misses += counters.misses;
    sum.insertions += counters.insertions;
    sum.evictions += counters.evictions;
    sum.rejections += counters.rejections;
    sum.entries += counters.entries;
    sum.bytes += counters.bytes;
  }
  return sum;
}

}  // namespace midstream::temporal
