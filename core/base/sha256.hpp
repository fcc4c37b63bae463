// SHA-256 (FIPS 180-4) by OpenSSL, as 64 lower-case hexadecimal digits.
//
// Complexity: O(n). Threads: pure function.
#pragma once

#include <string>
#include <string_view>

namespace midstream {

std::string sha256_hex(std::string_view bytes);

}  // namespace midstream
