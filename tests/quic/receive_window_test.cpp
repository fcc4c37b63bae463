// The window alone, then a connection's over links of known length and rate.
#include "core/quic/receive_window.hpp"

#include <gtest/gtest.h>

#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

// A reader that consumes at once what comes at `bytes_per_second`. A turn reads what came, at the
// instant it begins, and takes as long as that takes to read.
void read(ReceiveWindow& window, Timestamp& now, double bytes_per_second, Duration turn,
          Duration round_trip, int turns) {
  for (int i = 0; i < turns; ++i) {
    const auto bytes =
        static_cast<std::uint64_t>(bytes_per_second * static_cast<double>(turn) / 1e9);
    for (std::uint64_t left = bytes; left > 0;) {  // packet by packet, at one instant
      const std::uint64_t packet = std::min<std::uint64_t>(left, 1400);
      if (window.deliver(packet, now)) window.adapt(round_trip);
      window.consume(packet);
      left -= packet;
    }
    now += turn;
  }
}

TEST(ReceiveWindow, StartsSmall) {
  EXPECT_EQ(ReceiveWindow(3 * kMiB).path_window(), ReceiveWindow::kFirst);
  EXPECT_EQ(ReceiveWindow(5000).path_window(), 5000U);
}

TEST(ReceiveWindow, GrowsWhileAPathNeedsIt) {
  ReceiveWindow window(3 * kMiB);
  Timestamp now = kSecond;
  // 1 Gbps over 50 ms: 6 MiB in a round trip.
  read(window, now, 125e6, kMillisecond, 50 * kMillisecond, 100);
  EXPECT_EQ(window.path_window(), 3 * kMiB);
}

TEST(ReceiveWindow, StaysSmallOnAShortPathHoweverLargeTheTurns) {
  for (const Duration turn : {Duration{20'000}, Duration{150'000}, Duration{600'000}}) {
    ReceiveWindow window(3 * kMiB);
    Timestamp now = kSecond;
    for (int i = 0; i < 50; ++i) {
      // 8 Gbps over 50 us, 50 kB in a round trip; short turns between the long ones.
      read(window, now, 1e9, turn, 50 * kMicrosecond, 20);
      read(window, now, 1e9, 2 * kMicrosecond, 50 * kMicrosecond, 20);
      ASSERT_EQ(window.path_window(), ReceiveWindow::kFirst) << "turns of " << turn << " ns";
    }
  }
}

TEST(ReceiveWindow, ShrinksWhenOnlyTheBeginningWasSlow) {
  ReceiveWindow window(3 * kMiB);
  Timestamp now = kSecond;
  read(window, now, 1e9, 100 * kMicrosecond, kMillisecond, 50);
  EXPECT_GE(window.path_window(), 2 * kMiB);
  read(window, now, 1e9, 100 * kMicrosecond, 50 * kMicrosecond, 1000);
  EXPECT_LE(window.path_window(), 2 * ReceiveWindow::kFirst);
}

TEST(ReceiveWindow, APauseDoesNotShrinkIt) {
  ReceiveWindow window(3 * kMiB);
  Timestamp now = kSecond;
  read(window, now, 125e6, kMillisecond, 50 * kMillisecond, 100);
  now += 10 * kSecond;
  read(window, now, 125e6, kMillisecond, 50 * kMillisecond, 100);
  EXPECT_EQ(window.path_window(), 3 * kMiB);
}

// Whatever comes and goes: never more than was configured is granted beyond what was consumed, and
// a reader that has consumed all has granted something, so nobody waits for ever.
TEST(ReceiveWindow, GrantsKeepTheirBoundsAndNeverStop) {
  Random random(11);
  for (int run = 0; run < 200; ++run) {
    const std::uint64_t largest = 1000 + random.below(4 * kMiB);
    ReceiveWindow window(largest);
    std::uint64_t granted = window.path_window();
    std::uint64_t delivered = 0;
    std::uint64_t consumed = 0;
    Timestamp now = 1;
    for (int step = 0; step < 500; ++step) {
      now += random.below(3) * random.below(kMillisecond);
      const std::uint64_t bytes = random.below(granted - delivered + 1);
      delivered += bytes;
      if (window.deliver(bytes, now)) window.adapt(1 + random.below(kMillisecond));
      const std::uint64_t read =
          random.below(4) == 0 ? delivered - consumed : random.below(delivered - consumed + 1);
      consumed += read;
      window.consume(read);
      granted += window.take_grant();
      ASSERT_LE(granted, consumed + largest);
      if (consumed == delivered) {
        ASSERT_GE(granted - delivered, window.path_window());
      }
    }
  }
}

// An unknown round trip is not a long one.
TEST(ReceiveWindow, WaitsForARoundTrip) {
  ReceiveWindow window(3 * kMiB);
  Timestamp now = kSecond;
  read(window, now, 1e9, 100 * kMicrosecond, ReceiveWindow::kUnknown, 100);
  EXPECT_EQ(window.path_window(), ReceiveWindow::kFirst);
  read(window, now, 1e9, 100 * kMicrosecond, 50 * kMicrosecond, 100);
  EXPECT_EQ(window.path_window(), ReceiveWindow::kFirst);
  read(window, now, 1e9, 100 * kMicrosecond, 10 * kMillisecond, 100);
  EXPECT_EQ(window.path_window(), 3 * kMiB);
}

// Half of a byte is none: no time has passed and nothing came when such a window is asked.
TEST(ReceiveWindow, SmallestWindowIsNotAskedForNothing) {
  for (const std::uint64_t largest : {1U, 2U, 3U}) {
    ReceiveWindow window(largest);
    EXPECT_FALSE(window.deliver(0, 0)) << largest;
    EXPECT_FALSE(window.deliver(1, 0)) << largest;
    window.consume(1);
    EXPECT_EQ(window.take_grant(), 1U);
    EXPECT_EQ(window.take_grant(), 0U);
  }
}

// 400 Mbps over 40 ms there and back: 2 MB in a round trip, far beyond the first window.
TEST(ReceiveWindowOfAConnection, FillsALongPath) {
  LinkConfig link;
  link.delay = 20 * kMillisecond;
  link.bits_per_second = 400'000'000;
  link.queue_bytes = 4 * kMiB;
  TransportConfig transport;
  transport.connection_window = transport.stream_window = 16 * kMiB;
  transport.stream_send_buffer = 16 * kMiB;
  Pair pair(1, link, link, [&](ServerConfig& config) { config.transport = transport; });
  Connection* client = pair.establish(transport);
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  const Timestamp begin = pair.net.now();
  pair.client_events.send_pattern(*client, stream, 100 * kMiB);
  ASSERT_TRUE(pair.net.run([&] { return pair.server_events.streams[stream].ended; }, 60 * kSecond));
  // 2.1 s at the link's rate.
  EXPECT_LT(pair.net.now() - begin, 3 * kSecond);
  EXPECT_GE(pair.server_events.connection->statistics().path_window, 4 * kMiB);
}

// 100 Mbps over 2 ms there and back, with a queue that never overflows.
LinkConfig short_path() {
  LinkConfig link;
  link.delay = kMillisecond;
  link.bits_per_second = 100'000'000;
  link.queue_bytes = 8 * kMiB;
  return link;
}

// A sender without losses fills the queue of a slow link with all it may send: a quarter of a MiB
// is 21 ms at 100 Mbps, the 3 MiB that are configured would be a quarter of a second.
TEST(ReceiveWindowOfAConnection, KeepsTheQueueOfAShortPathShort) {
  Pair pair(1, short_path(), short_path());
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 30 * kMiB);
  ASSERT_TRUE(pair.net.run([&] { return pair.server_events.streams[stream].ended; }, 60 * kSecond));
  EXPECT_LT(client->statistics().smoothed_rtt, 30 * kMillisecond);
  EXPECT_EQ(pair.server_events.connection->statistics().path_window, ReceiveWindow::kFirst);
}

// What an application leaves unread does not count against what is on its way: other streams go
// on, up to the window that was configured.
TEST(ReceiveWindowOfAConnection, UnreadStreamsLeaveRoomForOthers) {
  TransportConfig transport;
  transport.stream_window = kMiB;
  transport.connection_window = 3 * kMiB;
  Pair pair(1, {}, {}, [&](ServerConfig& config) { config.transport = transport; });
  pair.server_events.consume_at_once = false;
  Connection* client = pair.establish();
  for (int i = 0; i < 3; ++i) {
    const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
    pair.client_events.send_pattern(*client, stream, kMiB);
    ASSERT_TRUE(
        pair.net.run([&] { return pair.server_events.streams[stream].ended; }, 10 * kSecond));
  }
  const StreamId one_more = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, one_more, 1);
  pair.net.run_for(kSecond);
  EXPECT_EQ(pair.server_events.streams[one_more].received, 0U);
}

// It takes luck to have a window measured while the round trip of a new path is not known, so there
// are many moves. What is known at first contains the queue, so the window grows a little.
TEST(ReceiveWindowOfAConnection, AMigrationIsNoLongPath) {
  Pair pair(1, short_path(), short_path());
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 400 * kMiB);
  std::uint64_t largest = 0;
  for (int move = 0; move < 60; ++move) {
    const std::string moved = "127.0.1." + std::to_string(move + 1) + ":1000";
    ASSERT_TRUE(client->migrate(Address::parse(moved).value(), pair.net.now()).ok());
    pair.net.run_for(97 * kMillisecond);
    largest = std::max(largest, pair.server_events.connection->statistics().path_window);
  }
  EXPECT_GE(pair.server_events.connection->statistics().path_changes, 20U);
  EXPECT_GT(pair.server_events.streams[stream].received, 10 * kMiB);
  EXPECT_LT(largest, 3 * kMiB);
}

class SmallWindow : public ::testing::TestWithParam<std::uint64_t> {};

// Also through losses, and past streams that end early: the credit of what is never delivered
// comes back, whoever gives the stream up.
TEST_P(SmallWindow, NeverStops) {
  LinkConfig link;
  link.loss = 0.02;
  TransportConfig transport;
  transport.connection_window = transport.stream_window = GetParam();
  Pair pair(1, link, link, [&](ServerConfig& config) { config.transport = transport; });
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  const std::uint64_t size = std::min<std::uint64_t>(20 * GetParam(), kMiB);
  for (int i = 0; i < 12; ++i) {
    const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
    pair.client_events.send_pattern(*client, stream, size);
    if (i % 3 == 0) {
      ASSERT_TRUE(
          pair.net.run([&] { return pair.server_events.streams[stream].ended; }, 600 * kSecond))
          << i;
      continue;
    }
    ASSERT_TRUE(
        pair.net.run([&] { return pair.server_events.streams[stream].received > 0; }, 60 * kSecond))
        << i;
    if (i % 3 == 1) {
      ASSERT_TRUE(client->reset(stream, 1).ok());
    } else {
      ASSERT_TRUE(pair.server_events.connection->stop_sending(stream, 1).ok());
    }
    pair.net.run_for(kSecond);
  }
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
  EXPECT_FALSE(pair.client_events.closed.has_value());
}

INSTANTIATE_TEST_SUITE_P(Sizes, SmallWindow, ::testing::Values(1, 2, 3, 7, 1000, 5000, 300'000));

}  // namespace
}  // namespace midstream::quic::testing
