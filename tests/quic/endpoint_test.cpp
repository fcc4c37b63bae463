// Real sockets on loopback, client and server on their own threads, blocking calls on top.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/quic/blocking.hpp"
#include "tests/quic/stubborn_kernel.hpp"
#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {
namespace {

constexpr Duration kLimit = 20 * kSecond;

std::unique_ptr<Endpoint> open_endpoint(DatagramIo io = DatagramIo::kAutomatic,
                                        Waiting waiting = Waiting::kSpin, bool gro = true) {
  EndpointConfig config;
  config.socket.io = io;
  config.socket.receive_offload = gro;
  config.waiting = waiting;
  return Endpoint::open(config).value();
}

ServerConfig server_config() {
  ServerConfig config{server_tls(EarlyData::kSingleUse)};
  config.transport.max_streams_bidirectional = 2000;
  return config;
}

// An echo server on a thread of its own.
class EchoServer {
 public:
  explicit EchoServer(std::unique_ptr<Endpoint> endpoint, ServerConfig config = server_config())
      : endpoint_(std::move(endpoint)), address_(endpoint_->local()) {
    events_.echo = true;
    config.accept = [this](Connection&) { return &events_; };
    EXPECT_TRUE(endpoint_->listen(std::move(config)).ok());
    thread_ =
        std::thread([this] { endpoint_->run_until([this] { return stop_.load(); }, kNever); });
  }
  ~EchoServer() {
    stop_ = true;
    endpoint_->wake();
    thread_.join();
  }
  [[nodiscard]] const Address& address() const { return address_; }

 private:
  Recorder events_;  // outlives the endpoint
  std::unique_ptr<Endpoint> endpoint_;
  Address address_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

void echo_mebibyte(Session& session, Endpoint& endpoint) {
  const Timestamp deadline = endpoint.now() + kLimit;
  Channel channel = session.open(StreamKind::kBidirectional, deadline).value();
  const std::vector<std::byte> sent = pattern(channel.id(), 0, 1 << 20);
  ASSERT_TRUE(channel.write(sent, deadline).ok());
  ASSERT_TRUE(channel.finish().ok());
  std::vector<std::byte> received(sent.size());
  const Status read = channel.read_exactly(received, deadline);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(sha256(received), sha256(sent));
  std::array<std::byte, 1> more;
  EXPECT_EQ(channel.read(more, deadline).value(), 0U);
}

struct Way {
  DatagramIo io;
  Waiting waiting;
  bool gro;
};

class EveryWay : public ::testing::TestWithParam<Way> {};

TEST_P(EveryWay, EchoesAMebibyte) {
  const auto [io, waiting, gro] = GetParam();
  EchoServer server(open_endpoint(io, waiting, gro));
  auto endpoint = open_endpoint(io, waiting, gro);
  if (io != DatagramIo::kAutomatic) {
    EXPECT_EQ(endpoint->socket().io(), io);
  }
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit);
  ASSERT_TRUE(session.ok()) << session.error().message;
  echo_mebibyte(**session, *endpoint);
  const UdpSocketStatistics& calls = endpoint->socket().statistics();
  EXPECT_EQ(calls.truncated, 0U);
  if (io == DatagramIo::kSingle) {
    EXPECT_EQ(calls.send_calls, calls.datagrams_sent);
  } else {
    EXPECT_LT(calls.send_calls, calls.datagrams_sent);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryWay,
                         ::testing::Values(Way{DatagramIo::kAutomatic, Waiting::kSpin, true},
                                           Way{DatagramIo::kAutomatic, Waiting::kSleep, false},
                                           Way{DatagramIo::kBatched, Waiting::kSleep, false},
                                           Way{DatagramIo::kSingle, Waiting::kBusy, false}));

TEST(Endpoint, WithAPeerHearsAndReachesNobodyElse) {
  EchoServer server(open_endpoint());
  for (const DatagramIo io : {DatagramIo::kAutomatic, DatagramIo::kBatched, DatagramIo::kSingle}) {
    EndpointConfig config;
    config.socket.io = io;
    config.socket.peer = server.address();
    auto endpoint = Endpoint::open(config).value();
    auto session =
        Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit);
    ASSERT_TRUE(session.ok()) << session.error().message;

    UdpSocketConfig any;
    any.io = DatagramIo::kSingle;
    const auto stranger = UdpSocket::open(any).value();
    const std::vector<std::byte> noise(100, std::byte{0x40});
    EXPECT_EQ(stranger->send(endpoint->local(), noise, noise.size()), noise.size());
    echo_mebibyte(**session, *endpoint);
    EXPECT_EQ(endpoint->dispatcher().statistics().unroutable, 0U);
    EXPECT_EQ(endpoint->dispatcher().statistics().stateless_resets, 0U);

    // The way to a new local address is connected too.
    ASSERT_TRUE(endpoint->migrate(*(*session)->connection()).ok());
    echo_mebibyte(**session, *endpoint);

    Recorder events;
    const auto elsewhere =
        endpoint->connect(stranger->local(), client_tls(), TransportConfig{}, events);
    ASSERT_FALSE(elsewhere.ok());
    EXPECT_EQ(elsewhere.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(endpoint->listen(server_config()).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Endpoint, ListensOnLoopbackByDefault) {
  auto endpoint = open_endpoint();
  EXPECT_TRUE(endpoint->local().is_loopback());
  EXPECT_NE(endpoint->local().port(), 0);
}

TEST(Endpoint, Ipv6LoopbackWorks) {
  EndpointConfig config;
  config.socket.bind = Address::loopback_v6();
  auto opened = Endpoint::open(config);
  if (!opened.ok()) GTEST_SKIP() << "no IPv6 here: " << opened.error().message;
  EchoServer server(std::move(*opened));
  auto endpoint = Endpoint::open(config).value();
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit);
  ASSERT_TRUE(session.ok()) << session.error().message;
  echo_mebibyte(**session, *endpoint);
}

TEST(Endpoint, NobodyThereIsATimeout) {
  auto endpoint = open_endpoint();
  const Address nobody = open_endpoint()->local();  // closed again by now
  const auto session =
      Session::connect(*endpoint, nobody, client_tls(), {}, endpoint->now() + 50 * kMillisecond);
  EXPECT_EQ(session.error().code, ErrorCode::kTimeout);
}

// The end comes from a timer, without a datagram: it must not wait for the deadline to be heard of.
TEST(Endpoint, ConnectionThatTimesOutEndsTheWait) {
  const auto silent = open_endpoint();
  auto endpoint = open_endpoint(DatagramIo::kAutomatic, Waiting::kSleep);
  TransportConfig transport;
  transport.handshake_timeout = 20 * kMillisecond;
  const auto session = Session::connect(*endpoint, silent->local(), client_tls(), transport,
                                        endpoint->now() + kLimit);
  EXPECT_EQ(session.error().code, ErrorCode::kProtocol);
  EXPECT_NE(session.error().message.find("handshake timeout"), std::string::npos);
}

TEST(Endpoint, OpenOpensOneStream) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
          .value();
  const Timestamp deadline = endpoint->now() + kLimit;
  EXPECT_EQ(session->open(StreamKind::kBidirectional, deadline).value().id(), 0);
  EXPECT_EQ(session->open(StreamKind::kBidirectional, deadline).value().id(), 4);
  EXPECT_EQ(session->connection()->statistics().streams_opened, 2U);
}

TEST(Endpoint, ReadTimesOutAndGoesOn) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
          .value();
  Channel channel = session->open(StreamKind::kBidirectional, endpoint->now() + kLimit).value();
  std::array<std::byte, 5> buffer;
  EXPECT_EQ(channel.read(buffer, endpoint->now() + 20 * kMillisecond).error().code,
            ErrorCode::kTimeout);
  ASSERT_TRUE(channel.write(pattern(0, 0, 5), endpoint->now() + kLimit).ok());
  EXPECT_TRUE(channel.read_exactly(buffer, endpoint->now() + kLimit).ok());
}

TEST(Endpoint, SessionsResumeWithEarlyData) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  const ClientTls tls = client_tls(true);
  SessionTicket ticket;
  for (int i = 0; i < 3; ++i) {
    auto session =
        Session::connect(*endpoint, server.address(), tls, {}, endpoint->now() + kLimit, ticket)
            .value();
    EXPECT_EQ(session->connection()->was_resumed(), i > 0);
    ticket = session->ticket(endpoint->now() + kLimit).value();
  }
}

TEST(Endpoint, MigratesToAnotherSocket) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
          .value();
  echo_mebibyte(*session, *endpoint);
  ASSERT_TRUE(endpoint->migrate(*session->connection()).ok());
  echo_mebibyte(*session, *endpoint);
  endpoint->run_until([&] { return session->connection()->statistics().path_changes > 0; },
                      endpoint->now() + kLimit);
  EXPECT_EQ(session->connection()->statistics().path_changes, 1U);
  EXPECT_NE(session->connection()->path().local, endpoint->local());
  echo_mebibyte(*session, *endpoint);
}

TEST(Endpoint, LeavesOneSocketBehindWhenItMigratesAgain) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
          .value();
  for (std::uint64_t i = 1; i <= 3; ++i) {
    echo_mebibyte(*session, *endpoint);
    ASSERT_TRUE(endpoint->migrate(*session->connection()).ok());
    EXPECT_TRUE(endpoint->run_until(
        [&] {
          return session->connection()->statistics().path_changes == i &&
                 endpoint->socket_count() == 2;
        },
        endpoint->now() + kLimit));
  }
  echo_mebibyte(*session, *endpoint);
  session.reset();  // nobody is on the second one any longer
  EXPECT_TRUE(
      endpoint->run_until([&] { return endpoint->socket_count() == 1; }, endpoint->now() + kLimit));
}

TEST(Endpoint, FailedMigrationLeavesNoSocket) {
  auto endpoint = open_endpoint();
  Recorder events;
  const Address nobody = Address::loopback(9);
  Connection* connection = endpoint->connect(nobody, client_tls(), {}, events).value();
  EXPECT_EQ(endpoint->migrate(*connection).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(endpoint->socket_count(), 1U);
  endpoint.reset();  // before its events
}

// An endpoint on every address and a port of the user's choice: the next socket needs another port.
TEST(Endpoint, MigratesFromAFixedPort) {
  EchoServer server(open_endpoint());
  std::unique_ptr<Endpoint> endpoint;
  for (std::uint16_t port = 47000; endpoint == nullptr && port < 47100; ++port) {
    EndpointConfig config;
    config.socket.bind = Address::parse("0.0.0.0:" + std::to_string(port)).value();
    auto opened = Endpoint::open(config);
    if (opened.ok()) endpoint = std::move(*opened);
  }
  ASSERT_NE(endpoint, nullptr);
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
          .value();
  echo_mebibyte(*session, *endpoint);
  const Status migrated = endpoint->migrate(*session->connection());
  ASSERT_TRUE(migrated.ok()) << migrated.error().message;
  EXPECT_TRUE(
      endpoint->run_until([&] { return session->connection()->statistics().path_changes == 1; },
                          endpoint->now() + kLimit));
  EXPECT_NE(session->connection()->path().local.port(), endpoint->local().port());
}

// From within an event the list of sockets grows while it is gone through.
TEST(Endpoint, MigratesFromWithinAnEvent) {
  EchoServer server(open_endpoint());
  struct Mover : Recorder {
    Endpoint* endpoint = nullptr;
    bool moved = false;
    void on_handshake_confirmed(Connection& c) override { moved = endpoint->migrate(c).ok(); }
  };
  Mover events;
  auto endpoint = open_endpoint();
  events.endpoint = endpoint.get();
  Connection* connection = endpoint->connect(server.address(), client_tls(), {}, events).value();
  EXPECT_TRUE(endpoint->run_until([&] { return connection->statistics().path_changes == 1; },
                                  endpoint->now() + kLimit));
  EXPECT_TRUE(events.moved);
  endpoint.reset();  // before its events
}

TEST(Endpoint, ListeningCutsWindowsToTheReceiveBuffer) {
  Recorder server_events;
  Recorder client_events;
  server_events.consume_at_once = false;
  EndpointConfig small;
  small.waiting = Waiting::kBusy;
  small.socket.receive_buffer = 64 * 1024;
  auto server = Endpoint::open(small).value();
  ServerConfig config = server_config();
  config.accept = [&](Connection&) { return &server_events; };
  ASSERT_TRUE(server->listen(std::move(config)).ok());
  auto client = open_endpoint(DatagramIo::kAutomatic, Waiting::kBusy);
  Connection* connection =
      client->connect(server->local(), client_tls(), {}, client_events).value();
  const auto both_until = [&](const std::function<bool()>& done) {
    const Timestamp deadline = client->now() + kLimit;
    while (!done() && client->now() < deadline) {
      client->turn(0);
      server->turn(0);
    }
    return done();
  };
  ASSERT_TRUE(both_until([&] { return connection->is_handshake_confirmed(); }));
  const StreamId id = connection->open_stream(StreamKind::kUnidirectional).value();
  client_events.send_pattern(*connection, id, 1 << 20);
  const std::uint64_t window = server->largest_window();
  ASSERT_LT(window, 1U << 20);
  ASSERT_TRUE(both_until([&] { return server_events.streams[id].received >= window; }));
  int turns = 0;
  both_until([&] { return ++turns == 2000; });
  EXPECT_EQ(server_events.streams[id].received, window);
  client.reset();
  server.reset();
}

TEST(Endpoint, ImpossibleSettingsAreRefused) {
  auto endpoint = open_endpoint();
  ServerConfig config = server_config();
  config.transport.max_udp_payload = 100;
  EXPECT_EQ(endpoint->listen(config).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Listener::open(*endpoint, config).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Session::connect(*endpoint, endpoint->local(), client_tls(), config.transport,
                             endpoint->now() + kLimit)
                .error()
                .code,
            ErrorCode::kInvalidArgument);
}

TEST(Endpoint, SleepsUntilAFullSocketHasRoom) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint(DatagramIo::kAutomatic, Waiting::kSleep);
  StubbornKernel& kernel = stubborn_kernel();
  kernel.waits_for_room = 0;
  kernel.full = true;
  auto session =
      Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit);
  kernel.full = false;
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ(kernel.waits_for_room, 1);
  EXPECT_GE(kernel.sends_refused, 1);
  EXPECT_FALSE(endpoint->is_send_blocked());
  echo_mebibyte(**session, *endpoint);
}

// A tunnel or driver that turns out to lack segmentation: batches from then on, nothing lost.
TEST(Endpoint, FallsBackToBatchesWhenSegmentationIsRefused) {
  StubbornKernel& kernel = stubborn_kernel();
  for (const int error : {EIO, EINVAL, EMSGSIZE}) {
    auto endpoint = open_endpoint();
    if (endpoint->socket().io() != DatagramIo::kSegmentationOffload) GTEST_SKIP() << "no offload";
    EchoServer server(open_endpoint());
    kernel.segmentation_refused = 0;
    kernel.refuse_segmentation = error;
    auto session =
        Session::connect(*endpoint, server.address(), client_tls(), {}, endpoint->now() + kLimit)
            .value();
    echo_mebibyte(*session, *endpoint);
    EXPECT_EQ(endpoint->socket().io(), DatagramIo::kBatched);
    EXPECT_LE(kernel.segmentation_refused, 2);  // once for each end
    EXPECT_EQ(endpoint->socket().statistics().send_errors, 0U);
    kernel.refuse_segmentation = 0;
  }
}

TEST(Endpoint, SessionForgetsStreamsThatAreOver) {
  EchoServer server(open_endpoint());
  auto endpoint = open_endpoint();
  const Timestamp deadline = endpoint->now() + kLimit;
  auto session = Session::connect(*endpoint, server.address(), client_tls(), {}, deadline).value();
  std::vector<Channel> channels;
  for (int i = 0; i < 300; ++i) {
    Channel channel = session->open(StreamKind::kBidirectional, deadline).value();
    ASSERT_TRUE(channel.write(pattern(0, 0, 10), deadline).ok());
    ASSERT_TRUE(channel.finish().ok());
    if (i % 100 == 0) channels.push_back(channel);
  }
  EXPECT_TRUE(endpoint->run_until([&] { return session->open_streams() == 0; }, deadline));
  for (Channel& channel : channels) {  // what arrived is still there
    std::array<std::byte, 10> echo;
    ASSERT_TRUE(channel.read_exactly(echo, deadline).ok());
    EXPECT_TRUE(std::ranges::equal(echo, pattern(0, 0, 10)));
    EXPECT_EQ(channel.read(echo, deadline).value(), 0U);
    EXPECT_EQ(channel.read(echo, deadline).value(), 0U);
  }
}

TEST(Endpoint, FlushedSessionLosesNothing) {
  auto server_endpoint = open_endpoint();
  auto listener = Listener::open(*server_endpoint, server_config()).value();
  std::thread server([&] {
    const Timestamp deadline = server_endpoint->now() + kLimit;
    auto session = listener->accept(deadline).value();
    Channel channel = session->accept(deadline).value();
    std::vector<std::byte> received(1 << 20);
    EXPECT_TRUE(channel.read_exactly(received, deadline).ok());
    EXPECT_EQ(sha256(received), sha256(pattern(0, 0, 1 << 20)));
    std::array<std::byte, 1> more;
    EXPECT_EQ(channel.read(more, deadline).value(), 0U);
    const Error end = session->accept(deadline).error();
    EXPECT_NE(end.message.find("application close 7 by the peer: done"), std::string::npos)
        << end.message;
  });
  auto endpoint = open_endpoint();
  const Timestamp deadline = endpoint->now() + kLimit;
  {
    auto session =
        Session::connect(*endpoint, server_endpoint->local(), client_tls(), {}, deadline).value();
    Channel channel = session->open(StreamKind::kUnidirectional, deadline).value();
    ASSERT_TRUE(channel.write(pattern(0, 0, 1 << 20), deadline).ok());
    ASSERT_TRUE(channel.finish().ok());
    ASSERT_TRUE(session->flush(deadline).ok());
    session->close(7, "done");
    EXPECT_EQ(session->flush(deadline).error().code, ErrorCode::kProtocol);
  }
  server.join();
}

TEST(Endpoint, ServerSideBlockingCalls) {
  auto server_endpoint = open_endpoint();
  const Address address = server_endpoint->local();
  std::thread server([&] {
    ServerConfig config = server_config();
    config.transport.max_datagram_frame = 1200;
    auto listener = Listener::open(*server_endpoint, std::move(config)).value();
    const Timestamp deadline = server_endpoint->now() + kLimit;
    auto session = listener->accept(deadline).value();
    Channel channel = session->accept(deadline).value();
    std::array<std::byte, 16> buffer;
    const std::size_t count = channel.read(buffer, deadline).value();
    EXPECT_TRUE(session->send_datagram(ByteView(buffer).first(count)).ok());
    EXPECT_TRUE(channel.write(ByteView(buffer).first(count), deadline).ok());
    EXPECT_TRUE(channel.finish().ok());
    // The client closes; the next call says so.
    EXPECT_EQ(session->accept(deadline).error().code, ErrorCode::kProtocol);
  });
  auto endpoint = open_endpoint();
  TransportConfig transport;
  transport.max_datagram_frame = 1200;
  const Timestamp deadline = endpoint->now() + kLimit;
  {
    auto session = Session::connect(*endpoint, address, client_tls(), transport, deadline).value();
    Channel channel = session->open(StreamKind::kBidirectional, deadline).value();
    ASSERT_TRUE(channel.write(pattern(0, 0, 10), deadline).ok());
    std::array<std::byte, 10> echo;
    EXPECT_TRUE(channel.read_exactly(echo, deadline).ok());
    EXPECT_EQ(session->receive_datagram(deadline).value().size(), 10U);
  }
  server.join();
}

TEST(Endpoint, RefusedSegmentationIsAnErrorOnlyByName) {
  EndpointConfig config;
  config.socket.io = DatagramIo::kSegmentationOffload;
  const auto endpoint = Endpoint::open(config);
  if (!endpoint.ok()) {
    EXPECT_EQ(endpoint.error().code, ErrorCode::kUnavailable);
  }
  config.socket.io = DatagramIo::kAutomatic;
  EXPECT_TRUE(Endpoint::open(config).ok());
}

}  // namespace
}  // namespace midstream::quic::testing
