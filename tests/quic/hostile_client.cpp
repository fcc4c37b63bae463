#include "tests/quic/hostile_client.hpp"

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>

#include "core/quic/connection_callbacks.hpp"
#include "core/quic/connection_impl.hpp"
#include "core/quic/stateless_answers.hpp"

namespace midstream::quic::testing {
namespace {

// The encrypt callback has no user data of ours; tests are single-threaded.
thread_local const std::vector<std::uint8_t>* frames_to_send = nullptr;
thread_local bool frames_sent = false;

int tampering_encrypt(std::uint8_t* out, const ngtcp2_crypto_aead* aead,
                      const ngtcp2_crypto_aead_ctx* context, const std::uint8_t* plaintext,
                      std::size_t size, const std::uint8_t* nonce, std::size_t nonce_size,
                      const std::uint8_t* header, std::size_t header_size) {
  const bool short_header = header_size > 0 && (header[0] & 0x80) == 0;
  if (frames_to_send == nullptr || !short_header || frames_sent || size < frames_to_send->size()) {
    return ngtcp2_crypto_encrypt_cb(out, aead, context, plaintext, size, nonce, nonce_size, header,
                                    header_size);
  }
  frames_sent = true;
  std::vector<std::uint8_t> payload(size, 0);  // zeros are PADDING frames
  std::ranges::copy(*frames_to_send, payload.begin());
  return ngtcp2_crypto_encrypt_cb(out, aead, context, payload.data(), size, nonce, nonce_size,
                                  header, header_size);
}

}  // namespace

class HostilePeer::Native : public ConnectionHost {
 public:
  Native(Role role, const TransportConfig& transport, ConnectionEvents& events)
      : callbacks(callbacks_for(role)),
        impl(std::make_unique<Connection::Impl>(role, transport, *this, events)) {
    callbacks.encrypt = tampering_encrypt;
  }

  template <class Start>
  Status start(Start& start, Timestamp now) {
    start.callbacks = &callbacks;
    start.source_id.datalen = kOwnCidSize;
    random_bytes(start.source_id.data, kOwnCidSize);
    auto* raw = impl.get();
    const Status started = raw->start(start, now);
    connection = std::make_unique<Connection>(std::move(impl));
    return started;
  }

  bool issue_connection_id(Connection::Impl&, std::size_t size, ngtcp2_cid& id,
                           ngtcp2_stateless_reset_token& token) override {
    id.datalen = size;
    random_bytes(id.data, size);
    random_bytes(token.data, sizeof token.data);
    return true;
  }
  void retire_connection_id(const ngtcp2_cid&) override {}
  void expect_reset_token(Connection::Impl&, const ngtcp2_stateless_reset_token&, bool) override {}
  void wants_to_send(Connection::Impl&) override {}
  void handshake_completed(Connection::Impl&) override {}
  void path_settled(Connection::Impl&) override {}
  std::vector<std::uint8_t> make_address_token(const Address&, Timestamp) override { return {}; }

  ngtcp2_callbacks callbacks;
  std::unique_ptr<Connection::Impl> impl;
  std::unique_ptr<Connection> connection;
};

HostilePeer::HostilePeer(Dispatcher& honest, const Path& path, Timestamp& now, Role role,
                         const TransportConfig& transport)
    : honest_(&honest),
      path_(path),
      now_(&now),
      native_(std::make_unique<Native>(role, transport, events_)),
      buffer_(1 << 16) {}

HostilePeer::~HostilePeer() = default;

HostileClient::HostileClient(Dispatcher& server, const Address& own, Timestamp& now,
                             const TransportConfig& transport)
    : HostilePeer(server, {own, Simulation::server_address()}, now, Role::kClient, transport) {
  ClientStart start{client_tls(), transport, path_, {}, {}, nullptr};
  if (native_->start(start, now).ok()) run_for(100 * kMillisecond);
}

HostileServer::HostileServer(Dispatcher& client, Timestamp& now, const TransportConfig& transport)
    : HostilePeer(client, {Simulation::server_address(), Simulation::client_address()}, now,
                  Role::kServer, transport) {
  const Transmit first = client.send(buffer_, now);
  const std::vector<std::byte> datagram(
      buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(first.segment));
  ServerStart start{server_tls(), transport, path_};
  if (ngtcp2_accept(&start.initial, reinterpret_cast<const std::uint8_t*>(datagram.data()),
                    datagram.size()) != 0) {
    return;
  }
  start.original_id = start.initial.dcid;
  random_bytes(start.reset_token.data, sizeof start.reset_token.data);
  if (!native_->start(start, now).ok()) return;
  native_->connection->receive(path_, datagram, now);
  run_for(100 * kMillisecond);
}

bool HostilePeer::connected() const { return events_.confirmed > 0 && !events_.closed.has_value(); }

void HostilePeer::exchange() {
  const Path at_honest{path_.remote, path_.local};
  for (int round = 0; round < 20; ++round) {
    bool moved = false;
    while (const Transmit out = native_->connection->send(buffer_, *now_)) {
      moved = true;
      for (std::size_t offset = 0; offset < out.bytes; offset += out.segment) {
        const std::size_t size = std::min(out.segment, out.bytes - offset);
        honest_->receive(at_honest, ByteView(buffer_).subspan(offset, size), *now_);
      }
    }
    while (const Transmit out = honest_->send(buffer_, *now_)) {
      moved = true;
      for (std::size_t offset = 0; offset < out.bytes; offset += out.segment) {
        const std::size_t size = std::min(out.segment, out.bytes - offset);
        if (out.path.remote == path_.local) {
          native_->connection->receive(path_, ByteView(buffer_).subspan(offset, size), *now_);
        }
      }
    }
    if (!moved) return;
  }
}

void HostilePeer::run_for(Duration duration) {
  const Timestamp end = *now_ + duration;
  while (*now_ < end) {
    exchange();
    *now_ += kMillisecond;
    native_->connection->handle_timeout(*now_);
    honest_->handle_timeouts(*now_);
  }
}

void HostilePeer::send_frames(ByteView frames) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(frames.data());
  const std::vector<std::uint8_t> payload(bytes, bytes + frames.size());
  // A full packet of stream data is the vehicle; its frames are replaced.
  const Result<StreamId> stream = native_->connection->open_stream(StreamKind::kBidirectional);
  if (!stream) return;
  (void)native_->connection->write(*stream, std::vector<std::byte>(4000));
  frames_sent = false;
  frames_to_send = &payload;
  run_for(20 * kMillisecond);
  frames_to_send = nullptr;
}

}  // namespace midstream::quic::testing
