// Any frames under valid keys: the input is the payload of 1-RTT packets after an honest
// handshake, split at 0xff 0xff (no frame type begins so) into packets.
#include <cstdint>
#include <cstdlib>

#include "tests/quic/hostile_client.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream::quic;           // NOLINT(google-build-using-namespace)
  using namespace midstream::quic::testing;  // NOLINT(google-build-using-namespace)
  static const ServerTls context = server_tls();
  Recorder events;
  events.echo = true;
  Dispatcher server;
  ServerConfig config{context};
  config.transport.max_memory = 4 << 20;
  config.transport.max_datagram_frame = 1200;
  config.accept = [&](Connection&) { return &events; };
  if (!server.listen(std::move(config))) std::abort();
  Timestamp now = kSecond;
  HostileClient client(server, Simulation::client_address(), now);
  if (!client.connected()) std::abort();
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= size; ++i) {
    const bool split = i == size || (i + 1 < size && data[i] == 0xff && data[i + 1] == 0xff);
    if (!split) continue;
    if (i > begin) client.send_frames(as_view({data + begin, i - begin}));
    begin = i + 2;
    if (!client.connected()) break;
  }
  if (events.connection != nullptr && events.connection->statistics().memory > (4 << 20) + 4096) {
    std::abort();
  }
  return 0;
}
