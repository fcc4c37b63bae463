// Setting up connections: full, resumed and 0-RTT, to the handshake's end and to the first echo;
// many connections at once.
#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

enum class Kind { kFull, kResumed, kEarlyData };
enum class Until { kHandshake, kFirstEcho };

constexpr int kVerified = 20;

// What one connection of the client's hears.
class Attempt : public quic::ConnectionEvents {
 public:
  Timestamp completed = 0;
  Timestamp echoed = 0;
  bool confirmed = false;
  bool closed = false;
  std::uint64_t wrong = 0;
  std::size_t got = 0;
  SessionTicket ticket;

  void ask(Connection& connection) {
    const auto id = connection.open_stream(StreamKind::kBidirectional);
    if (!id) return;
    (void)connection.write(*id, ByteView(&kProbe, 1));
    (void)connection.finish(*id);
    asked_ = true;
  }
  [[nodiscard]] bool asked() const { return asked_; }

  void on_handshake_completed(Connection& connection) override {
    completed = clock_now();
    if (!asked_) ask(connection);
  }
  void on_handshake_confirmed(Connection&) override { confirmed = true; }
  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override {
    connection.consume(id, bytes.size());
    got += bytes.size();
    if (!bytes.empty() && bytes[0] != kProbe) ++wrong;
    if (!end) return;
    if (got != 1) ++wrong;
    echoed = clock_now();
  }
  void on_session_ticket(Connection&, const SessionTicket& t) override { ticket = t; }
  void on_closed(Connection&, const quic::CloseReason&) override { closed = true; }

 private:
  static constexpr std::byte kProbe{0x42};
  bool asked_ = false;
};

// One connection from nothing to its first echo and gone again; how long it took `until` then.
// NOLINTNEXTLINE(readability-function-size): every one differs from launch to launch
Duration attempt(Bench& bench, Client& client, const Server& server, const quic::ClientTls& tls,
                 const Setup& setup, Kind kind, Until until, SessionTicket& ticket, bool verify) {
  Endpoint& endpoint = client.endpoint();
  Attempt events;
  const Timestamp begin = clock_now();
  Connection* connection = endpoint
                               .connect(server.address(), tls, transport_of(setup), events,
                                        kind == Kind::kFull ? SessionTicket{} : ticket)
                               .value();
  if (kind == Kind::kEarlyData && !ticket.empty()) events.ask(*connection);
  client.run([&] { return (events.completed != 0 && events.echoed != 0) || events.closed; });
  bench.expect(!events.closed && events.wrong == 0, "handshake and echo");
  if (verify) {
    bench.expect(connection->was_resumed() == (kind != Kind::kFull), "resumption as intended");
    bench.expect(connection->was_early_data_accepted() == (kind == Kind::kEarlyData),
                 "early data as intended");
  }
  // Untimed: the ticket for the next one, then both ends forget this one.
  client.run([&] { return events.confirmed && !events.ticket.empty(); });
  ticket = events.ticket;
  connection->close(0);
  endpoint.turn(clock_now());
  endpoint.dispatcher().abandon(*connection);
  return (until == Until::kHandshake ? events.completed : events.echoed) - begin;
}

void handshake(Bench& bench, Kind kind, Until until, quic::Waiting waiting) {
  Setup setup;
  setup.waiting = waiting;
  setup.early_data =
      kind == Kind::kEarlyData ? quic::EarlyData::kSingleUse : quic::EarlyData::kRefuse;
  const Pattern pattern(bench.seed());
  Server server(setup, {.service = Service::kEcho}, pattern);
  Client client(setup, server);
  const quic::ClientTls tls = client_tls(setup);
  SessionTicket ticket;
  TimingAccount account;
  for (int i = 0; i < 5; ++i) {  // caches and the first ticket
    (void)attempt(bench, client, server, tls, setup, i == 0 ? Kind::kFull : kind, until, ticket,
                  false);
    account.warmed_up();
  }
  const BothShares shares(server, waiting);
  const Timestamp end = clock_now() + budget_of(bench);
  for (int i = 0; bench.is_verification() ? i < kVerified : clock_now() < end; ++i) {
    const Duration time = attempt(bench, client, server, tls, setup, kind, until, ticket, true);
    account.record(bench, time, until == Until::kHandshake ? 2 : 3);
  }
  account.report(bench);
  shares.report(bench);
  name_configuration(bench, setup, client, server);
  bench.fact("verification", "pinned certificate, ECDSA P-256; X25519");
}

// One round of `n` connections at once; nanoseconds until the last of them has its first echo.
Duration connect_many(Bench& bench, Client& client, const Server& server,
                      const quic::ClientTls& tls, std::size_t n) {
  Endpoint& endpoint = client.endpoint();
  std::vector<std::unique_ptr<Attempt>> attempts;
  std::vector<Connection*> connections;
  const Timestamp begin = clock_now();
  for (std::size_t i = 0; i < n; ++i) {
    attempts.push_back(std::make_unique<Attempt>());
    connections.push_back(
        endpoint.connect(server.address(), tls, transport_of({}), *attempts.back()).value());
  }
  std::size_t first_unfinished = 0;
  client.run([&] {
    while (first_unfinished < n && attempts[first_unfinished]->echoed != 0) ++first_unfinished;
    return first_unfinished == n;
  });
  const Timestamp end = clock_now();
  for (const auto& one : attempts) bench.expect(one->wrong == 0 && !one->closed, "echo");
  for (Connection* connection : connections) connection->close(0);
  while (endpoint.turn(clock_now())) {
  }
  for (Connection* connection : connections) endpoint.dispatcher().abandon(*connection);
  return end - begin;
}

// `n` connections from one socket at once: until all of them have their first echo.
void concurrent(Bench& bench) {
  const Setup setup;
  const auto n = static_cast<std::size_t>(bench.param("connections"));
  const Pattern pattern(bench.seed());
  Server server(setup, {.service = Service::kEcho}, pattern);
  Client client(setup, server);
  const quic::ClientTls tls = client_tls(setup);
  TimingAccount account;
  (void)connect_many(bench, client, server, tls, n);
  account.warmed_up();
  const BothShares shares(server, setup.waiting);
  const Timestamp end = clock_now() + budget_of(bench);
  int rounds = 0;
  while (bench.is_verification() ? rounds < 2 : rounds < 5 || clock_now() < end) {
    const Duration time = connect_many(bench, client, server, tls, n);
    if (!bench.is_verification()) {
      bench.record(static_cast<double>(time) / static_cast<double>(n));
      account.measured(time, 2 * n + 2);  // each handshake and echo, and the round itself
    }
    ++rounds;
  }
  account.report(bench);
  shares.report(bench);
  name_configuration(bench, setup, client, server);
}

Registration& setup_time(const std::string& id, Kind kind, Until until, const char* title,
                         quic::Waiting waiting = quic::Waiting::kSpin) {
  return register_bench(id, [=](Bench& bench) { handshake(bench, kind, until, waiting); })
      .records("ns", Direction::kLowerIsBetter, SampleKind::kOperation)
      .title(title)
      .generator("a new connection each, certificate verified")
      .oracle("kind of handshake as intended, and an echo");
}

[[maybe_unused]] const bool kRegistered = [] {
  setup_time("quic/handshake/full", Kind::kFull, Until::kHandshake,
             "Full handshake, both ends spinning 50 us before they sleep");
  setup_time("quic/handshake/full-sleeping", Kind::kFull, Until::kHandshake,
             "Full handshake, both ends sleeping while they wait", quic::Waiting::kSleep);
  setup_time("quic/handshake/resumed", Kind::kResumed, Until::kHandshake, "Resumed handshake");
  setup_time("quic/first-echo/full", Kind::kFull, Until::kFirstEcho,
             "Full handshake and echo, both ends spinning 50 us before they sleep");
  setup_time("quic/first-echo/full-sleeping", Kind::kFull, Until::kFirstEcho,
             "Full handshake and echo, both ends sleeping while they wait", quic::Waiting::kSleep);
  setup_time("quic/first-echo/resumed", Kind::kResumed, Until::kFirstEcho,
             "Resumed handshake and echo");
  setup_time("quic/first-echo/early-data", Kind::kEarlyData, Until::kFirstEcho,
             "Echo in early data (0-RTT)");
  register_bench("quic/connections/concurrent", concurrent)
      .records("ns", Direction::kLowerIsBetter, SampleKind::kBatchMean)
      .params("connections", {1, 10, 100})
      .title("Connections set up at once, each with an echo: time per connection")
      .generator("new connections, certificate verified")
      .oracle("an echo on each");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
