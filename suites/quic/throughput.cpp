// Throughput of application data, client to server unless said: datagram sizes, ciphers,
// congestion controls, ways of moving datagrams, numbers of streams, message sizes, windows.
#include <algorithm>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

constexpr Duration kWarmUp = 100 * quic::kMillisecond;  // slow start is over by then
constexpr Duration kWindow = 20 * quic::kMillisecond;   // one sample
constexpr std::size_t kVerifiedBytes = 24 << 20;

double gigabits(std::uint64_t bytes, Duration time) {
  return static_cast<double>(bytes) * 8 / static_cast<double>(time);
}

// Samples the growth of `counter()` for the launch's budget while `turn` keeps things moving.
template <class Counter>
void sample_rate(Bench& bench, Client& client, Server& server, Counter counter) {
  client.run_for(kWarmUp);
  (void)server.share();
  const CoreShare share;
  Endpoint& endpoint = client.endpoint();
  const Timestamp end = endpoint.now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
  Timestamp begin = endpoint.now();
  std::uint64_t before = counter();
  while (begin < end) {
    endpoint.run_until([] { return false; }, begin + kWindow);
    const Timestamp now = endpoint.now();
    const std::uint64_t after = counter();
    bench.record(gigabits(after - before, now - begin));
    begin = now;
    before = after;
  }
  bench.cpu_share(share.share());
  bench.cpu_share(server.share());
}

void report(Bench& bench, const Connection& connection) {
  const quic::ConnectionStatistics statistics = connection.statistics();
  bench.counter("lost packets", static_cast<double>(statistics.packets_lost));
  bench.counter("smoothed RTT us", static_cast<double>(statistics.smoothed_rtt) / 1e3);
}

// The same configuration, a bounded number of bytes, and a hash of all of them.
void verify_hash(Bench& bench, const Setup& setup, const Pattern& pattern) {
  Server server(setup, Service::kCollect, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  PatternSender sender(pattern);
  client.on_writable = [&](Connection& c, StreamId id) {
    sender.fill(c, id, Pattern::kPeriod, kVerifiedBytes);
  };
  const StreamId id = connection.open_stream(StreamKind::kUnidirectional).value();
  sender.fill(connection, id, Pattern::kPeriod, kVerifiedBytes);
  client.run(bench, [&] { return server.events().ended.load(std::memory_order_acquire) == 1; });
  bench.expect(server.events().collected.size() == kVerifiedBytes, "length of the stream");
  bench.expect(sha256_of(server.events().collected) == pattern.sha256(id, kVerifiedBytes),
               "SHA-256 of the stream", kVerifiedBytes);
}

// `streams` bulk streams at once.
void bulk(Bench& bench, const Setup& setup, std::size_t streams) {
  const Pattern pattern(bench.seed());
  if (bench.is_verification()) {
    verify_hash(bench, setup, pattern);
    return;
  }
  Server server(setup, Service::kSink, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  PatternSender sender(pattern);
  // All streams together stay within the connection's send buffer, so that each has data waiting.
  const std::size_t piece = std::clamp<std::size_t>((16 << 20) / streams, 4096, Pattern::kPeriod);
  client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id, piece); };
  for (std::size_t i = 0; i < streams; ++i) {
    sender.fill(connection, connection.open_stream(StreamKind::kUnidirectional).value(), piece);
  }
  sample_rate(bench, client, server,
              [&] { return server.events().received.load(std::memory_order_relaxed); });
  bench.expect(server.events().wrong == 0, "pattern of the bytes received",
               server.events().received);
  report(bench, connection);
}

// Messages of a size, one stream each, many in flight; a new one when one is handed over.
void messages(Bench& bench, const Setup& setup, std::size_t size) {
  const Pattern pattern(bench.seed());
  if (bench.is_verification()) {
    verify_hash(bench, setup, pattern);
    return;
  }
  Server server(setup, Service::kSink, pattern);
  Client client(setup);
  Connection& connection = client.connect(bench, server, setup);
  PatternSender sender(pattern);
  const std::size_t in_flight = std::clamp<std::size_t>((8 << 20) / size, 4, 1000);
  std::uint64_t opened = 0;
  client.on_writable = [&](Connection& c, StreamId id) {
    sender.fill(c, id, Pattern::kPeriod, size);
  };
  const auto refill = [&] {
    while (opened - server.events().ended.load(std::memory_order_relaxed) < in_flight) {
      const auto id = connection.open_stream(StreamKind::kUnidirectional);
      if (!id) break;
      ++opened;
      sender.fill(connection, *id, Pattern::kPeriod, size);
    }
  };
  Endpoint& endpoint = client.endpoint();
  const auto turn_until = [&](Timestamp time) {
    while (endpoint.now() < time) {
      refill();
      endpoint.turn(time);
    }
  };
  turn_until(endpoint.now() + kWarmUp);
  const Timestamp end = endpoint.now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
  const CoreShare share;
  while (endpoint.now() < end) {
    const Timestamp begin = endpoint.now();
    const std::uint64_t before = server.events().received;
    turn_until(begin + kWindow);
    bench.record(gigabits(server.events().received - before, endpoint.now() - begin));
  }
  bench.cpu_share(share.share());
  bench.expect(server.events().wrong == 0, "pattern of the messages received",
               server.events().received);
  bench.counter("messages", static_cast<double>(server.events().ended));
  report(bench, connection);
}

// Both directions of one stream at once; the rate is their sum.
void bidirectional(Bench& bench) {
  const Setup setup;
  const Pattern pattern(bench.seed());
  if (bench.is_verification()) {
    verify_hash(bench, setup, pattern);
    return;
  }
  Server server(setup, Service::kSource, pattern);
  Client client(setup);
  std::uint64_t received = 0;
  std::uint64_t wrong = 0;
  client.on_data = [&](Connection&, StreamId id, ByteView bytes, bool) {
    if (!pattern.matches(id, received, bytes)) ++wrong;
    received += bytes.size();
  };
  Connection& connection = client.connect(bench, server, setup);
  PatternSender sender(pattern);
  client.on_writable = [&](Connection& c, StreamId id) { sender.fill(c, id, Pattern::kPeriod); };
  sender.fill(connection, connection.open_stream(StreamKind::kBidirectional).value(),
              Pattern::kPeriod);
  sample_rate(bench, client, server,
              [&] { return received + server.events().received.load(std::memory_order_relaxed); });
  bench.expect(wrong == 0 && server.events().wrong == 0, "pattern of the bytes received", received);
  report(bench, connection);
}

Registration& rate(const std::string& id, BenchFunction function, const char* title) {
  return register_bench(id, std::move(function))
      .records("Gbps", Direction::kHigherIsBetter, SampleKind::kBatchMean)
      .title(title)
      .generator("seeded pattern, known from stream and offset")
      .oracle("every byte compared with the pattern; SHA-256 when verifying");
}

// The same Setup with one thing changed.
template <class Change>
void variant(const std::string& id, const char* title, Change change) {
  rate(
      id,
      [change](Bench& bench) {
        Setup setup;
        change(setup);
        bulk(bench, setup, 1);
      },
      title);
}

[[maybe_unused]] const bool kRegistered = [] {
  rate(
      "quic/throughput/single",
      [](Bench& bench) {
        Setup setup;
        setup.datagram = static_cast<std::size_t>(bench.param("datagram"));
        bulk(bench, setup, 1);
      },
      "One stream, bytes of UDP payload per datagram")
      .params("datagram", {1452, 8952, 65000});
  rate(
      "quic/throughput/multiplexed",
      [](Bench& bench) { bulk(bench, {}, static_cast<std::size_t>(bench.param("streams"))); },
      "Concurrent bulk streams")
      .params("streams", {1, 10, 100, 1000});
  rate(
      "quic/throughput/messages",
      [](Bench& bench) { messages(bench, {}, static_cast<std::size_t>(bench.param("bytes"))); },
      "Messages, a stream each")
      .params("bytes", {1024, 16384, 131072, 1048576});
  rate("quic/throughput/bidirectional", bidirectional, "Both directions of one stream, summed");
  rate(
      "quic/back-pressure/window",
      [](Bench& bench) {
        Setup setup;
        setup.window = static_cast<std::uint64_t>(bench.param("bytes"));
        bulk(bench, setup, 1);
      },
      "One stream, limited by the receiver's window")
      .params("bytes", {16384, 65536, 262144, 1048576, 3145728});
  variant("quic/throughput/aes-256-gcm", "One stream, AES-256-GCM",
          [](Setup& setup) { setup.cipher = quic::Cipher::kAes256Gcm; });
  variant("quic/throughput/chacha20-poly1305", "One stream, ChaCha20-Poly1305",
          [](Setup& setup) { setup.cipher = quic::Cipher::kChaCha20Poly1305; });
  variant("quic/throughput/bbr", "One stream, BBR",
          [](Setup& setup) { setup.congestion = quic::CongestionControl::kBbr; });
  variant("quic/throughput/reno", "One stream, Reno",
          [](Setup& setup) { setup.congestion = quic::CongestionControl::kReno; });
  variant("quic/throughput/sendmmsg", "One stream, batched system calls instead of GSO",
          [](Setup& setup) { setup.io = quic::DatagramIo::kBatched; });
  variant("quic/throughput/sendto", "One stream, a system call for each datagram",
          [](Setup& setup) { setup.io = quic::DatagramIo::kSingle; });
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
