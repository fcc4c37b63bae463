// Euclidean distance on every kernel against the oracle, to the bit; NaN and unequal lengths are
// errors. Input: flags, then the samples: any bit patterns, or small integers.
#include <cmath>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/euclidean.hpp"
#include "tests/temporal/differential.hpp"
#include "tests/temporal/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace midstream;
  if (size < 1 || size > 8192) return 0;
  test::FuzzInput input(data, size);
  const std::uint8_t flags = input.byte();
  const std::vector<double> samples =
      (flags & 1) != 0 ? input.raw<double>(1024) : input.walk(8192, HUGE_VAL);
  const std::size_t half = samples.size() / 2;
  const std::vector<double> x(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(half));
  // One more sample than x has, where the count is odd and the flag says so.
  const std::size_t m = (flags & 2) != 0 ? samples.size() - half : half;
  const std::vector<double> y(samples.begin() + static_cast<std::ptrdiff_t>(half),
                              samples.begin() + static_cast<std::ptrdiff_t>(half + m));
  bool valid = x.size() == y.size();
  for (const double v : samples) valid = valid && !std::isnan(v);
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    const auto distance = temporal::euclidean_distance(x, y);
    if (x.size() != y.size() || valid) {
      test::fuzz_require(distance.ok() == valid, "euclidean validity");
    }
    if (valid) {
      test::fuzz_require(test::same_bits(*distance, reference::euclidean_distance(x, y)),
                         "euclidean distance");
    }
  }
  return 0;
}
