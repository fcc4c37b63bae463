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
