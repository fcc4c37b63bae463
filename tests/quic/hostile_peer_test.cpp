// Peers that mean harm: garbage, truncation, replays, floods, and valid keys with invalid frames.
// The server must neither crash nor grow, and honest connections must not notice.
#include <gtest/gtest.h>

#include "tests/quic/hostile_client.hpp"
#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 60 * kSecond;

std::vector<std::byte> random_bytes_of(Random& random, std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random.next());
  return bytes;
}

// Mutations of real datagrams, and things that never were datagrams.
std::vector<std::byte> harmful(Random& random, const std::vector<std::vector<std::byte>>& real) {
  std::vector<std::byte> bytes =
      real.empty() ? random_bytes_of(random, 1200) : real[random.below(real.size())];
  switch (random.below(7)) {
    case 0:
      bytes.resize(random.below(bytes.size()) + 1);
      break;  // truncated
    case 1:
      bytes[random.below(bytes.size())] ^= std::byte{1};
      break;  // one bit
    case 2:
      bytes = random_bytes_of(random, 1 + random.below(2000));
      break;  // garbage
    case 3:
      bytes.resize(65'000);
      break;  // oversized
    case 4:
      break;  // replayed as is
    case 5:   // header garbled
      for (std::size_t i = 0; i < std::min<std::size_t>(40, bytes.size()); ++i) {
        if (random.below(4) == 0) bytes[i] = static_cast<std::byte>(random.next());
      }
      break;
    default: {  // two in one
      const auto& other = real.empty() ? bytes : real[random.below(real.size())];
      const std::vector<std::byte> copy = other;
      bytes.insert(bytes.end(), copy.begin(), copy.end());
    }
  }
  return bytes;
}

class HostileNetwork : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(HostileNetwork, HonestTransferIsUnharmedAndMemoryIsBounded) {
  Random random(GetParam());
  Pair pair(GetParam(), {}, {}, [](ServerConfig& config) {
    config.max_connections = 50;
    config.max_half_open = 20;
    config.retry_above = 10;
  });
  pair.server_events.check_pattern = true;
  std::vector<std::vector<std::byte>> real;
  pair.net.on_datagram_to_server = [&](const Path&, ByteView bytes) {
    if (real.size() < 500) real.emplace_back(bytes.begin(), bytes.end());
  };
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 4 << 20);
  std::size_t peak_memory = 0;
  for (int i = 0; i < 1500; ++i) {
    // From the honest client's own address and from elsewhere.
    const auto port = static_cast<std::uint16_t>(random.below(2) == 0 ? 1000 : 7000 + i % 100);
    pair.net.inject(Simulation::client_address(port), harmful(random, real));
    if (i % 4 == 0) pair.net.run_for(kMillisecond / 4);
    if (pair.server_events.connection != nullptr) {
      peak_memory = std::max(peak_memory, pair.server_events.connection->statistics().memory);
    }
    ASSERT_LE(pair.net.server().statistics().connections, 50U);
    ASSERT_LE(pair.net.server().statistics().half_open, 20U);
  }
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.streams[stream].ended; }, kLimit));
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
  EXPECT_EQ(pair.server_events.streams[stream].received, 4U << 20);
  EXPECT_LT(peak_memory, 8U << 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileNetwork, ::testing::Range<std::uint64_t>(1, 7));

// --- Valid keys, invalid frames (RFC 9000 section 20.1 names the codes) --------------------------

struct FrameCase {
  const char* name;
  std::vector<std::uint8_t> frames;
  std::uint64_t code;
};

class HostileFrames : public ::testing::TestWithParam<FrameCase> {};

TEST_P(HostileFrames, EndTheConnectionWithTheRightCode) {
  Pair pair;
  Timestamp now = kSecond;
  HostileClient hostile(pair.net.server(), Simulation::client_address(6000), now);
  ASSERT_TRUE(hostile.connected());
  hostile.send_frames(as_view(GetParam().frames));
  ASSERT_TRUE(pair.server_events.closed.has_value());
  EXPECT_EQ(pair.server_events.closed->kind, CloseReason::Kind::kTransport);
  EXPECT_FALSE(pair.server_events.closed->by_peer);
  EXPECT_EQ(pair.server_events.closed->code, GetParam().code)
      << to_string(*pair.server_events.closed);
}

constexpr std::uint64_t kFlowControl = 0x3, kStreamLimit = 0x4, kStreamState = 0x5,
                        kFinalSize = 0x6, kFrameEncoding = 0x7, kProtocolViolation = 0xa,
                        kCryptoBuffer = 0xd;

INSTANTIATE_TEST_SUITE_P(
    All, HostileFrames,
    ::testing::Values(
        // STREAM with offset 2^30 on stream 0: beyond every window.
        FrameCase{
            "beyond_window", {0x0e, 0x00, 0xc0, 0, 0, 0, 0x40, 0, 0, 0, 0x01, 0x61}, kFlowControl},
        // STREAM on stream id 2^20: far beyond the limit of streams.
        FrameCase{"beyond_stream_limit", {0x0a, 0x80, 0x10, 0x00, 0x00, 0x01, 0x61}, kStreamLimit},
        // STREAM on stream 3, which only the server may send on and has not opened.
        FrameCase{"servers_own_stream", {0x0a, 0x03, 0x01, 0x61}, kStreamState},
        // RESET_STREAM of stream 3 likewise; ngtcp2 answers with the general code.
        FrameCase{"reset_of_servers_stream", {0x04, 0x03, 0x00, 0x00}, kProtocolViolation},
        // MAX_STREAM_DATA for stream 2, on which the client alone sends.
        FrameCase{"credit_for_own_stream", {0x11, 0x02, 0x10}, kStreamState},
        // STREAM with FIN at 1 byte, then data at offset 5.
        FrameCase{"data_after_the_end",
                  {0x0b, 0x00, 0x01, 0x61, 0x0e, 0x00, 0x05, 0x01, 0x61},
                  kFinalSize},
        // MAX_STREAMS of 2^61: not representable.
        FrameCase{"too_many_streams", {0x12, 0xe0, 0, 0, 0, 0, 0, 0, 0}, kFrameEncoding},
        // An unknown frame type.
        FrameCase{"unknown_frame", {0x3f}, kFrameEncoding},
        // NEW_CONNECTION_ID that retires ids later than itself.
        FrameCase{"retires_the_future",
                  {0x18, 0x01, 0x09, 0x04, 1, 2, 3,  4,  0,  1,  2,  3,
                   4,    5,    6,    7,    8, 9, 10, 11, 12, 13, 14, 15},
                  kFrameEncoding},
        // ACK of a packet that was never sent.
        FrameCase{
            "ack_of_nothing", {0x02, 0x80, 0x0f, 0xff, 0xff, 0x00, 0x00, 0x00}, kProtocolViolation},
        // HANDSHAKE_DONE and NEW_TOKEN are the server's to send.
        FrameCase{"handshake_done", {0x1e}, kProtocolViolation},
        FrameCase{"new_token", {0x07, 0x01, 0x61}, kProtocolViolation},
        // CRYPTO at offset 2^28.
        FrameCase{"crypto_far_away", {0x06, 0x90, 0, 0, 0, 0x01, 0x61}, kCryptoBuffer},
        // DATAGRAM although the server announced none.
        FrameCase{"unwanted_datagram", {0x31, 0x01, 0x61}, kProtocolViolation}),
    [](const auto& test) { return std::string(test.param.name); });

// --- Floods of valid frames: bounded answers, bounded memory -------------------------------------

struct Flood {
  const char* name;
  int packets;
  std::function<std::vector<std::uint8_t>(int)> frames;  // of the n-th packet
  std::size_t streams;  // that the server must have heard of at least
};

std::vector<std::uint8_t> path_challenges(int round) {
  std::vector<std::uint8_t> frames;
  for (int i = 0; i < 100; ++i) {
    frames.push_back(0x1a);
    for (int byte = 0; byte < 8; ++byte) {
      frames.push_back(static_cast<std::uint8_t>(round + i * 3 + byte));
    }
  }
  return frames;
}

// A new id that retires the one before, every time: the server has to answer each one.
std::vector<std::uint8_t> connection_ids(int round) {
  std::vector<std::uint8_t> frames;
  for (int i = 0; i < 30; ++i) {
    const int sequence = 8 + round * 30 + i;
    const auto high = static_cast<std::uint8_t>(0x40 | (sequence >> 8));
    const auto low = static_cast<std::uint8_t>(sequence);
    frames.insert(frames.end(), {0x18, high, low, high, low, 8});
    for (int byte = 0; byte < 8 + 16; ++byte) {
      frames.push_back(static_cast<std::uint8_t>(sequence >> (byte % 2 * 8)) ^
                       static_cast<std::uint8_t>(byte * 37));
    }
  }
  return frames;
}

// STREAM and RESET_STREAM of the same new stream, over and over ("rapid reset").
std::vector<std::uint8_t> open_and_reset(int round) {
  std::vector<std::uint8_t> frames;
  for (int i = 0; i < 60; ++i) {
    const int stream = 4 * (round * 60 + i) + 2;
    const auto high = static_cast<std::uint8_t>(0x40 | (stream >> 8));
    const auto low = static_cast<std::uint8_t>(stream);
    frames.insert(frames.end(), {0x0a, high, low, 0x01, 0x61, 0x04, high, low, 0x00, 0x01});
  }
  return frames;
}

// One byte here and there within the window: every one a piece of its own to remember.
std::vector<std::uint8_t> sparse_bytes(int round) {
  std::vector<std::uint8_t> frames;
  for (int i = 0; i < 120; ++i) {
    const int offset = 2 * (round * 120 + i) + 1;
    frames.insert(frames.end(),
                  {0x0e, 0x02, static_cast<std::uint8_t>(0x80 | (offset >> 24)),
                   static_cast<std::uint8_t>(offset >> 16), static_cast<std::uint8_t>(offset >> 8),
                   static_cast<std::uint8_t>(offset), 0x01, 0x61});
  }
  return frames;
}

class HostileFlood : public ::testing::TestWithParam<Flood> {};

TEST_P(HostileFlood, IsBoundedAndHarmsNobodyElse) {
  constexpr std::size_t kBudget = 2 << 20;
  Pair pair(1, {}, {}, [](ServerConfig& config) {
    config.transport.max_memory = kBudget;
    config.transport.max_streams_bidirectional = 500;  // one for each packet
  });
  Timestamp now = kSecond;
  HostileClient hostile(pair.net.server(), Simulation::client_address(6000), now);
  ASSERT_TRUE(hostile.connected());
  std::size_t peak = 0;
  for (int i = 0; i < GetParam().packets && !pair.server_events.closed; ++i) {
    hostile.send_frames(as_view(GetParam().frames(i)));
    if (pair.server_events.connection != nullptr) {
      peak = std::max(peak, pair.server_events.connection->statistics().peak_memory);
    }
  }
  EXPECT_LE(peak, kBudget + 4096);
  // Either it was served, or it was cut off; nothing in between.
  EXPECT_NE(pair.server_events.closed.has_value(), hostile.connected());
  EXPECT_GE(pair.server_events.opened.size(), GetParam().streams);
  HostileClient next(pair.net.server(), Simulation::client_address(6001), now);
  EXPECT_TRUE(next.connected());
}

INSTANTIATE_TEST_SUITE_P(All, HostileFlood,
                         ::testing::Values(Flood{"path_challenge", 50, path_challenges, 0},
                                           Flood{"connection_ids", 50, connection_ids, 0},
                                           Flood{"open_and_reset", 60, open_and_reset, 3600},
                                           Flood{"sparse_bytes", 200, sparse_bytes, 1}),
                         [](const auto& test) { return std::string(test.param.name); });

// Whatever the frames: no crash, no growth, and the next client is served.
TEST(HostileFramesRandom, NeitherCrashNorGrow) {
  Pair pair;
  Timestamp now = kSecond;
  Random random(99);
  for (int round = 0; round < 60; ++round) {
    HostileClient hostile(pair.net.server(),
                          Simulation::client_address(static_cast<std::uint16_t>(6000 + round)),
                          now);
    ASSERT_TRUE(hostile.connected()) << round;
    for (int i = 0; i < 5; ++i) {
      std::vector<std::byte> frames = random_bytes_of(random, 1 + random.below(900));
      // Mostly valid types, so that the parsers get somewhere.
      frames[0] = static_cast<std::byte>(random.below(0x32));
      hostile.send_frames(frames);
      if (pair.server_events.connection != nullptr) {
        ASSERT_LT(pair.server_events.connection->statistics().memory, 4U << 20);
      }
    }
    hostile.run_for(5 * kSecond);
  }
  now += 60 * kSecond;
  pair.net.server().handle_timeouts(now);
  HostileClient last(pair.net.server(), Simulation::client_address(5999), now);
  EXPECT_TRUE(last.connected());
}

// A peer that opens streams, sends a byte on each and never finishes them: the limit holds, and
// the memory of the packet layer stays below its budget.
TEST(HostileStreams, UnfinishedStreamsAreBoundedByTheLimits) {
  Pair pair(1, {}, {}, [](ServerConfig& config) {
    config.transport.max_streams_bidirectional = 500;
    config.transport.max_memory = 4 << 20;
  });
  pair.server_events.consume_at_once = false;
  Connection* client = pair.establish();
  int opened = 0;
  while (true) {
    const auto id = client->open_stream(StreamKind::kBidirectional);
    if (!id) break;
    ASSERT_TRUE(client->write(*id, std::vector<std::byte>(1000)).ok());
    ++opened;
  }
  EXPECT_EQ(opened, 500);
  pair.net.run_for(10 * kSecond);
  ASSERT_NE(pair.server_events.connection, nullptr);
  EXPECT_LE(pair.server_events.connection->statistics().peak_memory, 4U << 20);
}

// --- A server with valid keys that means harm to our client --------------------------------------

class HostileServerFrames : public ::testing::TestWithParam<FrameCase> {};

TEST_P(HostileServerFrames, EndTheClientsConnectionWithTheRightCode) {
  Recorder events;
  Dispatcher client;
  Timestamp now = kSecond;
  const Path path{Simulation::client_address(), Simulation::server_address()};
  ASSERT_TRUE(client.connect(client_tls(), {}, path, {}, events, now).ok());
  HostileServer hostile(client, now);
  ASSERT_TRUE(hostile.connected());
  ASSERT_EQ(events.confirmed, 1);
  hostile.send_frames(as_view(GetParam().frames));
  ASSERT_TRUE(events.closed.has_value());
  EXPECT_FALSE(events.closed->by_peer);
  EXPECT_EQ(events.closed->code, GetParam().code) << to_string(*events.closed);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostileServerFrames,
    ::testing::Values(
        // STREAM of server stream 1, beyond every window.
        FrameCase{
            "beyond_window", {0x0e, 0x01, 0xc0, 0, 0, 0, 0x40, 0, 0, 0, 0x01, 0x61}, kFlowControl},
        FrameCase{"beyond_stream_limit", {0x0a, 0x80, 0x10, 0x00, 0x01, 0x01, 0x61}, kStreamLimit},
        // STREAM on stream 2, which only the client may send on and has not opened.
        FrameCase{"clients_own_stream", {0x0a, 0x02, 0x01, 0x61}, kStreamState},
        FrameCase{"too_many_streams", {0x12, 0xe0, 0, 0, 0, 0, 0, 0, 0}, kFrameEncoding},
        FrameCase{"unknown_frame", {0x3f}, kFrameEncoding},
        FrameCase{"empty_new_token", {0x07, 0x00}, kFrameEncoding},
        FrameCase{
            "ack_of_nothing", {0x02, 0x80, 0x0f, 0xff, 0xff, 0x00, 0x00, 0x00}, kProtocolViolation},
        FrameCase{"crypto_far_away", {0x06, 0x90, 0, 0, 0, 0x01, 0x61}, kCryptoBuffer},
        FrameCase{"unwanted_datagram", {0x31, 0x01, 0x61}, kProtocolViolation}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(HostileServerRandom, NeitherCrashNorGrow) {
  Timestamp now = kSecond;
  Random random(98);
  for (int round = 0; round < 40; ++round) {
    Recorder events;
    Dispatcher client;
    const Path path{Simulation::client_address(), Simulation::server_address()};
    Connection* connection = client.connect(client_tls(), {}, path, {}, events, now).value();
    HostileServer hostile(client, now);
    ASSERT_TRUE(hostile.connected()) << round;
    for (int i = 0; i < 5 && !events.closed; ++i) {
      std::vector<std::byte> frames = random_bytes_of(random, 1 + random.below(900));
      frames[0] = static_cast<std::byte>(random.below(0x32));
      hostile.send_frames(frames);
      if (events.discarded == 0) {
        ASSERT_LT(connection->statistics().memory, 4U << 20);
      }
    }
  }
}

// Each connection within its own limit, all together beyond the server's: newcomers are refused,
// and those that are there cannot exceed it either.
TEST(HostileStreams, MemoryOfAllConnectionsIsBounded) {
  constexpr std::size_t kBound = 1 << 20;
  Pair pair(1, {}, {}, [](ServerConfig& config) {
    config.max_memory = kBound;
    config.transport.max_streams_bidirectional = 500;
  });
  pair.server_events.consume_at_once = false;
  std::vector<Connection*> clients;
  for (int i = 0; i < 30; ++i) {
    Connection* client = pair.connect();
    const int completed = pair.client_events.completed;
    pair.net.run([&] { return pair.client_events.completed > completed || client->is_closed(); },
                 kLimit);
    for (int stream = 0; stream < 100; ++stream) {
      const auto id = client->open_stream(StreamKind::kBidirectional);
      if (id) (void)client->write(*id, std::vector<std::byte>(1000));
    }
    pair.net.run_for(100 * kMillisecond);
    EXPECT_LE(pair.net.server().statistics().memory, kBound + 4096);
    if (pair.net.server().statistics().refused > 0) break;
  }
  EXPECT_GT(pair.net.server().statistics().refused, 0U);
  EXPECT_GT(pair.net.server().statistics().connections, 0U);
}

// The budget is real: with too small a one the connection ends instead of exceeding it.
TEST(HostileStreams, MemoryBudgetIsNeverExceeded) {
  LinkConfig lossy;
  lossy.loss = 0.3;  // holes keep data in the reassembly buffers
  int ended_early = 0;
  int finished = 0;
  for (std::size_t budget = 16 * 1024; budget <= 1024 * 1024; budget *= 2) {
    Pair pair(1, lossy, {}, [&](ServerConfig& config) { config.transport.max_memory = budget; });
    std::size_t peak = 0;
    Connection* client = pair.connect();
    const auto watch = [&] {
      if (pair.server_events.connection != nullptr && !pair.server_events.closed) {
        peak = std::max(peak, pair.server_events.connection->statistics().peak_memory);
      }
      return pair.client_events.completed > 0 || pair.client_events.closed.has_value();
    };
    pair.net.run(watch, kLimit);
    StreamId id = -1;
    if (pair.client_events.completed > 0 && !client->is_closed()) {
      id = client->open_stream(StreamKind::kUnidirectional).value();
      pair.client_events.send_pattern(*client, id, 8 << 20);
    }
    pair.net.run(
        [&] {
          return watch() &&
                 (pair.server_events.streams[id].ended || pair.client_events.closed.has_value());
        },
        kLimit);
    pair.server_events.streams[id].ended ? ++finished : ++ended_early;
    EXPECT_LE(peak, budget + 4096) << budget;  // what malloc rounds up
  }
  EXPECT_GT(ended_early, 0);
  EXPECT_GT(finished, 0);
}

}  // namespace
}  // namespace midstream::quic::testing
