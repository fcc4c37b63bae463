// One connection over a perfect simulated link: handshake, verification, streams, closing.
#include <gtest/gtest.h>

#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 60 * kSecond;

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

TEST(Connection, HandshakeAgreesOnProtocolAndConfirms) {
  Pair pair;
  Connection* client = pair.establish();
  EXPECT_TRUE(client->is_handshake_completed());
  EXPECT_EQ(client->alpn(), kAlpn);
  EXPECT_EQ(pair.server_events.completed, 1);
  EXPECT_FALSE(client->was_resumed());
  EXPECT_EQ(client->role(), Role::kClient);
}

class CipherAndCongestion : public ::testing::TestWithParam<std::tuple<Cipher, CongestionControl>> {
};

TEST_P(CipherAndCongestion, CarriesAMebibyteBothWays) {
  const auto [cipher, congestion] = GetParam();
  TransportConfig transport;
  transport.congestion_control = congestion;
  Pair pair(3, {}, {}, [&](ServerConfig& config) {
    config.tls = server_tls(EarlyData::kRefuse, cipher);
    config.transport = transport;
  });
  pair.server_events.echo = true;
  pair.server_events.check_pattern = pair.client_events.check_pattern = true;
  Connection* client = pair.establish(transport, client_tls(false, cipher));
  const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
  pair.client_events.send_pattern(*client, stream, 1 << 20);
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.streams[stream].closed; }, kLimit));
  EXPECT_EQ(pair.client_events.streams[stream].received, 1U << 20);
  EXPECT_EQ(pair.client_events.wrong_bytes + pair.server_events.wrong_bytes, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, CipherAndCongestion,
    ::testing::Combine(::testing::Values(Cipher::kAes128Gcm, Cipher::kAes256Gcm,
                                         Cipher::kChaCha20Poly1305),
                       ::testing::Values(CongestionControl::kCubic, CongestionControl::kBbr,
                                         CongestionControl::kReno)));

TEST(Connection, WrongPinEndsTheHandshake) {
  Pair pair;
  ClientTlsConfig config;
  config.verification = Verification::kPinned;
  config.pins = {Fingerprint{}};
  config.alpn = {kAlpn};
  pair.connect({}, ClientTls::create(config).value());
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.client_events.closed->kind, CloseReason::Kind::kTransport);
  EXPECT_GE(pair.client_events.closed->code, 0x100U);  // a TLS alert
  EXPECT_EQ(pair.client_events.completed, 0);
}

TEST(Connection, UnknownAuthorityIsRefusedByDefault) {
  Pair pair;
  ClientTlsConfig config;  // system store
  config.alpn = {kAlpn};
  const ClientTls tls = ClientTls::create(config).value();
  EXPECT_TRUE(tls.warnings().empty());
  pair.connect({}, tls);
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.client_events.completed, 0);
  EXPECT_NE(pair.client_events.closed->text.find("certificate"), std::string::npos)
      << to_string(*pair.client_events.closed);
}

TEST(Connection, InsecureConnectsAndWarns) {
  Pair pair;
  ClientTlsConfig config;
  config.verification = Verification::kInsecure;
  config.alpn = {kAlpn};
  const ClientTls tls = ClientTls::create(config).value();
  ASSERT_EQ(tls.warnings().size(), 1U);
  EXPECT_NE(tls.warnings().front().find("not verified"), std::string::npos);
  pair.establish({}, tls);
  EXPECT_EQ(pair.client_events.completed, 1);
}

TEST(Connection, NoProtocolInCommonEndsTheHandshake) {
  Pair pair;
  ClientTlsConfig config;
  config.verification = Verification::kInsecure;
  config.alpn = {"something-else"};
  pair.connect({}, ClientTls::create(config).value());
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.client_events.closed->code, 0x100U + 120U);  // no_application_protocol
}

TEST(Connection, TlsSettingsWithoutProtocolOrPinAreRefused) {
  EXPECT_EQ(ClientTls::create({}).error().code, ErrorCode::kInvalidArgument);
  ClientTlsConfig config;
  config.alpn = {kAlpn};
  config.verification = Verification::kPinned;
  EXPECT_EQ(ClientTls::create(config).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ServerTls::create(test_identity(), {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(Connection, TransportSettingsOutOfRangeAreRefused) {
  const std::vector<std::function<void(TransportConfig&)>> wrong{
      [](TransportConfig& c) { c.max_udp_payload = 1199; },
      [](TransportConfig& c) { c.max_udp_payload = 65508; },
      [](TransportConfig& c) { c.idle_timeout = kNever; },
      [](TransportConfig& c) { c.max_ack_delay = 17 * kSecond; },
      [](TransportConfig& c) { c.initial_rtt = 0; },
      [](TransportConfig& c) { c.connection_window = UINT64_MAX; },
      [](TransportConfig& c) { c.stream_window = std::uint64_t{1} << 62; },
      [](TransportConfig& c) { c.max_streams_unidirectional = UINT64_MAX; },
      [](TransportConfig& c) { c.max_datagram_frame = SIZE_MAX; },
      [](TransportConfig& c) { c.stream_send_buffer = 0; }};
  Recorder events;
  Dispatcher dispatcher;
  const Path path{Address::loopback(1), Address::loopback(2)};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    ServerConfig server{server_tls()};
    wrong[i](server.transport);
    EXPECT_EQ(dispatcher.listen(server).error().code, ErrorCode::kInvalidArgument) << i;
    EXPECT_EQ(dispatcher.connect(client_tls(), server.transport, path, {}, events, 1).error().code,
              ErrorCode::kInvalidArgument)
        << i;
  }
  EXPECT_TRUE(validate({}).ok());
}

TEST(Connection, SmallestPayloadWorksWithDiscovery) {
  TransportConfig transport;
  transport.max_udp_payload = kSmallestPayload;
  transport.mtu_discovery = true;
  Pair pair;
  Connection* client = pair.establish(transport);
  EXPECT_EQ(client->statistics().max_udp_payload, kSmallestPayload);
}

TEST(Connection, NothingIsLostOnceItIsFlushed) {
  LinkConfig lossy;
  lossy.loss = 0.2;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Pair pair(seed, lossy, lossy);
    Connection* client = pair.connect();
    ASSERT_TRUE(pair.net.run([&] { return client->is_handshake_confirmed(); }, kLimit));
    EXPECT_TRUE(client->is_flushed());
    const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
    ASSERT_TRUE(client->write(stream, std::vector<std::byte>(50'000)).ok());
    if (seed % 2 == 0) pair.net.run_for(20 * kMillisecond);  // the FIN goes alone
    ASSERT_TRUE(client->finish(stream).ok());
    EXPECT_FALSE(client->is_flushed());
    ASSERT_TRUE(pair.net.run([&] { return client->is_flushed(); }, kLimit));
    EXPECT_TRUE(pair.server_events.streams[stream].ended) << seed;
    client->close(0);
    EXPECT_FALSE(client->is_flushed());
  }
}

TEST(Identity, PemRoundTripKeepsTheFingerprint) {
  const Identity& own = test_identity();
  const Identity read = Identity::from_pem(own.certificate_pem(), own.key_pem()).value();
  EXPECT_EQ(read.fingerprint(), own.fingerprint());
  const Identity other = Identity::self_signed("localhost").value();
  EXPECT_EQ(Identity::from_pem(own.certificate_pem(), other.key_pem()).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Identity::from_pem("nothing", own.key_pem()).error().code, ErrorCode::kParse);
}

TEST(Connection, UnidirectionalStreamsBothWays) {
  Pair pair;
  pair.server_events.keep_bytes = pair.client_events.keep_bytes = true;
  Connection* client = pair.establish();
  const StreamId up = client->open_stream(StreamKind::kUnidirectional).value();
  ASSERT_TRUE(client->write(up, bytes_of("up")).ok());
  ASSERT_TRUE(client->finish(up).ok());
  Connection* server = pair.server_events.connection;
  const StreamId down = server->open_stream(StreamKind::kUnidirectional).value();
  ASSERT_TRUE(server->write(down, bytes_of("down")).ok());
  ASSERT_TRUE(server->finish(down).ok());
  EXPECT_TRUE(pair.net.run(
      [&] { return pair.server_events.ended() == 1 && pair.client_events.ended() == 1; }, kLimit));
  EXPECT_EQ(pair.server_events.streams[up].bytes, bytes_of("up"));
  EXPECT_EQ(pair.client_events.streams[down].bytes, bytes_of("down"));
  EXPECT_FALSE(server->write(up, bytes_of("x")).ok());  // receive-only
}

TEST(Connection, EmptyStreamIsDeliveredAsItsEnd) {
  Pair pair;
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  ASSERT_TRUE(client->finish(stream).ok());
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 1; }, kLimit));
  EXPECT_EQ(pair.server_events.streams[stream].received, 0U);
}

TEST(Connection, SharedBytesAreSentWithoutACopyAndReleased) {
  Pair pair;
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  auto block = std::make_shared<std::vector<std::byte>>(pattern(stream, 0, 300'000));
  const std::weak_ptr<std::vector<std::byte>> watch = block;
  EXPECT_EQ(client->write(stream, SharedBytes{block, *block}).value(), 300'000U);
  block.reset();
  EXPECT_FALSE(watch.expired());
  ASSERT_TRUE(client->finish(stream).ok());
  EXPECT_TRUE(pair.net.run([&] { return pair.client_events.streams[stream].closed; }, kLimit));
  EXPECT_EQ(pair.server_events.streams[stream].received, 300'000U);
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
  EXPECT_TRUE(watch.expired());
}

TEST(Connection, SharedBytesThatNeverFitAreAnError) {
  TransportConfig transport;
  transport.stream_send_buffer = 10'000;
  Pair pair;
  Connection* client = pair.establish(transport);
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  const auto block = std::make_shared<std::vector<std::byte>>(10'001);
  EXPECT_EQ(client->write(stream, SharedBytes{block, *block}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(client->write(stream, *block).value(), 10'000U);  // a copy is cut instead
  const ByteView fits = ByteView(*block).first(10'000);
  EXPECT_EQ(client->write(stream, SharedBytes{block, fits}).value(), 0U);  // not now
  pair.net.run_for(kSecond);
  EXPECT_EQ(client->write(stream, SharedBytes{block, fits}).value(), 10'000U);
}

TEST(Connection, ResetAndStopSendingCarryTheirCodes) {
  Pair pair;
  Connection* client = pair.establish();
  const StreamId first = client->open_stream(StreamKind::kBidirectional).value();
  const StreamId second = client->open_stream(StreamKind::kBidirectional).value();
  for (const StreamId id : {first, second}) ASSERT_TRUE(client->write(id, bytes_of("hello")).ok());
  pair.net.run_for(kSecond);
  ASSERT_TRUE(client->reset(first, 41).ok());
  ASSERT_TRUE(pair.server_events.connection->stop_sending(second, 42).ok());
  pair.net.run_for(kSecond);
  EXPECT_EQ(pair.server_events.streams[first].reset_code, 41U);
  EXPECT_EQ(pair.client_events.streams[second].stop_code, 42U);
  EXPECT_FALSE(client->write(second, bytes_of("more")).ok());
}

TEST(Connection, StreamLimitIsKeptAndExtendedAsStreamsClose) {
  Pair pair(1, {}, {},
            [](ServerConfig& config) { config.transport.max_streams_bidirectional = 3; });
  pair.server_events.echo = true;
  Connection* client = pair.establish();
  std::vector<StreamId> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(client->open_stream(StreamKind::kBidirectional).value());
  }
  EXPECT_EQ(client->open_stream(StreamKind::kBidirectional).error().code, ErrorCode::kLimit);
  for (const StreamId id : open) pair.client_events.send_pattern(*client, id, 10);
  pair.net.run_for(kSecond);
  EXPECT_TRUE(client->open_stream(StreamKind::kBidirectional).ok());
}

TEST(Connection, BackPressureReachesTheWriterAndEnds) {
  TransportConfig transport;
  transport.stream_send_buffer = 64 * 1024;
  Pair pair(1, {}, {}, [](ServerConfig& config) { config.transport.stream_window = 32 * 1024; });
  pair.server_events.check_pattern = true;
  pair.server_events.consume_at_once = false;
  Connection* client = pair.establish(transport);
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 1 << 20);
  pair.net.run_for(5 * kSecond);
  Recorder::StreamRecord& record = pair.server_events.streams[stream];
  EXPECT_EQ(record.received, 32U * 1024);  // the window, not a byte more
  EXPECT_EQ(client->statistics().send_buffered, 64U * 1024);
  while (!record.ended) {
    pair.server_events.connection->consume(stream, record.unconsumed);
    record.unconsumed = 0;
    const std::uint64_t before = record.received;
    pair.net.run_for(100 * kMillisecond);
    ASSERT_GT(record.received, before);
  }
  EXPECT_EQ(record.received, 1U << 20);
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
  EXPECT_GT(pair.client_events.writable, 0);
}

// The connection's send buffer is full of one stream that the peer does not read: resetting it is
// what makes room, and no acknowledgement of its data will ever say so.
TEST(Connection, WriterIsWokenWhenAnotherStreamIsReset) {
  TransportConfig transport;
  transport.stream_send_buffer = transport.connection_send_buffer = 64 * 1024;
  Pair pair(1, {}, {}, [](ServerConfig& config) { config.transport.stream_window = 16 * 1024; });
  pair.server_events.check_pattern = true;
  pair.server_events.consume_at_once = false;
  Connection* client = pair.establish(transport);
  const StreamId stuck = client->open_stream(StreamKind::kUnidirectional).value();
  const StreamId waiting = client->open_stream(StreamKind::kUnidirectional).value();
  ASSERT_EQ(client->write(stuck, std::vector<std::byte>(64 * 1024)).value(), 64U * 1024);
  pair.client_events.send_pattern(*client, waiting, 5000);
  pair.net.run_for(5 * kSecond);
  EXPECT_EQ(pair.client_events.writable, 0);
  EXPECT_EQ(pair.server_events.streams[waiting].received, 0U);
  ASSERT_TRUE(client->reset(stuck, 0).ok());
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.streams[waiting].ended; }, kLimit));
  EXPECT_EQ(pair.server_events.streams[waiting].received, 5000U);
  EXPECT_GT(pair.client_events.writable, 0);
}

TEST(Connection, UrgentStreamOvertakes) {
  LinkConfig slow;
  slow.bits_per_second = 10'000'000;
  slow.queue_bytes = 32 * 1024;
  Pair pair(1, slow);
  Connection* client = pair.establish();
  const StreamId bulk = client->open_stream(StreamKind::kUnidirectional).value();
  const StreamId first = client->open_stream(StreamKind::kUnidirectional).value();
  const StreamId second = client->open_stream(StreamKind::kUnidirectional).value();
  const StreamId urgent = client->open_stream(StreamKind::kUnidirectional).value();
  ASSERT_TRUE(client->set_priority(bulk, {7, true}).ok());
  ASSERT_TRUE(client->set_priority(first, {3, false}).ok());
  ASSERT_TRUE(client->set_priority(second, {3, false}).ok());
  ASSERT_TRUE(client->set_priority(urgent, {0, false}).ok());
  EXPECT_FALSE(client->set_priority(urgent, {8, false}).ok());
  for (const StreamId id : {bulk, first, second, urgent}) {
    pair.client_events.send_pattern(*client, id, 300'000);
  }
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 4; }, kLimit));
  EXPECT_EQ(pair.server_events.ended_order, (std::vector<StreamId>{urgent, first, second, bulk}));
}

TEST(Connection, IncrementalStreamsShareInTurns) {
  LinkConfig slow;
  slow.bits_per_second = 10'000'000;
  slow.queue_bytes = 32 * 1024;
  Pair pair(1, slow);
  Connection* client = pair.establish();
  std::vector<StreamId> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(client->open_stream(StreamKind::kUnidirectional).value());
    pair.client_events.send_pattern(*client, ids.back(), 200'000);
  }
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() >= 1; }, kLimit));
  for (const StreamId id : ids) EXPECT_GT(pair.server_events.streams[id].received, 150'000U);
}

TEST(Connection, DatagramsArriveAndLimitsAreTold) {
  TransportConfig transport;
  transport.max_datagram_frame = 65535;
  transport.max_queued_datagrams = 4;
  Pair pair(1, {}, {}, [&](ServerConfig& config) { config.transport = transport; });
  Connection* client = pair.establish(transport);
  const std::size_t largest = client->max_datagram_size();
  EXPECT_GT(largest, 1300U);
  const std::vector<std::byte> big(largest, std::byte{7});
  ASSERT_TRUE(client->send_datagram(big).ok());
  ASSERT_TRUE(client->send_datagram(bytes_of("small")).ok());
  EXPECT_EQ(client->send_datagram(std::vector<std::byte>(largest + 1)).error().code,
            ErrorCode::kInvalidArgument);
  ASSERT_TRUE(client->send_datagram(bytes_of("3")).ok());
  ASSERT_TRUE(client->send_datagram(bytes_of("4")).ok());
  EXPECT_EQ(client->send_datagram(bytes_of("5")).error().code, ErrorCode::kLimit);
  pair.net.run_for(kSecond);
  ASSERT_EQ(pair.server_events.datagrams.size(), 4U);
  EXPECT_EQ(pair.server_events.datagrams[0], big);
  EXPECT_EQ(pair.server_events.datagrams[1], bytes_of("small"));
}

TEST(Connection, DatagramsNeedThePeersConsent) {
  Pair pair;
  Connection* client = pair.establish();
  EXPECT_EQ(client->send_datagram(bytes_of("x")).error().code, ErrorCode::kUnavailable);
}

TEST(Connection, CloseCarriesCodeAndReason) {
  Pair pair;
  Connection* client = pair.establish();
  client->close(77, "done");
  EXPECT_TRUE(client->is_closed());
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.closed.has_value(); }, kLimit));
  EXPECT_EQ(pair.server_events.closed->kind, CloseReason::Kind::kApplication);
  EXPECT_TRUE(pair.server_events.closed->by_peer);
  EXPECT_EQ(pair.server_events.closed->code, 77U);
  EXPECT_EQ(pair.server_events.closed->text, "done");
  pair.net.run_for(10 * kSecond);
  EXPECT_EQ(pair.client_events.discarded, 1);
  EXPECT_EQ(pair.server_events.discarded, 1);
  EXPECT_EQ(pair.net.server().statistics().connections, 0U);
}

TEST(Connection, IdleTimeoutEndsBothEnds) {
  TransportConfig transport;
  transport.idle_timeout = 5 * kSecond;
  Pair pair;
  pair.establish(transport);
  pair.net.run_for(4 * kSecond);
  EXPECT_FALSE(pair.client_events.closed.has_value());
  pair.net.run_for(10 * kSecond);
  ASSERT_TRUE(pair.client_events.closed.has_value());
  EXPECT_EQ(pair.client_events.closed->kind, CloseReason::Kind::kIdleTimeout);
  EXPECT_EQ(pair.net.server().statistics().connections, 0U);
}

TEST(Connection, KeepAliveHoldsTheConnection) {
  TransportConfig transport;
  transport.idle_timeout = 5 * kSecond;
  transport.keep_alive = 2 * kSecond;
  Pair pair;
  pair.establish(transport);
  pair.net.run_for(60 * kSecond);
  EXPECT_FALSE(pair.client_events.closed.has_value());
}

TEST(Connection, HandshakeTimesOutWithoutAServer) {
  LinkConfig dead;
  dead.loss = 1;
  Pair pair(1, dead);
  pair.connect();
  pair.net.run_for(kLimit);
  ASSERT_TRUE(pair.client_events.closed.has_value());
  EXPECT_EQ(pair.client_events.closed->kind, CloseReason::Kind::kHandshakeTimeout);
}

TEST(Connection, KeysAreUpdatedWhileDataFlow) {
  Pair pair;
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  EXPECT_FALSE(pair.connect()->update_keys(pair.net.now()).ok());  // not confirmed
  for (int i = 0; i < 3; ++i) {
    for (int part = 0; part < 2; ++part) {
      const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
      pair.client_events.send_pattern(*client, stream, 50'000);
      pair.net.run_for(kSecond);
      if (part == 0) {
        ASSERT_TRUE(client->update_keys(pair.net.now()).ok());
      }
    }
  }
  EXPECT_EQ(client->statistics().key_updates, 3U);
  EXPECT_EQ(pair.server_events.ended(), 6U);
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
}

TEST(Connection, ServerConfirmsAndUpdatesKeys) {
  Pair pair;
  pair.client_events.check_pattern = pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  EXPECT_EQ(pair.server_events.confirmed, 1);
  Connection* server = pair.server_events.connection;
  EXPECT_TRUE(server->is_handshake_confirmed());
  for (int i = 0; i < 3; ++i) {
    for (int part = 0; part < 2; ++part) {
      const StreamId down = server->open_stream(StreamKind::kUnidirectional).value();
      pair.server_events.send_pattern(*server, down, 50'000);
      const StreamId up = client->open_stream(StreamKind::kUnidirectional).value();
      pair.client_events.send_pattern(*client, up, 50'000);
      pair.net.run_for(kSecond);
      if (part == 0) {
        ASSERT_TRUE(server->update_keys(pair.net.now()).ok()) << i;
      }
    }
  }
  EXPECT_EQ(server->statistics().key_updates, 3U);
  EXPECT_GE(client->statistics().key_updates, 2U);  // the peer's count may lag by one
  EXPECT_EQ(pair.client_events.ended(), 6U);
  EXPECT_EQ(pair.server_events.ended(), 6U);
  EXPECT_EQ(pair.client_events.wrong_bytes + pair.server_events.wrong_bytes, 0U);
}

// Asking too early is an error, never an assertion in the library.
TEST(Connection, KeysCannotBeUpdatedFromTheFirstEvents) {
  struct Eager : Recorder {
    using Recorder::Recorder;
    Timestamp now = 0;
    int tries = 0;
    void on_handshake_completed(Connection& c) override {
      Recorder::on_handshake_completed(c);
      tries += c.update_keys(now).ok() ? 0 : 1;
    }
    void on_handshake_confirmed(Connection& c) override {
      Recorder::on_handshake_confirmed(c);
      tries += c.update_keys(now).ok() ? 0 : 1;
    }
  };
  Eager events;
  Pair pair(1, {}, {},
            [&](ServerConfig& config) { config.accept = [&](Connection&) { return &events; }; });
  pair.establish();
  EXPECT_EQ(events.tries, 2);
  EXPECT_EQ(events.confirmed, 1);
  EXPECT_FALSE(events.closed.has_value());
}

TEST(Connection, ClientMigratesWhileDataFlow) {
  Pair pair;
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 8 << 20);
  pair.net.run_for(3 * kMillisecond);
  const Address moved = Simulation::client_address(1001);
  ASSERT_TRUE(client->migrate(moved, pair.net.now()).ok());
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 1; }, kLimit));
  EXPECT_EQ(client->path().local, moved);
  EXPECT_EQ(pair.server_events.connection->path().remote, moved);
  EXPECT_GE(pair.client_events.path_changes, 1);
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
}

TEST(Connection, MtuDiscoveryFindsTheConfiguredSize) {
  TransportConfig transport;
  transport.mtu_discovery = true;
  Pair pair;
  Connection* client = pair.establish(transport);
  const std::size_t at_first = client->statistics().max_udp_payload;
  EXPECT_LT(at_first, kEthernetPayload);
  pair.net.run_for(20 * kSecond);
  EXPECT_EQ(client->statistics().max_udp_payload, kEthernetPayload);
}

TEST(Connection, JumboFromTheFirstPacket) {
  TransportConfig transport;
  transport.max_udp_payload = kLargestPayload;
  Pair pair(1, {}, {}, [&](ServerConfig& config) { config.transport = transport; });
  pair.server_events.check_pattern = true;
  Connection* client = pair.establish(transport);
  EXPECT_EQ(client->statistics().max_udp_payload, kLargestPayload);
  const StreamId stream = client->open_stream(StreamKind::kUnidirectional).value();
  pair.client_events.send_pattern(*client, stream, 4 << 20);
  EXPECT_TRUE(pair.net.run([&] { return pair.server_events.ended() == 1; }, kLimit));
  EXPECT_EQ(pair.server_events.wrong_bytes, 0U);
}

TEST(Connection, StatisticsAddUp) {
  Pair pair;
  pair.server_events.echo = true;
  Connection* client = pair.establish();
  const StreamId stream = client->open_stream(StreamKind::kBidirectional).value();
  pair.client_events.send_pattern(*client, stream, 100'000);
  pair.net.run_for(5 * kSecond);
  const ConnectionStatistics statistics = client->statistics();
  EXPECT_EQ(statistics.stream_bytes_written, 100'000U);
  EXPECT_EQ(statistics.stream_bytes_received, 100'000U);
  EXPECT_EQ(statistics.streams_opened, 1U);
  EXPECT_EQ(statistics.streams_closed, 1U);
  EXPECT_EQ(statistics.packets_lost, 0U);
  EXPECT_EQ(statistics.send_buffered, 0U);
  EXPECT_GE(statistics.bytes_sent, 100'000U);
  EXPECT_GE(statistics.smoothed_rtt, 2 * kMillisecond);
  EXPECT_GT(statistics.memory, 0U);
}

}  // namespace
}  // namespace midstream::quic::testing
