// Recurring patterns on every kernel, whole and piece by piece, against brute force. Input:
// options, the pieces, then the series; the last option byte adds an offset and chooses the spikes.
#include <algorithm>

#include "core/reference/recurrence_oracles.hpp"
#include "core/temporal/recurring_patterns.hpp"
#include "tests/temporal/differential.hpp"
#include "tests/temporal/fuzz_input.hpp"

namespace {

using namespace midstream;

void check(const std::vector<temporal::Recurrence>& found,
           const std::vector<reference::Recurrence>& expected, const char* what) {
  test::fuzz_require(found.size() == expected.size(), what);
  for (std::size_t k = 0; k < found.size(); ++k) {
    test::fuzz_require(found[k].position == expected[k].position, what);
    test::fuzz_require(found[k].earlier == expected[k].earlier, what);
    test::fuzz_require(test::same_bits(found[k].distance, expected[k].distance), what);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 10 || size > 1024) return 0;
  test::FuzzInput input(data, size);
  temporal::RecurrenceOptions options;
  options.length = 1 + input.below(24);
  options.best = 1 + input.below(8);
  options.separation = 1 + input.below(32);
  options.exclusion = 1 + input.below(32);
  options.history = options.exclusion + 3 * input.below(256);
  if (const std::uint8_t threshold = input.byte(); threshold < 200) {
    options.threshold = threshold / 32.0;
  }
  const std::size_t piece = 1 + input.byte();
  const std::uint8_t shape = input.byte();
  constexpr double kOffsets[] = {0, 1e6, -1e10, 1e145};
  constexpr double kSpikes[] = {3, 1e4, 1e8, 1e100};
  std::vector<double> series = input.walk(900, kSpikes[shape >> 2 & 3]);
  for (double& v : series) v += kOffsets[shape & 3];
  const auto expected = reference::recurring_patterns(
      series, {options.length, options.best, options.separation, options.exclusion, options.history,
               options.threshold});
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    check(temporal::recurring_patterns(series, options).value(), expected, "recurring_patterns");
    auto stream = temporal::RecurrenceStream::create(options);
    for (std::size_t at = 0; at < series.size(); at += piece) {
      const std::size_t count = std::min(piece, series.size() - at);
      test::fuzz_require(stream->push(std::span(series).subspan(at, count)).ok(), "push");
    }
    check(stream->best(), expected, "recurrence stream");
  }
  return 0;
}
