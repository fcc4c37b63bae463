// Any bytes: verify_scorecard answers or refuses, and never falls over.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "reports/report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto result = midstream::reports::verify_scorecard(text, "fuzz");
  if (!result.ok() && result.error().message.empty()) std::abort();
  return 0;
}
