// TLS 1.3 settings of a client and of a server (RFC 9001), and what a client keeps to resume.
//
// A client verifies the server unless it is told not to, explicitly; what it was told is kept, so
// that a caller can warn (core never prints). Both ends insist on ALPN (RFC 9001 section 8.1).
//
// Early data (0-RTT, RFC 9001 section 9.2) can be replayed by whoever recorded it. The rule here:
// * a client sends early data only if ClientTls::early_data is set and it resumes a session;
//   whatever it writes before the handshake completes may be processed twice, so it must be
//   idempotent;
// * a server refuses early data unless EarlyData::kSingleUse (every session resumes once, kept
//   in this process's memory, so a replay is refused) or kReplayable (stateless tickets: replays
//   are possible, for idempotent services only) is chosen;
// * a server's application learns of each piece of stream data whether it came early.
//
// Threads: contexts are immutable after create() and may be shared between threads.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/quic/identity.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic {

enum class Verification : std::uint8_t {
  kSystemStore,  // chain to the system's trusted roots, and the name
  kPinned,       // one of the pinned fingerprints, exactly; name and dates are not looked at
  kInsecure,     // any certificate: warnings() says so
};

struct ClientTlsConfig {
  Verification verification = Verification::kSystemStore;
  std::vector<Fingerprint> pins;  // for kPinned; at least one
  std::string server_name = "localhost";
  std::vector<std::string> alpn;  // offered, best first; at least one
  Cipher cipher = Cipher::kAes128Gcm;
  bool early_data = false;
};

enum class EarlyData : std::uint8_t { kRefuse, kSingleUse, kReplayable };

struct ServerTlsConfig {
  std::vector<std::string> alpn;  // accepted, best first; at least one
  Cipher cipher = Cipher::kAes128Gcm;
  EarlyData early_data = EarlyData::kRefuse;
};

// What a finished connection leaves for the next one: the TLS session, the server's transport
// parameters (RFC 9000 section 7.4.1) and, if it sent one, its address validation token
// (section 8.1.3). Opaque; keep it secret.
//
// A resumed handshake shows no certificate, so a session is only worth the verification it began
// with: a ticket is used by a client with the same verification, pins (in any order) and server
// name, and one that offers the protocol the session spoke. For any other client the connection is
// made as if there were no ticket, with a full handshake; that is no error.
class SessionTicket {
 public:
  struct Native;
  SessionTicket() = default;
  explicit SessionTicket(std::shared_ptr<const Native> native) : native_(std::move(native)) {}
  [[nodiscard]] bool empty() const { return native_ == nullptr; }
  [[nodiscard]] bool allows_early_data() const;
  [[nodiscard]] const Native* native() const { return native_.get(); }

 private:
  std::shared_ptr<const Native> native_;
};

class ClientTls {
 public:
  // Errors: kInvalidArgument without ALPN or without pins; kUnavailable if OpenSSL refuses the
  // cipher or the system store cannot be read.
  static Result<ClientTls> create(const ClientTlsConfig& config);

  // Sentences a caller must show to people: "the server's certificate is not verified …".
  [[nodiscard]] const std::vector<std::string>& warnings() const;

  struct Native;
  [[nodiscard]] const Native& native() const { return *native_; }

 private:
  explicit ClientTls(std::shared_ptr<const Native> native) : native_(std::move(native)) {}
  std::shared_ptr<const Native> native_;
};

class ServerTls {
 public:
  // Errors: kInvalidArgument without ALPN; kUnavailable if OpenSSL refuses the cipher or key.
  static Result<ServerTls> create(const Identity& identity, const ServerTlsConfig& config);

  // Says so when early data may be replayed.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

  struct Native;
  [[nodiscard]] const Native& native() const { return *native_; }

 private:
  explicit ServerTls(std::shared_ptr<const Native> native) : native_(std::move(native)) {}
  std::shared_ptr<const Native> native_;
};

}  // namespace midstream::quic
