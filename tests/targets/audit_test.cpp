#include "targets/audit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace midstream::targets {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// A benchmark with which nothing is wrong.
struct Sound {
  measure::Measurement about;
  measure::LaunchSummary launches;
  measure::Results run;
  Sound() {
    about.id = "a/b/c";
    about.metric.unit = *parse_unit("ns");
    about.throughput = {100, "cells"};
    about.generator = "sines";
    about.variants = 16;
    about.optimiser_barrier = true;
    about.timer_cost_share = 0.001;
    about.correctness = {"the definition", 16, true};
    launches.launches = 7;
    launches.samples = 175;
    launches.least_warmup = 100;
    launches.measured_s = 0.035;
    launches.highest_load = 1.1;
    launches.autocorrelation = 0.1;
    launches.modes = 1;
    run.release_build = true;
    run.environment = {{"governor", "performance"}, {"turbo", "off"}, {"usable_cpus", "2"}};
  }
};

AuditCheck found(std::string_view id, const std::function<void(Sound&)>& spoil) {
  Sound sound;
  spoil(sound);
  for (AuditCheck& check : audit(sound.about, sound.launches, sound.run)) {
    if (check.id == id) return check;
  }
  ADD_FAILURE() << "no check " << id;
  return {};
}

TEST(Audit, NothingIsWrongWithASoundBenchmark) {
  const Sound sound;
  for (const AuditCheck& check : audit(sound.about, sound.launches, sound.run)) {
    EXPECT_EQ(check.outcome, AuditOutcome::kHolds) << check.id << ": " << check.detail;
    EXPECT_FALSE(check.detail.empty()) << check.id;
  }
  EXPECT_THAT(cap_of(sound.about, sound.run), IsEmpty());
}

TEST(Audit, FourFactsCap) {
  const std::pair<const char*, std::function<void(Sound&)>> cases[] = {
      {"release_build", [](Sound& s) { s.run.release_build = false; }},
      {"oracle", [](Sound& s) { s.about.correctness.oracle.clear(); }},
      {"oracle", [](Sound& s) { s.about.correctness.cases = 0; }},
      {"timer_cost", [](Sound& s) { s.about.timer_cost_share = 0.101; }},
      {"launches", [](Sound& s) { s.launches.launches = 6; }},
  };
  for (const auto& [id, spoil] : cases) {
    EXPECT_EQ(found(id, spoil).outcome, AuditOutcome::kCaps) << id;
  }
}

TEST(Audit, EveryOtherFactOnlyWarns) {
  const std::pair<const char*, std::function<void(Sound&)>> cases[] = {
      {"warm_up", [](Sound& s) { s.launches.least_warmup = 0; }},
      {"samples", [](Sound& s) { s.launches.samples = 34; }},
      {"inputs", [](Sound& s) { s.about.variants = 15; }},
      {"generator", [](Sound& s) { s.about.generator.clear(); }},
      {"throughput", [](Sound& s) { s.about.throughput.reset(); }},
      {"frequency", [](Sound& s) { s.run.environment[0].value = "powersave"; }},
      {"frequency", [](Sound& s) { s.run.environment[1].value = "on"; }},
      {"load", [](Sound& s) { s.launches.highest_load = 1.6; }},
      {"disturbance", [](Sound& s) { s.launches.disturbed = 1; }},
      {"autocorrelation", [](Sound& s) { s.launches.autocorrelation = 0.8; }},
      {"modes", [](Sound& s) { s.launches.modes = 2; }},
      {"outliers", [](Sound& s) { s.launches.outlier_share = 0.06; }},
  };
  for (const auto& [id, spoil] : cases) {
    EXPECT_EQ(found(id, spoil).outcome, AuditOutcome::kWarns) << id;
    Sound sound;
    spoil(sound);
    EXPECT_THAT(cap_of(sound.about, sound.run), IsEmpty()) << id;
  }
}

TEST(Audit, ACapNamesTheBenchmarkAndTheReason) {
  Sound sound;
  sound.about.timer_cost_share = 0.25;
  EXPECT_THAT(cap_of(sound.about, sound.run), HasSubstr("25 % of the measured time of a/b/c"));
}

TEST(Audit, AValueIsNotJudgedByWhatConcernsTiming) {
  Sound sound;
  sound.about.metric = {.unit = *parse_unit("B"), .kind = measure::SampleKind::kValue};
  sound.about.optimiser_barrier = false;
  sound.about.throughput.reset();
  sound.about.generator.clear();
  sound.launches = {};
  sound.launches.launches = sound.launches.samples = 2;
  sound.launches.highest_load = 50;
  for (const AuditCheck& check : audit(sound.about, sound.launches, sound.run)) {
    EXPECT_TRUE(check.outcome == AuditOutcome::kHolds ||
                check.outcome == AuditOutcome::kNotApplicable)
        << check.id << ": " << check.detail;
  }
}

// Nothing recorded is not the same as nothing done.
TEST(Audit, OfABenchmarkThatTimesItselfOnlyWhatItTellsIsJudged) {
  const auto of_itself = [](std::string_view id, double timer, std::uint64_t warm_up) {
    return found(id, [&](Sound& s) {
      s.about.optimiser_barrier = false;
      s.about.timer_cost_share = timer;
      s.launches.least_warmup = warm_up;
    });
  };
  for (const char* id : {"timer_cost", "warm_up"}) {
    const AuditCheck silent = of_itself(id, 0, 0);
    EXPECT_EQ(silent.outcome, AuditOutcome::kNotApplicable) << id;
    EXPECT_THAT(silent.detail, HasSubstr("times itself"));
    EXPECT_EQ(of_itself(id, 0.01, 3).outcome, AuditOutcome::kHolds) << id;
  }
  EXPECT_EQ(of_itself("timer_cost", 0.2, 0).outcome, AuditOutcome::kCaps);
}

TEST(Audit, WhatTheMachineDoesNotTellIsNotHeldAgainstIt) {
  EXPECT_EQ(found("frequency", [](Sound& s) { s.run.environment.clear(); }).outcome,
            AuditOutcome::kNotApplicable);
}

TEST(Audit, AlwaysTheSameChecks) {
  const Sound sound;
  const auto full = audit(sound.about, sound.launches, sound.run);
  const auto empty = audit({}, {}, {});
  ASSERT_EQ(full.size(), empty.size());
  for (std::size_t i = 0; i < full.size(); ++i) EXPECT_EQ(full[i].id, empty[i].id);
}

}  // namespace
}  // namespace midstream::targets
