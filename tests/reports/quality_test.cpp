#include "reports/quality.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/report.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const targets::Row& row_of(const Scorecard& scorecard, std::string_view id) {
  for (const targets::Row& row : scorecard.judgement.rows) {
    if (row.target.id == id) return row;
  }
  throw std::runtime_error("no such row");
}

TEST(Quality, ARowIsWarnedOfWhatHoldsForItsBenchmarks) {
  const Scorecard scorecard = samples::every_verdict();
  EXPECT_THAT(row_quality(scorecard, row_of(scorecard, "oracle")).caps, ElementsAre("oracle"));
  EXPECT_THAT(row_quality(scorecard, row_of(scorecard, "few")).caps, ElementsAre("launches"));
  const RowQuality passes = row_quality(scorecard, row_of(scorecard, "pass"));
  EXPECT_THAT(passes.caps, IsEmpty());
  EXPECT_THAT(passes.warns, Contains("disturbance"));
  EXPECT_THAT(passes.warns, Not(Contains("scenarios")));  // it has two
  EXPECT_THAT(row_quality(scorecard, row_of(scorecard, "near")).warns, Contains("scenarios"));
  EXPECT_THAT(row_quality(scorecard, row_of(scorecard, "absent")).warns, IsEmpty());
}

TEST(Quality, WhatCouldNotRunHasNone) {
  const Scorecard scorecard = samples::every_verdict();
  EXPECT_FALSE(has_started(*scorecard.facts("quic/blocked")));
  EXPECT_THAT(row_quality(scorecard, row_of(scorecard, "blocked")).caps, IsEmpty());
}

TEST(Quality, EveryStartedBenchmarkIsCountedOnceInEveryCheck) {
  const Scorecard scorecard = samples::every_verdict();
  std::size_t started = 0;
  for (const BenchmarkFacts& facts : scorecard.benchmarks) started += has_started(facts) ? 1U : 0U;
  for (const CheckTally& check : tally_checks(scorecard)) {
    EXPECT_EQ(check.holds + check.not_applicable + check.warns.size() + check.caps.size(), started)
        << check.id;
  }
  EXPECT_THAT(tally_checks(samples::nothing()), IsEmpty());
}

TEST(Quality, TheConsoleIsSilentUnlessSomethingIsWrong) {
  EXPECT_THAT(render_console(samples::every_verdict(), {}), HasSubstr("capped    "));
  Scorecard sound = samples::passing();
  for (BenchmarkFacts& facts : sound.benchmarks) {
    facts.summary.disturbed = 0;
    facts.summary.autocorrelation = 0;
    facts.summary.outlier_share = 0;
    facts.summary.samples = 1000;
    facts.about.throughput = {1, "calls"};
  }
  EXPECT_THAT(render_console(sound, {}), Not(HasSubstr("warnings  ")));
}

// A QUIC figure without its datagram size and the path the datagrams took says little.
TEST(Quality, FactsOfARunAreInTheReportsForPeople) {
  Scorecard scorecard = samples::every_verdict();
  for (BenchmarkFacts& facts : scorecard.benchmarks) {
    facts.about.facts["hardware counters"] = "none: closed to users";
    if (facts.about.id == "quic/stream/one") facts.about.facts["datagram path"] = "gso+gro";
    if (facts.about.id == "quic/stream/many") facts.about.facts["datagram path"] = "mmsg";
  }
  EXPECT_EQ(facts_of_component(scorecard, "quic"), "datagram path mmsg, gso+gro; kernel avx2");
  EXPECT_EQ(facts_of_component(scorecard, "temporal"), "kernel avx2");
  EXPECT_EQ(facts_of_component(scorecard, "wasm"), "");
  const RunFacts facts = run_facts(scorecard);
  EXPECT_THAT(facts.common, ElementsAre(testing::Pair("kernel", "avx2")));
  EXPECT_THAT(facts.own, ElementsAre(testing::Pair("quic/stream/many", "datagram path: mmsg"),
                                     testing::Pair("quic/stream/one", "datagram path: gso+gro")));
  const std::string document = render_markdown(scorecard, {});
  EXPECT_THAT(document, HasSubstr("* Every benchmark: kernel: avx2"));
  EXPECT_THAT(document, HasSubstr("| quic/stream/one | datagram path: gso+gro |"));
  EXPECT_THAT(document, Not(HasSubstr("closed to users")));
  EXPECT_THAT(render_console(scorecard, {}),
              HasSubstr("as run: datagram path mmsg, gso+gro; kernel avx2"));
}

}  // namespace
}  // namespace midstream::reports
