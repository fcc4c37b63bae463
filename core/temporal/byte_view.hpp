// Text as the bytes that the comparisons of sequences take. Internal.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace midstream::temporal {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace midstream::temporal
