#include "core/quic/version.hpp"

#include <ngtcp2/ngtcp2.h>
#include <openssl/crypto.h>

namespace midstream::quic {

std::string openssl_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

std::string ngtcp2_version() { return ::ngtcp2_version(0)->version_str; }

}  // namespace midstream::quic
