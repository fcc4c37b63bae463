#include "core/quic/memory_budget.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>

namespace midstream::quic {

MemoryBudget::MemoryBudget(std::size_t limit, MemoryPool& pool)
    : allocator_{this, allocate, release, allocate_zeroed, reallocate},
      pool_(&pool),
      limit_(limit) {}

// What malloc really set aside is counted, so no header is needed to remember sizes.
void* MemoryBudget::account(void* block) {
  if (block != nullptr) {
    const std::size_t size = malloc_usable_size(block);
    used_ += size;
    pool_->used += size;
    peak_ = std::max(peak_, used_);
  }
  return block;
}

void* MemoryBudget::allocate(std::size_t size, void* self) {
  auto* budget = static_cast<MemoryBudget*>(self);
  return budget->admits(size) ? budget->account(std::malloc(size)) : nullptr;
}

void MemoryBudget::release(void* block, void* self) {
  if (block == nullptr) return;
  static_cast<MemoryBudget*>(self)->release(malloc_usable_size(block));
  std::free(block);
}

void* MemoryBudget::allocate_zeroed(std::size_t count, std::size_t size, void* self) {
  auto* budget = static_cast<MemoryBudget*>(self);
  if (count == 0 || size == 0 || count > SIZE_MAX / size) return nullptr;
  return budget->admits(count * size) ? budget->account(std::calloc(count, size)) : nullptr;
}

void* MemoryBudget::reallocate(void* block, std::size_t size, void* self) {
  auto* budget = static_cast<MemoryBudget*>(self);
  if (size == 0) return nullptr;  // ngtcp2 never asks for nothing
  const std::size_t before = block == nullptr ? 0 : malloc_usable_size(block);
  if (size > before && !budget->admits(size - before)) return nullptr;
  void* grown = std::realloc(block, size);
  if (grown == nullptr) return nullptr;
  budget->release(before);
  return budget->account(grown);
}

}  // namespace midstream::quic
