// A network in virtual time: two ends, two one-way links with delay, rate, queue, loss,
// reordering, duplication and corruption, all from one seed.
//
// Nothing sleeps: the clock jumps to the next arrival or timer, so a minute of a slow lossy link
// takes milliseconds. TLS keys differ from run to run, so packet contents do too; what the link
// does to the n-th datagram does not.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "core/base/random.hpp"
#include "core/quic/dispatcher.hpp"

namespace midstream::quic::testing {

struct LinkConfig {
  Duration delay = kMillisecond;      // one way
  std::uint64_t bits_per_second = 0;  // 0: unlimited
  std::size_t queue_bytes = 1 << 20;  // what waits for a limited rate; more is dropped
  double loss = 0;                    // probabilities per datagram
  double reordering = 0;              // delayed by up to 4 delays more
  double duplication = 0;
  double corruption = 0;  // one bit flips
};

struct LinkStatistics {
  std::uint64_t datagrams = 0, lost = 0, overflowed = 0, reordered = 0, duplicated = 0,
                corrupted = 0;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, LinkConfig to_server, LinkConfig to_client);

  Dispatcher& client() { return ends_[0]; }
  Dispatcher& server() { return ends_[1]; }
  [[nodiscard]] static Address client_address(std::uint16_t port = 1000);
  [[nodiscard]] static Address server_address() { return Address::loopback(2000); }
  [[nodiscard]] Path client_path() const { return {client_address(), server_address()}; }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] const LinkStatistics& statistics(std::size_t direction) const {
    return links_[direction].statistics;
  }
  void set_link(std::size_t direction, const LinkConfig& config) {
    links_[direction].config = config;
  }

  // Runs until `done()` or until `limit` of virtual time has passed; true if done.
  bool run(const std::function<bool()>& done, Duration limit);
  // Lets time pass whatever happens.
  void run_for(Duration duration) {
    run([] { return false; }, duration);
  }

  // Puts a datagram on the wire as if some third party had sent it. To the server.
  void inject(const Address& from, std::vector<std::byte> datagram);

  // Every datagram sent towards the server, for replaying.
  std::function<void(const Path&, ByteView)> on_datagram_to_server;

 private:
  struct Link {
    LinkConfig config;
    LinkStatistics statistics;
    Timestamp busy_until = 0;
  };
  struct Arrival {
    Timestamp time;
    std::uint64_t order;  // ties keep the order of sending
    std::size_t end;      // who receives it
    Path path;            // as the receiver sees it
    std::vector<std::byte> bytes;
    friend bool operator<(const Arrival& a, const Arrival& b) {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };

  void collect(std::size_t end);
  void transmit(std::size_t end, const Path& path, ByteView datagram);
  void enqueue(std::size_t end, Timestamp time, const Path& path, std::vector<std::byte> bytes);
  bool step(Timestamp limit);

  Random random_;
  Dispatcher ends_[2];
  Link links_[2];  // [0] towards the server, [1] towards the client
  std::priority_queue<Arrival> arrivals_;
  std::uint64_t order_ = 0;
  Timestamp now_ = kSecond;
  std::vector<std::byte> buffer_;
};

}  // namespace midstream::quic::testing
