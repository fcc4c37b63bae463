// What the network benchmarks tell the audit of their quality.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "suites/harness/launch.hpp"
#include "suites/harness/registry.hpp"
#include "suites/quic/sampling.hpp"

namespace midstream::suites::quic {
namespace {

using midstream::quic::kMicrosecond;
using midstream::quic::kSecond;

TEST(ClockCost, IsMeasuredOnce) {
  const double cost = clock_cost_ns();
  EXPECT_GT(cost, 0);
  EXPECT_TRUE(std::isfinite(cost));
  EXPECT_EQ(clock_cost_ns(), cost);
}

TEST(TimingAccount, SharesTheMeasuredTime) {
  TimingAccount account;
  const Timestamp begin = clock_now();
  for (int i = 0; i < 10; ++i) account.measured(2 * kMicrosecond, 3);
  // One after the other, with pauses between them that nobody measured.
  EXPECT_DOUBLE_EQ(account.share(20, begin + kSecond), 10 * 3 * 20.0 / (10 * 2000));
}

// A thousand that overlap for a second took a second, not a thousand.
TEST(TimingAccount, OperationsThatOverlapAreNotAddedUp) {
  TimingAccount account;
  for (int i = 0; i < 1000; ++i) account.measured(kSecond, 2);
  const double added_up = 1000 * 2 * 20 / (1000 * 1e9);
  EXPECT_GT(account.share(20, clock_now()), 100 * added_up);
}

// One row of each kind, a launch each: no sample without the audit knowing what came before it and
// what its clock cost.
class QuicRow : public ::testing::TestWithParam<const char*> {};

TEST_P(QuicRow, TellsWhatItDidBesides) {
  const Benchmark* benchmark = find_benchmark(GetParam());
  ASSERT_NE(benchmark, nullptr);
  LaunchRequest request;
  request.id = GetParam();
  request.mode = LaunchMode::kTime;
  request.seed = 7;
  request.budget_ms = 40;
  LaunchContext context(*benchmark, request);
  Bench bench(context);
  benchmark->family->function(bench);
  EXPECT_GT(context.answer.operations, 0U);
  EXPECT_GT(context.answer.warmup_operations, 0U);
  EXPECT_GT(context.answer.timer_cost_share, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, QuicRow,
    ::testing::Values("quic/throughput/single/datagram=1452",
                      "quic/throughput/messages/bytes=16384", "quic/throughput/bidirectional",
                      "quic/throughput/in-memory/datagram=1452",
                      "quic/back-pressure/slow-reader/bytes=65536", "quic/echo/spin",
                      "quic/multiplex/round-trip/streams=10", "quic/multiplex/creation/streams=10",
                      "quic/multiplex/first-byte/streams=10", "quic/multiplex/switching/streams=10",
                      "quic/handshake/full", "quic/first-echo/early-data",
                      "quic/connections/concurrent/connections=10", "quic/stream/reset",
                      "quic/connection/migration", "quic/priority/urgent",
                      "quic/reference/tcp-throughput", "quic/reference/tls-echo-spin",
                      "quic/reference/tls-handshake-spin", "quic/reference/udp-sendmmsg"));

}  // namespace
}  // namespace midstream::suites::quic
