// The packet layer alone: two dispatchers in one thread, datagrams handed over in memory. A
// ceiling for what sockets could give; no contract row.
#include <stdexcept>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;

constexpr std::uint64_t kVerifiedBytes = 24 << 20;

class Sender : public quic::ConnectionEvents {
 public:
  explicit Sender(PatternSender& pattern) : pattern_(&pattern) {}
  bool handshake_confirmed = false;
  void on_handshake_confirmed(Connection&) override { handshake_confirmed = true; }
  void on_stream_writable(Connection& connection, StreamId id) override {
    pattern_->fill(connection, id);
  }

 private:
  PatternSender* pattern_;
};

// Hands datagrams over, both ways in turn.
class Wire {
 public:
  quic::Dispatcher client, server;
  void turn() {
    carry(client, server);
    carry(server, client);
  }
  template <class Done>
  void run(Done done) {
    const Timestamp latest = clock_now() + 10 * quic::kSecond;
    while (!done()) {
      if (clock_now() > latest) throw std::runtime_error("nothing happened for ten seconds");
      turn();
    }
  }

 private:
  void carry(quic::Dispatcher& from, quic::Dispatcher& to) {
    const Timestamp now = clock_now();
    from.handle_timeouts(now);
    for (int burst = 0; burst < 4; ++burst) {
      const quic::Transmit out = from.send(std::span(buffer_).first(65507), now);
      if (!out) return;
      for (std::size_t at = 0; at < out.bytes; at += out.segment) {
        to.receive({out.path.remote, out.path.local},
                   ByteView(buffer_).subspan(at, std::min(out.segment, out.bytes - at)), now);
      }
    }
  }
  std::vector<std::byte> buffer_ = std::vector<std::byte>(1 << 16);
};

void in_memory(Bench& bench) {
  Setup setup;
  setup.datagram = static_cast<std::size_t>(bench.param("datagram"));
  name_configuration(bench, setup);
  bench.fact("datagram path", "memory, both ends on one core");
  place_on_core(End::kClient);
  const bool hashed = bench.is_verification();
  const std::uint64_t size = hashed ? kVerifiedBytes : UINT64_MAX;
  const Pattern pattern(bench.seed());
  ServerEvents sink({.service = Service::kSink, .keep = hashed}, pattern);
  PatternSender data(pattern, Pattern::kPeriod, size);
  Sender sender(data);
  Wire wire;
  quic::ServerConfig config{server_tls(setup)};
  config.transport = transport_of(setup);
  config.accept = [&](Connection&) { return &sink; };
  if (const Status listening = wire.server.listen(std::move(config)); !listening) {
    throw std::runtime_error(listening.error().message);
  }
  const quic::Path path{quic::Address::loopback(1), quic::Address::loopback(2)};
  Connection& connection =
      *wire.client.connect(client_tls(setup), transport_of(setup), path, {}, sender, clock_now())
           .value();
  wire.run([&] { return sender.handshake_confirmed; });
  const StreamId id = connection.open_stream(StreamKind::kUnidirectional).value();
  data.fill(connection, id);
  std::uint64_t sent = size;
  if (!hashed) {
    const auto advance = [&](Window& window) {
      while (!window.is_over()) wire.turn();
    };
    warm_up_rate(bench, advance);
    const CoreShare share(WhileWaiting::kPolls);
    sample_rate(
        bench, [&] { return sink.received.load(std::memory_order_relaxed); }, advance);
    bench.cpu_share(share.share(), "thread");
    data.stop();
    sent = data.finish(connection, id);
  }
  wire.run([&] { return sink.ended == 1 || connection.is_closed(); });
  bench.expect(sink.received == sent, "bytes sent and received");
  bench.expect(sink.wrong == 0, "pattern of the bytes received", sink.received);
  if (hashed) {
    bench.expect(sha256_of(sink.kept[id]) == pattern.sha256(id, size), "SHA-256 of the stream",
                 size);
  }
}

[[maybe_unused]] const bool kRegistered = [] {
  register_bench("quic/throughput/in-memory", in_memory)
      .records("Gbps", measure::Direction::kHigherIsBetter, measure::SampleKind::kBatchMean)
      .params("datagram", {1452, 8952, 65000})
      .title("Packet layer alone, no sockets, one core")
      .generator("seeded pattern, known from stream and offset")
      .oracle("every byte compared with the pattern, and their number; SHA-256 when verifying");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
