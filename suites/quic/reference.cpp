// TCP, TLS 1.3 over TCP and raw UDP, measured the same way beside QUIC: same bytes, same checks,
// same cores.
#include <algorithm>

#include "core/quic/udp_socket.hpp"
#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"
#include "suites/quic/reference_stream.hpp"

namespace midstream::suites::quic {
namespace {

namespace q = midstream::quic;
using measure::Direction;
using measure::SampleKind;

constexpr Duration kWarmUp = 100 * q::kMillisecond;
constexpr Duration kWindow = 20 * q::kMillisecond;
constexpr std::size_t kReadSize = 65536;
constexpr std::size_t kVerifiedBytes = 24 << 20;

Timestamp clock_now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<Timestamp>(time.tv_sec) * q::kSecond + static_cast<Timestamp>(time.tv_nsec);
}

void verify_stream(Bench& bench, Protocol protocol, const Pattern& pattern) {
  std::vector<std::byte> collected;
  {
    ReferenceServer server(protocol, false, [&](ReferenceStream& stream) {
      std::vector<std::byte> buffer(kReadSize);
      while (const std::size_t got = stream.read(buffer)) {
        collected.insert(collected.end(), buffer.begin(),
                         buffer.begin() + static_cast<std::ptrdiff_t>(got));
        if (collected.size() >= kVerifiedBytes) break;
      }
    });
    ReferenceStream stream = server.connect();
    for (std::size_t sent = 0; sent < kVerifiedBytes;) {
      const q::SharedBytes piece = pattern.piece(0, sent, kVerifiedBytes - sent);
      bench.expect(stream.write(piece.bytes), "writing");
      sent += piece.bytes.size();
    }
    stream.finish();
  }
  bench.expect(sha256_of(collected) == pattern.sha256(0, kVerifiedBytes), "SHA-256 of the stream",
               kVerifiedBytes);
}

void stream_throughput(Bench& bench, Protocol protocol) {
  const Pattern pattern(bench.seed());
  if (bench.is_verification()) {
    verify_stream(bench, protocol, pattern);
    return;
  }
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<double> server_share{1};
  {
    ReferenceServer server(protocol, false, [&](ReferenceStream& stream) {
      std::vector<std::byte> buffer(kReadSize);
      std::uint64_t position = 0;
      const CoreShare share;
      while (const std::size_t got = stream.read(buffer)) {
        if (!pattern.matches(0, position, ByteView(buffer).first(got))) ++wrong;
        position += got;
        received.store(position, std::memory_order_relaxed);
      }
      server_share = share.share();
    });
    place_on_core(End::kClient);
    ReferenceStream stream = server.connect();
    bench.fact("path", stream.description());
    std::uint64_t position = 0;
    const auto write_until = [&](Timestamp end) {
      while (clock_now() < end) {
        const q::SharedBytes piece = pattern.piece(0, position, Pattern::kPeriod);
        if (!stream.write(piece.bytes)) return;
        position += piece.bytes.size();
      }
    };
    write_until(clock_now() + kWarmUp);
    const Timestamp end = clock_now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
    const CoreShare share;
    while (clock_now() < end) {
      const Timestamp begin = clock_now();
      const std::uint64_t before = received;
      write_until(begin + kWindow);
      bench.record(static_cast<double>(received - before) * 8 /
                   static_cast<double>(clock_now() - begin));
    }
    bench.counter("client share of its core", share.share());
    stream.shut_down();
  }
  bench.counter("server share of its core", server_share);
  bench.expect(wrong == 0, "pattern of the bytes received", received);
}

void serve_echo(ReferenceStream& stream) {
  std::array<std::byte, 4096> buffer;
  while (const std::size_t got = stream.read(buffer)) {
    if (!stream.write(ByteView(buffer).first(got))) return;
  }
}

void stream_echo(Bench& bench, Protocol protocol, bool spin) {
  ReferenceServer server(protocol, spin, serve_echo);
  place_on_core(End::kClient);
  ReferenceStream stream = server.connect();
  stream.set_spinning(spin);
  bench.fact("path", stream.description());
  bench.fact("waiting", spin ? "busy" : "sleep");
  const Timestamp warm = clock_now() + 30 * q::kMillisecond;
  const Timestamp end = warm + static_cast<Duration>(bench.budget_seconds() * 1e9);
  std::uint64_t done = 0;
  std::uint64_t wrong = 0;
  for (Timestamp begin = clock_now(); bench.is_verification() ? done < 2000 : begin < end;
       begin = clock_now()) {
    std::byte sent = static_cast<std::byte>(++done * 167 + 13);
    std::byte got{};
    if (!stream.write({&sent, 1}) || stream.read({&got, 1}) != 1 || got != sent) ++wrong;
    const Timestamp now = clock_now();
    if (!bench.is_verification() && begin >= warm) bench.record(static_cast<double>(now - begin));
    if (wrong > 0) break;
  }
  stream.shut_down();
  bench.expect(wrong == 0, "echoed bytes", done);
}

// TCP connect, TLS handshake with the certificate verified, and, if wanted, an echo.
void stream_handshake(Bench& bench, bool with_echo) {
  ReferenceServer server(Protocol::kTls, false, serve_echo);
  place_on_core(End::kClient);
  const Timestamp end = clock_now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
  std::uint64_t done = 0;
  for (; bench.is_verification() ? done < 20 : done < 5 || clock_now() < end; ++done) {
    const Timestamp begin = clock_now();
    ReferenceStream stream = server.connect();
    const Timestamp connected = clock_now();
    const std::byte sent{0x42};
    std::byte got{};
    bench.expect(stream.write({&sent, 1}) && stream.read({&got, 1}) == 1 && got == sent, "echo");
    const Timestamp echoed = clock_now();
    if (done == 0) bench.fact("path", stream.description());
    if (!bench.is_verification() && done >= 5) {
      bench.record(static_cast<double>((with_echo ? echoed : connected) - begin));
    }
    stream.shut_down();
  }
}

// Raw UDP: what the kernel moves without encryption, acknowledgements or retransmission. Sending
// is held to two MiB ahead of the receiver, so that little is dropped.
class UdpFlood {
 public:
  static constexpr std::size_t kDatagram = q::kEthernetPayload;

  UdpFlood(Bench& bench, q::DatagramIo io) : pattern_(bench.seed()) {
    q::UdpSocketConfig config;
    config.io = io;
    auto receiver = q::UdpSocket::open(config);
    auto sender = q::UdpSocket::open(config);
    if (!receiver || !sender) bench.unavailable("this kernel cannot send datagrams so");
    receiver_ = std::move(receiver).value();
    sender_ = std::move(sender).value();
    bench.fact("datagram", std::to_string(kDatagram) + " B");
    bench.fact("datagram path", q::name_of(sender_->io()));
    // Every datagram is the same bytes: there is no order to check.
    for (std::size_t i = 0; i < kSegments; ++i) {
      const q::SharedBytes bytes = pattern_.piece(0, 0, kDatagram);
      burst_.insert(burst_.end(), bytes.bytes.begin(), bytes.bytes.end());
    }
    thread_ = std::thread([this] { receive(); });
  }
  ~UdpFlood() {
    stop_ = true;
    thread_.join();
  }
  UdpFlood(const UdpFlood&) = delete;
  UdpFlood& operator=(const UdpFlood&) = delete;

  void send_until(Timestamp end) {
    Timestamp stuck_since = 0;
    std::uint64_t seen = 0;
    while (clock_now() < end) {
      const std::uint64_t arrived = received();
      if (sent_ - lost_ - arrived <= kAhead) {
        sent_ += sender_->send(receiver_->local(), burst_, kDatagram);
        continue;
      }
      const Timestamp now = clock_now();
      if (arrived != seen) {
        seen = arrived;
        stuck_since = now;
      } else if (now - stuck_since > 5 * q::kMillisecond) {
        lost_ = sent_ - arrived;  // what is not here by now was dropped
      }
    }
  }
  [[nodiscard]] std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  static constexpr std::uint64_t kAhead = 2 << 20;
  static constexpr std::size_t kSegments = 45;  // what segmentation offload takes at this size

  void receive() {
    place_on_core(End::kServer);
    while (!stop_.load(std::memory_order_relaxed)) {
      receiver_->receive([&](const q::Address&, ByteView bytes) {
        if (bytes.size() != kDatagram || !pattern_.matches(0, 0, bytes)) ++wrong_;
        received_.store(received() + bytes.size(), std::memory_order_relaxed);
      });
    }
  }

  Pattern pattern_;
  std::unique_ptr<q::UdpSocket> receiver_, sender_;
  std::vector<std::byte> burst_;
  std::atomic<std::uint64_t> received_{0}, wrong_{0};
  std::atomic<bool> stop_{false};
  std::uint64_t sent_ = 0, lost_ = 0;
  std::thread thread_;
};

void raw_udp(Bench& bench, q::DatagramIo io) {
  UdpFlood flood(bench, io);
  place_on_core(End::kClient);
  if (bench.is_verification()) {
    flood.send_until(clock_now() + 20 * q::kMillisecond);
  } else {
    flood.send_until(clock_now() + kWarmUp);
    const Timestamp end = clock_now() + static_cast<Duration>(bench.budget_seconds() * 1e9);
    while (clock_now() < end) {
      const Timestamp begin = clock_now();
      const std::uint64_t before = flood.received();
      flood.send_until(begin + kWindow);
      bench.record(static_cast<double>(flood.received() - before) * 8 /
                   static_cast<double>(clock_now() - begin));
    }
  }
  bench.counter("lost bytes", static_cast<double>(flood.lost()));
  bench.expect(flood.wrong() == 0 && flood.received() > 0, "datagrams received",
               flood.received() / UdpFlood::kDatagram);
}

Registration& rate(const std::string& id, BenchFunction function, const char* title) {
  return register_bench(id, std::move(function))
      .records("Gbps", Direction::kHigherIsBetter, SampleKind::kBatchMean)
      .title(title)
      .generator("seeded pattern, known from the offset")
      .oracle("every byte compared with the pattern");
}

Registration& latency(const std::string& id, BenchFunction function, const char* title) {
  return register_bench(id, std::move(function))
      .records("ns", Direction::kLowerIsBetter, SampleKind::kOperation)
      .title(title)
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
  rate(
      "quic/reference/udp-gso",
      [](Bench& bench) { raw_udp(bench, q::DatagramIo::kSegmentationOffload); },
      "Raw UDP with segmentation offload");
  rate(
      "quic/reference/udp-sendmmsg", [](Bench& bench) { raw_udp(bench, q::DatagramIo::kBatched); },
      "Raw UDP, batched system calls");
  rate(
      "quic/reference/udp-sendto", [](Bench& bench) { raw_udp(bench, q::DatagramIo::kSingle); },
      "Raw UDP, a system call for each datagram");
  latency(
      "quic/reference/tls-echo-busy",
      [](Bench& bench) { stream_echo(bench, Protocol::kTls, true); },
      "Echo over TLS over TCP, both ends polling");
  latency(
      "quic/reference/tls-echo-sleep",
      [](Bench& bench) { stream_echo(bench, Protocol::kTls, false); },
      "Echo over TLS over TCP, both ends sleeping");
  latency(
      "quic/reference/tls-handshake", [](Bench& bench) { stream_handshake(bench, false); },
      "TCP connect and full TLS handshake, certificate verified");
  latency(
      "quic/reference/tls-first-echo", [](Bench& bench) { stream_handshake(bench, true); },
      "TCP connect, full TLS handshake and an echo");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
