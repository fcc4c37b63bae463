// What happens seldom: reset and recovery, migration, priorities under load, statistics.
#include <deque>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

// Repeats `once()` (which returns nanoseconds) for the launch's budget.
template <class Once>
void repeat(Bench& bench, Server& server, Once once) {
  TimingAccount account;
  for (int i = 0; i < 3; ++i) {
    (void)once();
    account.warmed_up();
  }
  const BothShares shares(server, Setup{}.waiting);
  const Timestamp end = clock_now() + budget_of(bench);
  int count = 0;
  while (bench.is_verification() ? count < 10 : count < 5 || clock_now() < end) {
    account.record(bench, once(), 2);
    ++count;
  }
  account.report(bench);
  shares.report(bench);
}

// One byte there and back on a stream of its own.
class Probe {
 public:
  StreamId start(Connection& connection) {
    id_ = connection.open_stream(StreamKind::kBidirectional).value();
    got_.clear();
    ended_ = false;
    const auto byte = static_cast<std::byte>(++number_ * 167 + 13);
    expected_ = byte;
    (void)connection.write(id_, ByteView(&byte, 1));
    (void)connection.finish(id_);
    return id_;
  }
  void hear(StreamId id, ByteView bytes, bool end) {
    if (id != id_) return;
    got_.insert(got_.end(), bytes.begin(), bytes.end());
    ended_ = ended_ || end;
  }
  [[nodiscard]] bool is_over() const { return ended_; }
  [[nodiscard]] bool is_right() const { return got_.size() == 1 && got_[0] == expected_; }

 private:
  StreamId id_ = -1;
  std::uint64_t number_ = 0;
  std::byte expected_{};
  std::vector<std::byte> got_;
  bool ended_ = false;
};

// A stream is reset in the middle; until the server heard of it and another stream has echoed.
void reset(Bench& bench) {
  Link link({}, {.service = Service::kEcho}, Pattern(bench.seed()));
  ServerEvents& events = link.server.events();
  std::uint64_t resets = 0;
  Probe probe;
  StreamId broken = -1;
  std::size_t echoed = 0;  // on the stream to be broken
  bool broken_ended = false;
  link.client.on_data = [&](Connection&, StreamId id, ByteView bytes, bool end) {
    probe.hear(id, bytes, end);
    if (id != broken) return;
    echoed += bytes.size();
    broken_ended = broken_ended || end;
  };
  const std::byte byte{1};
  repeat(bench, link.server, [&] {
    echoed = 0;
    broken = link.connection.open_stream(StreamKind::kBidirectional).value();
    (void)link.connection.write(broken, ByteView(&byte, 1));
    link.client.run([&] { return echoed == 1; });  // it is in use at both ends
    const Timestamp begin = clock_now();
    (void)link.connection.reset(broken, kResetCode);
    (void)probe.start(link.connection);
    ++resets;
    link.client.run(
        [&] { return probe.is_over() && events.resets.load(std::memory_order_acquire) >= resets; });
    const Duration time = clock_now() - begin;
    bench.expect(probe.is_right(), "the byte on the next stream");
    return time;
  });
  bench.expect(events.resets == resets && events.wrong == 0, "each reset once, with its code",
               resets);
  bench.expect(!broken_ended, "no stream that was reset ended as if it were whole");
  bench.expect(events.ended == resets, "only the other streams ended", resets);
  link.report(bench);
}

// From the decision to move until the new path is validated, with an echo over it.
void migration(Bench& bench) {
  const Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, {.service = Service::kEcho}, pattern);
  std::unique_ptr<Client> client;
  Probe probe;
  repeat(bench, server, [&] {
    // A fresh client each time: sockets of old paths would pile up.
    client = std::make_unique<Client>(setup, server);
    Connection& connection = client->connect(server, setup);
    client->on_data = [&](Connection&, StreamId id, ByteView bytes, bool end) {
      probe.hear(id, bytes, end);
    };
    const quic::Address old = connection.path().local;
    const Timestamp begin = clock_now();
    bench.expect(client->endpoint().migrate(connection).ok(), "migration begins");
    (void)probe.start(connection);
    client->run([&] { return probe.is_over() && connection.statistics().path_changes >= 1; });
    const Duration time = clock_now() - begin;
    bench.expect(probe.is_right(), "the byte over the new path");
    bench.expect(!(connection.path().local == old) && connection.statistics().path_changes == 1,
                 "the connection is on another path");
    connection.close(0);
    client->endpoint().turn(clock_now());
    return time;
  });
  name_configuration(bench, setup, *client, server);
}

// Round trip of an urgent byte while bulk data of the least urgency fill the connection.
void urgent(Bench& bench, std::uint8_t urgency) {
  Link link({}, {.service = Service::kEcho}, Pattern(bench.seed()));
  ServerEvents& events = link.server.events();
  PatternSender sender(link.pattern);
  link.client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id); };
  const StreamId bulk = link.connection.open_stream(StreamKind::kUnidirectional).value();
  (void)link.connection.set_priority(bulk, {quic::kLeastUrgent, true});
  sender.fill(link.connection, bulk);
  const std::atomic<std::uint64_t>& moved = events.progress[static_cast<std::size_t>(bulk >> 2)];
  link.client.run([&] { return moved > std::uint64_t{1} << 20; });
  Probe probe;
  link.client.on_data = [&](Connection&, StreamId id, ByteView bytes, bool end) {
    probe.hear(id, bytes, end);
  };
  const std::uint64_t before = moved;
  std::uint64_t count = 0;
  repeat(bench, link.server, [&] {
    const Timestamp begin = clock_now();
    const StreamId id = probe.start(link.connection);
    (void)link.connection.set_priority(id, {urgency, true});
    link.client.run([&] { return probe.is_over(); });
    const Duration time = clock_now() - begin;
    bench.expect(probe.is_right(), "the byte sent");
    ++count;
    return time;
  });
  // Else it was an echo on an idle connection.
  bench.expect(moved - before > count * link.setup.datagram, "a datagram of bulk data per echo");
  sender.stop();
  const std::uint64_t sent = sender.finish(link.connection, bulk);
  link.client.run([&] { return events.ended.load(std::memory_order_acquire) == count + 1; });
  bench.expect(moved == sent && events.wrong == 0, "the bulk data", sent);
  link.report(bench);
}

// What asking for the statistics of a live connection costs. Each connection has written another
// number of bytes on another number of streams.
void statistics(Bench& bench) {
  using Known = std::pair<std::uint64_t, std::uint64_t>;  // bytes, streams
  const Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, {.service = Service::kSink}, pattern);
  Client client(setup, server);
  struct Live {
    Connection* connection = nullptr;
    Known written;
  };
  std::uint64_t streams = 0;
  const auto inputs = bench.variants([&](Random& random) {
    Live live{&client.connect(server, setup), {0, 1 + random.below(10)}};
    for (std::uint64_t i = 0; i < live.written.second; ++i) {
      const StreamId id = live.connection->open_stream(StreamKind::kUnidirectional).value();
      const std::uint64_t size = 1 + random.below(1000);
      live.written.first += size;
      (void)write_pattern(*live.connection, id, pattern, {0, size});
      ++streams;
    }
    return live;
  });
  client.run([&] { return server.events().ended.load(std::memory_order_acquire) == streams; });
  bench.expect(server.events().wrong == 0, "pattern of the bytes received", streams);
  name_configuration(bench, setup, client, server);
  const auto reported = [](const Live& live) {
    const quic::ConnectionStatistics now = live.connection->statistics();
    return Known(now.stream_bytes_written, now.streams_opened);
  };
  bench.measure(inputs, reported, [](const Live& live) { return live.written; });
}

Registration& event(const std::string& id, BenchFunction function, const char* title,
                    const char* oracle) {
  return register_bench(id, std::move(function))
      .records("ns", Direction::kLowerIsBetter, SampleKind::kOperation)
      .title(title)
      .generator("one event at a time")
      .oracle(oracle);
}

[[maybe_unused]] const bool kRegistered = [] {
  event("quic/stream/reset", reset, "Reset of a stream, and an echo on the next",
        "the server heard of each reset once, with its code; the byte echoed");
  event("quic/connection/migration", migration,
        "Migration, opening the other socket included, and an echo over the new path",
        "the connection is on another, validated path; the byte echoed");
  event(
      "quic/priority/urgent", [](Bench& bench) { urgent(bench, 0); },
      "Echo of the highest urgency beside bulk data",
      "the byte echoed; the bulk data moving, compared with their pattern");
  event(
      "quic/priority/equal", [](Bench& bench) { urgent(bench, quic::kLeastUrgent); },
      "Echo of the bulk data's own urgency",
      "the byte echoed; the bulk data moving, compared with their pattern");
  register_bench("quic/connection/statistics", statistics)
      .title("Statistics of a live connection")
      .generator("16 connections, each with other numbers of streams and bytes")
      .oracle("bytes and streams as written")
      .is_no_filler();
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
