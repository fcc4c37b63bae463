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

}  // namespace
}  // namespace midstream::reports
