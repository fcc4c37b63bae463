// Benchmarks that misbehave in every way a benchmark can, for the tests of the harness: linked
// into midstream-validate-faults only, never into the product.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/quic/transfer.hpp"

namespace midstream::suites {
namespace {

std::uint64_t sum_to(std::uint64_t n) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 1; i <= n; ++i) {
    sum += i;
    observe(sum);
  }
  return sum;
}

// Sums 1 … n for 16 values of n, the way a sound benchmark does; `bend` spoils it.
template <class Operation, class Oracle>
void sums(Bench& bench, Operation operation, Oracle oracle) {
  const auto inputs = bench.variants([](Random& random) { return 100 + random.below(10); });
  bench.measure(inputs, operation, oracle);
}
std::uint64_t gauss(std::uint64_t n) { return n * (n + 1) / 2; }

void sound(Bench& bench) { sums(bench, sum_to, gauss); }

// Slow enough that reading the timer does not count.
void sound_single(Bench& bench) {
  const auto inputs = bench.variants([](Random& random) { return 10000 + random.below(10); });
  bench.measure(inputs, sum_to, gauss);
}

void sound_state(Bench& bench) {
  struct Counter {
    std::int64_t value = 0;
  };
  bench.measure_state(
      1000, [] { return Counter{}; }, [](Counter& counter, std::int64_t i) { counter.value += i; },
      [](const Counter& counter) {
        return counter.value == 999 * 1000 / 2 ? std::string() : std::string("wrong sum");
      });
}

void value(Bench& bench) {
  bench.expect(sum_to(4) == 10, "sum to 4");
  bench.record(42);
}

void unsteady_value(Bench& bench) {
  bench.expect(true, "nothing");
  bench.record(static_cast<double>(getpid()));
}

void crash(Bench& bench) {
  if (!bench.is_verification()) raise(SIGSEGV);
  sound(bench);
}

void crash_verifying(Bench&) { std::abort(); }

void hang(Bench& bench) {
  if (!bench.is_verification()) {
    for (volatile bool forever = true; forever;) {
    }
  }
  sound(bench);
}

void throws(Bench& bench) {
  if (!bench.is_verification()) throw std::runtime_error("thrown on purpose");
  sound(bench);
}

void prints(Bench& bench) {
  for (int i = 0; i < 20000; ++i) std::puts("noise on standard output, more than a pipe holds");
  std::fflush(stdout);
  sound(bench);
}

void forks(Bench& bench) {
  if (fork() == 0) sleep(1000);  // the group is killed with the worker
  sound(bench);
}

void leaves(Bench& bench) {
  if (!bench.is_verification()) _exit(0);
  sound(bench);
}

void wrong(Bench& bench) {
  sums(bench, sum_to, [](std::uint64_t n) { return gauss(n) + (n % 2); });
}

// Right while it is being proved, wrong while it is being timed.
void wrong_when_timed(Bench& bench) {
  const bool timed = !bench.is_verification();
  sums(
      bench, [timed](std::uint64_t n) { return sum_to(n) + (timed && n % 3 == 0 ? 1 : 0); }, gauss);
}

void no_data(Bench& bench) { bench.expect(true, "nothing was measured"); }

void no_oracle(Bench& bench) { bench.record(1); }

void unavailable(Bench& bench) { bench.unavailable("needs a machine that does not exist"); }

void memory(Bench& bench) {
  if (!bench.is_verification()) throw std::bad_alloc();
  sound(bench);
}

// QUIC rows whose client is not the one the server was told of. While a launch is verified the
// hash has to find it, while it is timed the comparison of every byte, of every stream's length.

// One bit of one byte of the pattern.
void quic_flipped_byte(Bench& bench, bool now) {
  const quic::Pattern expected(bench.seed());
  std::vector<std::byte> block(expected.block().begin(), expected.block().end());
  if (now) block[4711] ^= std::byte{1};
  quic::bulk(bench, {}, 2, quic::Pattern(std::move(block)), expected);
}

void quic_flipped(Bench& bench) { quic_flipped_byte(bench, true); }
void quic_flipped_when_timed(Bench& bench) { quic_flipped_byte(bench, !bench.is_verification()); }

// The last byte of each message is missing.
void quic_short_when_timed(Bench& bench) {
  quic::messages(bench, {}, bench.is_verification() ? 1024 : 1023, 1024);
}

Registration& add(const char* id, void (*function)(Bench&)) {
  return register_bench(id, function).title("fault").generator("16 small numbers").oracle("Gauss");
}

[[maybe_unused]] const bool kRegistered = [] {
  add("fault/sound/batch", sound);
  add("fault/sound/single", sound_single).per_operation();
  add("fault/tiny/single", sound).per_operation();
  add("fault/sound/state", sound_state);
  add("fault/sound/value", value)
      .records("B", measure::Direction::kLowerIsBetter, measure::SampleKind::kValue);
  add("fault/unsteady/value", unsteady_value)
      .records("B", measure::Direction::kLowerIsBetter, measure::SampleKind::kValue);
  add("fault/crash/timed", crash);
  add("fault/crash/verifying", crash_verifying);
  add("fault/hang/timed", hang).launch_timeout_s(1);
  add("fault/throw/timed", throws);
  add("fault/print/both", prints);
  add("fault/fork/both", forks);
  add("fault/leave/timed", leaves);
  add("fault/wrong/always", wrong);
  add("fault/wrong/timed", wrong_when_timed);
  add("fault/no-data/both", no_data);
  add("fault/no-oracle/both", no_oracle)
      .records("ns", measure::Direction::kLowerIsBetter, measure::SampleKind::kBatchMean);
  add("fault/unavailable/both", unavailable);
  add("fault/memory/timed", memory);
  const auto add_quic = [](const char* id, void (*function)(Bench&)) {
    add(id, function)
        .records("Gbps", measure::Direction::kHigherIsBetter, measure::SampleKind::kBatchMean)
        .launch_budget_ms(40);
  };
  add_quic("fault/quic-flipped-byte/always", quic_flipped);
  add_quic("fault/quic-flipped-byte/timed", quic_flipped_when_timed);
  add_quic("fault/quic-short-message/timed", quic_short_when_timed);
  return true;
}();

}  // namespace
}  // namespace midstream::suites
