#include "targets/loader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/random.hpp"
#include "tests/targets/model_text.hpp"

namespace midstream::targets {
namespace {

using Json = nlohmann::ordered_json;

std::string faults_of(const LoadOutcome& outcome) {
  std::string text;
  for (const Fault& fault : outcome.faults) text += fault.text() + "\n";
  return text;
}

constexpr const char* kSmall = R"(schema: midstream-targets/1
title: Small
source: {document: D.md, date: 2025-10-26}
policy: {confidence: 0.9, max_regression: 10%}
components:
  - id: temporal
    title: Temporal Compare
    targets:
      - id: dtw
        title: DTW
        description: |
          Two
          lines.
        benchmark: temporal/dtw/*/n=100
        limit: "< 10 ms"
      - id: faster
        benchmark: temporal/dtw/*/n=100
        speedup_over: temporal/plain-dtw/*/n=100
        statistic: p99.9
        limit: ">= 7.5 x"
        severity: advisory
        source: "§4.1"
claims:
  - {id: c, text: 65 KB, benchmark: wasm/size/brotli, statistic: value, limit: "<= 65 KB"}
  - {id: d, text: fast, unverifiable: no number}
scorecard: {weights: {coverage: 40%, targets: 0.6}}
)";

TEST(Load, fills_the_model) {
  const LoadOutcome outcome = load_targets(kSmall, "small.yaml", {});
  ASSERT_TRUE(outcome.ok()) << faults_of(outcome);
  EXPECT_TRUE(outcome.faults.empty()) << faults_of(outcome);
  const TargetsFile& file = outcome.file;
  EXPECT_EQ(file.name, "small.yaml");
  EXPECT_EQ(file.source_date, "2025-10-26");
  EXPECT_DOUBLE_EQ(file.policy.confidence, 0.9);
  EXPECT_DOUBLE_EQ(file.policy.max_regression, 0.1);
  EXPECT_DOUBLE_EQ(file.weights.at("coverage"), 0.4);
  ASSERT_EQ(file.components.size(), 1U);
  ASSERT_EQ(file.components[0].targets.size(), 2U);
  const Target& plain = file.components[0].targets[0];
  EXPECT_EQ(plain.statistic, measure::Statistic::kMedian);
  EXPECT_EQ(plain.severity, Severity::kRequired);
  EXPECT_EQ(plain.description, "Two\nlines.\n");
  const Target& ratio = file.components[0].targets[1];
  EXPECT_EQ(ratio.title, "faster");
  EXPECT_EQ(ratio.relation, Relation::kSpeedupOver);
  EXPECT_EQ(ratio.reference, "temporal/plain-dtw/*/n=100");
  EXPECT_EQ(ratio.statistic, measure::Statistic::kP999);
  EXPECT_EQ(ratio.severity, Severity::kAdvisory);
  ASSERT_EQ(file.claims.size(), 2U);
  EXPECT_EQ(file.claims[0].limit->quantity.base(), 65e3);
  EXPECT_FALSE(file.claims[1].limit.has_value());
}

TEST(Load, byte_order_mark_and_carriage_returns_are_harmless) {
  std::string windows = "\xef\xbb\xbf";
  for (const char* c = kSmall; *c != '\0'; ++c) {
    if (*c == '\n') windows += '\r';
    windows += *c;
  }
  const LoadOutcome outcome = load_targets(windows, "w", {});
  ASSERT_TRUE(outcome.ok()) << faults_of(outcome);
  EXPECT_EQ(testing::model_text(outcome.file),
            testing::model_text(load_targets(kSmall, "s", {}).file));
}

TEST(Load, the_shipped_contract_is_whole) {
  const LoadOutcome outcome = load_targets(builtin_targets("midstream"), "midstream.yaml", {});
  ASSERT_TRUE(outcome.ok()) << faults_of(outcome);
  EXPECT_TRUE(outcome.faults.empty()) << faults_of(outcome);
  const std::pair<const char*, std::size_t> expected[] = {
      {"temporal", 3}, {"scheduler", 3}, {"attractor", 3}, {"solver", 3},
      {"meta", 3},     {"quic", 2},      {"wasm", 3}};
  ASSERT_EQ(outcome.file.components.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(outcome.file.components[i].id, expected[i].first);
    EXPECT_EQ(outcome.file.components[i].targets.size(), expected[i].second);
    for (const Target& target : outcome.file.components[i].targets) {
      EXPECT_EQ(target.severity, Severity::kRequired) << target.id;
      EXPECT_FALSE(target.source.empty()) << target.id;
    }
  }
  EXPECT_EQ(outcome.file.claims.size(), 7U);
}

TEST(Load, the_shipped_stretch_goals_are_advisory_and_join_the_contract) {
  LoadOutcome contract = load_targets(builtin_targets("midstream"), "midstream.yaml", {});
  LoadOutcome stretch = load_targets(builtin_targets("stretch"), "stretch.yaml", {});
  ASSERT_TRUE(stretch.ok()) << faults_of(stretch);
  for (const Component& component : stretch.file.components) {
    for (const Target& target : component.targets) {
      EXPECT_EQ(target.severity, Severity::kAdvisory) << target.id;
      EXPECT_FALSE(target.source.empty()) << target.id;
    }
  }
  EXPECT_TRUE(merge_targets({contract.file, stretch.file}).ok());
}

TEST(Load, an_unknown_builtin_is_empty) {
  EXPECT_TRUE(builtin_targets("nowhere").empty());
  EXPECT_TRUE(builtin_targets("").empty());
}

// Random but valid files, written as YAML and as JSON.
class TwinWriter {
 public:
  explicit TwinWriter(std::uint64_t seed) : random_(seed) {}

  Json file() {
    Json file = {{"schema", "midstream-targets/1"}, {"title", words()}};
    if (flip()) file["source"] = {{"document", words()}, {"date", "2025-10-26"}};
    if (flip()) file["policy"] = {{"confidence", flip() ? Json("95%") : Json(0.9)}};
    for (std::uint64_t c = 0; c <= random_.below(3); ++c) {
      Json component = {{"id", "c" + std::to_string(c)}, {"title", words()}};
      for (std::uint64_t t = 0; t <= random_.below(4); ++t) component["targets"] += target();
      file["components"] += component;
    }
    if (flip()) {
      file["claims"] += {{"id", "c"}, {"text", words()}, {"unverifiable", words()}};
    }
    if (flip()) file["scorecard"] = {{"weights", {{"coverage", 0.25}, {"targets", "75%"}}}};
    return file;
  }

  // Block style, with quotes only where YAML needs them or by chance.
  std::string yaml(const Json& value, const std::string& indent = "") {
    if (value.is_string()) return scalar(value.get<std::string>()) + "\n";
    if (!value.is_structured()) return value.dump() + "\n";
    // A file that begins with '{' would be JSON.
    if (!indent.empty() && random_.below(5) == 0)
      return value.dump() + (flip() ? " # comment\n" : "\n");
    std::string text = indent.empty() ? "" : "\n";
    for (const auto& [key, child] : value.items()) {
      text += indent + (value.is_array() ? "- " : key + ": ") + yaml(child, indent + "  ");
    }
    return text;
  }

 private:
  bool flip() { return random_.below(2) == 0; }

  std::string words() {
    static const char* const kWords[] = {
        "plain", "it's", "a \"q\"",    "caf\u00e9", "100",   "true",      "~",   "a: b",
        "x # y", "- z",  "[1]",        "> 5",       "p99.9", "%",         "@at", "\\n",
        "&a",    "*b",   "\U0001f680", "{",         "null",  "2025-10-26"};
    std::string text = kWords[random_.below(std::size(kWords))];
    if (flip()) text += std::string(" ") + kWords[random_.below(std::size(kWords))];
    return text;
  }

  Json target() {
    static const char* const kLimits[] = {"< 10 ms", "<= 65 KB", "> 10 Gbps", ">= 50 K msg/s"};
    static const char* const kStatistics[] = {"mean", "median", "p99", "p99.9", "max"};
    Json target = {{"id", "t" + std::to_string(targets_++)},
                   {"benchmark", "temporal/dtw/*/n=" + std::to_string(random_.below(1000))}};
    if (flip()) target["title"] = words();
    if (flip()) target["statistic"] = kStatistics[random_.below(std::size(kStatistics))];
    if (flip()) target["severity"] = flip() ? "required" : "advisory";
    if (flip()) target["source"] = words();
    if (random_.below(4) == 0) {
      target["relative_to"] = "temporal/plain/x";
      target["limit"] = "<= 2 x";
    } else {
      target["limit"] = kLimits[random_.below(std::size(kLimits))];
    }
    return target;
  }

  std::string scalar(const std::string& text) {
    const bool plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzT/-=0123456789 .*") ==
                           std::string::npos &&
                       std::isalpha(static_cast<unsigned char>(text[0])) != 0 && text != "true" &&
                       text != "null" && text.find(" -") == std::string::npos;
    if (plain && flip()) return text;
    if (flip()) return Json(text).dump();
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
    return quoted + "'";
  }

  Random random_;
  int targets_ = 0;
};

TEST(Twins, yaml_and_json_give_the_same_model) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    TwinWriter writer(seed);
    const Json twin = writer.file();
    const std::string yaml = writer.yaml(twin);
    const std::string json = twin.dump(static_cast<int>(seed % 4) - 1);
    const LoadOutcome from_yaml = load_targets(yaml, "twin", {});
    const LoadOutcome from_json = load_targets(json, "twin", {});
    ASSERT_TRUE(from_yaml.ok()) << faults_of(from_yaml) << yaml;
    ASSERT_TRUE(from_json.ok()) << faults_of(from_json) << json;
    ASSERT_EQ(testing::model_text(from_yaml.file), testing::model_text(from_json.file)) << yaml;
  }
}

TEST(Twins, both_find_the_same_faults) {
  const auto messages = [](const LoadOutcome& outcome) {
    std::vector<std::string> texts;
    for (const Fault& fault : outcome.faults) texts.push_back(fault.message);
    return texts;
  };
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    TwinWriter writer(seed);
    Json twin = writer.file();
    Json& target = twin["components"][0]["targets"][0];
    switch (seed % 6) {
      case 0:
        target["limit"] = "< 10 mss";
        break;
      case 1:
        target["colour"] = "red";
        break;
      case 2:
        target.erase("benchmark");
        break;
      case 3:
        target["title"] = 5;
        break;
      case 4:
        target["severity"] = "requird";
        break;
      default:
        twin["components"] += twin["components"][0];
        break;
    }
    const LoadOutcome from_yaml = load_targets(writer.yaml(twin), "twin", {});
    const LoadOutcome from_json = load_targets(twin.dump(2), "twin", {});
    ASSERT_FALSE(from_yaml.ok());
    if (seed % 6 == 5) {
      // These name a line of the file, which differs.
      ASSERT_EQ(from_yaml.faults.size(), from_json.faults.size());
    } else {
      ASSERT_EQ(messages(from_yaml), messages(from_json));
    }
    ++compared;
  }
  EXPECT_EQ(compared, 500U);
}

}  // namespace
}  // namespace midstream::targets
