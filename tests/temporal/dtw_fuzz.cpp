// DTW in every form on every kernel against the oracle. Input: a byte of flags, the band, the
// cutoff, the length of x in eighths of the samples, then the samples: small integers (ties) or
// raw doubles (NaN, infinities, denormals).
#include <cstring>

#include "tests/temporal/differential.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using midstream::test::DtwCase;
  if (size < 5 || size > 2048) return 0;
  const bool raw = (data[0] & 1) != 0;
  DtwCase c;
  c.with_path = (data[0] & 2) != 0;
  c.band = (data[0] & 4) != 0 ? data[1] : midstream::temporal::kNoBand;
  c.cutoff_factor = data[2] / 128.0;
  std::vector<double> samples;
  if (raw) {
    for (std::size_t i = 4; i + 8 <= size; i += 8) {
      double sample;
      std::memcpy(&sample, data + i, sizeof sample);
      samples.push_back(sample);
    }
  } else {
    for (std::size_t i = 4; i < size; ++i) samples.push_back(static_cast<std::int8_t>(data[i]));
  }
  const std::size_t n = samples.size() * data[3] / 256;
  c.x.assign(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(n));
  c.y.assign(samples.begin() + static_cast<std::ptrdiff_t>(n), samples.end());
  midstream::test::check_dtw(c);
  if (raw) {
    // The same bytes as floats of their own: every magnitude that single precision has.
    samples.clear();
    for (std::size_t i = 4; i + 4 <= size; i += 4) {
      float sample;
      std::memcpy(&sample, data + i, sizeof sample);
      samples.push_back(sample);
    }
    const std::size_t half = samples.size() * data[3] / 256;
    c.x.assign(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(half));
    c.y.assign(samples.begin() + static_cast<std::ptrdiff_t>(half), samples.end());
  }
  if (is_valid(c)) {
    midstream::test::check_dtw_f32({c.x.begin(), c.x.end()}, {c.y.begin(), c.y.end()}, c.band);
  }
  return 0;
}
