// Moves many bytes through a lossy relay between real sockets on loopback: 1 % loss, reordering.
// The hash must be equal, memory flat: what the process holds, and what the packet layer of either
// end holds, is sampled all the way, and the highest of the last nine tenths may hardly exceed the
// highest of the first tenth.
//
//   quic_soak MEBIBYTES
//
// Three threads: client, relay, server. Exit code 0 when everything held.
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <thread>

#include "core/quic/endpoint.hpp"
#include "tests/quic/test_peers.hpp"

#ifdef __SANITIZE_ADDRESS__
// Memory that was freed is to be seen as freed here, not kept to catch its use.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=0"; }
#endif

namespace {

using namespace midstream;                 // NOLINT(google-build-using-namespace)
using namespace midstream::quic;           // NOLINT(google-build-using-namespace)
using namespace midstream::quic::testing;  // NOLINT(google-build-using-namespace)

constexpr double kLoss = 0.01;
constexpr double kReordering = 0.01;
constexpr std::size_t kHeldBack = 20;  // datagrams that overtake a reordered one
constexpr int kSamples = 400;
// Of the peak beyond the first tenth's. The packet layer of a receiver may hold a window of data
// behind a datagram that is missing, sooner or later; beside it a process keeps some in pieces.
// A byte leaked for each datagram would be 9 MiB over 10 GiB.
constexpr long kAllowedLayerKib = static_cast<long>(TransportConfig{}.stream_window / 1024);
constexpr long kAllowedProcessKib = 2 * kAllowedLayerKib;
constexpr std::size_t kBlock = 1 << 20;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Sha256() { EVP_MD_CTX_free(context_); }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(ByteView bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string finish() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(context_, digest.data(), nullptr);
    return {digest.begin(), digest.end()};
  }

 private:
  EVP_MD_CTX* context_;
};

long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long resident = 0;
  file >> total >> resident;
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

// The highest of a quantity before and after the first tenth.
class Peak {
 public:
  void add(bool early, long kib) {
    long& peak = early ? early_ : late_;
    peak = std::max(peak, kib);
  }
  [[nodiscard]] bool is_flat(long allowed) const { return late_ > 0 && late_ - early_ <= allowed; }
  void print(const char* name, long allowed) const {
    std::printf("%s peak %ld KiB in the first tenth, %ld KiB after it%s\n", name, early_, late_,
                is_flat(allowed) ? "" : ": GROWS");
  }

 private:
  long early_ = 0;
  long late_ = 0;
};

long layer_kib(const Connection& connection) {
  return static_cast<long>(connection.statistics().memory / 1024);
}

// Forwards datagrams both ways, losing and reordering some.
class Relay {
 public:
  explicit Relay(const Address& server) : server_(server) {
    UdpSocketConfig config;
    config.io = DatagramIo::kBatched;
    config.max_datagram = 2048;
    front_ = UdpSocket::open(config).value();
    back_ = UdpSocket::open(config).value();
    thread_ = std::thread([this] { run(); });
  }
  ~Relay() {
    stop_ = true;
    thread_.join();
  }
  [[nodiscard]] const Address& address() const { return front_->local(); }
  std::atomic<std::uint64_t> forwarded{0}, lost{0}, reordered{0};

 private:
  struct Held {
    bool to_server;
    std::size_t after;
    std::vector<std::byte> bytes;
  };

  void run() {
    while (!stop_) {
      const std::size_t moved = front_->receive([&](const Address& from, ByteView bytes) {
        client_ = from;
        pass(true, bytes);
      }) + back_->receive([&](const Address&, ByteView bytes) { pass(false, bytes); });
      if (moved == 0) std::this_thread::yield();
    }
  }
  void pass(bool to_server, ByteView bytes) {
    if (random_.uniform() < kLoss) {
      ++lost;
      return;
    }
    if (random_.uniform() < kReordering) {
      ++reordered;
      held_.push_back({to_server, kHeldBack, {bytes.begin(), bytes.end()}});
    } else {
      forward(to_server, bytes);
    }
    for (Held& one : held_) --one.after;
    while (!held_.empty() && held_.front().after == 0) {
      forward(held_.front().to_server, held_.front().bytes);
      held_.pop_front();
    }
  }
  void forward(bool to_server, ByteView bytes) {
    ++forwarded;
    (to_server ? back_ : front_)->send(to_server ? server_ : client_, bytes, bytes.size());
  }

  Address server_, client_;
  std::unique_ptr<UdpSocket> front_, back_;
  Random random_{1};
  std::deque<Held> held_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class Sink : public ConnectionEvents {
 public:
  Sha256 hash;
  std::atomic<std::uint64_t> received{0};
  std::atomic<bool> ended{false};
  Peak memory;  // of the server's packet layer; read it when `ended`
  explicit Sink(std::uint64_t size) : size_(size) {}
  void on_stream_data(Connection& connection, StreamId id, ByteView bytes, bool end) override {
    hash.add(bytes);
    received += bytes.size();
    connection.consume(id, bytes.size());
    if (received * kSamples >= next_sample_ * size_) {
      ++next_sample_;
      memory.add(received < size_ / 10, layer_kib(connection));
    }
    if (end) ended = true;
  }

 private:
  std::uint64_t size_;
  std::uint64_t next_sample_ = 0;
};

// Sends pseudo-random blocks, hashing what it sends.
class Source : public ConnectionEvents {
 public:
  explicit Source(std::uint64_t size) : left_(size), block_(kBlock) {}
  Sha256 hash;
  std::string digest;
  bool ready = false;
  std::optional<CloseReason> closed;
  void fill(Connection& connection, StreamId id) {
    while (left_ > 0) {
      if (pending_.empty()) {
        for (std::size_t i = 0; i + 8 <= block_.size(); i += 8) {
          const std::uint64_t word = random_.next();
          std::memcpy(block_.data() + i, &word, sizeof word);
        }
        pending_ = ByteView(block_).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(block_.size(), left_)));
        hash.add(pending_);
      }
      const std::size_t taken = connection.write(id, pending_).value();
      pending_ = pending_.subspan(taken);
      left_ -= taken;
      if (!pending_.empty()) return;
    }
    digest = hash.finish();
    (void)connection.finish(id);
  }
  void on_handshake_completed(Connection&) override { ready = true; }
  void on_stream_writable(Connection& connection, StreamId id) override { fill(connection, id); }
  void on_closed(Connection&, const CloseReason& reason) override { closed = reason; }

 private:
  std::uint64_t left_;
  Random random_{2};
  std::vector<std::byte> block_;
  ByteView pending_;
};

// Sends `size` bytes over a connection that is ready; true when everything held.
bool transfer(std::uint64_t size, Endpoint& client, Connection& connection, Source& source,
              Sink& sink, const Relay& relay) {
  Peak process;
  Peak layer;
  const Timestamp begin = client.now();
  source.fill(connection, connection.open_stream(StreamKind::kUnidirectional).value());
  for (std::uint64_t sample = 1; sample <= kSamples && !source.closed; ++sample) {
    const std::uint64_t until = size / kSamples * sample;
    client.run_until([&] { return sink.received >= until || source.closed; }, kNever);
    process.add(sample <= kSamples / 10, resident_kib());
    layer.add(sample <= kSamples / 10, layer_kib(connection));
  }
  client.run_until([&] { return sink.ended || source.closed; }, kNever);
  const double seconds = static_cast<double>(client.now() - begin) / 1e9;
  const bool same = sink.ended && sink.hash.finish() == source.digest;
  std::printf(
      "%.0f MiB in %.1f s, %.2f Gbit/s; %llu lost and %llu reordered of %llu datagrams; hash %s\n",
      static_cast<double>(size) / 1048576, seconds, static_cast<double>(size) * 8 / seconds / 1e9,
      static_cast<unsigned long long>(relay.lost.load()),
      static_cast<unsigned long long>(relay.reordered.load()),
      static_cast<unsigned long long>(relay.forwarded.load()), same ? "equal" : "DIFFERS");
  process.print("process,", kAllowedProcessKib);
  layer.print("client's packet layer,", kAllowedLayerKib);
  sink.memory.print("server's packet layer,", kAllowedLayerKib);
  const bool flat = process.is_flat(kAllowedProcessKib) && layer.is_flat(kAllowedLayerKib) &&
                    sink.memory.is_flat(kAllowedLayerKib);
  return same && flat && sink.received == size && relay.lost > 0 && relay.reordered > 0;
}

int run(std::uint64_t size) {
  Sink sink(size);
  auto server = Endpoint::open({}).value();
  ServerConfig config{server_tls()};
  config.accept = [&](Connection&) { return &sink; };
  if (!server->listen(std::move(config))) std::abort();
  const Address address = server->local();
  std::atomic<bool> stop{false};
  std::thread server_thread([&] { server->run_until([&] { return stop.load(); }, kNever); });
  Relay relay(address);
  Source source(size);
  auto client = Endpoint::open({}).value();
  TransportConfig transport;
  transport.congestion_control = CongestionControl::kCubic;
  Connection* connection =
      client->connect(relay.address(), client_tls(), transport, source).value();
  client->run_until([&] { return source.ready || source.closed; }, client->now() + 30 * kSecond);
  const bool held = source.ready && transfer(size, *client, *connection, source, sink, relay);
  if (source.closed) std::printf("closed: %s\n", to_string(*source.closed).c_str());
  stop = true;
  server->wake();
  server_thread.join();
  return held ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t mebibytes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 64;
  return run(mebibytes << 20);
}
