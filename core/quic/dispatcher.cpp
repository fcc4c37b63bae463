#include "core/quic/dispatcher.hpp"

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <deque>
#include <unordered_map>

#include "core/quic/connection_callbacks.hpp"
#include "core/quic/connection_impl.hpp"
#include "core/quic/stateless_answers.hpp"
#include "core/quic/timer_heap.hpp"

namespace midstream::quic {
namespace {

// Answers to nobody's datagrams that may wait to be sent; more are dropped.
constexpr std::size_t kMaxAnswers = 64;

struct CidEqual {
  bool operator()(const ngtcp2_cid& a, const ngtcp2_cid& b) const {
    return ngtcp2_cid_eq(&a, &b) != 0;
  }
};

// Clients choose the first connection id, so the hash is keyed: chosen ids must not collide on
// purpose. Multiply-fold of 8-byte words with two secret words.
class CidHash {
 public:
  CidHash() { random_bytes(reinterpret_cast<std::uint8_t*>(secret_.data()), sizeof secret_); }
  std::size_t operator()(const ngtcp2_cid& id) const {
    std::array<std::uint64_t, 3> words{};
    std::memcpy(words.data(), id.data, id.datalen);
    std::uint64_t hash = secret_[0] ^ id.datalen;
    for (const std::uint64_t word : words) hash = fold(hash ^ word, secret_[1]);
    return hash;
  }

 private:
  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a) * (b | 1);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  std::array<std::uint64_t, 2> secret_{};
};

ngtcp2_cid make_cid(const std::uint8_t* bytes, std::size_t size) {
  ngtcp2_cid id;
  ngtcp2_cid_init(&id, bytes, size);
  return id;
}

// Reset tokens are looked up like connection ids: 16 bytes under the same keyed hash.
ngtcp2_cid as_cid(const ngtcp2_stateless_reset_token& token) {
  return make_cid(token.data, sizeof token.data);
}

ngtcp2_cid random_cid() {
  std::array<std::uint8_t, kOwnCidSize> bytes{};
  random_bytes(bytes.data(), bytes.size());
  return make_cid(bytes.data(), bytes.size());
}

}  // namespace

class Dispatcher::Impl : public ConnectionHost {
 public:
  ~Impl() override {
    while (!connections_.empty()) discard(*connections_.begin()->second);
  }

  Status listen(ServerConfig config) {
    Status valid = validate(config.transport);
    if (valid) {
      memory.limit = config.max_memory;
      server_ = std::make_unique<ServerConfig>(std::move(config));
    }
    return valid;
  }

  void stop_listening() { server_.reset(); }

  // NOLINTNEXTLINE(readability-function-size): what a connection is made of, each once
  Result<Connection*> connect(const ClientTls& tls, const TransportConfig& transport,
                              const Path& path, const SessionTicket& ticket,
                              ConnectionEvents& events, Timestamp now) {
    if (const Status valid = validate(transport); !valid) return valid.error();
    auto impl = std::make_unique<Connection::Impl>(Role::kClient, transport, *this, events);
    const ClientStart start{tls, transport, path, ticket, random_cid(), nullptr};
    const Status started = impl->start(start, now);
    if (!started) return started.error();
    Connection& connection = adopt(std::move(impl));
    route(start.source_id, connection.impl());
    wants_to_send(connection.impl());
    return &connection;
  }

  void receive(const Path& path, ByteView datagram, Timestamp now);
  Transmit send(ByteSpan buffer, Timestamp now);
  void handle_timeouts(Timestamp now);

  [[nodiscard]] Timestamp next_timeout() const {
    return active_.empty() && answers_.empty() ? timers_.earliest() : 0;
  }

  void discard(Connection& connection);

  [[nodiscard]] Timestamp next_timer() const { return timers_.earliest(); }
  [[nodiscard]] bool is_used(const Address& local) const {
    return std::ranges::any_of(connections_, [&](const auto& entry) {
      return entry.first->path.local == local || entry.first->migrating_to == local;
    });
  }
  [[nodiscard]] std::uint64_t path_changes() const { return path_changes_; }

  bool inside = false;  // one of receive(), send(), handle_timeouts() is running

  [[nodiscard]] DispatcherStatistics statistics() const {
    DispatcherStatistics result = counters_;
    result.connections = connections_.size();
    result.half_open = half_open_;
    result.memory = memory.used;
    return result;
  }

  // ConnectionHost
  bool issue_connection_id(Connection::Impl& connection, std::size_t size, ngtcp2_cid& id,
                           ngtcp2_stateless_reset_token& token) override {
    std::array<std::uint8_t, NGTCP2_MAX_CIDLEN> bytes{};
    random_bytes(bytes.data(), size);
    id = make_cid(bytes.data(), size);
    route(id, connection);
    return keys_.reset_token(id, token);
  }
  void retire_connection_id(const ngtcp2_cid& id) override {
    const auto found = routes_.find(id);
    if (found == routes_.end()) return;
    std::erase_if(found->second->routed_ids,
                  [&](const ngtcp2_cid& own) { return ngtcp2_cid_eq(&own, &id) != 0; });
    routes_.erase(found);
    recent_ = nullptr;
  }
  void expect_reset_token(Connection::Impl& connection, const ngtcp2_stateless_reset_token& token,
                          bool active) override {
    if (active) {
      connection.reset_tokens.push_back(token);
      resettable_[as_cid(token)] = &connection;
    } else {
      std::erase_if(connection.reset_tokens, [&](const ngtcp2_stateless_reset_token& own) {
        return std::memcmp(own.data, token.data, sizeof own.data) == 0;
      });
      resettable_.erase(as_cid(token));
    }
  }
  void wants_to_send(Connection::Impl& connection) override {
    if (connection.is_active) return;
    connection.is_active = true;
    active_.push_back(&connection);
  }
  void handshake_completed(Connection::Impl& connection) override {
    if (connection.role == Role::kServer) --half_open_;
  }
  void path_settled(Connection::Impl&) override { ++path_changes_; }
  std::vector<std::uint8_t> make_address_token(const Address& remote, Timestamp now) override {
    if (server_ == nullptr || !server_->issue_address_tokens) return {};
    return keys_.address_token(remote, now);
  }

 private:
  struct Answer {
    Path path;
    std::vector<std::byte> bytes;
  };

  Connection& adopt(std::unique_ptr<Connection::Impl> impl) {
    Connection::Impl* key = impl.get();
    auto [entry, inserted] =
        connections_.emplace(key, std::make_unique<Connection>(std::move(impl)));
    return *entry->second;
  }
  void route(const ngtcp2_cid& id, Connection::Impl& connection) {
    if (routes_.emplace(id, &connection).second) connection.routed_ids.push_back(id);
  }
  Connection::Impl* find(const std::uint8_t* id, std::size_t size);
  void deliver(Connection::Impl& connection, const Path& path, ByteView datagram, Timestamp now);
  void receive_unrouted(const ngtcp2_version_cid& header, const Path& path, ByteView datagram,
                        Timestamp now);
  void accept(const ngtcp2_pkt_hd& header, const Path& path, ByteView datagram, Timestamp now);
  void start_server(ServerStart start, const Path& path, ByteView datagram, Timestamp now);
  void answer(const Path& path, std::vector<std::byte> bytes, std::uint64_t& counter) {
    if (bytes.empty() || answers_.size() >= kMaxAnswers) {
      ++counters_.unroutable;
      return;
    }
    ++counter;
    answers_.push_back({path, std::move(bytes)});
  }

  TokenKeys keys_;
  std::unique_ptr<ServerConfig> server_;
  std::unordered_map<Connection::Impl*, std::unique_ptr<Connection>> connections_;
  std::unordered_map<ngtcp2_cid, Connection::Impl*, CidHash, CidEqual> routes_;
  std::unordered_map<ngtcp2_cid, Connection::Impl*, CidHash, CidEqual> resettable_;  // by token
  Connection::Impl* recent_ = nullptr;  // a burst is mostly one connection's
  ngtcp2_cid recent_id_{};
  std::deque<Connection::Impl*> active_;  // may have something to send
  TimerHeap<Connection::Impl> timers_;
  std::deque<Answer> answers_;
  std::size_t half_open_ = 0;
  std::uint64_t path_changes_ = 0;
  DispatcherStatistics counters_;
};

Connection::Impl* Dispatcher::Impl::find(const std::uint8_t* id, std::size_t size) {
  if (size > NGTCP2_MAX_CIDLEN) return nullptr;
  const ngtcp2_cid key = make_cid(id, size);
  if (recent_ != nullptr && ngtcp2_cid_eq(&key, &recent_id_) != 0) return recent_;
  const auto found = routes_.find(key);
  if (found == routes_.end()) return nullptr;
  recent_ = found->second;
  recent_id_ = key;
  return recent_;
}

void Dispatcher::Impl::deliver(Connection::Impl& connection, const Path& path, ByteView datagram,
                               Timestamp now) {
  const auto received = connection.receive(path, datagram, now);
  wants_to_send(connection);
  // ngtcp2 asks for a Retry when 0-RTT packets come before the Initial; a connection that has not
  // answered yet is forgotten, the client tries again.
  if (received != Connection::Impl::Received::kOk) {
    discard(*connections_.at(&connection));
  }
}

void Dispatcher::Impl::receive(const Path& path, ByteView datagram, Timestamp now) {
  ++counters_.datagrams;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(datagram.data());
  ngtcp2_version_cid header;
  const int error = ngtcp2_pkt_decode_version_cid(&header, bytes, datagram.size(), kOwnCidSize);
  if (error == NGTCP2_ERR_VERSION_NEGOTIATION) {
    if (server_ == nullptr || datagram.size() < kSmallestPayload) {
      ++counters_.unroutable;
      return;
    }
    answer(path, version_negotiation(header), counters_.version_negotiations);
    return;
  }
  if (error != 0) {
    ++counters_.unroutable;
    return;
  }
  if (Connection::Impl* connection = find(header.dcid, header.dcidlen)) {
    deliver(*connection, path, datagram, now);
    return;
  }
  receive_unrouted(header, path, datagram, now);
}

void Dispatcher::Impl::receive_unrouted(const ngtcp2_version_cid& header, const Path& path,
                                        ByteView datagram, Timestamp now) {
  // Not by the version: a Version Negotiation packet has version 0 too, and a long header.
  const bool short_header = (datagram.front() & std::byte{0x80}) == std::byte{0};
  if (short_header) {  // somebody's packet, nobody's connection
    if (datagram.size() >= NGTCP2_STATELESS_RESET_TOKENLEN) {
      const auto* tail = reinterpret_cast<const std::uint8_t*>(datagram.data()) + datagram.size() -
                         NGTCP2_STATELESS_RESET_TOKENLEN;
      const auto found = resettable_.find(make_cid(tail, NGTCP2_STATELESS_RESET_TOKENLEN));
      if (found != resettable_.end()) {
        deliver(*found->second, path, datagram, now);
        return;
      }
    }
    const ngtcp2_cid id = make_cid(header.dcid, header.dcidlen);
    answer(path, keys_.stateless_reset(id, datagram.size()), counters_.stateless_resets);
    return;
  }
  ngtcp2_pkt_hd initial;
  if (server_ == nullptr ||
      ngtcp2_accept(&initial, reinterpret_cast<const std::uint8_t*>(datagram.data()),
                    datagram.size()) != 0) {
    ++counters_.unroutable;
    return;
  }
  accept(initial, path, datagram, now);
}

// Address validation before anything is remembered (RFC 9000 section 8.1).
void Dispatcher::Impl::accept(const ngtcp2_pkt_hd& header, const Path& path, ByteView datagram,
                              Timestamp now) {
  ServerStart start{server_->tls, server_->transport, path};
  start.initial = header;
  start.original_id = header.dcid;
  const TokenKeys::Verdict verdict = keys_.verify(header, path.remote, start.original_id, now);
  start.retried = verdict == TokenKeys::Verdict::kRetry;
  start.address_validated = verdict != TokenKeys::Verdict::kNone;
  if (verdict == TokenKeys::Verdict::kForged) {
    answer(path, refusal(header, NGTCP2_INVALID_TOKEN), counters_.refused);
    return;
  }
  const bool under_load = half_open_ >= server_->retry_above;
  const bool retry = server_->retry == RetryPolicy::kAlways ||
                     (server_->retry == RetryPolicy::kUnderLoad && under_load);
  if (retry && !start.address_validated) {
    answer(path, keys_.retry(header, path.remote, random_cid(), now), counters_.retries);
    return;
  }
  if (connections_.size() >= server_->max_connections || half_open_ >= server_->max_half_open ||
      memory.used > memory.limit / 4 * 3) {
    answer(path, refusal(header, NGTCP2_CONNECTION_REFUSED), counters_.refused);
    return;
  }
  start_server(std::move(start), path, datagram, now);
}

void Dispatcher::Impl::start_server(ServerStart start, const Path& path, ByteView datagram,
                                    Timestamp now) {
  static ConnectionEvents ignored;  // until accept() names the real one
  start.source_id = random_cid();
  if (!keys_.reset_token(start.source_id, start.reset_token)) return;
  auto impl = std::make_unique<Connection::Impl>(Role::kServer, start.transport, *this, ignored);
  if (!impl->start(start, now)) {
    ++counters_.refused;
    return;
  }
  Connection& connection = adopt(std::move(impl));
  ++half_open_;
  ConnectionEvents* events = server_->accept ? server_->accept(connection) : &ignored;
  if (events == nullptr) {
    discard(connection);
    answer(path, refusal(start.initial, NGTCP2_CONNECTION_REFUSED), counters_.refused);
    return;
  }
  connection.impl().set_events(*events);
  ++counters_.accepted;
  route(start.initial.dcid, connection.impl());  // until the client learns our id
  route(start.source_id, connection.impl());
  deliver(connection.impl(), path, datagram, now);
}

Transmit Dispatcher::Impl::send(ByteSpan buffer, Timestamp now) {
  if (!answers_.empty()) {
    const Answer first = std::move(answers_.front());
    answers_.pop_front();
    std::ranges::copy(first.bytes, buffer.begin());
    return {first.bytes.size(), first.bytes.size(), first.path};
  }
  while (!active_.empty()) {
    Connection::Impl* connection = active_.front();
    active_.pop_front();
    connection->is_active = false;
    Transmit out = connection->send(buffer, now);
    if (out) {
      wants_to_send(*connection);  // at the back: connections take turns, burst by burst
      return out;
    }
    if (connection->is_active) continue;  // an event wrote more meanwhile
    if (connection->state == Connection::Impl::State::kGone) {
      discard(*connections_.at(connection));
    } else {
      timers_.set(*connection, connection->next_timeout());
    }
  }
  return {};
}

void Dispatcher::Impl::handle_timeouts(Timestamp now) {
  while (timers_.earliest() <= now) {
    Connection::Impl* connection = timers_.first();
    timers_.remove(*connection);
    connection->handle_timeout(now);
    wants_to_send(*connection);  // send() sets the next deadline, or discards it
  }
}

void Dispatcher::Impl::discard(Connection& connection) {
  Connection::Impl& impl = connection.impl();
  if (impl.role == Role::kServer && !impl.handshake_completed) --half_open_;
  impl.tell_discarded();
  for (const ngtcp2_cid& id : impl.routed_ids) routes_.erase(id);
  for (const auto& token : impl.reset_tokens) resettable_.erase(as_cid(token));
  recent_ = nullptr;
  ++path_changes_;
  timers_.remove(impl);
  if (impl.is_active) std::erase(active_, &impl);
  connections_.erase(&impl);
}

namespace {

// Catches calls from within an event, while a connection is in the middle of something.
class Inside {
 public:
  explicit Inside(bool& flag) : flag_(&flag) {
    assert(!flag && "from within an event");
    flag = true;
  }
  ~Inside() { *flag_ = false; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool* flag_;
};

}  // namespace

Dispatcher::Dispatcher() : impl_(std::make_unique<Impl>()) {}
Dispatcher::~Dispatcher() { assert(!impl_->inside && "from within an event"); }
Status Dispatcher::listen(ServerConfig config) { return impl_->listen(std::move(config)); }
void Dispatcher::stop_listening() { impl_->stop_listening(); }
// NOLINTNEXTLINE(readability-function-size): what a connection is made of, each once
Result<Connection*> Dispatcher::connect(const ClientTls& tls, const TransportConfig& transport,
                                        const Path& path, const SessionTicket& ticket,
                                        ConnectionEvents& events, Timestamp now) {
  return impl_->connect(tls, transport, path, ticket, events, now);
}
void Dispatcher::receive(const Path& path, ByteView datagram, Timestamp now) {
  const Inside inside(impl_->inside);
  impl_->receive(path, datagram, now);
}
Transmit Dispatcher::send(ByteSpan buffer, Timestamp now) {
  const Inside inside(impl_->inside);
  return impl_->send(buffer, now);
}
void Dispatcher::handle_timeouts(Timestamp now) {
  const Inside inside(impl_->inside);
  impl_->handle_timeouts(now);
}
Timestamp Dispatcher::next_timeout() const { return impl_->next_timeout(); }
Timestamp Dispatcher::next_timer() const { return impl_->next_timer(); }
bool Dispatcher::is_used(const Address& local) const { return impl_->is_used(local); }
std::uint64_t Dispatcher::path_changes() const { return impl_->path_changes(); }
void Dispatcher::abandon(Connection& connection) {
  assert(!impl_->inside && "from within an event");
  impl_->discard(connection);
}
DispatcherStatistics Dispatcher::statistics() const { return impl_->statistics(); }

}  // namespace midstream::quic
