// Which stream sends next: RFC 9218 section 10, urgency first, then turns.
//
// Two intrusive lists for each urgency, and a bit mask of those that are not empty. An incremental
// stream goes to the back after its turn; one that is not incremental stays until it has nothing
// to send. An incremental stream's first turn comes before the turns of those that had one: its
// first byte need not wait behind every bulk stream (as the new flows of FQ-CoDel, RFC 8290
// section 4.2). After kFirstTurnsInRow of them one of the others has its turn, so that a flood of
// short streams delays a bulk stream but cannot stop it.
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
  bool had_turn = false;
};

class StreamScheduler {
 public:
  static constexpr std::uint32_t kFirstTurnsInRow = 8;

  [[nodiscard]] bool empty() const { return nonempty_ == 0; }

  // The stream to serve now; nullptr when there is none.
  [[nodiscard]] ScheduledStream* front() const {
    if (nonempty_ == 0) return nullptr;
    const Level& level = levels_[static_cast<std::size_t>(std::countr_zero(nonempty_))];
    if (level.first_turns.head == nullptr) return level.turns.head;
    if (level.turns.head == nullptr) return level.first_turns.head;
    const bool first =
        level.turns.head->priority.incremental && level.first_in_row < kFirstTurnsInRow;
    return first ? level.first_turns.head : level.turns.head;
  }

  // Puts a stream at the back of its urgency; does nothing if it is already linked.
  void add(ScheduledStream& stream) {
    if (!stream.linked) link(stream);
  }

  // The stream has nothing to send (any longer): its turn is over.
  void remove(ScheduledStream& stream) {
    if (!stream.linked) return;
    count_turn(stream);
    unlink(stream);
    stream.had_turn = true;
  }

  // Ends the turn of a stream that still has data.
  void end_turn(ScheduledStream& stream) {
    if (!stream.priority.incremental || !stream.linked) return;
    count_turn(stream);
    unlink(stream);
    stream.had_turn = true;
    link(stream);
  }

  void set_priority(ScheduledStream& stream, Priority priority) {
    const bool was_linked = stream.linked;
    if (was_linked) unlink(stream);
    stream.priority = priority;
    if (was_linked) link(stream);
  }

 private:
  struct List {
    ScheduledStream* head = nullptr;
    ScheduledStream* tail = nullptr;
  };
  struct Level {
    List first_turns;
    List turns;
    std::uint32_t first_in_row = 0;
  };

  static bool is_first_turn(const ScheduledStream& stream) {
    return stream.priority.incremental && !stream.had_turn;
  }
  static List& list_of(Level& level, const ScheduledStream& stream) {
    return is_first_turn(stream) ? level.first_turns : level.turns;
  }

  void count_turn(const ScheduledStream& stream) {
    Level& level = levels_[stream.priority.urgency];
    level.first_in_row = is_first_turn(stream) ? level.first_in_row + 1 : 0;
  }

  void link(ScheduledStream& stream) {
    List& list = list_of(levels_[stream.priority.urgency], stream);
    stream.previous = list.tail;
    stream.next = nullptr;
    (list.tail != nullptr ? list.tail->next : list.head) = &stream;
    list.tail = &stream;
    stream.linked = true;
    nonempty_ |= 1U << stream.priority.urgency;
  }

  void unlink(ScheduledStream& stream) {
    Level& level = levels_[stream.priority.urgency];
    List& list = list_of(level, stream);
    (stream.previous != nullptr ? stream.previous->next : list.head) = stream.next;
    (stream.next != nullptr ? stream.next->previous : list.tail) = stream.previous;
    stream.linked = false;
    if (level.first_turns.head == nullptr && level.turns.head == nullptr) {
      nonempty_ &= ~(1U << stream.priority.urgency);
    }
  }

  std::array<Level, kLeastUrgent + 1> levels_{};
  std::uint32_t nonempty_ = 0;
};

}  // namespace midstream::quic
