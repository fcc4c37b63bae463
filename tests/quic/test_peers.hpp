// Applications for tests: an identity, settings for both ends, and events that record what they
// hear. Every stream carries a pattern derived from its id, so each byte can be checked in place.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/quic/dispatcher.hpp"
#include "tests/quic/link_simulator.hpp"

namespace midstream::quic::testing {

inline constexpr const char* kAlpn = "midstream-test";

const Identity& test_identity();
ServerTls server_tls(EarlyData early_data = EarlyData::kRefuse, Cipher cipher = Cipher::kAes128Gcm);
ClientTls client_tls(bool early_data = false, Cipher cipher = Cipher::kAes128Gcm);
std::string sha256(ByteView bytes);

// The byte at an offset of a stream: a mix, so that swapped or shifted pieces show.
inline std::byte pattern_byte(StreamId stream, std::uint64_t offset) {
  std::uint64_t word = (static_cast<std::uint64_t>(stream) << 40) ^ (offset >> 3);
  word = splitmix64(word);
  return static_cast<std::byte>(word >> (8 * (offset & 7)));
}
std::vector<std::byte> pattern(StreamId stream, std::uint64_t offset, std::size_t size);

// Records events; checks patterns; gives flow-control credit back at once unless told not to.
class Recorder : public ConnectionEvents {
 public:
  struct StreamRecord {
    std::uint64_t received = 0;
    bool ended = false;
    bool closed = false;
    bool early = false;
    std::optional<std::uint64_t> reset_code, stop_code;
    std::vector<std::byte> bytes;  // if keep_bytes
    std::uint64_t unconsumed = 0;
  };

  // Behaviour.
  bool check_pattern = false;
  bool keep_bytes = false;
  bool echo = false;  // writes back what it reads on bidirectional streams
  bool consume_at_once = true;

  // What was heard.
  Connection* connection = nullptr;
  std::map<StreamId, StreamRecord> streams;
  std::vector<StreamId> opened;
  std::vector<std::vector<std::byte>> datagrams;
  std::vector<SessionTicket> tickets;
  std::vector<StreamId> ended_order;
  std::optional<CloseReason> closed;
  std::uint64_t wrong_bytes = 0;
  int completed = 0, confirmed = 0, discarded = 0, early_rejected = 0, writable = 0,
      path_changes = 0;

  // Keeps writing `size` pattern bytes to a stream, as room allows, and finishes it.
  void send_pattern(Connection& on, StreamId stream, std::uint64_t size);
  [[nodiscard]] std::size_t ended() const { return ended_order.size(); }

  void on_handshake_completed(Connection& c) override {
    connection = &c;
    ++completed;
  }
  void on_handshake_confirmed(Connection&) override { ++confirmed; }
  void on_early_data_rejected(Connection&) override { ++early_rejected; }
  void on_stream_opened(Connection&, StreamId id) override { opened.push_back(id); }
  void on_stream_data(Connection& c, StreamId id, ByteView bytes, bool end) override;
  void on_stream_reset(Connection&, StreamId id, std::uint64_t code) override {
    streams[id].reset_code = code;
  }
  void on_stop_sending(Connection&, StreamId id, std::uint64_t code) override {
    streams[id].stop_code = code;
  }
  void on_stream_writable(Connection& c, StreamId id) override {
    ++writable;
    pump(c, id);
  }
  void on_stream_closed(Connection&, StreamId id) override { streams[id].closed = true; }
  void on_datagram(Connection&, ByteView bytes) override {
    datagrams.emplace_back(bytes.begin(), bytes.end());
  }
  void on_session_ticket(Connection&, const SessionTicket& t) override { tickets.push_back(t); }
  void on_path_changed(Connection&, const Path&, bool valid) override { path_changes += valid; }
  void on_closed(Connection&, const CloseReason& reason) override { closed = reason; }
  void on_discarded(Connection&) override {
    ++discarded;
    connection = nullptr;
  }

 private:
  struct Sending {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  void pump(Connection& on, StreamId stream);
  void echo_back(Connection& on, StreamId stream, ByteView bytes, bool end);

  std::map<StreamId, Sending> sending_;
  std::map<StreamId, std::vector<std::byte>> echoes_;
  std::set<StreamId> echo_ends_;
};

// A simulation with one listening server whose connections all share `server_events`.
struct Pair {
  explicit Pair(std::uint64_t seed = 1, LinkConfig to_server = {}, LinkConfig to_client = {},
                std::function<void(ServerConfig&)> adjust = {});

  Connection* connect(const TransportConfig& transport = {}, const ClientTls& tls = client_tls(),
                      const SessionTicket& ticket = {});
  // connect(), and runs until both ends are confirmed.
  Connection* establish(const TransportConfig& transport = {}, const ClientTls& tls = client_tls(),
                        const SessionTicket& ticket = {});

  Recorder client_events, server_events;  // outlive the connections
  Simulation net;
};

}  // namespace midstream::quic::testing
