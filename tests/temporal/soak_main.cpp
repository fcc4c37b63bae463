// Random pairs against the oracle on every kernel, as many as asked for: the fuzz targets' checks
// without a fuzzer, for long campaigns by hand.
//
//   temporal_soak [PAIRS [SEED]]      default 100000 pairs
//
// Most pairs are short, so that many shapes are tried. One in eight is long and thin: one sequence
// around the borders of strips of 64 rows, up to six of them, the other short, so that what joins
// strips is tried often and cheaply. One in 512 is up to 400 long and one in 65536 up to 3000.
#include <chrono>

#include "core/base/random.hpp"
#include "tests/temporal/differential.hpp"
#include "tests/temporal/sequences.hpp"

namespace midstream {
namespace {

struct Lengths {
  std::size_t n;
  std::size_t m;
};

Lengths random_lengths(Random& random, std::uint64_t pair) {
  const auto up_to = [&](std::size_t most) { return 1 + random.below(most); };
  if (pair % 65536 == 0) return {up_to(3000), up_to(3000)};
  if (pair % 512 == 0) return {up_to(400), up_to(400)};
  if (pair % 8 == 3) {
    constexpr std::size_t kStrip = 64;
    const std::size_t tall = kStrip * (1 + random.below(6)) - 4 + random.below(9);
    const std::size_t thin = up_to(20);
    return random.below(2) == 0 ? Lengths{tall, thin} : Lengths{thin, tall};
  }
  const std::size_t most = pair % 4 == 0 ? 40 : 12;
  const std::size_t n = up_to(most);
  return {n, random.below(2) == 0 ? n + random.below(4) : up_to(most)};
}

void one_dtw_pair(Random& random, std::uint64_t pair) {
  test::DtwCase c;
  const auto [n, m] = random_lengths(random, pair);
  const std::uint64_t kind = random.below(4);
  const auto sample = [&] {
    if (kind == 0) return static_cast<double>(random.below(4));
    if (kind == 1) return random.normal();
    if (kind == 2)
      return random.normal() * std::pow(10, static_cast<double>(random.below(300)) - 150);
    constexpr double kOdd[] = {0.0,
                               -0.0,
                               1.0,
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::max(),
                               std::numeric_limits<double>::denorm_min()};
    return random.below(8) == 0 ? kOdd[random.below(7)] : random.uniform();
  };
  for (std::size_t i = 0; i < n; ++i) c.x.push_back(sample());
  for (std::size_t j = 0; j < m; ++j) c.y.push_back(sample());
  if (random.below(2) == 0) {
    const std::size_t gap = n > m ? n - m : m - n;
    c.band = static_cast<int>(gap + random.below(random.below(4) == 0 ? n + m : 12));
  }
  c.cutoff_factor = random.uniform(0, 1.5);
  c.with_path = pair % 4 == 1 || pair % 32 == 3;
  test::check_dtw(c);
  if (kind == 1 && pair % 8 == 0) {
    test::check_dtw_f32({c.x.begin(), c.x.end()}, {c.y.begin(), c.y.end()}, c.band);
  }
}

void one_edit_pair(Random& random, std::uint64_t pair) {
  constexpr std::size_t kAlphabets[] = {2, 4, 26, 256};
  const std::size_t alphabet = kAlphabets[random.below(4)];
  const auto [n, m] = random_lengths(random, pair);
  const std::string a = test::random_string(random, n - 1, alphabet);
  const std::string b = random.below(2) == 0 ? test::random_string(random, m - 1, alphabet)
                                             : test::edited(random, a, random.below(8), alphabet);
  test::check_edits(a, b, random.below(a.size() + b.size() + 1), pair % 8 == 0 || pair % 32 == 3);
}

int run(std::uint64_t pairs, std::uint64_t seed) {
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t pair = 0; pair < pairs; ++pair) {
    std::uint64_t state = seed + pair;  // any pair can be repeated alone
    Random random(splitmix64(state));
    pair % 2 == 0 ? one_dtw_pair(random, pair / 2) : one_edit_pair(random, pair / 2);
    if ((pair + 1) % 10'000'000 == 0) {
      std::fprintf(stderr, "%llu pairs\n", static_cast<unsigned long long>(pair + 1));
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%llu pairs from seed %llu on %zu kernels: no difference, %.0f s\n",
              static_cast<unsigned long long>(pairs), static_cast<unsigned long long>(seed),
              temporal::kernel_names().size(), took.count());
  return 0;
}

}  // namespace
}  // namespace midstream

int main(int argc, char** argv) {
  const std::uint64_t pairs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  return midstream::run(pairs, seed);
}
