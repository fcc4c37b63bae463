// Files that are no scorecard: one clear error each, never a partial verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/report.hpp"
#include "tests/reports/samples.hpp"

namespace midstream::reports {
namespace {

using testing::HasSubstr;

std::string error_of(std::string_view text) {
  const auto result = verify_scorecard(text, "s.json");
  return result.ok() ? "accepted" : result.error().message;
}

void expect_clean(const std::string& message) {
  EXPECT_THAT(message, testing::StartsWith("s.json: no complete scorecard ("));
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 0);
}

TEST(ScorecardReader, TruncatedAtEveryByte) {
  const std::string text = render_json(samples::nothing(), {});
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {  // the last byte is a newline
    expect_clean(error_of(text.substr(0, size)));
  }
  EXPECT_EQ(error_of(text), "accepted");
}

TEST(ScorecardReader, ALongerOneTruncatedAtEveryEleventhByte) {
  const std::string text = render_json(samples::passing(), {});
  for (std::size_t size = 0; size + 1 < text.size(); size += 11) {
    expect_clean(error_of(text.substr(0, size)));
  }
}

TEST(ScorecardReader, SaysWhereItBreaks) {
  EXPECT_THAT(error_of("{\n  \"schema\": }"), HasSubstr("2:13"));
  EXPECT_THAT(error_of(""), HasSubstr("1:1"));
}

TEST(ScorecardReader, ForeignFiles) {
  expect_clean(error_of("[1, 2]"));
  expect_clean(error_of("null"));
  expect_clean(error_of("{}"));
  expect_clean(error_of("\xff\xfe"));
  expect_clean(error_of(std::string(100, '\0')));
  EXPECT_THAT(error_of(R"({"schema": "midstream-results/1"})"),
              HasSubstr(R"(its schema is "midstream-results/1", not "midstream-scorecard/1")"));
  EXPECT_THAT(error_of(R"({"schema": "midstream-scorecard/1"})"),
              HasSubstr("the member \"targets\" is missing"));
  EXPECT_THAT(error_of(R"({"schema": "midstream-scorecard/2"})"), HasSubstr("scorecard/2"));
}

TEST(ScorecardReader, HostileFiles) {
  EXPECT_THAT(error_of(std::string(1 << 20, '[')), HasSubstr("nested deeper"));
  EXPECT_THAT(error_of(R"({"schema": "midstream-scorecard/1", "schema": 1})"),
              HasSubstr("duplicate key \"schema\""));
  EXPECT_THAT(error_of(R"({"schema": 1e999})"), HasSubstr("number"));
}

std::string edited(const std::string& from, const std::string& to) {
  std::string text = render_json(samples::passing(), {});
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return error_of(text.replace(at, from.size(), to));
}

TEST(ScorecardReader, NamesTheMemberThatIsWrong) {
  EXPECT_THAT(edited(R"("round": 0)", R"("round": "0")"),
              HasSubstr("rows[0].scenarios[0].launches[0].round: expected a whole number from 0"));
  EXPECT_THAT(edited(R"("confidence": 0.95)", R"("confidence": 95)"),
              HasSubstr("policy.confidence: expected a number between 0 and 1"));
  EXPECT_THAT(edited(R"("severity": "required")", R"("severity": "vital")"),
              HasSubstr("rows[0].severity: expected one of required, advisory"));
  EXPECT_THAT(edited(R"("statistic": "median")", R"("statistic": "mediam")"),
              HasSubstr("rows[0].statistic"));
  EXPECT_THAT(edited(R"("limit": "< 10 ms")", R"("limit": "10 ms")"), HasSubstr("rows[0].limit"));
  EXPECT_THAT(edited(R"("interrupted": false)", R"("interrupted": 0)"),
              HasSubstr("run.interrupted: expected true or false"));
  EXPECT_THAT(edited(R"("seed": "20251026")", R"("seed": "-1")"), HasSubstr("run.seed"));
  EXPECT_THAT(edited(R"("launches": 7,)", R"("launches": 18446744073709551615,)"),
              HasSubstr("more launches than any run makes"));
}

}  // namespace
}  // namespace midstream::reports
