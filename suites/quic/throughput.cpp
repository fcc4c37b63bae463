// Throughput of application data, client to server unless said: datagram sizes, ciphers,
// congestion controls, ways of moving datagrams, numbers of streams, message sizes, windows and
// buffers.
#include "suites/harness/registry.hpp"
#include "suites/quic/transfer.hpp"

namespace midstream::suites::quic {
namespace {

namespace quic = midstream::quic;
using measure::Direction;
using measure::SampleKind;

std::size_t size_param(const Bench& bench, const char* name) {
  return static_cast<std::size_t>(bench.param(name));
}

Registration& rate(const std::string& id, BenchFunction function, const char* title) {
  return register_bench(id, std::move(function))
      .records("Gbps", Direction::kHigherIsBetter, SampleKind::kBatchMean)
      .title(title)
      .generator("seeded pattern, known from stream and offset")
      .oracle(
          "every byte compared with the pattern, the length of every stream; SHA-256 of each when "
          "verifying");
}

// One stream, with one thing changed in the Setup.
template <class Change>
Registration& variant(const std::string& id, const char* title, Change change) {
  return rate(
      id,
      [change](Bench& bench) {
        Setup setup;
        change(setup, bench);
        bulk(bench, setup, 1);
      },
      title);
}

void register_paths() {
  variant("quic/throughput/sendmmsg", "One stream, batched system calls instead of GSO",
          [](Setup& setup, Bench&) { setup.io = quic::DatagramIo::kBatched; });
  variant("quic/throughput/sendto", "One stream, a system call for each datagram",
          [](Setup& setup, Bench&) { setup.io = quic::DatagramIo::kSingle; });
  rate(
      "quic/throughput/gso-without-gro",
      [](Bench& bench) {
        Setup setup;
        setup.io = quic::DatagramIo::kSegmentationOffload;
        setup.receive_offload = false;
        if (!quic::UdpSocket::open(endpoint_of(setup).socket)) {
          bench.unavailable("this kernel has no UDP segmentation offload");
        }
        bulk(bench, setup, 1);
      },
      "One stream, segmentation offload at the sender only");
}

void register_back_pressure() {
  variant("quic/back-pressure/window", "One stream, limited by the receiver's window",
          [](Setup& setup, Bench& bench) { setup.window = size_param(bench, "bytes"); })
      .params("bytes", {16384, 65536, 262144, 1048576, 3145728});
  variant("quic/back-pressure/send-buffer", "One stream, limited by the sender's buffer",
          [](Setup& setup, Bench& bench) { setup.send_buffer = size_param(bench, "bytes"); })
      .params("bytes", {16384, 65536, 262144, 1048576, 4194304});
  rate(
      "quic/back-pressure/slow-reader",
      [](Bench& bench) {
        Setup setup;
        setup.send_buffer = size_param(bench, "bytes");
        slow_reader(bench, setup);
      },
      "One stream to a reader that hashes all it reads, by send buffer")
      .params("bytes", {65536, 1048576});
}

[[maybe_unused]] const bool kRegistered = [] {
  variant("quic/throughput/single", "One stream, bytes of UDP payload per datagram",
          [](Setup& setup, Bench& bench) { setup.datagram = size_param(bench, "datagram"); })
      .params("datagram", {1452, 8952, 65000});
  rate(
      "quic/throughput/multiplexed",
      [](Bench& bench) { bulk(bench, {}, size_param(bench, "streams")); },
      "Concurrent bulk streams, all of them moving")
      .params("streams", {1, 10, 100, 1000});
  rate(
      "quic/throughput/messages",
      [](Bench& bench) {
        const std::size_t size = size_param(bench, "bytes");
        messages(bench, {}, size, size);
      },
      "Messages, a stream each")
      .params("bytes", {1024, 16384, 131072, 1048576});
  rate(
      "quic/throughput/bidirectional", [](Bench& bench) { bidirectional(bench, {}); },
      "Both directions of one stream, summed");
  variant("quic/throughput/aes-256-gcm", "One stream, AES-256-GCM",
          [](Setup& setup, Bench&) { setup.cipher = quic::Cipher::kAes256Gcm; });
  variant("quic/throughput/chacha20-poly1305", "One stream, ChaCha20-Poly1305",
          [](Setup& setup, Bench&) { setup.cipher = quic::Cipher::kChaCha20Poly1305; });
  variant("quic/throughput/bbr", "One stream, BBR",
          [](Setup& setup, Bench&) { setup.congestion = quic::CongestionControl::kBbr; });
  variant("quic/throughput/reno", "One stream, Reno",
          [](Setup& setup, Bench&) { setup.congestion = quic::CongestionControl::kReno; });
  register_paths();
  register_back_pressure();
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
