// Internal to core/quic/*.cpp: the callbacks ngtcp2 is given.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <cstddef>
#include <cstdint>

#include "core/quic/types.hpp"

namespace midstream::quic {

const ngtcp2_callbacks& callbacks_for(Role role);

// Unpredictable bytes from OpenSSL's generator (RFC 9000 sections 5.1, 8.2.1, 10.3.2 want them).
void random_bytes(std::uint8_t* out, std::size_t size);

}  // namespace midstream::quic
