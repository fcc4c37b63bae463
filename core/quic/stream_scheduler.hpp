// Which stream sends next: RFC 9218 section 10, urgency first, then turns.
//
// Eight intrusive lists, one per urgency, and a bit mask of those that are not empty. Within an
// urgency the front stream is served; an incremental one goes to the back after its turn, one
// that is not incremental stays until it has nothing to send.
//
// Complexity: every operation O(1), no allocation.
// Threads: one at a time.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "core/quic/types.hpp"

namespace midstream::quic {

// Base of what can be scheduled. A linked node must not be destroyed or moved.
struct ScheduledStream {
  Priority priority;
  ScheduledStream* previous = nullptr;
  ScheduledStream* next = nullptr;
  bool linked = false;
};

class StreamScheduler {
 public:
  [[nodiscard]] bool empty() const { return nonempty_ == 0; }

  // The stream to serve now; nullptr when there is none.
  [[nodiscard]] ScheduledStream* front() const {
    if (nonempty_ == 0) return nullptr;
    return lists_[static_cast<std::size_t>(std::countr_zero(nonempty_))].head;
  }

  // Puts a stream at the back of its urgency; does nothing if it is already linked.
  void add(ScheduledStream& stream) {
    if (stream.linked) return;
    List& list = lists_[stream.priority.urgency];
    stream.previous = list.tail;
    stream.next = nullptr;
    (list.tail != nullptr ? list.tail->next : list.head) = &stream;
    list.tail = &stream;
    stream.linked = true;
    nonempty_ |= 1U << stream.priority.urgency;
  }

  void remove(ScheduledStream& stream) {
    if (!stream.linked) return;
    List& list = lists_[stream.priority.urgency];
    (stream.previous != nullptr ? stream.previous->next : list.head) = stream.next;
    (stream.next != nullptr ? stream.next->previous : list.tail) = stream.previous;
    stream.linked = false;
    if (list.head == nullptr) nonempty_ &= ~(1U << stream.priority.urgency);
  }

  // Ends the turn of a stream that still has data.
  void end_turn(ScheduledStream& stream) {
    if (!stream.priority.incremental || !stream.linked) return;
    if (lists_[stream.priority.urgency].tail == &stream) return;
    remove(stream);
    add(stream);
  }

  void set_priority(ScheduledStream& stream, Priority priority) {
    const bool was_linked = stream.linked;
    remove(stream);
    stream.priority = priority;
    if (was_linked) add(stream);
  }

 private:
  struct List {
    ScheduledStream* head = nullptr;
    ScheduledStream* tail = nullptr;
  };
  std::array<List, kLeastUrgent + 1> lists_{};
  std::uint32_t nonempty_ = 0;
};

}  // namespace midstream::quic
