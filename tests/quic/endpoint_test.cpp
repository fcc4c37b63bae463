// Real sockets on loopback, client and server on their own threads, blocking calls on top.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/quic/blocking.hpp"
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
