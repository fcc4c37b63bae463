// Raw UDP: what the kernel moves without encryption, acknowledgements or retransmission.
//
// Every datagram carries its number and a part of the pattern; the receiver compares all of it and
// counts gaps and late arrivals. Sending is held to two MiB ahead of the receiver, so that little
// is dropped.
#include <cstring>

#include "suites/harness/registry.hpp"
#include "suites/quic/peers.hpp"

namespace midstream::suites::quic {
namespace {

namespace q = midstream::quic;

constexpr std::size_t kDatagram = q::kEthernetPayload;
constexpr std::size_t kBody = kDatagram - sizeof(std::uint64_t);
constexpr std::size_t kSegments = 45;  // what segmentation offload takes at this size
constexpr std::uint64_t kAhead = (2 << 20) / kDatagram;
constexpr Duration kGivenUp = 5 * q::kMillisecond;  // what is not here by then was dropped

// Datagrams number 0, 45, 90 … carry the same part of the pattern: a burst is numbered anew, not
// filled anew.
std::uint64_t part_of(std::uint64_t number) { return number % kSegments * kBody; }

// The receiver's thread.
class Receiver {
 public:
  Receiver(std::unique_ptr<q::UdpSocket> socket, const Pattern& pattern)
      : socket_(std::move(socket)), pattern_(pattern), thread_([this] { run(); }) {}
  ~Receiver() {
    if (thread_.joinable()) stop();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  [[nodiscard]] const q::Address& address() const { return socket_->local(); }
  [[nodiscard]] std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }
  void stop() {
    stop_ = true;
    thread_.join();
  }
  // After stop().
  [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
  [[nodiscard]] std::uint64_t late() const { return late_; }
  [[nodiscard]] std::uint64_t highest() const { return next_; }
  [[nodiscard]] std::optional<double> share() const { return share_; }
  [[nodiscard]] std::string path() const { return path_of(*socket_); }

 private:
  void run() {
    place_on_core(End::kServer);
    const CoreShare share(WhileWaiting::kPolls);
    while (!stop_.load(std::memory_order_relaxed)) {
      socket_->receive([this](const q::Address&, ByteView bytes) { hear(bytes); });
    }
    share_ = share.share();
  }
  void hear(ByteView bytes) {
    std::uint64_t number = 0;
    if (bytes.size() == kDatagram) std::memcpy(&number, bytes.data(), sizeof number);
    if (bytes.size() != kDatagram ||
        !pattern_.matches(0, part_of(number), bytes.subspan(sizeof number))) {
      ++wrong_;
    }
    if (number < next_) ++late_;
    next_ = std::max(next_, number + 1);
    received_.store(received() + 1, std::memory_order_relaxed);
  }

  std::unique_ptr<q::UdpSocket> socket_;
  const Pattern& pattern_;
  std::atomic<std::uint64_t> received_{0};
  std::atomic<bool> stop_{false};
  std::uint64_t next_ = 0, wrong_ = 0, late_ = 0;
  std::optional<double> share_;
  std::thread thread_;
};

class Flood {
 public:
  Flood(q::UdpSocket& socket, const Receiver& receiver, const Pattern& pattern)
      : socket_(socket), receiver_(receiver), burst_(kSegments * kDatagram) {
    for (std::size_t i = 0; i < kSegments; ++i) {
      const q::SharedBytes body = pattern.piece(0, part_of(i), kBody);
      std::ranges::copy(body.bytes, at(i) + sizeof(std::uint64_t));
    }
  }
  void send_until(Timestamp end) {
    while (clock_now() < end) {
      if (outstanding() <= kAhead) send_burst();
    }
  }
  // Until everything has arrived, or nothing did for a while.
  void drain() {
    for (const std::uint64_t target = sent_; receiver_.received() < target;) {
      if (outstanding() == 0) return;
    }
  }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  [[nodiscard]] std::byte* at(std::size_t segment) { return burst_.data() + segment * kDatagram; }
  void send_burst() {
    for (std::size_t i = 0; i < kSegments; ++i) {
      const std::uint64_t number = sent_ + i;
      std::memcpy(at(i), &number, sizeof number);
    }
    for (std::size_t done = 0; done < burst_.size();) {
      done += socket_.send(receiver_.address(), ByteView(burst_).subspan(done), kDatagram);
    }
    sent_ += kSegments;
  }
  // Datagrams under way, without those that were given up.
  std::uint64_t outstanding() {
    const std::uint64_t arrived = receiver_.received();
    const Timestamp now = clock_now();
    if (arrived != seen_) {
      seen_ = arrived;
      stuck_since_ = now;
    } else if (now - stuck_since_ > kGivenUp) {
      given_up_ = sent_ - arrived;
      stuck_since_ = now;
    }
    return sent_ - std::min(sent_, given_up_ + arrived);
  }

  q::UdpSocket& socket_;
  const Receiver& receiver_;
  std::vector<std::byte> burst_;
  std::uint64_t sent_ = 0, given_up_ = 0, seen_ = 0;
  Timestamp stuck_since_ = clock_now();
};

void raw_udp(Bench& bench, q::DatagramIo io) {
  q::UdpSocketConfig config;
  config.io = io;
  auto incoming = q::UdpSocket::open(config);
  auto outgoing = q::UdpSocket::open(config);
  if (!incoming || !outgoing) bench.unavailable("this kernel cannot send datagrams so");
  const Pattern pattern(bench.seed());
  Receiver receiver(std::move(incoming).value(), pattern);
  place_on_core(End::kClient);
  q::UdpSocket& socket = **outgoing;
  Flood flood(socket, receiver, pattern);
  if (bench.is_verification()) {
    flood.send_until(clock_now() + kRateWindow);
  } else {
    const auto advance = [&](const Window& window) { flood.send_until(window.end()); };
    warm_up_rate(bench, advance);
    const CoreShare share(WhileWaiting::kPolls);
    sample_rate(
        bench, [&] { return receiver.received() * kDatagram; }, advance);
    bench.cpu_share(share.share(), "client");
  }
  flood.drain();
  receiver.stop();
  if (!bench.is_verification()) bench.cpu_share(receiver.share(), "server");
  const std::uint64_t received = receiver.received();
  bench.fact("datagram", std::to_string(kDatagram) + " B");
  bench.fact("datagram path", path_fact(path_of(socket), receiver.path()));
  bench.fact("cipher", "none");
  bench.fact("congestion control", "none");
  bench.counter("lost datagrams",
                static_cast<double>(flood.sent() - std::min(flood.sent(), received)));
  bench.counter("reordered datagrams", static_cast<double>(receiver.late()));
  bench.expect(receiver.wrong() == 0 && received > 0, "content of the datagrams", received);
  bench.expect(received <= flood.sent() && receiver.highest() <= flood.sent(),
               "no datagram that was never sent, none twice");
}

[[maybe_unused]] const bool kRegistered = [] {
  const auto add = [](const std::string& name, q::DatagramIo io, const char* title) {
    register_bench("quic/reference/" + name, [io](Bench& bench) { raw_udp(bench, io); })
        .records("Gbps", measure::Direction::kHigherIsBetter, measure::SampleKind::kBatchMean)
        .title(title)
        .generator("numbered datagrams of a seeded pattern")
        .oracle("number and every byte of each datagram");
  };
  add("udp-gso", q::DatagramIo::kSegmentationOffload, "Raw UDP with segmentation offload");
  add("udp-sendmmsg", q::DatagramIo::kBatched, "Raw UDP, batched system calls");
  add("udp-sendto", q::DatagramIo::kSingle, "Raw UDP, a system call for each datagram");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::quic
