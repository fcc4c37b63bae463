#include "tests/quic/test_peers.hpp"

#include <openssl/evp.h>

#include <array>

namespace midstream::quic::testing {

const Identity& test_identity() {
  static const Identity identity = Identity::self_signed("localhost").value();
  return identity;
}

ServerTls server_tls(EarlyData early_data, Cipher cipher) {
  ServerTlsConfig config;
  config.alpn = {kAlpn};
  config.early_data = early_data;
  config.cipher = cipher;
  return ServerTls::create(test_identity(), config).value();
}

ClientTls client_tls(bool early_data, Cipher cipher) {
  ClientTlsConfig config;
  config.verification = Verification::kPinned;
  config.pins = {test_identity().fingerprint()};
  config.alpn = {kAlpn};
  config.early_data = early_data;
  config.cipher = cipher;
  return ClientTls::create(config).value();
}

std::string sha256(ByteView bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return {digest.begin(), digest.end()};
}

std::vector<std::byte> pattern(StreamId stream, std::uint64_t offset, std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = pattern_byte(stream, offset + i);
  return bytes;
}

void Recorder::on_stream_data(Connection& c, StreamId id, ByteView bytes, bool end) {
  StreamRecord& record = streams[id];
  if (check_pattern) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != pattern_byte(id, record.received + i)) ++wrong_bytes;
    }
  }
  if (record.ended) ++wrong_bytes;  // data after the end
  record.received += bytes.size();
  record.ended = end;
  record.early = record.early || c.is_delivering_early_data();
  if (end) ended_order.push_back(id);
  if (keep_bytes) record.bytes.insert(record.bytes.end(), bytes.begin(), bytes.end());
  if (consume_at_once) {
    c.consume(id, bytes.size());
  } else {
    record.unconsumed += bytes.size();
  }
  if (echo && kind_of(id) == StreamKind::kBidirectional) echo_back(c, id, bytes, end);
}

void Recorder::echo_back(Connection& on, StreamId stream, ByteView bytes, bool end) {
  std::vector<std::byte>& rest = echoes_[stream];
  rest.insert(rest.end(), bytes.begin(), bytes.end());
  if (end) echo_ends_.insert(stream);
  pump(on, stream);
}

void Recorder::send_pattern(Connection& on, StreamId stream, std::uint64_t size) {
  sending_[stream] = {0, size};
  pump(on, stream);
}

void Recorder::pump(Connection& on, StreamId stream) {
  if (const auto echoing = echoes_.find(stream); echoing != echoes_.end()) {
    std::vector<std::byte>& rest = echoing->second;
    const auto taken = on.write(stream, rest);
    if (!taken) return;
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(*taken));
    if (rest.empty() && echo_ends_.contains(stream)) {
      (void)on.finish(stream);
      echoes_.erase(stream);
      echo_ends_.erase(stream);  // another connection's stream may have the same id
    }
    return;
  }
  const auto found = sending_.find(stream);
  if (found == sending_.end()) return;
  Sending& state = found->second;
  while (state.offset < state.size) {
    const std::size_t size =
        static_cast<std::size_t>(std::min<std::uint64_t>(16384, state.size - state.offset));
    const auto taken = on.write(stream, pattern(stream, state.offset, size));
    if (!taken) return;
    state.offset += *taken;
    if (*taken < size) return;
  }
  (void)on.finish(stream);
  sending_.erase(found);
}

Pair::Pair(std::uint64_t seed, LinkConfig to_server, LinkConfig to_client,
           std::function<void(ServerConfig&)> adjust)
    : net(seed, to_server, to_client) {
  ServerConfig config{server_tls()};
  if (adjust) adjust(config);
  if (!config.accept) config.accept = [this](Connection&) { return &server_events; };
  EXPECT_TRUE(net.server().listen(std::move(config)).ok());
}

Connection* Pair::connect(const TransportConfig& transport, const ClientTls& tls,
                          const SessionTicket& ticket) {
  return net.client()
      .connect(tls, transport, net.client_path(), ticket, client_events, net.now())
      .value();
}

Connection* Pair::establish(const TransportConfig& transport, const ClientTls& tls,
                            const SessionTicket& ticket) {
  Connection* connection = connect(transport, tls, ticket);
  const int confirmed = client_events.confirmed;
  EXPECT_TRUE(net.run([&] { return client_events.confirmed > confirmed; }, 30 * kSecond));
  return connection;
}

}  // namespace midstream::quic::testing
