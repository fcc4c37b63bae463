// Any bytes: either one clean line of error, or Results that survive another round trip.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/measure/results_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream::measure;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = results_from_json(text, "fuzz");
  if (!read.ok()) {
    const std::string& message = read.error().message;
    if (message.find('\n') != std::string::npos || message.empty()) std::abort();
    return 0;
  }
  const std::string written = results_to_json(*read);
  const auto again = results_from_json(written, "fuzz");
  if (!again.ok() || results_to_json(*again) != written) std::abort();
  return 0;
}
