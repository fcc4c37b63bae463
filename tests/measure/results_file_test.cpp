#include "core/measure/results_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/measure/sample_results.hpp"

namespace midstream::measure {
namespace {

using nlohmann::ordered_json;

// One benchmark with samples and a rate, one with a histogram.
Results small_results() {
  Results results;
  results.tool_version = "0.1.0";
  results.started_at = "2025-10-26T09:30:00Z";
  results.environment = {{"cpu", "Example"}, {"aslr", "on"}};
  results.seed = 42;
  Measurement batches;
  batches.id = "temporal/dtw/sine/n=100";
  batches.parameters = {{"n", "100"}};
  batches.metric.unit = parse_unit("ns").value();
  batches.throughput = Throughput{10000, "cells"};
  batches.status = MeasurementStatus::kOk;
  batches.launches.resize(2);
  batches.launches[0].samples = {1200.5, 1210, 1190};
  batches.launches[1].samples = {1180, 1230.25};
  batches.launches[1].round = 1;
  Measurement operations;
  operations.id = "scheduler/schedule/single";
  operations.metric.unit = parse_unit("ns").value();
  operations.metric.kind = SampleKind::kOperation;
  operations.launches.resize(1);
  operations.launches[0].histogram.emplace();
  for (std::uint64_t i = 0; i < 200; ++i) operations.launches[0].histogram->record(300 + i);
  results.measurements = {operations, batches};
  return results;
}

std::string error_of(std::string_view text) {
  const auto read = results_from_json(text, "results.json");
  return read.ok() ? "" : read.error().message;
}

// The file with one edit, given as a JSON pointer and a value.
std::string edited(const std::function<void(ordered_json&)>& edit) {
  ordered_json json = ordered_json::parse(results_to_json(small_results()));
  edit(json);
  return json.dump();
}

std::string error_with(std::string_view pointer, const ordered_json& value) {
  return error_of(edited(
      [&](ordered_json& json) { json[ordered_json::json_pointer(std::string(pointer))] = value; }));
}

void expect_clean(const std::string& message) {
  EXPECT_TRUE(message.starts_with("results.json: ")) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_NE(message.find("; "), std::string::npos) << "no way out: " << message;
  EXPECT_LT(message.size(), 300u) << message;
}

TEST(ResultsFile, WhatIsWrittenReadsBackTheSame) {
  Random random(31);
  for (int i = 0; i < 300; ++i) {
    const Results original = random_results(random);
    const std::string text = results_to_json(original);
    const auto read = results_from_json(text, "results.json");
    ASSERT_TRUE(read.ok()) << read.error().message << "\n" << text;
    // Every member goes into the text, so equal texts are equal results.
    ASSERT_EQ(results_to_json(*read), text);
    ASSERT_EQ(read->seed, original.seed);
    ASSERT_EQ(read->environment.size(), original.environment.size());
    ASSERT_EQ(read->measurements.size(), original.measurements.size());
    for (std::size_t m = 0; m < read->measurements.size(); ++m) {
      const auto& launches = original.measurements[m].launches;
      ASSERT_EQ(read->measurements[m].seed, original.measurements[m].seed);
      ASSERT_EQ(read->measurements[m].launches.size(), launches.size());
      for (std::size_t k = 0; k < launches.size(); ++k) {
        ASSERT_EQ(read->measurements[m].launches[k].samples, launches[k].samples);
        ASSERT_EQ(read->measurements[m].launches[k].status, launches[k].status);
      }
    }
  }
}

TEST(ResultsFile, TruncatedAnywhereIsOneCleanLine) {
  const std::string text = results_to_json(small_results());
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    const std::string message = error_of(std::string_view(text).substr(0, length));
    ASSERT_FALSE(message.empty()) << length;
    ASSERT_NO_FATAL_FAILURE(expect_clean(message));
  }
  EXPECT_EQ(error_of(std::string_view(text).substr(0, text.size() - 1)), "");  // the last newline
}

TEST(ResultsFile, TruncationAndEmptinessAreNamed) {
  const std::string text = results_to_json(small_results());
  EXPECT_NE(error_of(text.substr(0, text.size() / 2)).find("truncated"), std::string::npos);
  EXPECT_NE(error_of("").find("empty"), std::string::npos);
}

TEST(ResultsFile, ForeignTextIsRefused) {
  const std::string text = results_to_json(small_results());
  for (const std::string& foreign :
       {std::string("[]"), std::string("{}"), std::string("null"), std::string("\0\0", 2),
        std::string("\xff\xfe{"), std::string("schema: midstream-targets/1"), text + text,
        text + "x", std::string(100000, '['), std::string("{\"schema\": 1}"),
        std::string("{\"schema\": \"midstream-scorecard/1\"}")}) {
    const std::string message = error_of(foreign);
    ASSERT_FALSE(message.empty()) << foreign.substr(0, 50);
    expect_clean(message);
  }
}

TEST(ResultsFile, OtherVersionsAreNamed) {
  const std::string message = error_with("/schema", "midstream-results/2");
  expect_clean(message);
  EXPECT_NE(message.find("midstream-results/2"), std::string::npos) << message;
  EXPECT_NE(message.find("midstream-results/1"), std::string::npos) << message;
  expect_clean(error_with("/schema", "midstream-results/\n\x1b[31m"));
}

TEST(ResultsFile, DuplicateKeysAreRefused) {
  std::string text = results_to_json(small_results());
  const std::string key = "\"profile\": \"\",";
  const auto at = text.find(key);
  ASSERT_NE(at, std::string::npos);
  text.insert(at, key);
  const std::string message = error_of(text);
  expect_clean(message);
  EXPECT_NE(message.find("'profile' stands twice"), std::string::npos) << message;
}

struct Edit {
  const char* pointer;
  ordered_json value;
  const char* expected;  // in the message
};

TEST(ResultsFile, EveryTypeAndRangeIsChecked) {
  const std::string launch = "/benchmarks/1/launches/0/";
  const Edit edits[] = {
      {"/tool", 1, "tool must be an object"},
      {"/tool/version", 1, "tool.version must be a string"},
      {"/started_at", "yesterday", "started_at must be a UTC time"},
      {"/started_at", "2025-10-26T09:30:00+01:00", "started_at"},
      {"/finished_at", "2025-10-26T09:30:00.Z", "finished_at"},
      {"/interrupted", "no", "interrupted must be true or false"},
      {"/seed", 42, "seed must be a string"},
      {"/seed", "-1", "seed must be a string of digits"},
      {"/seed", "18446744073709551616", "seed must be a string of digits"},
      {"/command_line", {"a", 1}, "command_line[1] must be a string"},
      {"/environment/cpu", nullptr, "environment.cpu must be a string"},
      {"/benchmarks", ordered_json::object(), "benchmarks must be an array"},
      {"/benchmarks/0", 1, "benchmarks[0] must be an object"},
      {"/benchmarks/1/id", "", "benchmarks[1].id must not be empty"},
      {"/benchmarks/1/id", "scheduler/schedule/single", "repeats the benchmark"},
      {"/benchmarks/1/unit", "parsec", "benchmarks[1].unit is an unknown unit 'parsec'"},
      {"/benchmarks/1/unit", "KB", "benchmarks[1].launches[0].rates.mean cannot be told"},
      {"/benchmarks/1/direction", "up", "must be one of lower_is_better, higher_is_better"},
      {"/benchmarks/1/sample", "mean", "must be one of operation, batch_mean, value"},
      {"/benchmarks/0/sample", "batch_mean", "histogram is for times of single operations only"},
      {"/benchmarks/1/status", "fine", "benchmarks[1].status must be one of ok, error"},
      {"/benchmarks/1/variants", 4294967296, "variants must be a whole number"},
      {"/benchmarks/1/variants", -1, "variants must be a whole number"},
      {"/benchmarks/1/variants", 1.0, "variants must be a whole number"},
      {"/benchmarks/1/counters", {{"a", "b"}}, "counters.a must be a number"},
      {"/benchmarks/1/throughput/per_operation", -1, "must be a number not below 0"},
      {"/benchmarks/1/launches/0/cpu_share", -0.5, "cpu_share must be a number not below 0"},
      {"/benchmarks/1/launches/0/samples/1", -1, "launches[0].samples[1] must be a number"},
      {"/benchmarks/1/launches/0/samples/1", nullptr, "launches[0].samples[1] must be a number"},
      {"/benchmarks/1/launches/0/samples", 1, "samples must be an array"},
      {"/benchmarks/1/launches/0/histogram", 1, "only one of them may"},
      {"/benchmarks/0/launches/0/histogram/bins/0/1", 0, "is no histogram: bin"},
      {"/benchmarks/0/launches/0/histogram/bins/0", {1}, "bins[0] must be [bin, count]"},
      {"/benchmarks/0/launches/0/histogram/bins/0/0", 1e10, "bins[0] must be [bin, count]"},
      {"/benchmarks/0/launches/0/histogram/sum", 1, "sum does not agree"},
  };
  for (const Edit& edit : edits) {
    const std::string message = error_with(edit.pointer, edit.value);
    EXPECT_NE(message.find(edit.expected), std::string::npos)
        << edit.pointer << " = " << edit.value << "\n got: " << message;
    expect_clean(message);
  }
}

TEST(ResultsFile, EditedSamplesAndFiguresAreCaught) {
  EXPECT_NE(error_with("/benchmarks/1/launches/0/samples/1", 1211)
                .find("statistics.mean disagrees with the samples"),
            std::string::npos);
  EXPECT_NE(error_with("/benchmarks/1/launches/1/statistics/median", 1).find("disagrees"),
            std::string::npos);
  EXPECT_NE(error_with("/benchmarks/1/launches/0/rates/max", 1).find("rates.max disagrees"),
            std::string::npos);
  EXPECT_NE(error_with("/benchmarks/0/launches/0/statistics/p90", {300, 301}).find("disagrees"),
            std::string::npos);
  EXPECT_NE(error_with("/benchmarks/1/launches/0/statistics/p99", 1211).find("cannot be told"),
            std::string::npos);
  EXPECT_NE(error_of(edited([](ordered_json& json) {
              json["benchmarks"][1]["launches"][0]["statistics"].erase("median");
            })).find("statistics.median is missing"),
            std::string::npos);
}

// Copies of one launch are not several, and nobody may call a debug build a release.
TEST(ResultsFile, ContradictionsAreRefused) {
  const char* place = "benchmarks[1].launches[1].round must be above that of the launch before";
  EXPECT_NE(error_with("/benchmarks/1/launches/1/round", 0).find(place), std::string::npos);
  EXPECT_NE(error_with("/benchmarks/1/launches/0/round", 2).find(place), std::string::npos);
  expect_clean(error_with("/benchmarks/1/launches/1/round", 0));
  const auto with_build = [](const char* type, bool release) {
    return error_of(edited([&](ordered_json& json) {
      json["environment"]["build_type"] = type;
      json["release_build"] = release;
    }));
  };
  EXPECT_EQ(with_build("release", true), "");
  EXPECT_EQ(with_build("assertions on", false), "");
  EXPECT_EQ(with_build("unknown", true), "");
  const std::string message = with_build("debug", true);
  EXPECT_NE(message.find("release_build contradicts environment.build_type"), std::string::npos);
  expect_clean(message);
  EXPECT_NE(with_build("release", false), "");
}

TEST(ResultsFile, QualityIsWhatTheLaunchesGive) {
  for (const char* member : {"launches", "failed", "disturbed", "samples", "least_warmup",
                             "highest_load", "outlier_share", "modes"}) {
    EXPECT_NE(error_with(std::string("/benchmarks/0/quality/") + member, 99)
                  .find("disagrees with the launches"),
              std::string::npos)
        << member;
  }
}

// Every member, wherever it stands: gone, it is missed; misspelt, it is unknown.
void visit(const ordered_json& json, const ordered_json::json_pointer& at,
           std::vector<ordered_json::json_pointer>& members) {
  for (const auto& [key, value] : json.items()) {
    const auto here = json.is_object() ? at / key : at / static_cast<std::size_t>(std::stoul(key));
    const bool data =
        at.to_string().ends_with("/environment") || at.to_string().ends_with("/parameters");
    if (json.is_object() && !data) members.push_back(here);
    if (value.is_structured()) visit(value, here, members);
  }
}

// But for "quality", which says nothing that the launches do not.
TEST(ResultsFile, NoMemberIsOptionalOrIgnored) {
  const ordered_json original = ordered_json::parse(results_to_json(small_results()));
  std::vector<ordered_json::json_pointer> members;
  visit(original, ordered_json::json_pointer(), members);
  EXPECT_GT(members.size(), 90u);
  for (const auto& member : members) {
    ordered_json json = original;
    ordered_json& parent = json[member.parent_pointer()];
    const ordered_json value = parent[member.back()];
    parent.erase(member.back());
    const std::string missing = error_of(json.dump());
    EXPECT_EQ(missing.empty(), member.back() == "quality") << member.to_string();
    parent[member.back()] = value;
    parent[member.back() + "x"] = value;
    const std::string unknown = error_of(json.dump());
    EXPECT_FALSE(unknown.empty()) << member.to_string() << "x is ignored";
  }
}

TEST(ResultsFile, UnknownMembersNameTheNearest) {
  const std::string message = error_with("/profil", "quick");
  EXPECT_NE(message.find("profil is no member known here; did you mean 'profile'?"),
            std::string::npos)
      << message;
}

TEST(ResultsFile, NumbersThatAreNoneAreNeverWritten) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Results results = small_results();
  Measurement& of = results.measurements[1];
  of.launches[0].samples[1] = nan;
  of.launches[1].load_average = nan;
  of.counters["bad"] = std::numeric_limits<double>::infinity();
  of.timer_cost_share = nan;
  const std::string text = results_to_json(results);
  EXPECT_EQ(text.find("null"), std::string::npos);
  const auto read = results_from_json(text, "results.json");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Launch& launch = read->measurements[1].launches[0];
  EXPECT_EQ(launch.status, LaunchStatus::kFailed);
  EXPECT_TRUE(launch.samples.empty());
  EXPECT_NE(launch.reason.find("finite"), std::string::npos);
  EXPECT_TRUE(read->measurements[1].counters.empty());
}

TEST(ResultsFile, BytesThatAreNoTextAreReplaced) {
  Results results = small_results();
  results.measurements[0].reason = "worker said: \xff\xfe";
  const auto read = results_from_json(results_to_json(results), "results.json");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->measurements[0].reason, "worker said: \ufffd\ufffd");
}

// The documentation names every member, and the shape of the file is what it shows.
TEST(ResultsFile, EveryMemberIsDocumented) {
  std::ifstream file(MIDSTREAM_SOURCE_DIR "/docs/results.md");
  std::stringstream text;
  text << file.rdbuf();
  const ordered_json json = ordered_json::parse(results_to_json(small_results()));
  std::vector<ordered_json::json_pointer> members;
  visit(json, ordered_json::json_pointer(), members);
  std::set<std::string> names;
  for (const auto& member : members) names.insert(member.back());
  for (const std::string& name : names) {
    EXPECT_NE(text.str().find("`" + name + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace midstream::measure
