// Order of service (RFC 9218 section 10), and timers by deadline.
#include "core/quic/stream_scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/base/random.hpp"
#include "core/quic/timer_heap.hpp"

namespace midstream::quic {
namespace {

TEST(StreamScheduler, UrgencyThenTurns) {
  std::array<ScheduledStream, 4> streams;
  streams[0].priority = {3, true};
  streams[1].priority = {3, true};
  streams[2].priority = {1, false};
  streams[3].priority = {1, true};
  StreamScheduler scheduler;
  for (auto& stream : streams) scheduler.add(stream);
  EXPECT_EQ(scheduler.front(), &streams[2]);
  scheduler.end_turn(streams[2]);  // not incremental: keeps its turn
  EXPECT_EQ(scheduler.front(), &streams[2]);
  scheduler.remove(streams[2]);
  EXPECT_EQ(scheduler.front(), &streams[3]);
  scheduler.end_turn(streams[3]);  // alone in its urgency
  EXPECT_EQ(scheduler.front(), &streams[3]);
  scheduler.remove(streams[3]);
  EXPECT_EQ(scheduler.front(), &streams[0]);
  scheduler.end_turn(streams[0]);
  EXPECT_EQ(scheduler.front(), &streams[1]);
  scheduler.set_priority(streams[0], {0, true});
  EXPECT_EQ(scheduler.front(), &streams[0]);
  scheduler.remove(streams[0]);
  scheduler.remove(streams[0]);  // twice is harmless
  scheduler.remove(streams[1]);
  EXPECT_TRUE(scheduler.empty());
  EXPECT_EQ(scheduler.front(), nullptr);
}

TEST(StreamScheduler, AddingTwiceKeepsThePlace) {
  std::array<ScheduledStream, 2> streams;
  StreamScheduler scheduler;
  scheduler.add(streams[0]);
  scheduler.add(streams[1]);
  scheduler.add(streams[0]);
  EXPECT_EQ(scheduler.front(), &streams[0]);
}

TEST(StreamScheduler, AFirstTurnComesBeforeFurtherTurns) {
  std::array<ScheduledStream, 3> streams;
  StreamScheduler scheduler;
  scheduler.add(streams[0]);
  scheduler.end_turn(streams[0]);
  scheduler.add(streams[1]);
  scheduler.end_turn(streams[1]);
  EXPECT_EQ(scheduler.front(), &streams[0]);
  scheduler.add(streams[2]);
  EXPECT_EQ(scheduler.front(), &streams[2]);
  scheduler.end_turn(streams[2]);  // now at the back
  EXPECT_EQ(scheduler.front(), &streams[0]);
  scheduler.remove(streams[0]);
  scheduler.remove(streams[1]);
  EXPECT_EQ(scheduler.front(), &streams[2]);
}

TEST(StreamScheduler, AFloodOfNewStreamsDoesNotStopAnOldOne) {
  ScheduledStream bulk;
  StreamScheduler scheduler;
  scheduler.add(bulk);
  scheduler.end_turn(bulk);  // its first turn
  scheduler.end_turn(bulk);
  std::vector<ScheduledStream> flood(1000);
  int turns_of_bulk = 0;
  for (auto& stream : flood) scheduler.add(stream);
  while (scheduler.front() != nullptr && turns_of_bulk < 100) {
    ScheduledStream& served = *scheduler.front();
    if (&served == &bulk) {
      ++turns_of_bulk;
      scheduler.end_turn(bulk);
    } else {
      scheduler.remove(served);
    }
  }
  EXPECT_EQ(turns_of_bulk, 100);
  const auto left = std::ranges::count_if(flood, [](const auto& s) { return s.linked; });
  EXPECT_EQ(left, 1000 - 100 * static_cast<int>(StreamScheduler::kFirstTurnsInRow));
}

TEST(StreamScheduler, OneThatIsNotIncrementalHasNoFirstTurn) {
  std::array<ScheduledStream, 2> streams;
  streams[0].priority = streams[1].priority = {3, false};
  StreamScheduler scheduler;
  scheduler.add(streams[0]);
  scheduler.end_turn(streams[0]);
  scheduler.add(streams[1]);
  EXPECT_EQ(scheduler.front(), &streams[0]);
}

struct Timer {
  std::size_t timer_slot = SIZE_MAX;
  Timestamp timer_deadline = kNever;
};

TEST(TimerHeap, AgreesWithASortedSet) {
  Random random(3);
  std::vector<Timer> timers(100);
  TimerHeap<Timer> heap;
  std::set<std::pair<Timestamp, std::size_t>> model;
  const auto forget = [&](std::size_t index) {
    std::erase_if(model, [&](const auto& entry) { return entry.second == index; });
  };
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t index = random.below(timers.size());
    if (random.below(4) == 0) {
      heap.remove(timers[index]);
      forget(index);
    } else {
      const Timestamp deadline = random.below(50) == 0 ? kNever : random.below(1000);
      heap.set(timers[index], deadline);
      forget(index);
      if (deadline != kNever) model.emplace(deadline, index);
    }
    ASSERT_EQ(heap.earliest(), model.empty() ? kNever : model.begin()->first);
  }
}

}  // namespace
}  // namespace midstream::quic
