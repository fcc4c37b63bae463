// A certificate with its private key, and the fingerprint by which a client can pin it.
//
// Made in memory (self-signed ECDSA P-256, for tests and benchmarks) or read from PEM text.
//
// Threads: immutable after construction; copies share the key.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::quic {

// SHA-256 of a certificate's DER encoding. It names one exact certificate.
using Fingerprint = std::array<std::byte, 32>;

class Identity {
 public:
  // A fresh P-256 key and a certificate for `name` (common name and subject alternative name),
  // signed with that key, valid from a minute ago for 30 days. Errors: kInternal.
  static Result<Identity> self_signed(std::string_view name);

  // The first certificate of `certificate_pem` (the rest are its chain) and its key.
  // Errors: kParse; kInvalidArgument if the key is not the certificate's.
  static Result<Identity> from_pem(std::string_view certificate_pem, std::string_view key_pem);

  [[nodiscard]] const Fingerprint& fingerprint() const;

  // As PEM text, for another TLS stack. The key is not encrypted: keep it secret.
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;

  struct Native;  // OpenSSL's objects, for this component's own files
  [[nodiscard]] const Native& native() const { return *native_; }

 private:
  explicit Identity(std::shared_ptr<const Native> native) : native_(std::move(native)) {}
  std::shared_ptr<const Native> native_;
};

}  // namespace midstream::quic
