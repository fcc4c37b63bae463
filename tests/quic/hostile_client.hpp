// Peers with valid keys that send whatever frames they are told to.
//
// They complete an honest handshake and then replace the frames of one 1-RTT packet, before
// encryption, by frames of the test's choosing: what an authenticated attacker can do. Sans-I/O,
// against a Dispatcher in the same thread.
#pragma once

#include <memory>
#include <vector>

#include "core/quic/dispatcher.hpp"
#include "tests/quic/test_peers.hpp"

namespace midstream::quic::testing {

class HostilePeer {
 public:
  HostilePeer(const HostilePeer&) = delete;
  HostilePeer& operator=(const HostilePeer&) = delete;

  [[nodiscard]] bool connected() const;

  // Sends one packet whose payload is `frames` (padded as needed), and lets the other end answer.
  void send_frames(ByteView frames);

  // Exchanges datagrams for this long; `now` moves on.
  void run_for(Duration duration);

  [[nodiscard]] const Recorder& events() const { return events_; }

 protected:
  HostilePeer(Dispatcher& honest, const Path& path, Timestamp& now, Role role,
              const TransportConfig& transport);
  ~HostilePeer();

  class Native;
  void exchange();

  Dispatcher* honest_;
  Path path_;
  Timestamp* now_;
  Recorder events_;
  std::unique_ptr<Native> native_;
  std::vector<std::byte> buffer_;
};

// Handshakes with a server that is already listening.
class HostileClient : public HostilePeer {
 public:
  HostileClient(Dispatcher& server, const Address& own, Timestamp& now,
                const TransportConfig& transport = {});
};

// Answers a client that has just been told to connect to Simulation::server_address().
class HostileServer : public HostilePeer {
 public:
  HostileServer(Dispatcher& client, Timestamp& now, const TransportConfig& transport = {});
};

}  // namespace midstream::quic::testing
