// Every byte once and in order, hash-checked, whatever the link does; many streams; no deadlock.
#include <gtest/gtest.h>

#include <array>

#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 600 * kSecond;  // of virtual time

struct LinkCase {
  const char* name;
  LinkConfig link;
  CongestionControl congestion;
};

LinkConfig link(double loss, double reordering, double duplication, double corruption,
                std::uint64_t bits_per_second = 100'000'000) {
  LinkConfig config;
  config.delay = 5 * kMillisecond;
  config.bits_per_second = bits_per_second;
  config.queue_bytes = 128 * 1024;
  config.loss = loss;
  config.reordering = reordering;
  config.duplication = duplication;
  config.corruption = corruption;
  return config;
}

class LossyLink : public ::testing::TestWithParam<LinkCase> {};

TEST_P(LossyLink, EveryByteArrivesOnceAndInOrder) {
  constexpr std::size_t kSize = 600'000;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    TransportConfig transport;
    transport.congestion_control = GetParam().congestion;
    transport.handshake_timeout = 60 * kSecond;
    Pair pair(seed, GetParam().link, GetParam().link,
              [&](ServerConfig& config) { config.transport = transport; });
    pair.server_events.echo = true;
    pair.server_events.check_pattern = pair.client_events.check_pattern = true;
    pair.client_events.keep_bytes = true;
    Connection* client = pair.connect(transport);
    ASSERT_TRUE(pair.net.run([&] { return client->is_handshake_completed(); }, kLimit));
    const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
    pair.client_events.send_pattern(*client, stream, kSize);
    ASSERT_TRUE(pair.net.run([&] { return pair.client_events.streams[stream].ended; }, kLimit))
        << "received " << pair.client_events.streams[stream].received
        << (pair.client_events.closed ? to_string(*pair.client_events.closed) : "");
    EXPECT_EQ(pair.client_events.wrong_bytes + pair.server_events.wrong_bytes, 0U);
    EXPECT_EQ(sha256(pair.client_events.streams[stream].bytes), sha256(pattern(stream, 0, kSize)));
  }
}

constexpr auto kCubic = CongestionControl::kCubic;
constexpr auto kBbr = CongestionControl::kBbr;
constexpr auto kReno = CongestionControl::kReno;

INSTANTIATE_TEST_SUITE_P(
    All, LossyLink,
    ::testing::Values(LinkCase{"clean", link(0, 0, 0, 0), kCubic},
                      LinkCase{"loss1", link(0.01, 0, 0, 0), kCubic},
                      LinkCase{"loss5", link(0.05, 0, 0, 0), kReno},
                      LinkCase{"loss10", link(0.10, 0, 0, 0), kBbr},
                      LinkCase{"loss20", link(0.20, 0, 0, 0), kCubic},
                      LinkCase{"loss20bbr", link(0.20, 0, 0, 0), kBbr},
                      LinkCase{"reordering", link(0, 0.2, 0, 0), kCubic},
                      LinkCase{"duplication", link(0, 0, 0.3, 0), kCubic},
                      LinkCase{"corruption", link(0, 0, 0, 0.05), kCubic},
                      LinkCase{"everything", link(0.05, 0.1, 0.1, 0.02), kCubic},
                      LinkCase{"everythingslow", link(0.05, 0.1, 0.1, 0.02, 2'000'000), kBbr}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(LossyLinkStreams, ThousandStreamsOverALossyLink) {
  constexpr int kStreams = 1000;
  const LinkConfig lossy = link(0.02, 0.05, 0.02, 0.01);
  Pair pair(7, lossy, lossy,
            [](ServerConfig& config) { config.transport.max_streams_bidirectional = 300; });
  pair.server_events.echo = true;
  pair.server_events.check_pattern = pair.client_events.check_pattern = true;
  Connection* client = pair.establish();
  Random random(7);
  std::uint64_t expected = 0;
  int opened = 0;
  const auto step = [&] {  // opens as many as the peer allows, until a thousand
    while (opened < kStreams) {
      const auto id = client->open_stream(StreamKind::kBidirectional);
      if (!id) break;
      const std::uint64_t size = 1 + random.below(6000);
      expected += 2 * size;
      pair.client_events.send_pattern(*client, *id, size);
      ++opened;
    }
    return pair.client_events.ended() == kStreams;
  };
  ASSERT_TRUE(pair.net.run(step, kLimit)) << pair.client_events.ended();
  EXPECT_EQ(pair.client_events.wrong_bytes + pair.server_events.wrong_bytes, 0U);
  std::uint64_t received = 0;
  for (const Recorder* side : {&pair.client_events, &pair.server_events}) {
    for (const auto& [id, record] : side->streams) received += record.received;
  }
  EXPECT_EQ(received, expected);
  pair.net.run_for(30 * kSecond);
  EXPECT_EQ(client->statistics().streams_open, 0U);
  EXPECT_EQ(client->statistics().send_buffered, 0U);
}

// Small windows, many streams, consumption that is late and in odd pieces: whatever the order, as
// long as the application goes on reading, everything must arrive.
class FlowControl : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  // What one side sends, on streams of one kind; the other reads late.
  struct Direction {
    Connection* from;
    Recorder* writer;
    StreamKind kind;
    std::size_t opened = 0;
  };
  static constexpr std::size_t kStreams = 10;  // in each direction

  void open_more(Direction& direction) {
    while (direction.opened < kStreams) {
      const auto id = direction.from->open_stream(direction.kind);
      if (!id) break;
      (void)direction.from->set_priority(
          *id, {static_cast<std::uint8_t>(random_.below(8)), random_.below(2) == 0});
      direction.writer->send_pattern(*direction.from, *id, random_.below(30'000));
      ++direction.opened;
    }
  }
  void read_some(Recorder& reader) {
    for (auto& [id, record] : reader.streams) {
      if (record.unconsumed == 0 || random_.below(8) != 0) continue;
      const std::uint64_t part = 1 + random_.below(record.unconsumed);
      reader.connection->consume(id, part);
      record.unconsumed -= part;
    }
  }
  Random random_{GetParam()};
};

TEST_P(FlowControl, NeverDeadlocks) {
  const LinkConfig rough = link(random_.uniform(0, 0.05), 0.1, 0.05, 0);
  TransportConfig small;
  small.connection_window = 4096 + random_.below(16384);
  small.stream_window = 1024 + random_.below(8192);
  small.stream_send_buffer = 1024 + random_.below(16384);
  small.connection_send_buffer = 8192 + random_.below(32768);
  small.max_streams_unidirectional = 3 + random_.below(10);
  small.max_streams_bidirectional = kStreams;
  Pair pair(GetParam(), rough, rough, [&](ServerConfig& config) { config.transport = small; });
  Recorder& at_client = pair.client_events;
  Recorder& at_server = pair.server_events;
  for (Recorder* one : {&at_client, &at_server}) {
    one->check_pattern = true;
    one->consume_at_once = false;
  }
  Connection* client = pair.establish(small);
  Connection* server = at_server.connection;
  std::array<Direction, 4> directions{Direction{client, &at_client, StreamKind::kUnidirectional},
                                      Direction{server, &at_server, StreamKind::kUnidirectional},
                                      Direction{client, &at_client, StreamKind::kBidirectional},
                                      Direction{server, &at_server, StreamKind::kBidirectional}};
  const auto step = [&] {
    for (Direction& direction : directions) open_more(direction);
    read_some(at_client);
    read_some(at_server);
    return at_client.ended() == 2 * kStreams && at_server.ended() == 2 * kStreams;
  };
  // An application that reads only when something arrives would stop; it reads from time to time.
  bool done = false;
  for (int i = 0; i < 200'000 && !done; ++i) {
    done = pair.net.run(step, 5 * kMillisecond);
  }
  EXPECT_TRUE(done) << at_server.ended() << " and " << at_client.ended() << " of " << 2 * kStreams;
  EXPECT_EQ(at_client.wrong_bytes + at_server.wrong_bytes, 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FlowControl, ::testing::Range<std::uint64_t>(1, 31));

TEST(LossyLinkStreams, MigrationAndKeyUpdateUnderLoss) {
  const LinkConfig lossy = link(0.03, 0.05, 0, 0);
  Pair pair(11, lossy, lossy);
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 4 << 20);
  for (std::uint16_t port = 1001; port < 1004; ++port) {
    pair.net.run_for(100 * kMillisecond);
    ASSERT_TRUE(client->migrate(Simulation::client_address(port), pair.net.now()).ok());
    (void)client->update_keys(pair.net.now());
  }
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 1; }, kLimit));
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
  EXPECT_EQ(pair.server_events.streams[stream].received, 4U << 20);
}

}  // namespace
}  // namespace midstream::quic::testing
