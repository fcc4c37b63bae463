// Any datagrams, in any order, to a listening dispatcher and to a client in its handshake.
//
// Input: records of one byte (bit 0: to the client instead of the server; bits 1-3: sender's
// port; bit 4: time passes first), two bytes of length (big-endian), and that many bytes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "tests/quic/test_peers.hpp"

namespace {

using namespace midstream::quic;           // NOLINT(google-build-using-namespace)
using namespace midstream::quic::testing;  // NOLINT(google-build-using-namespace)

void drain(Dispatcher& end, std::vector<std::byte>& buffer, Timestamp now) {
  for (int i = 0; i < 1000; ++i) {
    if (!end.send(buffer, now)) return;
  }
  std::abort();  // something answers for ever
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ServerTls server_context = server_tls();
  static const ClientTls client_context = client_tls();
  Recorder events;
  Dispatcher server;
  Dispatcher client;
  Timestamp now = kSecond;
  ServerConfig config{server_context};
  config.max_half_open = 8;
  config.retry_above = 4;
  config.accept = [&](Connection&) { return &events; };
  if (!server.listen(std::move(config))) std::abort();
  const Address client_address = Simulation::client_address();
  (void)client.connect(client_context, {}, {client_address, Simulation::server_address()}, {},
                       events, now);
  std::vector<std::byte> buffer(1 << 16);
  drain(client, buffer, now);
  const auto bytes = as_view({data, size});
  std::size_t at = 0;
  while (at + 3 <= size) {
    const std::uint8_t flags = data[at];
    const std::size_t length = std::min<std::size_t>(
        static_cast<std::size_t>(data[at + 1]) << 8 | data[at + 2], size - at - 3);
    const ByteView datagram = bytes.subspan(at + 3, length);
    at += 3 + length;
    const Address peer =
        Simulation::client_address(static_cast<std::uint16_t>(1000 + ((flags >> 1) & 7)));
    Dispatcher& end = (flags & 1) != 0 ? client : server;
    if ((flags & 16) != 0) {
      now += 100 * kMillisecond;
      end.handle_timeouts(now);
    }
    if ((flags & 1) != 0) {
      end.receive({client_address, Simulation::server_address()}, datagram, now);
    } else {
      end.receive({Simulation::server_address(), peer}, datagram, now);
    }
    drain(end, buffer, now);
    if (server.statistics().half_open > 8) std::abort();
  }
  return 0;
}
