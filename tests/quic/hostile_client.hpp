// A client with valid keys that sends whatever frames it is told to.
//
// It completes an honest handshake and then replaces the frames of one 1-RTT packet, before
// encryption, by frames of the test's choosing: what an authenticated attacker can do. Sans-I/O,
// against a Dispatcher in the same thread.
#pragma once

#include <memory>
#include <vector>

#include "core/quic/dispatcher.hpp"
#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {

class HostileClient {
 public:
  // Handshakes with a server that is already listening; `now` moves on as needed.
  HostileClient(Dispatcher& server, const Address& own, Timestamp& now,
                const TransportConfig& transport = {});
  ~HostileClient();

  [[nodiscard]] bool connected() const;

  // Sends one packet whose payload is `frames` (padded as needed), and lets the server answer.
  void send_frames(ByteView frames);

  // Exchanges datagrams for this long.
  void run_for(Duration duration);

  [[nodiscard]] const Recorder& events() const { return events_; }

 private:
  class Native;
  void exchange();

  Dispatcher* server_;
  Path path_;
  Timestamp* now_;
  Recorder events_;
  std::unique_ptr<Native> native_;
  std::vector<std::byte> buffer_;
};

}  // namespace midstream::quic::testing
