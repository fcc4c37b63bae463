// Rows and claims from a Results: statuses, caps, globs, ratios, rates, scope.
#include "targets/evaluator.hpp"

#include <gtest/gtest.h>

#include "targets/limit.hpp"
#include "tests/targets/results_builder.hpp"

namespace midstream::targets {
namespace {

using measure::LaunchStatus;
using measure::Measurement;
using measure::MeasurementStatus;
using testing::measurement;
using testing::results;

const std::vector<double> kFast(7, 5);
const std::vector<double> kSlow(7, 20);

Target target(const std::string& benchmark, const std::string& limit) {
  Target result;
  result.id = "row";
  result.benchmark = benchmark;
  result.limit = parse_limit(limit).value();
  return result;
}

TargetsFile file_of(std::vector<Target> targets) {
  TargetsFile file;
  file.components.push_back({"t", "T", std::move(targets)});
  return file;
}

Row judge_one(const Target& row, const measure::Results& measured) {
  Judgement judgement = judge(file_of({row}), measured);
  EXPECT_EQ(judgement.rows.size(), 1U);
  return judgement.rows.empty() ? Row{} : judgement.rows.front();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Judge, a_plain_pass_has_no_reason_and_a_margin) {
  const Row row = judge_one(target("t/a", "< 10 ns"), results({measurement("t/a", kFast)}));
  EXPECT_EQ(row.verdict, Verdict::kPass);
  EXPECT_EQ(row.reason, "");
  EXPECT_EQ(row.component, "t");
  EXPECT_DOUBLE_EQ(row.margin(), 2);
}

TEST(Judge, units_are_converted) {
  EXPECT_EQ(judge_one(target("t/a", "< 1 us"), results({measurement("t/a", kFast)})).verdict,
            Verdict::kPass);
  EXPECT_EQ(judge_one(target("t/a", "< 1 us"), results({measurement("t/a", kFast, "us")})).verdict,
            Verdict::kFail);
  const Row row = judge_one(target("t/a", "< 1 s"), results({measurement("t/a", kFast, "ms")}));
  EXPECT_DOUBLE_EQ(row.shown()->value, 5e6);
}

TEST(Judge, what_is_not_there_is_missing) {
  for (const char* benchmark : {"t/b", "t/*/n=1"}) {
    const Row row = judge_one(target(benchmark, "< 10 ns"), results({measurement("t/a", kFast)}));
    EXPECT_EQ(row.verdict, Verdict::kMissing);
    EXPECT_EQ(row.shown(), nullptr);
    EXPECT_EQ(row.margin(), 0);
    EXPECT_FALSE(row.reason.empty());
  }
}

struct StatusCase {
  MeasurementStatus status;
  LaunchStatus launch;
  Verdict verdict;
};

TEST(Judge, trouble_outranks_good_launches) {
  for (const StatusCase& c :
       {StatusCase{MeasurementStatus::kInvalid, LaunchStatus::kOk, Verdict::kInvalid},
        StatusCase{MeasurementStatus::kError, LaunchStatus::kOk, Verdict::kError},
        StatusCase{MeasurementStatus::kUnavailable, LaunchStatus::kOk, Verdict::kUnavailable},
        StatusCase{MeasurementStatus::kOk, LaunchStatus::kWrongAnswer, Verdict::kInvalid},
        StatusCase{MeasurementStatus::kOk, LaunchStatus::kCrashed, Verdict::kError},
        StatusCase{MeasurementStatus::kOk, LaunchStatus::kTimedOut, Verdict::kError},
        StatusCase{MeasurementStatus::kOk, LaunchStatus::kFailed, Verdict::kError},
        StatusCase{MeasurementStatus::kOk, LaunchStatus::kUnavailable, Verdict::kUnavailable}}) {
    Measurement m = measurement("t/a", kFast);
    m.status = c.status;
    m.launches.push_back(testing::launch(7, 5));
    m.launches.back().status = c.launch;
    m.launches.back().reason = "launch reason";
    const Row plain = judge_one(target("t/a", "< 10 ns"), results({m}));
    EXPECT_EQ(plain.verdict, c.verdict) << verdict_name(c.verdict);
    EXPECT_FALSE(plain.reason.empty());
    if (c.status == MeasurementStatus::kOk) {
      EXPECT_EQ(plain.reason, "launch reason");
    }
    m.reason = "measurement reason";
    EXPECT_EQ(judge_one(target("t/a", "< 10 ns"), results({m})).reason, "measurement reason");
  }
}

TEST(Judge, disproved_answers_are_invalid) {
  Measurement m = measurement("t/a", kFast);
  m.correctness.ok = false;
  EXPECT_EQ(judge_one(target("t/a", "< 10 ns"), results({m})).verdict, Verdict::kInvalid);
}

TEST(Judge, caps_name_themselves) {
  const auto judged = [](auto change) {
    Measurement m = measurement("t/a", kFast);
    measure::Results r = results({});
    change(m, r);
    r.measurements.push_back(m);
    return judge_one(target("t/a", "< 10 ns"), r);
  };
  const Row oracle = judged([](auto& m, auto&) { m.correctness = {}; });
  EXPECT_EQ(oracle.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(mentions(oracle.reason, "no oracle")) << oracle.reason;
  const Row compared = judged([](auto& m, auto&) { m.correctness = {"o", 0, true}; });
  EXPECT_EQ(compared.verdict, Verdict::kInconclusive);
  const Row build = judged([](auto&, auto& r) { r.release_build = false; });
  EXPECT_EQ(build.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(mentions(build.reason, "release build")) << build.reason;
  const Row timer = judged([](auto& m, auto&) { m.timer_cost_share = 0.11; });
  EXPECT_EQ(timer.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(mentions(timer.reason, "11 %")) << timer.reason;
  EXPECT_EQ(judged([](auto& m, auto&) { m.timer_cost_share = 0.10; }).verdict, Verdict::kPass);
}

TEST(Judge, too_few_launches_say_how_many_more) {
  const std::vector<double> three(3, 5);
  measure::Results r = results({measurement("t/a", three)});
  const Row open = judge_one(target("t/a", "< 10 ns"), r);
  EXPECT_EQ(open.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(mentions(open.reason, "4 more")) << open.reason;
  EXPECT_EQ(open.shown()->next_look, 7U);

  r.interrupted = true;
  const Row interrupted = judge_one(target("t/a", "< 10 ns"), r);
  EXPECT_EQ(interrupted.verdict, Verdict::kNotRun);
  EXPECT_TRUE(mentions(interrupted.reason, "3 of 7")) << interrupted.reason;
  EXPECT_EQ(interrupted.shown()->next_look, 7U);

  r.interrupted = false;
  r.measurements[0].status = MeasurementStatus::kNotRun;
  r.measurements[0].reason = "--max-time is over";
  const Row late = judge_one(target("t/a", "< 10 ns"), r);
  EXPECT_EQ(late.verdict, Verdict::kNotRun);
  EXPECT_TRUE(mentions(late.reason, "--max-time")) << late.reason;

  measure::Results enough = results({measurement("t/a", kFast)});
  enough.interrupted = true;
  EXPECT_EQ(judge_one(target("t/a", "< 10 ns"), enough).verdict, Verdict::kPass);
}

TEST(Judge, no_launch_at_all_is_no_data) {
  const Row row = judge_one(target("t/a", "< 10 ns"), results({measurement("t/a", {})}));
  EXPECT_EQ(row.verdict, Verdict::kError);
  EXPECT_EQ(row.shown()->next_look, 7U);  // a run that has only begun goes on
}

TEST(Judge, a_glob_shows_its_worst) {
  const std::vector<double> middling(7, 8);
  Measurement wrong = measurement("t/d/n=1", kFast);
  wrong.status = MeasurementStatus::kInvalid;
  Measurement crashed = measurement("t/c/n=1", kFast);
  crashed.status = MeasurementStatus::kError;
  std::vector<Measurement> measured = {measurement("t/a/n=1", kFast),
                                       measurement("t/b/n=1", middling)};
  const Target row = target("t/*/n=1", "< 10 ns");
  EXPECT_EQ(judge_one(row, results(measured)).shown()->benchmark, "t/b/n=1");
  EXPECT_EQ(judge_one(row, results(measured)).verdict, Verdict::kPass);

  measured.push_back(measurement("t/bb/n=1", kSlow));
  const Row failing = judge_one(row, results(measured));
  EXPECT_EQ(failing.verdict, Verdict::kFail);
  EXPECT_TRUE(failing.reason.starts_with("t/bb/n=1: 20.0 ns, the limit is < 10 ns"))
      << failing.reason;
  EXPECT_TRUE(mentions(failing.reason, "2 of 3 scenarios pass")) << failing.reason;

  measured.push_back(crashed);
  EXPECT_EQ(judge_one(row, results(measured)).verdict, Verdict::kError);
  measured.push_back(wrong);
  const Row worst = judge_one(row, results(measured));
  EXPECT_EQ(worst.verdict, Verdict::kInvalid);
  EXPECT_EQ(worst.shown()->benchmark, "t/d/n=1");
  EXPECT_EQ(worst.scenarios.size(), 5U);
}

TEST(Judge, tail_percentiles_count_only_launches_with_enough_operations) {
  Target row = target("t/a", "< 10 ns");
  row.statistic = measure::Statistic::kP99;
  Measurement m = measurement("t/a", {});
  m.metric.kind = measure::SampleKind::kOperation;
  for (std::uint32_t round = 0; round < 7; ++round) {
    m.launches.push_back(testing::launch(round, 5));
    m.launches.back().samples.assign(round == 0 ? 999 : 1000, 5);
  }
  const Row open = judge_one(row, results({m}));
  EXPECT_EQ(open.verdict, Verdict::kInconclusive);
  EXPECT_EQ(open.shown()->launches.size(), 6U);
  EXPECT_TRUE(mentions(open.reason, "p99 needs 1000 single operations")) << open.reason;
  // A PASS on the others names what it does not rest on.
  m.launches.push_back(testing::launch(7, 5));
  m.launches.back().samples.assign(1000, 5);
  const Row passed = judge_one(row, results({m}));
  EXPECT_EQ(passed.verdict, Verdict::kPass);
  EXPECT_EQ(passed.reason, "1 launch did not count: p99 needs 1000 single operations in each");
  m.launches.front().samples.push_back(5);
  EXPECT_EQ(judge_one(row, results({m})).verdict, Verdict::kPass);
  EXPECT_EQ(judge_one(row, results({m})).reason, "");
}

TEST(Judge, a_launch_without_data_is_an_error) {
  Measurement m = measurement("t/a", kFast);
  m.launches.back().samples.clear();
  const Row row = judge_one(target("t/a", "< 10 ns"), results({m}));
  EXPECT_EQ(row.verdict, Verdict::kError);
  EXPECT_TRUE(mentions(row.reason, "a launch gave no data")) << row.reason;
}

TEST(Judge, a_straddling_bin_counts_against_the_row) {
  Measurement m = measurement("t/a", {});
  m.metric.kind = measure::SampleKind::kOperation;
  for (std::uint32_t round = 0; round < 7; ++round) {
    measure::Histogram histogram;
    histogram.record(10'000, 3000);  // picoseconds
    histogram.record(10'001, 3000);
    histogram.record(20'000, 100);
    measure::Launch launch = testing::launch(round, 0);
    launch.samples.clear();
    launch.histogram = histogram;
    m.launches.push_back(launch);
  }
  auto bounds = m.launches[0].histogram->quantile(0.5);
  ASSERT_LT(bounds.low, bounds.high);
  bounds = {bounds.low / 1000, bounds.high / 1000};
  const auto nanoseconds = [](double value) { return std::to_string(value) + " ns"; };
  const double middle = (bounds.low + bounds.high) / 2;
  const Row upper = judge_one(target("t/a", "< " + nanoseconds(middle)), results({m}));
  EXPECT_EQ(upper.verdict, Verdict::kFail);
  EXPECT_DOUBLE_EQ(upper.shown()->value, bounds.high);
  const Row lower = judge_one(target("t/a", "> " + nanoseconds(middle)), results({m}));
  EXPECT_EQ(lower.verdict, Verdict::kFail);
  EXPECT_DOUBLE_EQ(lower.shown()->value, bounds.low);
}

TEST(Judge, rates_come_from_time_and_work) {
  Measurement m = measurement("t/a", std::vector<double>(7, 1000));  // 1 us
  m.throughput = measure::Throughput{500, "cells"};
  EXPECT_EQ(judge_one(target("t/a", "> 400 M cells/s"), results({m})).verdict, Verdict::kPass);
  EXPECT_EQ(judge_one(target("t/a", "> 600 M cells/s"), results({m})).verdict, Verdict::kFail);
  EXPECT_EQ(judge_one(target("t/a", "< 2 us"), results({m})).verdict, Verdict::kPass);
  EXPECT_EQ(judge_one(target("t/a", "> 1 Gbps"), results({m})).verdict, Verdict::kError);
  m.throughput = measure::Throughput{500, "B"};  // 4 Gbps
  EXPECT_EQ(judge_one(target("t/a", "> 3.9 Gbps"), results({m})).verdict, Verdict::kPass);
  EXPECT_EQ(judge_one(target("t/a", "> 4.1 Gbps"), results({m})).verdict, Verdict::kFail);
}

TEST(Judge, a_limit_of_another_dimension_has_no_data) {
  const Row row = judge_one(target("t/a", "< 10 KB"), results({measurement("t/a", kFast)}));
  EXPECT_EQ(row.verdict, Verdict::kError);
  EXPECT_TRUE(mentions(row.reason, "measures time")) << row.reason;
}

TEST(Judge, values_are_exact_whatever_statistic_is_asked) {
  Measurement m = measurement("t/size", {900, 900}, "B");
  m.metric.kind = measure::SampleKind::kValue;
  const Row row = judge_one(target("t/size", "<= 900 B"), results({m}));
  EXPECT_EQ(row.verdict, Verdict::kPass);
  EXPECT_TRUE(row.shown()->single_value);
  m.launches[1].samples = {901};
  EXPECT_EQ(judge_one(target("t/size", "<= 1 KB"), results({m})).verdict, Verdict::kInvalid);
  m.launches[1].samples = {900, 901};
  EXPECT_EQ(judge_one(target("t/size", "<= 1 KB"), results({m})).verdict, Verdict::kInvalid);
}

Target ratio(Relation relation, const std::string& limit) {
  Target row = target("t/fast/*/n=1", limit);
  row.relation = relation;
  row.reference = "t/plain/*/n=1";
  return row;
}

TEST(Ratio, pairs_launches_of_the_same_round) {
  Measurement fast = measurement("t/fast/x/n=1", {});
  Measurement plain = measurement("t/plain/x/n=1", {});
  // Rounds drift by a factor of 100; the ratio is 4 in each. Round 3 lacks the reference's
  // launch, round 8 the measurement's.
  double drift = 1;
  for (std::uint32_t round = 0; round < 9; ++round) {
    drift *= 1.7;
    if (round != 8) fast.launches.push_back(testing::launch(round, 10 * drift));
    if (round != 3) plain.launches.push_back(testing::launch(round, 40 * drift));
  }
  std::swap(plain.launches[0], plain.launches[5]);  // order inside the reference does not matter
  const auto measured = results({fast, plain});
  const Row speedup = judge_one(ratio(Relation::kSpeedupOver, ">= 3.9 x"), measured);
  EXPECT_EQ(speedup.verdict, Verdict::kPass);
  EXPECT_DOUBLE_EQ(speedup.shown()->value, 4);
  EXPECT_EQ(speedup.shown()->reference, "t/plain/x/n=1");
  ASSERT_EQ(speedup.shown()->launches.size(), 7U);
  EXPECT_EQ(speedup.shown()->launches[3].round, 4U);
  const Row relative = judge_one(ratio(Relation::kRelativeTo, "<= 0.26 x"), measured);
  EXPECT_EQ(relative.verdict, Verdict::kPass);
  EXPECT_DOUBLE_EQ(relative.shown()->value, 0.25);
}

TEST(Ratio, a_broken_reference_breaks_the_row) {
  const Measurement fast = measurement("t/fast/x/n=1", kFast);
  Measurement plain = measurement("t/plain/x/n=1", kSlow);
  const Target row = ratio(Relation::kSpeedupOver, ">= 2 x");
  EXPECT_EQ(judge_one(row, results({fast, plain})).verdict, Verdict::kPass);
  EXPECT_EQ(judge_one(row, results({fast})).verdict, Verdict::kMissing);
  plain.correctness = {};
  EXPECT_EQ(judge_one(row, results({fast, plain})).verdict, Verdict::kInconclusive);
  plain.status = MeasurementStatus::kError;
  plain.reason = "signal 11";
  const Row crashed = judge_one(row, results({fast, plain}));
  EXPECT_EQ(crashed.verdict, Verdict::kError);
  EXPECT_TRUE(mentions(crashed.reason, "reference t/plain/x/n=1: signal 11")) << crashed.reason;
  const Measurement size = measurement("t/plain/x/n=1", kSlow, "B");
  EXPECT_EQ(judge_one(row, results({fast, size})).verdict, Verdict::kError);
}

TEST(Ratio, a_reference_of_zero_gives_no_ratio) {
  const Row row = judge_one(ratio(Relation::kRelativeTo, "<= 2 x"),
                            results({measurement("t/fast/x/n=1", kFast),
                                     measurement("t/plain/x/n=1", std::vector<double>(7, 0))}));
  EXPECT_EQ(row.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(row.shown()->launches.empty());
}

TEST(Scope, rows_outside_are_counted_and_not_judged) {
  auto measured = results({measurement("t/a/n=1", kFast), measurement("t/b/n=1", kSlow)});
  const TargetsFile file = file_of({target("t/*/n=1", "< 10 ns"), target("u/c", "< 10 ns")});
  EXPECT_EQ(judge(file, measured).rows.size(), 2U);
  measured.suites = {"q"};
  EXPECT_EQ(judge(file, measured).out_of_scope, 2U);
  measured.suites.clear();
  measured.filters = {"t/a/n=1"};
  const Judgement partial = judge(file, measured);
  EXPECT_EQ(partial.out_of_scope, 1U);
  ASSERT_EQ(partial.rows.size(), 1U);
  EXPECT_EQ(partial.rows[0].verdict, Verdict::kPass);
  EXPECT_EQ(partial.rows[0].reason, "1 of 2 scenarios chosen");
  ASSERT_EQ(partial.rows[0].scenarios.size(), 1U);
}

TEST(Scope, a_filter_that_covers_a_missing_row_chooses_it) {
  auto measured = results({measurement("t/a/n=1", kFast)});
  measured.filters = {"t/a/*", "t/x/y"};
  const Judgement judgement =
      judge(file_of({target("t/x/y", "< 10 ns"), target("t/*/n=2", "< 10 ns")}), measured);
  ASSERT_EQ(judgement.rows.size(), 1U);
  EXPECT_EQ(judgement.rows[0].verdict, Verdict::kMissing);
  // t/a/* might choose of t/*/n=2, but nothing of it was measured.
  EXPECT_EQ(judgement.out_of_scope, 1U);
}

Claim claim(const std::string& benchmark, const std::string& limit) {
  Claim result;
  result.id = "claim";
  result.benchmark = benchmark;
  result.limit = parse_limit(limit).value();
  return result;
}

JudgedClaim judge_claim(const Claim& claim, const measure::Results& measured) {
  TargetsFile file;
  file.claims.push_back(claim);
  const Judgement judgement = judge(file, measured);
  EXPECT_EQ(judgement.claims.size(), 1U);
  return judgement.claims.empty() ? JudgedClaim{} : judgement.claims[0];
}

TEST(Claims, are_reproduced_or_not_or_cannot_be_told) {
  const auto fast = results({measurement("t/a", kFast)});
  EXPECT_EQ(judge_claim(claim("t/a", "<= 10 ns"), fast).verdict, ClaimVerdict::kReproduced);
  EXPECT_EQ(judge_claim(claim("t/a", "<= 4 ns"), fast).verdict, ClaimVerdict::kNotReproduced);
  const JudgedClaim missing = judge_claim(claim("t/b", "<= 4 ns"), fast);
  EXPECT_EQ(missing.verdict, ClaimVerdict::kUnverifiable);
  EXPECT_TRUE(mentions(missing.reason, "MISSING")) << missing.reason;
  const JudgedClaim open =
      judge_claim(claim("t/a", "<= 10 ns"), results({measurement("t/a", {5})}));
  EXPECT_EQ(open.verdict, ClaimVerdict::kUnverifiable);
}

TEST(Claims, an_improvement_is_unverifiable_but_its_after_is_tested) {
  Claim improved = claim("t/a", "<= 10 ns");
  improved.unverifiable = "nobody has the system before";
  const JudgedClaim judged = judge_claim(improved, results({measurement("t/a", kFast)}));
  EXPECT_EQ(judged.verdict, ClaimVerdict::kUnverifiable);
  EXPECT_EQ(judged.reason,
            "nobody has the system before; what can be tested: 5.00 ns meets <= 10 ns");
  EXPECT_EQ(judged.scenarios.size(), 1U);
  Claim words;
  words.unverifiable = "no number in it";
  EXPECT_EQ(judge_claim(words, results({})).reason, "no number in it");
}

TEST(Claims, outside_the_scope_are_left_out) {
  TargetsFile file;
  file.claims.push_back(claim("t/a", "<= 10 ns"));
  auto measured = results({measurement("t/a", kFast)});
  measured.suites = {"u"};
  EXPECT_TRUE(judge(file, measured).claims.empty());
}

}  // namespace
}  // namespace midstream::targets
