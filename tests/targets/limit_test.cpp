#include "targets/limit.hpp"

#include <gtest/gtest.h>

namespace midstream::targets {
namespace {

TEST(Limit, every_operator_and_its_tie) {
  struct Case {
    const char* text;
    Comparison comparison;
    bool below, tie, above;
    bool upper;
  };
  for (const Case& c : {Case{"< 10 ms", Comparison::kLess, true, false, false, true},
                        Case{"<= 10 ms", Comparison::kLessEqual, true, true, false, true},
                        Case{"> 10 ms", Comparison::kGreater, false, false, true, false},
                        Case{">= 10 ms", Comparison::kGreaterEqual, false, true, true, false}}) {
    const auto limit = parse_limit(c.text);
    ASSERT_TRUE(limit.ok()) << c.text;
    EXPECT_EQ(limit->comparison, c.comparison) << c.text;
    EXPECT_EQ(limit->text, c.text);
    EXPECT_EQ(limit->holds(9.99e6), c.below) << c.text;
    EXPECT_EQ(limit->holds(10e6), c.tie) << c.text;
    EXPECT_EQ(limit->holds(10.01e6), c.above) << c.text;
    EXPECT_EQ(is_upper(*limit), c.upper) << c.text;
  }
}

TEST(Limit, spaces_are_free) {
  for (const char* text : {"<10ms", "<  10  ms", " < 10 ms ", "<\t10 ms"}) {
    const auto limit = parse_limit(text);
    ASSERT_TRUE(limit.ok()) << text;
    EXPECT_EQ(limit->quantity.base(), 10e6) << text;
  }
}

TEST(Limit, faults_say_what_to_write) {
  struct Case {
    const char* text;
    const char* message;
  };
  for (const Case& c :
       {Case{"10 ms", "has no operator"}, Case{"== 10 ms", "has no operator"}, Case{"", "is empty"},
        Case{"  ", "is empty"}, Case{"<", "has no number"}, Case{"< ms", "no quantity"},
        Case{"< 10 mss", "did you mean 'ms'"}, Case{"< 10 MS", "did you mean 'ms'"},
        Case{"< -5 ms", "negative"}, Case{"< 0 ms", "zero"}, Case{"> 0 Gbps", "zero"},
        Case{">= 0 %", "zero"}, Case{"< nan ms", "no quantity"}, Case{"< inf ms", "no quantity"},
        Case{"< 1e999 ms", "no quantity"}, Case{"< < 10 ms", "no quantity"},
        Case{"=< 10 ms", "has no operator"}, Case{"<= 10 ms or so", "unknown unit"}}) {
    const auto limit = parse_limit(c.text);
    ASSERT_FALSE(limit.ok()) << c.text;
    EXPECT_NE(limit.error().message.find(c.message), std::string::npos)
        << c.text << " -> " << limit.error().message;
  }
}

TEST(Limit, a_count_or_a_share_may_be_zero) {
  EXPECT_TRUE(parse_limit("<= 0").ok());
  EXPECT_TRUE(parse_limit("<= 0 %").ok());
  EXPECT_TRUE(parse_limit("> 0").ok());
}

}  // namespace
}  // namespace midstream::targets
