// Session resumption and early data (RFC 9001 sections 4.5 and 4.6), and what stops a replay.
#include <gtest/gtest.h>

#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 30 * kSecond;

std::function<void(ServerConfig&)> with_early_data(EarlyData early_data) {
  return [early_data](ServerConfig& config) { config.tls = server_tls(early_data); };
}

// A connection that leaves a ticket and is gone.
SessionTicket earn_ticket(Pair& pair, const ClientTls& tls) {
  Connection* first = pair.establish({}, tls);
  pair.net.run_for(100 * kMillisecond);
  EXPECT_FALSE(pair.client_events.tickets.empty());
  const SessionTicket ticket = pair.client_events.tickets.back();
  first->close(0);
  pair.net.run_for(5 * kSecond);
  pair.client_events.closed.reset();
  return ticket;
}

TEST(Resumption, SessionResumesManyTimesWithoutEarlyData) {
  Pair pair;
  SessionTicket ticket = earn_ticket(pair, client_tls());
  EXPECT_FALSE(ticket.allows_early_data());
  for (int i = 0; i < 3; ++i) {
    Connection* next = pair.establish({}, client_tls(), ticket);
    EXPECT_TRUE(next->was_resumed()) << i;
    pair.net.run_for(100 * kMillisecond);
    ticket = pair.client_events.tickets.back();
    next->close(0);
  }
}

class EarlyDataKinds : public ::testing::TestWithParam<EarlyData> {};

TEST_P(EarlyDataKinds, EarlyDataArriveBeforeTheHandshakeCompletes) {
  Pair pair(1, {}, {}, with_early_data(GetParam()));
  pair.server_events.echo = true;
  const ClientTls tls = client_tls(true);
  SessionTicket ticket = earn_ticket(pair, tls);
  ASSERT_TRUE(ticket.allows_early_data());
  for (int i = 0; i < 3; ++i) {
    Connection* client = pair.connect({}, tls, ticket);
    const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
    pair.server_events.streams.clear();
    pair.client_events.streams.clear();
    pair.client_events.send_pattern(*client, stream, 100);
    const Timestamp start = pair.net.now();
    ASSERT_TRUE(pair.net.run([&] { return pair.client_events.streams[stream].ended; }, kLimit));
    EXPECT_TRUE(client->was_early_data_accepted()) << i;
    EXPECT_TRUE(pair.server_events.streams[stream].early);
    EXPECT_EQ(pair.net.now() - start, 2 * kMillisecond);  // one round trip, handshake included
    pair.net.run_for(kSecond);
    ticket = pair.client_events.tickets.back();
  }
}

INSTANTIATE_TEST_SUITE_P(All, EarlyDataKinds,
                         ::testing::Values(EarlyData::kSingleUse, EarlyData::kReplayable));

TEST(Resumption, SecondUseOfATicketIsRefusedItsEarlyData) {
  Pair pair(1, {}, {}, with_early_data(EarlyData::kSingleUse));
  const ClientTls tls = client_tls(true);
  const SessionTicket ticket = earn_ticket(pair, tls);
  for (int i = 0; i < 2; ++i) {
    Connection* client = pair.connect({}, tls, ticket);
    const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
    pair.server_events.streams.clear();
    pair.client_events.send_pattern(*client, stream, 100);
    pair.net.run_for(kSecond);
    EXPECT_EQ(client->was_early_data_accepted(), i == 0);
    EXPECT_EQ(pair.client_events.early_rejected, i);
    EXPECT_EQ(pair.server_events.streams.size(), i == 0 ? 1U : 0U);
    // The connection itself works; the streams have to be opened again.
    const StreamId again = client->open_stream(StreamKind::kUnidirectional).value();
    pair.client_events.send_pattern(*client, again, 100);
    pair.net.run_for(kSecond);
    EXPECT_TRUE(pair.server_events.streams[again].ended);
    EXPECT_FALSE(pair.server_events.streams[again].early);
  }
}

// The datagrams of a 0-RTT flight, recorded and sent again from elsewhere.
TEST(Resumption, ReplayedFlightIsNotDelivered) {
  Pair pair(1, {}, {}, with_early_data(EarlyData::kSingleUse));
  const ClientTls tls = client_tls(true);
  const SessionTicket ticket = earn_ticket(pair, tls);
  std::vector<std::vector<std::byte>> recorded;
  pair.net.on_datagram_to_server = [&](const Path&, ByteView bytes) {
    recorded.emplace_back(bytes.begin(), bytes.end());
  };
  Connection* client = pair.connect({}, tls, ticket);
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 100);
  pair.net.run_for(kMillisecond / 2);
  ASSERT_FALSE(recorded.empty());
  pair.net.on_datagram_to_server = nullptr;
  pair.net.run_for(kSecond);
  EXPECT_EQ(pair.server_events.ended(), 1U);
  // While the connection lives and after it is forgotten.
  for (int round = 0; round < 2; ++round) {
    for (const auto& datagram : recorded) {
      pair.net.inject(Simulation::client_address(3000), datagram);
    }
    pair.net.run_for(20 * kSecond);
    EXPECT_EQ(pair.server_events.ended(), 1U);
    client->close(0);
    pair.net.run_for(20 * kSecond);
    if (round == 0) client = pair.establish();  // something to close
  }
}

ClientTlsConfig pinned_config() {
  ClientTlsConfig config;
  config.verification = Verification::kPinned;
  config.pins = {test_identity().fingerprint()};
  config.alpn = {kAlpn};
  config.early_data = true;
  return config;
}

std::function<void(ServerConfig&)> with_two_protocols() {
  return [](ServerConfig& config) {
    ServerTlsConfig tls;
    tls.alpn = {kAlpn, "another"};
    tls.early_data = EarlyData::kReplayable;
    config.tls = ServerTls::create(test_identity(), tls).value();
  };
}

// A session whose server nobody verified must not get past the verification that is wanted now.
TEST(Resumption, InsecureTicketDoesNotPassAPin) {
  Pair pair(1, {}, {}, with_two_protocols());
  ClientTlsConfig insecure = pinned_config();
  insecure.verification = Verification::kInsecure;
  insecure.pins.clear();
  const SessionTicket ticket = earn_ticket(pair, ClientTls::create(insecure).value());
  ClientTlsConfig wrong_pin = pinned_config();
  wrong_pin.pins = {Fingerprint{}};
  ClientTlsConfig system_store = insecure;
  system_store.verification = Verification::kSystemStore;
  for (const ClientTlsConfig& config : {wrong_pin, system_store}) {
    pair.client_events.closed.reset();
    pair.client_events.completed = 0;
    pair.connect({}, ClientTls::create(config).value(), ticket);
    EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
    EXPECT_EQ(pair.client_events.completed, 0);
  }
  Connection* verified = pair.establish({}, ClientTls::create(pinned_config()).value(), ticket);
  EXPECT_FALSE(verified->was_resumed());
}

struct OtherClient {
  const char* name;
  std::function<void(ClientTlsConfig&)> change;
  bool resumes;
};

class TicketFor : public ::testing::TestWithParam<OtherClient> {};

TEST_P(TicketFor, ResumesOnlyWhatItWasEarnedWith) {
  Pair pair(1, {}, {}, with_two_protocols());
  const SessionTicket ticket = earn_ticket(pair, ClientTls::create(pinned_config()).value());
  ClientTlsConfig other = pinned_config();
  GetParam().change(other);
  Connection* next = pair.establish({}, ClientTls::create(other).value(), ticket);
  EXPECT_FALSE(pair.client_events.closed.has_value());
  EXPECT_EQ(next->was_resumed(), GetParam().resumes);
}

INSTANTIATE_TEST_SUITE_P(
    All, TicketFor,
    ::testing::Values(
        OtherClient{"same", [](ClientTlsConfig&) {}, true},
        OtherClient{"more_protocols",
                    [](ClientTlsConfig& c) {
                      c.alpn = {"another", kAlpn};
                    },
                    true},
        OtherClient{"another_protocol", [](ClientTlsConfig& c) { c.alpn = {"another"}; }, false},
        OtherClient{"another_name", [](ClientTlsConfig& c) { c.server_name = "elsewhere"; }, false},
        OtherClient{"other_pins", [](ClientTlsConfig& c) { c.pins.push_back(Fingerprint{}); },
                    false},
        OtherClient{"insecure",
                    [](ClientTlsConfig& c) {
                      c.verification = Verification::kInsecure;
                      c.pins.clear();
                    },
                    false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Resumption, ReplayableSaysSo) {
  ServerTlsConfig config;
  config.alpn = {kAlpn};
  config.early_data = EarlyData::kReplayable;
  EXPECT_EQ(ServerTls::create(test_identity(), config).value().warnings().size(), 1U);
  config.early_data = EarlyData::kSingleUse;
  EXPECT_TRUE(ServerTls::create(test_identity(), config).value().warnings().empty());
}

}  // namespace
}  // namespace midstream::quic::testing
