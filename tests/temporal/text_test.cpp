#include "core/temporal/text.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/temporal/damerau.hpp"
#include "core/temporal/edit_script.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "tests/temporal/replay.hpp"

namespace midstream::temporal {
namespace {

// Encodes by the definition, to hold the decoder against.
std::string encoded(std::uint32_t code_point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xC0 | code_point >> 6), byte(0x80 | (code_point & 0x3F))};
  if (code_point < 0x10000) {
    return {byte(0xE0 | code_point >> 12), byte(0x80 | (code_point >> 6 & 0x3F)),
            byte(0x80 | (code_point & 0x3F))};
  }
  return {byte(0xF0 | code_point >> 18), byte(0x80 | (code_point >> 12 & 0x3F)),
          byte(0x80 | (code_point >> 6 & 0x3F)), byte(0x80 | (code_point & 0x3F))};
}

TEST(Text, EveryCodePointDecodesAndEverySurrogateDoesNot) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t value = 0; value <= 0x10FFFF; ++value) {
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    ASSERT_EQ(decode_utf8(encoded(value), out).ok(), !surrogate) << value;
    if (!surrogate) {
      ASSERT_EQ(out, std::vector<std::uint32_t>{value});
    }
  }
}

// Of all two-byte strings exactly the valid ones are accepted: ASCII pairs and U+0080 to U+07FF.
TEST(Text, EveryPairOfBytes) {
  int valid = 0;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      valid += find_invalid_utf8(text) == kValidUtf8 ? 1 : 0;
    }
  }
  EXPECT_EQ(valid, 128 * 128 + 0x800 - 0x80);
}

TEST(Text, InvalidInputNamesItsOffset) {
  struct Case {
    std::string text;
    std::size_t offset;
  };
  for (const auto& [text, offset] : {Case{"ab\xC0\xAF", 2},              // overlong
                                     Case{"\xE0\x80\x80", 0},            // overlong
                                     Case{"\xF0\x8F\xBF\xBF", 0},        // overlong
                                     Case{"x\xED\xA0\x80", 1},           // surrogate
                                     Case{"xyz\xF4\x90\x80\x80", 3},     // beyond U+10FFFF
                                     Case{"\xC3\xA9\xE2\x82", 2},        // truncated
                                     Case{"\x80", 0}, Case{"a\xFF", 1},  // no lead bytes
                                     Case{"\xF5\x80\x80\x80", 0}}) {
    EXPECT_EQ(find_invalid_utf8(text), offset);
    const auto result = levenshtein_distance_utf8("fine", text);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(result.error().message, "b: invalid UTF-8 at byte " + std::to_string(offset));
    EXPECT_FALSE(lcs_length_utf8(text, "fine").ok());
  }
}

// Every algorithm over 32-bit symbols takes what was decoded once.
TEST(Text, DecodedTextsGoIntoEveryAlgorithm) {
  const CodePoints a = *CodePoints::decode("naïve café");
  const CodePoints b = *CodePoints::decode("naive cafés");
  EXPECT_EQ(a.symbols().size(), 10U);
  EXPECT_EQ(levenshtein_distance(a, b), 2U);
  EXPECT_EQ(levenshtein_distance_within(a, b, 2), 2U);
  EXPECT_EQ(levenshtein_distance_within(a, b, 1), std::nullopt);
  EXPECT_EQ(lcs_length(a, b), 9U);
  EXPECT_EQ(osa_distance(*CodePoints::decode("éa"), *CodePoints::decode("aé")), 1U);
  std::vector<Edit> edits;
  edit_script(a, b, edits);
  EXPECT_EQ(edits, (std::vector<Edit>{{EditKind::kSubstitute, 2, 2}, {EditKind::kInsert, 10, 10}}));
  EXPECT_TRUE(test::turns_into(a.symbols(), b.symbols(), edits));
  std::vector<CommonSymbol> common;
  common_subsequence(a, b, common);
  EXPECT_EQ(common.size(), 9U);
  std::vector<CodePoints> many(3);
  ASSERT_TRUE(many[0].assign("naïve").ok());
  ASSERT_TRUE(many[1].assign("").ok());
  many[2] = b;
  std::vector<std::size_t> distances(3);
  ASSERT_TRUE(levenshtein_distances(a, many, distances).ok());
  EXPECT_EQ(distances, (std::vector<std::size_t>{5, 10, 2}));
  EXPECT_FALSE(levenshtein_distances(a, many, std::span(distances).first(2)).ok());
}

TEST(Text, AFailedDecodingNamesTheOffsetAndLeavesNothing) {
  const auto failed = CodePoints::decode("né\xFF");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message, "text: invalid UTF-8 at byte 3");
  CodePoints text = *CodePoints::decode("before");
  EXPECT_FALSE(text.assign("\x80").ok());
  EXPECT_TRUE(text.symbols().empty());
}

TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(*levenshtein_distance_utf8("naïve café", "naive cafe"), 2U);
  EXPECT_EQ(*levenshtein_distance_utf8("日本語", "日本"), 1U);
  EXPECT_EQ(*levenshtein_distance_utf8("😀", ""), 1U);
  EXPECT_EQ(*lcs_length_utf8("日本語", "本語"), 2U);
  EXPECT_EQ(*lcs_length_utf8("", ""), 0U);
}

}  // namespace
}  // namespace midstream::temporal
