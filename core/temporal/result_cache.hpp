// A bounded, thread-safe cache of comparison results, keyed by what was compared.
//
// The key is the operation, its parameter, the kind of symbol and the full content of both
// sequences. A hit needs every byte equal, so two inputs whose hashes collide never share a
// result. Content is copied on insertion. Doubles compare by their bits: 0.0 and -0.0 are
// different keys (a miss, never a wrong hit).
//
// Entries are spread over shards by hash, each with its own lock. A shard evicts the entry that was
// inserted first among those not found since it last looked (second chance, Corbató 1968): a hit
// marks its entry instead of moving it in a list, which costs a fraction of that. A cache of fewer
// than 128 entries has one shard, so that order is then the whole cache's.
//
// Nothing is allocated, copied or released under a lock, and contents of more than 1 KiB are
// compared outside it too. Only growth of a shard's table moves its links under the lock; it
// happens at powers of two beyond 1024 entries a shard.
//
// Complexity: O(bytes of the key) for find and insert.
// Memory:     at most `entries` results and `bytes` bytes: keys, bookkeeping, tables and kept
//             buffers, all counted. A key that fits the whole limit is stored, whatever has to be
//             evicted, from other shards too. Any limits are valid; with `entries` at its largest,
//             `bytes` is what limits, and limits smaller than the empty tables store nothing.
// Threads:    every member may be called concurrently.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace midstream::temporal {

enum class CachedOperation : std::uint8_t { kDtw, kLcs, kLevenshtein, kEuclidean };

// Part of the key: the same bytes mean other symbols at another width.
enum class SymbolKind : std::uint8_t { kByte, kUint32, kFloat, kDouble };

// A view of what is compared; the sequences must outlive the call it is passed to.
struct CacheKey {
  CachedOperation operation;
  SymbolKind kind;
  std::int64_t parameter;  // what else decides the result: a band, 0 where there is nothing
  std::span<const std::byte> first;
  std::span<const std::byte> second;
};

template <class Symbol>
constexpr SymbolKind symbol_kind() {
  if constexpr (std::is_same_v<Symbol, std::uint8_t>) return SymbolKind::kByte;
  if constexpr (std::is_same_v<Symbol, std::uint32_t>) return SymbolKind::kUint32;
  if constexpr (std::is_same_v<Symbol, float>) return SymbolKind::kFloat;
  if constexpr (std::is_same_v<Symbol, double>) return SymbolKind::kDouble;
}

template <class Symbol>
CacheKey cache_key(CachedOperation operation, std::span<const Symbol> first,
                   std::span<const Symbol> second, std::int64_t parameter = 0) {
  return {operation, symbol_kind<Symbol>(), parameter, std::as_bytes(first), std::as_bytes(second)};
}
CacheKey cache_key(CachedOperation operation, std::string_view first, std::string_view second,
                   std::int64_t parameter = 0);

struct CacheLimits {
  std::size_t entries = 4096;
  std::size_t bytes = std::size_t{64} << 20;
};

struct CacheStatistics {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t insertions = 0;
  std::uint64_t evictions = 0;   // to make room; neither clear() nor a replaced value counts
  std::uint64_t rejections = 0;  // keys too large for the limits, never stored
  std::size_t entries = 0;       // now
  std::size_t bytes = 0;         // now, the empty tables included
};

class ResultCache {
 public:
  explicit ResultCache(const CacheLimits& limits = {});
  ~ResultCache();
  ResultCache(const ResultCache&) = delete;
  ResultCache& operator=(const ResultCache&) = delete;

  // The stored result; marks the entry as used.
  [[nodiscard]] std::optional<double> find(const CacheKey& key);

  // Stores or replaces; evicts, first from the key's shard, until it fits.
  void insert(const CacheKey& key, double value);

  // Forgets every entry; the counters go on.
  void clear();

  // A sum over the shards, each taken at its own moment.
  [[nodiscard]] CacheStatistics statistics() const;

 private:
  struct Node;
  struct Shard;
  struct KeyView;

  [[nodiscard]] Shard& shard_of(std::uint64_t hash) const;
  [[nodiscard]] bool reserve(std::size_t size);
  void release(std::size_t size) { bytes_.fetch_sub(size, std::memory_order_relaxed); }
  [[nodiscard]] Node* obtain_node(Shard& shard, std::size_t content_size);
  [[nodiscard]] Node* evict_anywhere(Shard& first, bool& evicted);
  void destroy(Node* nodes);
  void add_new(Shard& shard, const KeyView& view, double value, Node*& garbage);
  void grow_table(Shard& shard, std::size_t old_size);

  std::size_t shard_count_;
  std::size_t byte_limit_;
  std::unique_ptr<Shard[]> shards_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::size_t> table_bytes_{0};  // of bytes_, what nothing can evict
};

}  // namespace midstream::temporal
