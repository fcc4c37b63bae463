// Versions of the libraries under the QUIC stack, as they are at run time.
//
// Threads: pure functions.
#pragma once

#include <string>

namespace midstream::quic {

std::string openssl_version();
std::string ngtcp2_version();

}  // namespace midstream::quic
