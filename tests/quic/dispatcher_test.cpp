// What a server answers to strangers: Retry, version negotiation, stateless reset, refusals.
#include <gtest/gtest.h>

#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 30 * kSecond;

// The first datagram of a client that goes no further.
std::vector<std::byte> client_initial(std::uint64_t seed) {
  Recorder events;
  Simulation elsewhere(seed, {}, {});
  (void)elsewhere.client().connect(client_tls(), {}, elsewhere.client_path(), {}, events, 1);
  std::vector<std::byte> buffer(1 << 16);
  const Transmit out = elsewhere.client().send(buffer, 1);
  buffer.resize(out.segment);
  return buffer;
}

TEST(Dispatcher, RetryValidatesTheAddressFirst) {
  Pair pair(1, {}, {}, [](ServerConfig& config) { config.retry = RetryPolicy::kAlways; });
  pair.establish();
  const DispatcherStatistics statistics = pair.net.server().statistics();
  EXPECT_EQ(statistics.retries, 1U);
  EXPECT_EQ(statistics.accepted, 1U);
}

TEST(Dispatcher, AddressTokenSparesTheNextRetry) {
  Pair pair(1, {}, {}, [](ServerConfig& config) { config.retry = RetryPolicy::kAlways; });
  Connection* first = pair.establish();
  pair.net.run_for(kSecond);
  ASSERT_FALSE(pair.client_events.tickets.empty());
  first->close(0);
  pair.establish({}, client_tls(), pair.client_events.tickets.back());
  EXPECT_EQ(pair.net.server().statistics().retries, 1U);
  EXPECT_EQ(pair.net.server().statistics().accepted, 2U);
}

TEST(Dispatcher, UnknownVersionGetsOurVersions) {
  Pair pair;
  std::vector<std::byte> datagram = client_initial(5);
  datagram[1] = datagram[2] = datagram[3] = datagram[4] = std::byte{0x5a};
  pair.net.inject(Simulation::client_address(), datagram);
  pair.net.run_for(kSecond);
  EXPECT_EQ(pair.net.server().statistics().version_negotiations, 1U);
  EXPECT_EQ(pair.net.server().statistics().connections, 0U);
  // A short one gets nothing: the answer would be larger than the question.
  datagram.resize(100);
  pair.net.inject(Simulation::client_address(), datagram);
  pair.net.run_for(kSecond);
  EXPECT_EQ(pair.net.server().statistics().version_negotiations, 1U);
}

TEST(Dispatcher, ForgottenConnectionIsResetStatelessly) {
  Pair pair;
  Connection* client = pair.establish();
  pair.net.run_for(kSecond);
  pair.net.server().abandon(*pair.server_events.connection);
  EXPECT_EQ(pair.server_events.discarded, 1);
  const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
  pair.client_events.send_pattern(*client, stream, 1000);
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.client_events.closed->kind, CloseReason::Kind::kStatelessReset);
  EXPECT_GE(pair.net.server().statistics().stateless_resets, 1U);
}

TEST(Dispatcher, ConnectionLimitRefuses) {
  Pair pair(1, {}, {}, [](ServerConfig& config) { config.max_connections = 1; });
  pair.establish();
  pair.connect();
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_TRUE(pair.client_events.closed->by_peer);
  EXPECT_EQ(pair.client_events.closed->code, 2U);  // CONNECTION_REFUSED
  EXPECT_EQ(pair.net.server().statistics().connections, 1U);
}

TEST(Dispatcher, ApplicationMayRefuse) {
  Pair pair(1, {}, {}, [](ServerConfig& config) {
    config.accept = [](Connection&) -> ConnectionEvents* { return nullptr; };
  });
  pair.connect();
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.net.server().statistics().connections, 0U);
  EXPECT_EQ(pair.net.server().statistics().half_open, 0U);
}

TEST(Dispatcher, HalfOpenFloodIsBoundedAndPasses) {
  Pair pair(1, {}, {}, [](ServerConfig& config) {
    config.max_half_open = 20;
    config.retry_above = 10;
  });
  for (std::uint64_t i = 0; i < 300; ++i) {
    pair.net.inject(Simulation::client_address(static_cast<std::uint16_t>(5000 + i)),
                    client_initial(i));
    pair.net.run_for(kMillisecond);
    EXPECT_LE(pair.net.server().statistics().half_open, 10U);
  }
  EXPECT_GE(pair.net.server().statistics().retries, 200U);
  pair.establish();  // an honest client still gets in, by way of Retry
  EXPECT_EQ(pair.client_events.completed, 1);
  pair.net.run_for(kLimit);  // the flood's handshakes time out
  EXPECT_EQ(pair.net.server().statistics().half_open, 0U);
  EXPECT_LE(pair.net.server().statistics().connections, 1U);
}

TEST(Dispatcher, ManyConnectionsShareOneDispatcher) {
  Pair pair;
  pair.server_events.echo = true;
  std::vector<Connection*> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(pair.connect());
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.confirmed == 50; }, kLimit));
  for (Connection* client : clients) {
    const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
    ASSERT_TRUE(client->write(stream, pattern(stream, 0, 5000)).ok());
    ASSERT_TRUE(client->finish(stream).ok());
  }
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 50; }, kLimit));
  EXPECT_EQ(pair.net.server().statistics().connections, 50U);
}

}  // namespace
}  // namespace midstream::quic::testing
