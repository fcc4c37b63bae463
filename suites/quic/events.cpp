// What happens seldom: reset and recovery, migration, priorities under load, statistics; and the
// packet layer alone, in memory.
#include <array>
#include <cstring>
#include <stdexcept>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

// Repeats `once()` (which returns nanoseconds) for the launch's budget.
template <class Once>
void repeat(Bench& bench, Endpoint& endpoint, Once once) {
  for (int i = 0; i < 3; ++i) (void)once();
  const Timestamp end = endpoint.now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
  int count = 0;
  while (bench.is_verification() ? count < 10 : count < 5 || endpoint.now() < end) {
    const Duration time = once();
    if (!bench.is_verification()) bench.record(static_cast<double>(time));
    ++count;
  }
}

// A stream is reset in the middle; until the server heard of it and another stream has echoed.
void reset(Bench& bench) {
  const Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, Service::kEcho, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  std::uint64_t resets = 0;
  bool echoed = false;
  client.on_data = [&](Connection&, StreamId, ByteView, bool end) { echoed = echoed || end; };
  const std::byte byte{1};
  repeat(bench, client.endpoint(), [&] {
    const StreamId broken = connection.open_stream(StreamKind::kBidirectional).value();
    (void)connection.write(broken, ByteView(&byte, 1));
    client.run_for(50 * quic::kMicrosecond);
    echoed = false;
    const Timestamp begin = client.endpoint().now();
    (void)connection.reset(broken, 7);
    const StreamId next = connection.open_stream(StreamKind::kBidirectional).value();
    (void)connection.write(next, ByteView(&byte, 1));
    (void)connection.finish(next);
    ++resets;
    client.run(bench, [&] {
      return echoed && server.events().resets.load(std::memory_order_acquire) == resets;
    });
    return client.endpoint().now() - begin;
  });
  bench.expect(server.events().resets == resets, "every reset was heard of", resets);
}

// From the decision to move until the new path is validated, with an echo over it.
void migration(Bench& bench) {
  Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, Service::kEcho, pattern);
  // A fresh client each time: sockets of old paths would pile up.
  std::uint64_t moved = 0;
  Client clock(setup);
  repeat(bench, clock.endpoint(), [&] {
    Client client(setup);
    Connection& connection = client.connect(bench, server, setup);
    bool echoed = false;
    client.on_data = [&](Connection&, StreamId, ByteView, bool end) { echoed = echoed || end; };
    const Timestamp begin = client.endpoint().now();
    bench.expect(client.endpoint().migrate(connection).ok(), "migration begins");
    const StreamId id = connection.open_stream(StreamKind::kBidirectional).value();
    const std::byte byte{1};
    (void)connection.write(id, ByteView(&byte, 1));
    (void)connection.finish(id);
    client.run(bench, [&] { return echoed && connection.statistics().path_changes == 1; });
    const Duration time = client.endpoint().now() - begin;
    ++moved;
    connection.close(0);
    client.endpoint().turn(client.endpoint().now());
    return time;
  });
  bench.expect(moved > 0, "paths validated", moved);
}

// Round trip of an urgent byte while bulk data of the least urgency fill the connection.
void urgent(Bench& bench, std::uint8_t urgency) {
  const Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, Service::kEcho, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  PatternSender sender(pattern);
  client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id, Pattern::kPeriod); };
  const StreamId bulk = connection.open_stream(StreamKind::kUnidirectional).value();
  (void)connection.set_priority(bulk, {quic::kLeastUrgent, true});
  sender.fill(connection, bulk, Pattern::kPeriod);
  bool echoed = false;
  client.on_data = [&](Connection&, StreamId, ByteView, bool end) { echoed = echoed || end; };
  const std::byte byte{1};
  std::uint64_t count = 0;
  repeat(bench, client.endpoint(), [&] {
    echoed = false;
    const Timestamp begin = client.endpoint().now();
    const StreamId id = connection.open_stream(StreamKind::kBidirectional).value();
    (void)connection.set_priority(id, {urgency, true});
    (void)connection.write(id, ByteView(&byte, 1));
    (void)connection.finish(id);
    client.run(bench, [&] { return echoed; });
    ++count;
    return client.endpoint().now() - begin;
  });
  bench.expect(server.events().received.load() > count, "bulk data moved beside them", count);
}

// What asking for the statistics of a live connection costs.
void statistics(Bench& bench) {
  const Setup setup;
  const Pattern pattern(bench.seed());
  Server server(setup, Service::kEcho, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  const std::vector<Connection*> inputs(kVariants, &connection);
  const auto written = [](Connection* c) { return c->statistics().stream_bytes_written; };
  bench.measure(inputs, written, [](Connection*) { return std::uint64_t{0}; });
}

// The packet layer alone: two dispatchers in one thread, datagrams handed over in memory. A
// ceiling; no contract row.
void in_memory(Bench& bench) {
  Setup setup;
  setup.datagram = static_cast<std::size_t>(bench.param("datagram"));
  const Pattern pattern(bench.seed());
  place_on_core(End::kClient);
  ServerEvents sink(Service::kSink, pattern);
  Client clock(setup);  // for its events and clock only; its socket stays silent
  quic::Dispatcher server;
  quic::Dispatcher client;
  quic::ServerConfig config{server_tls(setup)};
  config.transport = transport_of(setup);
  config.accept = [&](Connection&) { return &sink; };
  if (const Status listening = server.listen(std::move(config)); !listening) {
    throw std::runtime_error(listening.error().message);
  }
  const quic::Path path{quic::Address::loopback(1), quic::Address::loopback(2)};
  PatternSender sender(pattern);
  clock.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id, Pattern::kPeriod); };
  Connection* connection =
      client
          .connect(client_tls(setup), transport_of(setup), path, {}, clock, clock.endpoint().now())
          .value();
  std::vector<std::byte> buffer(1 << 16);
  const auto carry = [&](quic::Dispatcher& from, quic::Dispatcher& to) {
    const Timestamp now = clock.endpoint().now();
    from.handle_timeouts(now);
    for (int burst = 0; burst < 4; ++burst) {
      const quic::Transmit out = from.send(std::span(buffer).first(65507), now);
      if (!out) return;
      for (std::size_t at = 0; at < out.bytes; at += out.segment) {
        to.receive({out.path.remote, out.path.local},
                   ByteView(buffer).subspan(at, std::min(out.segment, out.bytes - at)), now);
      }
    }
  };
  const auto run_until = [&](Timestamp end) {
    while (clock.endpoint().now() < end) {
      carry(client, server);
      carry(server, client);
    }
  };
  while (!clock.handshake_confirmed) run_until(clock.endpoint().now() + quic::kMillisecond);
  sender.fill(*connection, connection->open_stream(StreamKind::kUnidirectional).value(),
              Pattern::kPeriod);
  run_until(clock.endpoint().now() + 50 * quic::kMillisecond);
  const CoreShare share;
  const Timestamp end =
      clock.endpoint().now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
  while (!bench.is_verification() && clock.endpoint().now() < end) {
    const Timestamp begin = clock.endpoint().now();
    const std::uint64_t before = sink.received;
    run_until(begin + 20 * quic::kMillisecond);
    bench.record(static_cast<double>(sink.received - before) * 8 /
                 static_cast<double>(clock.endpoint().now() - begin));
  }
  bench.cpu_share(share.share());
  bench.expect(sink.wrong == 0, "pattern of the bytes received", sink.received);
  bench.fact("datagram", std::to_string(setup.datagram) + " B");
  bench.fact("datagram path", "memory, both ends on one core");
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
        "the server heard of every reset");
  event("quic/connection/migration", migration, "Migration to another socket, and an echo",
        "the new path is validated");
  event(
      "quic/priority/urgent", [](Bench& bench) { urgent(bench, 0); },
      "Echo of the highest urgency beside bulk data", "the echo, and bulk data moving");
  event(
      "quic/priority/equal", [](Bench& bench) { urgent(bench, quic::kLeastUrgent); },
      "Echo of the bulk data's own urgency", "the echo, and bulk data moving");
  register_bench("quic/connection/statistics", statistics)
      .title("Statistics of a live connection")
      .generator("one idle connection")
      .oracle("nothing was written");
  register_bench("quic/throughput/in-memory", in_memory)
      .records("Gbps", Direction::kHigherIsBetter, SampleKind::kBatchMean)
      .params("datagram", {1452, 8952, 65000})
      .title("Packet layer alone, no sockets, one core")
      .generator("seeded pattern, known from stream and offset")
      .oracle("every byte compared with the pattern");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
