#include "suites/quic/sampling.hpp"

#include <algorithm>
#include <array>

#include "suites/harness/timer_share.hpp"

namespace midstream::suites::quic {
namespace {

// The median of a few runs: an interrupt is no reading.
double measure_clock_cost_ns() {
  constexpr int kReadings = 1000;
  std::array<double, 9> runs{};
  for (double& run : runs) {
    const Timestamp begin = clock_now();
    Timestamp last = begin;
    for (int i = 0; i < kReadings; ++i) last = clock_now();
    run = static_cast<double>(last - begin) / kReadings;
  }
  const auto middle = runs.begin() + runs.size() / 2;
  std::nth_element(runs.begin(), middle, runs.end());
  return *middle;
}

}  // namespace

double clock_cost_ns() {
  static const double cost = measure_clock_cost_ns();
  return cost;
}

double TimingAccount::share(double cost_ns, Timestamp now) const {
  return timer_share(cost_ns * static_cast<double>(readings_),
                     static_cast<double>(std::min(time_, now - began_)));
}

void TimingAccount::report(Bench& bench) const {
  if (bench.is_verification()) return;
  const Timestamp now = clock_now();  // first: measuring the cost takes time too
  bench.warmed_up(discarded_);
  if (readings_ > 0) bench.timer_cost(share(clock_cost_ns(), now));
}

}  // namespace midstream::suites::quic
