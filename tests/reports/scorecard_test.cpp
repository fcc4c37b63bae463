// The scorecard's own parts: numbers that survive, commands that can be copied, the digest.
#include "reports/scorecard.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/random.hpp"
#include "core/base/sha256.hpp"
#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"
#include "reports/shell.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

// What was measured in a unit comes back with the same bits through base units, text and back.
TEST(Scorecard, NumbersRoundTripInEveryUnit) {
  Random random(7);
  for (const char* symbol : {"ns", "us", "ms", "s", "B", "KB", "KiB", "MiB", "Gbps", "MB/s", "%"}) {
    const Unit unit = *parse_unit(symbol);
    for (int i = 0; i < 20000; ++i) {
      const double measured = std::exp(random.uniform(-20, 20));
      const double base = measured * unit.scale;
      const std::string text = nlohmann::json(in_unit(base, unit)).dump();
      EXPECT_EQ(nlohmann::json::parse(text).get<double>() * unit.scale, base) << symbol;
    }
  }
}

TEST(Scorecard, RerunCommandIsQuoted) {
  const Scorecard plain;
  EXPECT_EQ(rerun_command(plain, "temporal/dtw/*/n=100"),
            "midstream-validate run --filter 'temporal/dtw/*/n=100'");
  EXPECT_EQ(rerun_command(plain, "it's $HOME"), "midstream-validate run --filter 'it'\\''s $HOME'");
  EXPECT_EQ(rerun_command(plain, "é 時間"), "midstream-validate run --filter 'é 時間'");
}

TEST(Scorecard, RerunCommandNamesTargetsAndProfile) {
  const std::string end = " --filter 'a'";
  Scorecard scorecard;
  scorecard.targets_name = "built-in stretch.yaml";
  scorecard.targets_files = {"stretch"};
  EXPECT_EQ(rerun_command(scorecard, "a"), "midstream-validate run --targets stretch" + end);
  // A name is a name, whatever it holds.
  scorecard.targets_files = {"a + b.yaml", "built-in c.yaml"};
  EXPECT_EQ(rerun_command(scorecard, "a"),
            "midstream-validate run --targets 'a + b.yaml' --targets 'built-in c.yaml'" + end);
  scorecard.targets_files.clear();
  scorecard.run.profile = "quick";
  EXPECT_EQ(rerun_command(scorecard, "a"), "midstream-validate run --profile quick" + end);
  scorecard.run.profile = "standard";
  EXPECT_EQ(rerun_command(scorecard, "a"), "midstream-validate run" + end);
}

TEST(Shell, WordsAreQuotedWhenTheyMustBe) {
  EXPECT_EQ(shell_word("--report"), "--report");
  EXPECT_EQ(shell_word("json=a/b.json"), "json=a/b.json");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("~"), "'~'");
  EXPECT_EQ(shell_word("a*"), "'a*'");
}

TEST(Scorecard, DigestIsOfTheCanonicalEvidence) {
  const Scorecard scorecard = samples::passing();
  const std::string evidence = canonical_evidence(scorecard);
  EXPECT_EQ(scorecard.digest, sha256_hex(evidence));
  // One leaf: its path, then the bits of a number, as a line of JSON.
  EXPECT_NE(evidence.find("[\"policy\",\"confidence\",\"3fee666666666666\"]\n"), std::string::npos);
  EXPECT_NE(evidence.find("[\"rows\",0,\"verdict\",\"PASS\"]\n"), std::string::npos);
}

TEST(Scorecard, DigestDoesNotDependOnWhenItIsBuilt) {
  EXPECT_EQ(samples::every_verdict().digest, samples::every_verdict().digest);
  EXPECT_NE(samples::every_verdict().digest, samples::passing().digest);
}

TEST(Scorecard, KeepsTheFactsOfBenchmarksThatRowsRestOn) {
  const Scorecard scorecard = samples::every_verdict();
  ASSERT_NE(scorecard.facts("quic/tls"), nullptr);  // only a reference
  EXPECT_EQ(scorecard.facts("quic/tls")->summary.launches, 7U);
  EXPECT_EQ(scorecard.facts("quic/tls")->summary.disturbed, 1U);
  EXPECT_EQ(scorecard.facts("quic/tls")->summary.least_warmup, 100U);
  EXPECT_EQ(scorecard.facts("quic/absent"), nullptr);
  EXPECT_TRUE(scorecard.run.measurements.empty());
}

}  // namespace
}  // namespace midstream::reports
