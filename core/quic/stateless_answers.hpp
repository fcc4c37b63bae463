// Internal to core/quic/*.cpp: packets a server answers with before it remembers anything, and the
// secrets that let it recognise them later.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <array>
#include <cstdint>
#include <vector>

#include "core/quic/address.hpp"
#include "core/quic/types.hpp"

namespace midstream::quic {

// Length of the connection ids we issue. Short headers do not carry a length, so it is one size.
// With ten bytes a full datagram of 1452 encrypts 1424, a whole number of AES blocks (there are a
// byte of flags, one of packet number and a tag of 16 beside them; two of packet number once more
// than 128 packets are unacknowledged): a last block in part is 3 % of what a packet costs.
inline constexpr std::size_t kOwnCidSize = 10;
// Header byte, version and two length bytes, two versions of four bytes, and some room.
inline constexpr std::size_t kSmallestVersionNegotiation = 32;

class TokenKeys {
 public:
  TokenKeys();

  // RFC 9000 section 10.3: the token of one of our ids, derived, so nothing need be remembered.
  bool reset_token(const ngtcp2_cid& id, ngtcp2_stateless_reset_token& out) const;

  // A stateless reset shorter than what provoked it (no loops); empty if that was too short.
  [[nodiscard]] std::vector<std::byte> stateless_reset(const ngtcp2_cid& id,
                                                       std::size_t provoked_by) const;

  // RFC 9000 section 8.1.2. `source` becomes the id the client must send to next.
  [[nodiscard]] std::vector<std::byte> retry(const ngtcp2_pkt_hd& initial, const Address& remote,
                                             const ngtcp2_cid& source, Timestamp now) const;

  // RFC 9000 section 8.1.3: for a NEW_TOKEN frame.
  [[nodiscard]] std::vector<std::uint8_t> address_token(const Address& remote, Timestamp now) const;

  enum class Verdict : std::uint8_t { kNone, kRetry, kAddress, kForged };
  // What the Initial's token proves. For kRetry `original` becomes the id before the Retry.
  Verdict verify(const ngtcp2_pkt_hd& initial, const Address& remote, ngtcp2_cid& original,
                 Timestamp now) const;

 private:
  std::array<std::uint8_t, 32> reset_secret_{};
  std::array<std::uint8_t, 32> token_secret_{};
};

// RFC 9000 section 6.1: the versions we speak.
std::vector<std::byte> version_negotiation(const ngtcp2_version_cid& header);

// CONNECTION_CLOSE in an Initial packet, without a connection.
std::vector<std::byte> refusal(const ngtcp2_pkt_hd& initial, std::uint64_t code);

}  // namespace midstream::quic
