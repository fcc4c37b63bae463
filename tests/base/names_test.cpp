#include "core/base/names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/random.hpp"

namespace midstream {
namespace {

// The definition of a glob, word for word, exponential and obvious.
bool naive_match(std::string_view p, std::string_view t) {
  if (p.empty()) return t.empty();
  if (p.starts_with("**")) {
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (naive_match(p.substr(2), t.substr(i))) return true;
    }
    return false;
  }
  if (p[0] == '*') {
    for (std::size_t i = 0; i <= t.size(); ++i) {
      if (naive_match(p.substr(1), t.substr(i))) return true;
      if (i < t.size() && t[i] == '/') break;
    }
    return false;
  }
  if (t.empty()) return false;
  if (p[0] == '?') return t[0] != '/' && naive_match(p.substr(1), t.substr(1));
  return p[0] == t[0] && naive_match(p.substr(1), t.substr(1));
}

std::string random_text(Random& random, std::string_view alphabet, std::size_t longest) {
  std::string text(random.below(longest + 1), ' ');
  for (char& c : text) c = alphabet[random.below(alphabet.size())];
  return text;
}

TEST(Glob, AgreesWithTheDefinition) {
  Random random(7);
  int matches = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string pattern = random_text(random, "ab/*?*", 7);
    const std::string text = random_text(random, "ab/", 8);
    const bool expected = naive_match(pattern, text);
    ASSERT_EQ(glob_match(pattern, text), expected) << pattern << " on " << text;
    const auto captures = glob_captures(pattern, text);
    ASSERT_EQ(captures.has_value(), expected);
    if (!expected) continue;
    ++matches;
    ASSERT_EQ(glob_fill(pattern, *captures), text) << pattern;
  }
  EXPECT_GT(matches, 1000);
}

TEST(Glob, ExamplesFromTargetsFiles) {
  EXPECT_TRUE(glob_match("temporal/dtw/*/n=100", "temporal/dtw/sine/n=100"));
  EXPECT_FALSE(glob_match("temporal/dtw/*/n=100", "temporal/dtw/sine/n=1000"));
  EXPECT_FALSE(glob_match("temporal/*", "temporal/dtw/sine"));
  EXPECT_TRUE(glob_match("temporal/**", "temporal/dtw/sine/n=100"));
  EXPECT_TRUE(glob_match("n=100+a", "n=100+a"));  // nothing else is special
  EXPECT_TRUE(glob_match("[a].{1}", "[a].{1}"));
  EXPECT_TRUE(glob_match("gr\u00fc?e", "gr\u00fc\u00dfe"));  // one letter, two bytes
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_FALSE(glob_match("", "a"));
}

TEST(Glob, CapturesAreTheShortestFromTheLeft) {
  using Strings = std::vector<std::string>;
  EXPECT_EQ(glob_captures("temporal/*/*/n=?", "temporal/dtw/sine/n=5"),
            (Strings{"dtw", "sine", "5"}));
  EXPECT_EQ(glob_captures("*a*", "banana"), (Strings{"b", "nana"}));
  EXPECT_EQ(glob_captures("**/x", "a/b/x"), (Strings{"a/b"}));
  EXPECT_EQ(glob_fill("ref/*/n=*", Strings{"sine"}), "ref/sine/n=*");
  EXPECT_EQ(glob_fill("ref/**", Strings{}), "ref/**");
}

TEST(Glob, ManyStarsTakeNoTime) {
  // 40 wildcards on a text that almost matches: exponential for a matcher that tries them all.
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "**a*";
  EXPECT_FALSE(glob_match(pattern + "b", std::string(500, 'a')));
}

TEST(NearestName, LikelySlipsOnly) {
  const std::vector<std::string> names = {"median", "mean", "p99", "p99.9", "max"};
  EXPECT_EQ(nearest_name("meadian", names), "median");
  EXPECT_EQ(nearest_name("p99.", names), "p99");
  EXPECT_EQ(nearest_name("maen", names), "mean");  // two letters swapped are one slip
  EXPECT_EQ(nearest_name("elephant", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("mean", {}), "");
  EXPECT_EQ(
      nearest_name("temporal/dwt/sine/n=100", std::vector<std::string>{"temporal/dtw/random/n=100",
                                                                       "temporal/dtw/sine/n=100"}),
      "temporal/dtw/sine/n=100");
}

}  // namespace
}  // namespace midstream
