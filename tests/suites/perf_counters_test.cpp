#include "suites/harness/perf_counters.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "suites/harness/barrier.hpp"

namespace midstream::suites {
namespace {

TEST(PerfCounters, EveryCounterCountsOrSaysWhyNot) {
  PerfCounters counters;
  counters.start();
  std::uint64_t work = 0;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    work += i;
    observe(work);
  }
  const auto counts = counters.stop();
  ASSERT_EQ(counts.size(), 4U);
  for (const PerfCount& count : counts) {
    EXPECT_NE(count.count.has_value(), !count.why_absent.empty()) << count.name;
  }
  if (counts[0].count) {
    EXPECT_GT(*counts[0].count, 100000) << "instructions";
  }
  if (!counters.any()) {
    EXPECT_TRUE(describe_perf_counters(counts).starts_with("none: "));
  }
}

TEST(PerfCounters, TheDescriptionNamesBothSides) {
  EXPECT_EQ(describe_perf_counters({{"instructions", 5.0, "", false}, {"cycles", 6.0, "", false}}),
            "instructions, cycles");
  EXPECT_EQ(describe_perf_counters(
                {{"instructions", 5.0, "", false}, {"cycles", std::nullopt, "busy", false}}),
            "instructions; no cycles: busy");
  EXPECT_EQ(describe_perf_counters({{"instructions", std::nullopt, "forbidden", true},
                                    {"cycles", std::nullopt, "forbidden", true}}),
            "none: forbidden");
}

}  // namespace
}  // namespace midstream::suites
