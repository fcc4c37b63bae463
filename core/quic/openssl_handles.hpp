// Internal to core/quic/*.cpp: owning handles for OpenSSL's objects and its error queue as text.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/quic/identity.hpp"

namespace midstream::quic {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>>;

struct Identity::Native {
  CertificatePtr certificate;
  std::vector<CertificatePtr> chain;
  KeyPtr key;
  Fingerprint fingerprint{};
};

// Takes the oldest entry of this thread's OpenSSL error queue and clears the rest.
inline Error openssl_error(ErrorCode code, const std::string& what) {
  const unsigned long number = ERR_get_error();
  ERR_clear_error();
  if (number == 0) return {code, what};
  std::array<char, 256> text{};
  ERR_error_string_n(number, text.data(), text.size());
  return {code, what + ": " + text.data()};
}

}  // namespace midstream::quic
