#include "core/temporal/result_cache.hpp"

#include <algorithm>
#include <bit>
#include <mutex>
#include <new>
#include <utility>

#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/spin_lock.hpp"

namespace midstream::temporal {
namespace {

constexpr std::size_t kMostShards = 16;
constexpr std::size_t kLeastEntriesPerShard = 64;
constexpr std::size_t kLargestFirstTable = 1024;

// Comparing more than this takes longer than unlocking and locking again.
constexpr std::size_t kComparedUnderLock = 1024;

// Everything of a key that is not content, compared as four words.
struct KeyShape {
  std::uint64_t operation_and_kind;
  std::int64_t parameter;
  std::size_t first_size;
  std::size_t size;  // of both sequences
  bool operator==(const KeyShape&) const = default;
};

KeyShape shape_of(const CacheKey& key) {
  return {static_cast<std::uint64_t>(key.operation) << 8 | static_cast<std::uint64_t>(key.kind),
          key.parameter, key.first.size(), key.first.size() + key.second.size()};
}

std::uint64_t hash_of(const CacheKey& key, const KeyShape& shape,
                      const kernels::ContentKernel& kernel) {
  const std::uint64_t seed =
      (shape.operation_and_kind << 40) ^ static_cast<std::uint64_t>(shape.parameter);
  return kernel.hash({key.first.data(), key.first.size(), key.second.data(), key.second.size()},
                     seed);
}

}  // namespace

// One entry, with its content behind it in the same block of memory. What a lookup reads fills one
// cache line.
struct alignas(64) ResultCache::Node {
  Node* next = nullptr;  // in its bucket, or in a list of nodes to destroy
  std::uint64_t hash = 0;
  KeyShape shape{};
  double value = 0;
  std::uint32_t pins = 0;  // threads that compare its content without the lock
  bool used = false;       // found since the shard last thought of evicting it
  bool evicted = false;    // the thread that takes the last pin off destroys it
  Node* newer = nullptr;
  Node* older = nullptr;
  std::size_t capacity = 0;  // bytes of content

  [[nodiscard]] std::byte* content() { return reinterpret_cast<std::byte*>(this + 1); }
  static std::size_t footprint(std::size_t capacity) { return sizeof(Node) + capacity; }
  // Not so much larger that a cache of small keys would keep the memory of large ones.
  [[nodiscard]] bool serves(std::size_t size) const {
    return capacity >= size && capacity <= 2 * size + 64;
  }
};

struct ResultCache::KeyView {
  explicit KeyView(const CacheKey& from)
      : key(from),
        shape(shape_of(from)),
        kernel(*active_kernel_table().content),
        hash(hash_of(from, shape, kernel)) {}

  [[nodiscard]] bool may_be(const Node& node) const {
    return node.hash == hash && node.shape == shape;
  }
  [[nodiscard]] bool is(Node& node) const {
    return kernel.equal(node.content(), key.first.data(), key.first.size()) &&
           kernel.equal(node.content() + key.first.size(), key.second.data(), key.second.size());
  }
  void copy_to(Node& node) const {
    node.hash = hash;
    node.shape = shape;
    std::copy(key.first.begin(), key.first.end(), node.content());
    std::copy(key.second.begin(), key.second.end(), node.content() + key.first.size());
  }

  const CacheKey& key;
  KeyShape shape;
  const kernels::ContentKernel& kernel;
  std::uint64_t hash;
};

constexpr std::size_t kBucketBytes = sizeof(void*);

// One lock, one hash table with chains, one list in order of insertion.
struct alignas(64) ResultCache::Shard {
  using Lock = std::unique_lock<SpinLock>;

  SpinLock lock;
  std::size_t mask = 0;  // buckets - 1
  std::unique_ptr<Node*[]> buckets;
  Node* newest = nullptr;
  Node* oldest = nullptr;
  Node* spare = nullptr;  // the last evicted, so that a full cache of keys of a size allocates not
  std::size_t most_entries = 0;
  CacheStatistics counters;

  void make_table(std::size_t size) {
    buckets = std::make_unique<Node*[]>(size);
    mask = size - 1;
  }
  [[nodiscard]] std::size_t table_bytes() const { return (mask + 1) * kBucketBytes; }

  Node*& bucket_of(std::uint64_t hash) { return buckets[hash & mask]; }

  Node* locate_under_lock(const KeyView& view) {
    for (Node* node = bucket_of(view.hash); node != nullptr; node = node->next) {
      if (view.may_be(*node) && view.is(*node)) return node;
    }
    return nullptr;
  }

  // Gives the lock away while it compares a large content. A node that is evicted meanwhile is left
  // in `garbage` if nobody else looks at it. What is returned is so for as long as `held` is.
  Node* locate(const KeyView& view, Lock& held, Node*& garbage) {
    if (view.shape.size <= kComparedUnderLock) return locate_under_lock(view);
    for (;;) {
      Node* node = bucket_of(view.hash);
      while (node != nullptr && !view.may_be(*node)) node = node->next;
      if (node == nullptr) return nullptr;
      ++node->pins;
      held.unlock();
      const bool equal = view.is(*node);
      held.lock();
      --node->pins;
      if (!node->evicted) {
        // Contents with one hash are so rare that the others may be compared under the lock.
        return equal ? node : locate_under_lock(view);
      }
      if (node->pins == 0) node->next = std::exchange(garbage, node);
    }
  }

  bool replace(const KeyView& view, double value, Lock& held, Node*& garbage) {
    Node* const known = locate(view, held, garbage);
    if (known == nullptr) return false;
    known->value = value;
    known->used = true;
    return true;
  }

  // Evicts for it if the shard is full; the evicted becomes the spare one, the old spare garbage.
  void add(Node* node, Node*& garbage) {
    if (counters.entries == most_entries) {
      Node* const victim = evict();
      if (victim->pins == 0) {
        Node* const old_spare = std::exchange(spare, victim);
        if (old_spare != nullptr) old_spare->next = std::exchange(garbage, old_spare);
      }
    }
    link(node);
    ++counters.insertions;
  }

  void make_newest(Node* node) {
    node->newer = nullptr;
    node->older = newest;
    (newest == nullptr ? oldest : newest->newer) = node;
    newest = node;
  }

  void unlink_order(Node* node) {
    (node->newer == nullptr ? newest : node->newer->older) = node->older;
    (node->older == nullptr ? oldest : node->older->newer) = node->newer;
  }

  void link(Node* node) {
    node->next = std::exchange(bucket_of(node->hash), node);
    make_newest(node);
    ++counters.entries;
  }

  void unlink(Node* node) {
    Node** link = &bucket_of(node->hash);
    while (*link != node) link = &(*link)->next;
    *link = node->next;
    unlink_order(node);
    --counters.entries;
  }

  // The entry to go; the shard must not be empty. If it is pinned it is not the caller's yet.
  Node* evict() {
    while (oldest->used) {
      Node* const node = oldest;
      node->used = false;
      unlink_order(node);
      make_newest(node);
    }
    Node* const node = oldest;
    unlink(node);
    node->evicted = true;
    ++counters.evictions;
    return node;
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
      byte_limit_(limits.bytes),
      shards_(std::make_unique<Shard[]>(shard_count_)) {
  bytes_ = shard_count_ * sizeof(Shard);
  for (std::size_t i = 0; i < shard_count_; ++i) {
    // The remainder goes to the first shards, so that the sum is exactly the limit.
    const std::size_t extra = i < limits.entries % shard_count_ ? 1 : 0;
    shards_[i].most_entries = limits.entries / shard_count_ + extra;
    shards_[i].make_table(
        std::bit_ceil(std::clamp<std::size_t>(shards_[i].most_entries, 1, kLargestFirstTable)));
    bytes_ += shards_[i].table_bytes();
  }
  table_bytes_ = bytes_.load();
}

ResultCache::~ResultCache() { clear(); }

ResultCache::Shard& ResultCache::shard_of(std::uint64_t hash) const {
  return shards_[(hash >> 32) & (shard_count_ - 1)];  // buckets use the low bits
}

bool ResultCache::reserve(std::size_t size) {
  std::size_t now = bytes_.load(std::memory_order_relaxed);
  do {
    if (now > byte_limit_ || size > byte_limit_ - now) return false;
  } while (!bytes_.compare_exchange_weak(now, now + size, std::memory_order_relaxed));
  return true;
}

void ResultCache::destroy(Node* nodes) {
  while (nodes != nullptr) {
    Node* const next = nodes->next;
    release(Node::footprint(nodes->capacity));
    nodes->~Node();
    ::operator delete (nodes, std::align_val_t{alignof(Node)});
    nodes = next;
  }
}

// A spare node or an evicted one, from `first` if it has any; null if none was to be had, or if
// the evicted one is still being compared.
ResultCache::Node* ResultCache::evict_anywhere(Shard& first, bool& evicted) {
  const auto begin = static_cast<std::size_t>(&first - shards_.get());
  for (std::size_t i = 0; i < shard_count_; ++i) {
    Shard& shard = shards_[(begin + i) & (shard_count_ - 1)];
    const Shard::Lock held(shard.lock);
    if (shard.spare != nullptr) {
      evicted = true;
      return std::exchange(shard.spare, nullptr);
    }
    if (shard.oldest == nullptr) continue;
    evicted = true;
    Node* const node = shard.evict();
    return node->pins == 0 ? node : nullptr;
  }
  evicted = false;
  return nullptr;
}

// Room for a content, paid for; null if the limit cannot be kept.
ResultCache::Node* ResultCache::obtain_node(Shard& shard, std::size_t content_size) {
  const std::size_t size = Node::footprint(content_size);
  Node* node = nullptr;
  {
    const Shard::Lock held(shard.lock);
    node = std::exchange(shard.spare, nullptr);
  }
  for (;;) {
    if (node != nullptr && node->serves(content_size)) {
      const std::size_t capacity = node->capacity;
      node = new (node) Node;
      node->capacity = capacity;
      return node;
    }
    if (node != nullptr) {
      node->next = nullptr;
      destroy(node);
    }
    if (reserve(size)) {
      node = new (::operator new (size, std::align_val_t{alignof(Node)})) Node;
      node->capacity = content_size;
      return node;
    }
    bool evicted = false;
    node = evict_anywhere(shard, evicted);
    if (!evicted) return nullptr;
  }
}

// `old_size` is what it was when it was found too small; another thread may have seen to it.
void ResultCache::grow_table(Shard& shard, std::size_t old_size) {
  const std::size_t size = 2 * old_size;
  if (!reserve(size * kBucketBytes)) return;  // longer chains, then
  auto table = std::make_unique<Node*[]>(size);
  {
    const Shard::Lock held(shard.lock);
    if (shard.mask + 1 == old_size) {
      std::swap(table, shard.buckets);
      shard.mask = size - 1;
      for (Node* node = shard.newest; node != nullptr; node = node->older) {
        node->next = std::exchange(shard.bucket_of(node->hash), node);
      }
      release(old_size * kBucketBytes);
      table_bytes_.fetch_add(old_size * kBucketBytes, std::memory_order_relaxed);
      return;
    }
  }
  release(size * kBucketBytes);
}

std::optional<double> ResultCache::find(const CacheKey& key) {
  const KeyView view(key);
  Shard& shard = shard_of(view.hash);
  Node* garbage = nullptr;
  std::optional<double> found;
  {
    Shard::Lock held(shard.lock);
    if (Node* const node = shard.locate(view, held, garbage)) {
      ++shard.counters.hits;
      if (!node->used) node->used = true;
      found = node->value;
    } else {
      ++shard.counters.misses;
    }
  }
  destroy(garbage);
  return found;
}

void ResultCache::insert(const CacheKey& key, double value) {
  const KeyView view(key);
  Shard& shard = shard_of(view.hash);
  Node* garbage = nullptr;
  const auto is_replaced = [&] {
    Shard::Lock held(shard.lock);
    return shard.replace(view, value, held, garbage);
  };
  if (!is_replaced()) add_new(shard, view, value, garbage);
  destroy(garbage);
}

void ResultCache::add_new(Shard& shard, const KeyView& view, double value, Node*& garbage) {
  // What cannot fit must not evict others.
  const std::size_t tables = table_bytes_.load(std::memory_order_relaxed);
  const bool hopeless = shard.most_entries == 0 || tables > byte_limit_ ||
                        Node::footprint(view.shape.size) > byte_limit_ - tables;
  Node* const node = hopeless ? nullptr : obtain_node(shard, view.shape.size);
  if (node == nullptr) {
    const Shard::Lock held(shard.lock);
    ++shard.counters.rejections;
    return;
  }
  view.copy_to(*node);
  node->value = value;
  std::size_t crowded = 0;  // size of a table with more entries than buckets
  {
    Shard::Lock held(shard.lock);
    if (shard.replace(view, value, held, garbage)) {  // another thread has been quicker
      node->next = std::exchange(garbage, node);
    } else {
      shard.add(node, garbage);
      if (shard.counters.entries > shard.mask + 1) crowded = shard.mask + 1;
    }
  }
  if (crowded != 0) grow_table(shard, crowded);
}

void ResultCache::clear() {
  for (std::size_t s = 0; s < shard_count_; ++s) {
    Shard& shard = shards_[s];
    Node* garbage = nullptr;
    {
      const Shard::Lock held(shard.lock);
      garbage = std::exchange(shard.spare, nullptr);
      if (garbage != nullptr) garbage->next = nullptr;
      while (Node* const node = shard.oldest) {
        shard.unlink(node);
        node->evicted = true;
        if (node->pins == 0) node->next = std::exchange(garbage, node);
      }
    }
    destroy(garbage);
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
  }
  sum.bytes = bytes_.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace midstream::temporal
