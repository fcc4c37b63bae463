#include "reports/text_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace midstream::reports {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Printable, KeepsText) {
  EXPECT_EQ(printable("plain µs é 時間 \U0001F600"), "plain µs é 時間 \U0001F600");
}

TEST(Printable, TakesOutWhatActsOnATerminal) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a b c d");
  EXPECT_EQ(printable("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(printable("\x7f"), "\uFFFD");
  EXPECT_EQ(printable("\u009b31m"), "\uFFFD31m");  // the one-character form of ESC [
  EXPECT_EQ(printable("a\u202eb\u2066c\ufeff"), "abc");
}

TEST(Printable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xff"), "\uFFFD");
  EXPECT_EQ(printable("\xc3"), "\uFFFD");
  EXPECT_EQ(printable("\xc0\xaf"), "\uFFFD\uFFFD");                 // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");       // surrogate
  EXPECT_EQ(printable("\xf5\x80\x80\x80").substr(0, 3), "\uFFFD");  // beyond U+10FFFF
}

TEST(Printable, AnyBytesBecomeStable) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (std::uint64_t n = random.below(20); n > 0; --n) {
      bytes += static_cast<char>(random.below(256));
    }
    const std::string once = printable(bytes);
    EXPECT_EQ(printable(once), once);
    EXPECT_LE(display_width(cut(once, 5)), 5);
    EXPECT_EQ(display_width(fit(once, 9)), 9);
    for (const std::string& line : wrap(once, 4)) EXPECT_LE(display_width(line), 4);
  }
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0);
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("µé"), 2);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("時間"), 4);
  EXPECT_EQ(display_width("한글"), 4);
  EXPECT_EQ(display_width("\U0001F600"), 2);
}

TEST(Cut, MarksTheCutAndNeverSplitsACharacter) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 5), "abcd…");
  EXPECT_EQ(cut("時間時間", 5), "時間…");
  EXPECT_EQ(cut("時間時間", 4), "時…");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(Fit, FillsToTheWidth) {
  EXPECT_EQ(fit("ab", 4), "ab  ");
  EXPECT_EQ(fit("ab", 4, Align::kRight), "  ab");
  EXPECT_EQ(fit("時間時間", 4), "時… ");
}

TEST(Wrap, BreaksAtBlanks) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("  one   two ", 20), ElementsAre("one   two "));
  EXPECT_THAT(wrap("abcdefgh", 3), ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(wrap("a abcdefgh", 3), ElementsAre("a", "abc", "def", "gh"));
  EXPECT_THAT(wrap("", 3), IsEmpty());
}

TEST(Wrap, EndsThoughNothingFits) { EXPECT_THAT(wrap("時間", 1), ElementsAre("時", "間")); }

}  // namespace
}  // namespace midstream::reports
