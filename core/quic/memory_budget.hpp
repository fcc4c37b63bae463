// Internal to core/quic/*.cpp: an ngtcp2 allocator that counts, and refuses beyond a limit.
//
// One peer cannot make the packet layer use more than its connection's share: an allocation over
// the limit fails, ngtcp2 reports NGTCP2_ERR_NOMEM and the connection is closed.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <cstddef>
#include <cstdint>

namespace midstream::quic {

// What several connections may use together.
struct MemoryPool {
  std::size_t limit = SIZE_MAX;
  std::size_t used = 0;
};

class MemoryBudget {
 public:
  // The pool must outlive the budget.
  MemoryBudget(std::size_t limit, MemoryPool& pool);
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  [[nodiscard]] const ngtcp2_mem* allocator() const { return &allocator_; }
  [[nodiscard]] std::size_t used() const { return used_; }
  [[nodiscard]] std::size_t peak() const { return peak_; }

 private:
  static void* allocate(std::size_t size, void* self);
  static void release(void* block, void* self);
  static void* allocate_zeroed(std::size_t count, std::size_t size, void* self);
  static void* reallocate(void* block, std::size_t size, void* self);

  // What malloc rounds up may take used_ past the limit by less than a block.
  [[nodiscard]] bool admits(std::size_t size) const {
    return used_ < limit_ && size <= limit_ - used_ && pool_->used < pool_->limit &&
           size <= pool_->limit - pool_->used;
  }
  void release(std::size_t size) {
    used_ -= size;
    pool_->used -= size;
  }
  void* account(void* block);

  ngtcp2_mem allocator_;
  MemoryPool* pool_;
  std::size_t limit_;
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace midstream::quic
