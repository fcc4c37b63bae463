#include "core/quic/stateless_answers.hpp"

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>

#include "core/quic/connection_callbacks.hpp"

namespace midstream::quic {
namespace {

// A Retry is answered within a round trip; a token for the next connection lasts longer.
constexpr Duration kRetryLifetime = 10 * kSecond;
constexpr Duration kAddressTokenLifetime = Duration{24} * 3600 * kSecond;

std::uint8_t* as_u8(std::vector<std::byte>& bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

std::vector<std::byte> shrunk(std::vector<std::byte> bytes, ngtcp2_ssize size) {
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

}  // namespace

TokenKeys::TokenKeys() {
  random_bytes(reset_secret_.data(), reset_secret_.size());
  random_bytes(token_secret_.data(), token_secret_.size());
}

bool TokenKeys::reset_token(const ngtcp2_cid& id, ngtcp2_stateless_reset_token& out) const {
  return ngtcp2_crypto_generate_stateless_reset_token(out.data, reset_secret_.data(),
                                                      reset_secret_.size(), &id) == 0;
}

std::vector<std::byte> TokenKeys::stateless_reset(const ngtcp2_cid& id,
                                                  std::size_t provoked_by) const {
  constexpr std::size_t kSmallest =
      NGTCP2_MIN_STATELESS_RESET_RANDLEN + NGTCP2_STATELESS_RESET_TOKENLEN;
  constexpr std::size_t kUsual = 42;  // as long as a small packet: not to be told apart from one
  ngtcp2_stateless_reset_token token;
  if (provoked_by <= kSmallest || !reset_token(id, token)) return {};
  const std::size_t size = std::min(kUsual, provoked_by - 1);
  std::array<std::uint8_t, kUsual> noise{};
  random_bytes(noise.data(), noise.size());
  std::vector<std::byte> packet(size);
  const ngtcp2_ssize written = ngtcp2_pkt_write_stateless_reset2(
      as_u8(packet), packet.size(), &token, noise.data(), size - NGTCP2_STATELESS_RESET_TOKENLEN);
  return shrunk(std::move(packet), written);
}

std::vector<std::byte> TokenKeys::retry(const ngtcp2_pkt_hd& initial, const Address& remote,
                                        const ngtcp2_cid& source, Timestamp now) const {
  std::array<std::uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2> token{};
  const ngtcp2_ssize size = ngtcp2_crypto_generate_retry_token2(
      token.data(), token_secret_.data(), token_secret_.size(), initial.version, remote.data(),
      remote.size(), &source, &initial.dcid, now);
  if (size < 0) return {};
  std::vector<std::byte> packet(256);
  const ngtcp2_ssize written = ngtcp2_crypto_write_retry(
      as_u8(packet), packet.size(), initial.version, &initial.scid, &source, &initial.dcid,
      token.data(), static_cast<std::size_t>(size));
  return shrunk(std::move(packet), written);
}

std::vector<std::uint8_t> TokenKeys::address_token(const Address& remote, Timestamp now) const {
  std::vector<std::uint8_t> token(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN);
  const ngtcp2_ssize size = ngtcp2_crypto_generate_regular_token(
      token.data(), token_secret_.data(), token_secret_.size(), remote.data(), remote.size(), now);
  token.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return token;
}

TokenKeys::Verdict TokenKeys::verify(const ngtcp2_pkt_hd& initial, const Address& remote,
                                     ngtcp2_cid& original, Timestamp now) const {
  if (initial.tokenlen == 0) return Verdict::kNone;
  if (initial.token[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2) {
    const int error = ngtcp2_crypto_verify_retry_token2(
        &original, initial.token, initial.tokenlen, token_secret_.data(), token_secret_.size(),
        initial.version, remote.data(), remote.size(), &initial.dcid, kRetryLifetime, now);
    if (error == 0) return Verdict::kRetry;
    // Unreadable may be another server's; readable and wrong is a client that moved or lies.
    return error == NGTCP2_CRYPTO_ERR_VERIFY_TOKEN ? Verdict::kForged : Verdict::kNone;
  }
  const int error = ngtcp2_crypto_verify_regular_token(
      initial.token, initial.tokenlen, token_secret_.data(), token_secret_.size(), remote.data(),
      remote.size(), kAddressTokenLifetime, now);
  return error == 0 ? Verdict::kAddress : Verdict::kNone;
}

std::vector<std::byte> version_negotiation(const ngtcp2_version_cid& header) {
  static constexpr std::array<std::uint32_t, 2> kVersions{NGTCP2_PROTO_VER_V1, NGTCP2_PROTO_VER_V2};
  std::uint8_t unused = 0;
  random_bytes(&unused, 1);
  std::vector<std::byte> packet(kSmallestVersionNegotiation + header.dcidlen + header.scidlen);
  const ngtcp2_ssize written = ngtcp2_pkt_write_version_negotiation(
      as_u8(packet), packet.size(), unused, header.scid, header.scidlen, header.dcid,
      header.dcidlen, kVersions.data(), kVersions.size());
  return shrunk(std::move(packet), written);
}

std::vector<std::byte> refusal(const ngtcp2_pkt_hd& initial, std::uint64_t code) {
  std::vector<std::byte> packet(256);
  const ngtcp2_ssize written =
      ngtcp2_crypto_write_connection_close(as_u8(packet), packet.size(), initial.version,
                                           &initial.scid, &initial.dcid, code, nullptr, 0);
  return shrunk(std::move(packet), written);
}

}  // namespace midstream::quic
