// load_targets on anything: no crash, no leak, an answer either way, and always the same one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "targets/loader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream;
  using namespace midstream::targets;
  static const BenchmarkInfo registered[] = {
      {.id = "temporal/dtw/sine/n=100", .has_rate = true},
      {.id = "temporal/plain-dtw/sine/n=100"},
      {.id = "wasm/size/brotli", .dimension = Dimension::kSize, .single_value = true}};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const LoadOutcome outcome = load_targets(text, "fuzz", registered);
  if (!outcome.ok() && outcome.faults.empty()) std::abort();
  const bool has_rows = !outcome.file.components.empty() || !outcome.file.claims.empty();
  if (outcome.ok() && !has_rows) std::abort();
  for (const Fault& fault : outcome.faults) {
    if (fault.message.empty() || fault.line < 0 || fault.column < 0) std::abort();
  }
  return 0;
}
