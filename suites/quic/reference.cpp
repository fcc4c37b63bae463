// TCP and TLS 1.3 over TCP, measured the same way beside QUIC: same bytes, same checks, same cores,
// the same ways of waiting.
#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"
#include "suites/quic/reference_stream.hpp"

namespace midstream::suites::quic {
namespace {

namespace q = midstream::quic;
using measure::Direction;
using measure::SampleKind;

constexpr std::size_t kReadSize = 65536;
constexpr std::uint64_t kVerifiedBytes = 24 << 20;

void name_configuration(Bench& bench, const ReferenceStream& stream, q::Waiting waiting) {
  bench.fact("datagram", "none: a byte stream over TCP");
  bench.fact("cipher", stream.cipher());
  bench.fact("congestion control", stream.congestion());
  bench.fact("waiting", q::name_of(waiting));
  bench.fact("cores", usable_cores() < 2 ? "one, shared by both ends" : "one for each end");
}

// The server's end of the throughput rows.
struct Sink {
  const Pattern& pattern;
  bool keep;
  std::vector<std::byte> kept = {};
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> wrong{0};

  void serve(ReferenceStream& stream) {
    std::vector<std::byte> buffer(kReadSize);
    std::uint64_t position = 0;
    while (const std::size_t got = stream.read(buffer)) {
      const ByteView bytes = ByteView(buffer).first(got);
      if (!pattern.matches(0, position, bytes)) ++wrong;
      if (keep) kept.insert(kept.end(), bytes.begin(), bytes.end());
      position += got;
      received.store(position, std::memory_order_relaxed);
    }
  }
};

void stream_throughput(Bench& bench, Protocol protocol) {
  const Pattern pattern(bench.seed());
  const bool hashed = bench.is_verification();
  Sink sink{pattern, hashed};
  ReferenceServer server(protocol, q::Waiting::kSleep,
                         [&](ReferenceStream& stream) { sink.serve(stream); });
  place_on_core(End::kClient);
  ReferenceStream stream = server.connect();
  name_configuration(bench, stream, q::Waiting::kSleep);
  std::uint64_t sent = 0;
  const auto write_piece = [&](std::uint64_t most) {
    const auto limit = static_cast<std::size_t>(std::min<std::uint64_t>(most, Pattern::kPeriod));
    const q::SharedBytes piece = pattern.piece(0, sent, limit);
    bench.expect(stream.write(piece.bytes), "writing", 0);
    sent += piece.bytes.size();
  };
  const CoreShare share(WhileWaiting::kSleeps);
  if (hashed) {
    while (sent < kVerifiedBytes) write_piece(kVerifiedBytes - sent);
  } else {
    const auto advance = [&](Window& window) {
      while (!window.is_over()) write_piece(UINT64_MAX);
    };
    warm_up_rate(bench, advance);
    sample_rate(
        bench, [&] { return sink.received.load(std::memory_order_relaxed); }, advance);
    bench.cpu_share(share.share(), "client");
  }
  stream.finish();
  bench.cpu_share(server.stop(), "server");
  bench.expect(sink.received == sent, "bytes sent and received");
  bench.expect(sink.wrong == 0, "pattern of the bytes received", sink.received);
  if (hashed) {
    bench.expect(sha256_of(sink.kept) == pattern.sha256(0, kVerifiedBytes), "SHA-256 of the stream",
                 kVerifiedBytes);
  }
}

void serve_echo(ReferenceStream& stream) {
  std::array<std::byte, 4096> buffer;
  while (const std::size_t got = stream.read(buffer)) {
    if (!stream.write(ByteView(buffer).first(got))) return;
  }
}

void stream_echo(Bench& bench, q::Waiting waiting) {
  ReferenceServer server(Protocol::kTls, waiting, serve_echo);
  place_on_core(End::kClient);
  ReferenceStream stream = server.connect();
  name_configuration(bench, stream, waiting);
  const Timestamp warm = clock_now() + 30 * q::kMillisecond;
  const Timestamp end = warm + budget_of(bench);
  const CoreShare share(while_waiting(waiting));
  TimingAccount account;
  std::uint64_t done = 0;
  std::uint64_t wrong = 0;
  for (Timestamp begin = clock_now(); bench.is_verification() ? done < 2000 : begin < end;
       begin = clock_now()) {
    std::byte sent = static_cast<std::byte>(++done * 167 + 13);
    std::byte got{};
    if (!stream.write({&sent, 1}) || stream.read({&got, 1}) != 1 || got != sent) ++wrong;
    const Timestamp now = clock_now();
    if (begin < warm || done == 1) {  // the first one warms, however long it took
      account.warmed_up();
    } else {
      account.record(bench, now - begin, 2);
    }
    if (wrong > 0) break;
  }
  account.report(bench);
  bench.cpu_share(share.share(), "client");
  stream.shut_down();
  bench.cpu_share(server.stop(), "server");
  bench.expect(wrong == 0, "echoed bytes", done);
}

void echo_once(Bench& bench, ReferenceStream& stream) {
  const std::byte sent{0x42};
  std::byte got{};
  bench.expect(stream.write({&sent, 1}) && stream.read({&got, 1}) == 1 && got == sent, "echo");
}

// How long it took until the handshake was done, or the echo; there is an echo in any case, because
// what was handshaken has to be a connection.
ReferenceStream connect_and_echo(Bench& bench, ReferenceServer& server, bool with_echo,
                                 Duration& time) {
  const Timestamp begin = clock_now();
  ReferenceStream stream = server.connect();
  const Timestamp connected = clock_now();
  echo_once(bench, stream);
  time = (with_echo ? clock_now() : connected) - begin;
  return stream;
}

// TCP connect, TLS handshake with the certificate verified, and, if wanted, an echo.
void stream_handshake(Bench& bench, bool with_echo, q::Waiting waiting) {
  ReferenceServer server(Protocol::kTls, waiting, serve_echo);
  place_on_core(End::kClient);
  const CoreShare share(while_waiting(waiting));
  TimingAccount account;
  std::uint64_t done = 0;
  const auto once = [&] {
    Duration time = 0;
    ReferenceStream stream = connect_and_echo(bench, server, with_echo, time);
    if (done == 0) name_configuration(bench, stream, waiting);
    stream.shut_down();
    // Untimed: the next one must not wait for the server to be done with this one.
    while (server.served() <= done) std::this_thread::yield();
    ++done;
    return time;
  };
  for (int i = 0; i < 5; ++i) {
    (void)once();
    account.warmed_up();
  }
  const Timestamp end = clock_now() + budget_of(bench);
  while (bench.is_verification() ? done < 20 : clock_now() < end) {
    account.record(bench, once(), with_echo ? 3 : 2);
  }
  account.report(bench);
  bench.cpu_share(share.share(), "client");
  bench.cpu_share(server.stop(), "server");
}

Registration& rate(const std::string& id, BenchFunction function, const char* title) {
  return register_bench(id, std::move(function))
      .records("Gbps", Direction::kHigherIsBetter, SampleKind::kBatchMean)
      .title(title)
      .generator("seeded pattern, known from the offset")
      .oracle("every byte compared with the pattern, and their number; SHA-256 when verifying");
}

Registration& latency(const std::string& id, BenchFunction function, std::string title) {
  return register_bench(id, std::move(function))
      .records("ns", Direction::kLowerIsBetter, SampleKind::kOperation)
      .title(std::move(title))
      .generator("one-byte probes of changing value")
      .oracle("the byte sent");
}

[[maybe_unused]] const bool kRegistered = [] {
  rate(
      "quic/reference/tcp-throughput",
      [](Bench& bench) { stream_throughput(bench, Protocol::kTcp); }, "Plain TCP, one stream");
  rate(
      "quic/reference/tls-throughput",
      [](Bench& bench) { stream_throughput(bench, Protocol::kTls); }, "TLS 1.3 over TCP");
  const std::pair<q::Waiting, std::string> ways[] = {
      {q::Waiting::kBusy, ", both ends polling"},
      {q::Waiting::kSpin, ", both ends spinning 50 us before they sleep"},
      {q::Waiting::kSleep, ", both ends sleeping"}};
  for (const auto& [waiting, text] : ways) {
    const std::string name = std::string("-") + q::name_of(waiting);
    latency(
        "quic/reference/tls-echo" + name,
        [waiting = waiting](Bench& bench) { stream_echo(bench, waiting); },
        "Echo over TLS over TCP" + text);
    if (waiting == q::Waiting::kBusy) continue;  // as the QUIC rows have it
    latency(
        "quic/reference/tls-handshake" + name,
        [waiting = waiting](Bench& bench) { stream_handshake(bench, false, waiting); },
        "TCP connect and full TLS handshake, certificate verified" + text);
    latency(
        "quic/reference/tls-first-echo" + name,
        [waiting = waiting](Bench& bench) { stream_handshake(bench, true, waiting); },
        "TCP connect, full TLS handshake and an echo" + text);
  }
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
