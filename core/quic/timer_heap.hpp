// Internal to core/quic: connections ordered by their next deadline.
//
// A binary heap that knows where each of its members is, so that a deadline can move: a thousand
// idle connections cost nothing per turn of the loop.
//
// Complexity: set and remove O(log n), earliest O(1).
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/quic/types.hpp"

namespace midstream::quic {

// Entry has `std::size_t timer_slot` (SIZE_MAX: not in a heap) and `Timestamp timer_deadline`.
template <class Entry>
class TimerHeap {
 public:
  [[nodiscard]] Entry* first() const { return heap_.empty() ? nullptr : heap_.front(); }
  [[nodiscard]] Timestamp earliest() const {
    return heap_.empty() ? kNever : heap_.front()->timer_deadline;
  }

  void set(Entry& entry, Timestamp deadline) {
    if (deadline == kNever) {
      remove(entry);
      return;
    }
    if (entry.timer_slot == SIZE_MAX) {
      entry.timer_slot = heap_.size();
      heap_.push_back(&entry);
      entry.timer_deadline = deadline;
      sift_up(entry.timer_slot);
      return;
    }
    const bool earlier = deadline < entry.timer_deadline;
    entry.timer_deadline = deadline;
    earlier ? sift_up(entry.timer_slot) : sift_down(entry.timer_slot);
  }

  void remove(Entry& entry) {
    const std::size_t slot = entry.timer_slot;
    if (slot == SIZE_MAX) return;
    entry.timer_slot = SIZE_MAX;
    Entry* last = heap_.back();
    heap_.pop_back();
    if (last == &entry) return;
    place(slot, last);
    sift_up(slot);
    sift_down(last->timer_slot);
  }

 private:
  void place(std::size_t slot, Entry* entry) {
    heap_[slot] = entry;
    entry->timer_slot = slot;
  }

  void sift_up(std::size_t slot) {
    Entry* entry = heap_[slot];
    while (slot > 0) {
      const std::size_t parent = (slot - 1) / 2;
      if (heap_[parent]->timer_deadline <= entry->timer_deadline) break;
      place(slot, heap_[parent]);
      slot = parent;
    }
    place(slot, entry);
  }

  void sift_down(std::size_t slot) {
    Entry* entry = heap_[slot];
    for (;;) {
      std::size_t child = 2 * slot + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() &&
          heap_[child + 1]->timer_deadline < heap_[child]->timer_deadline) {
        ++child;
      }
      if (entry->timer_deadline <= heap_[child]->timer_deadline) break;
      place(slot, heap_[child]);
      slot = child;
    }
    place(slot, entry);
  }

  std::vector<Entry*> heap_;
};

}  // namespace midstream::quic
