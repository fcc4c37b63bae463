#include "tests/quic/link_simulator.hpp"

#include <algorithm>

namespace midstream::quic::testing {

Simulation::Simulation(std::uint64_t seed, LinkConfig to_server, LinkConfig to_client)
    : random_(seed), links_{{to_server, {}, 0}, {to_client, {}, 0}}, buffer_(1 << 16) {}

Address Simulation::client_address(std::uint16_t port) { return Address::loopback(port); }

void Simulation::enqueue(std::size_t end, Timestamp time, const Path& path,
                         std::vector<std::byte> bytes) {
  arrivals_.push({time, order_++, end, path, std::move(bytes)});
}

void Simulation::inject(const Address& from, std::vector<std::byte> datagram) {
  enqueue(1, now_, {server_address(), from}, std::move(datagram));
}

void Simulation::transmit(std::size_t end, const Path& path, ByteView datagram) {
  Link& link = links_[end];
  const LinkConfig& config = link.config;
  ++link.statistics.datagrams;
  if (end == 0 && on_datagram_to_server) on_datagram_to_server(path, datagram);
  const Path seen{path.remote, path.local};
  // The dice are thrown in a fixed order and number, so one option does not shift the others.
  const bool lost = random_.uniform() < config.loss;
  const bool reordered = random_.uniform() < config.reordering;
  const bool duplicated = random_.uniform() < config.duplication;
  const bool corrupted = random_.uniform() < config.corruption;
  const std::uint64_t extra = random_.below(4 * config.delay + 1);
  const std::uint64_t bit = random_.below(datagram.size() * 8);
  Timestamp departure = now_;
  if (config.bits_per_second > 0) {
    const Timestamp start = std::max(now_, link.busy_until);
    const std::uint64_t waiting = (start - now_) * config.bits_per_second / 8 / kSecond;
    if (waiting + datagram.size() > config.queue_bytes) {
      ++link.statistics.overflowed;
      return;
    }
    departure = start + datagram.size() * 8 * kSecond / config.bits_per_second;
    link.busy_until = departure;
  }
  if (lost) {
    ++link.statistics.lost;
    return;
  }
  std::vector<std::byte> bytes(datagram.begin(), datagram.end());
  if (corrupted) {
    ++link.statistics.corrupted;
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  }
  Timestamp arrival = departure + config.delay;
  if (reordered) {
    ++link.statistics.reordered;
    arrival += extra;
  }
  if (duplicated) {
    ++link.statistics.duplicated;
    enqueue(1 - end, arrival + extra, seen, bytes);
  }
  enqueue(1 - end, arrival, seen, std::move(bytes));
}

void Simulation::collect(std::size_t end) {
  while (const Transmit out = ends_[end].send(buffer_, now_)) {
    for (std::size_t offset = 0; offset < out.bytes; offset += out.segment) {
      const std::size_t size = std::min(out.segment, out.bytes - offset);
      transmit(end, out.path, ByteView(buffer_).subspan(offset, size));
    }
  }
}

// Everything that happens at the next moment something happens; false if that is after `limit`.
bool Simulation::step(Timestamp limit) {
  collect(0);
  collect(1);
  Timestamp next = std::min(ends_[0].next_timeout(), ends_[1].next_timeout());
  if (!arrivals_.empty()) next = std::min(next, arrivals_.top().time);
  if (next > limit) {
    now_ = limit;
    return false;
  }
  now_ = std::max(now_, next);
  while (!arrivals_.empty() && arrivals_.top().time <= now_) {
    const Arrival arrival = arrivals_.top();
    arrivals_.pop();
    ends_[arrival.end == 1 ? 1 : 0].receive(arrival.path, arrival.bytes, now_);
  }
  for (Dispatcher& end : ends_) end.handle_timeouts(now_);
  return true;
}

bool Simulation::run(const std::function<bool()>& done, Duration limit) {
  const Timestamp deadline = now_ + limit;
  while (!done()) {
    if (!step(deadline)) return done();
  }
  return true;
}

}  // namespace midstream::quic::testing
