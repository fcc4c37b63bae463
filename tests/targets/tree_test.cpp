#include "targets/tree.hpp"

#include <gtest/gtest.h>

namespace midstream::targets {
namespace {

using Kind = TreeNode::Kind;

TEST(PlainKind, follows_the_yaml_core_schema) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(plain_kind(text), Kind::kNull) << text;
  }
  for (const char* text : {"true", "False", "TRUE"}) {
    EXPECT_EQ(plain_kind(text), Kind::kBool) << text;
  }
  for (const char* text :
       {"0", "-7", "+1", "1.", ".5", "1e5", "1.5E-3", ".inf", "-.INF", ".nan", "0o17", "0xfF"}) {
    EXPECT_EQ(plain_kind(text), Kind::kNumber) << text;
  }
  for (const char* text : {"yes", "off", "2025-10-26", "1.2.3", "-", ".", "e5", "1e", "95%", "0o8",
                           "0x", "p99.9", "nan", "inf", "nULL"}) {
    EXPECT_EQ(plain_kind(text), Kind::kText) << text;
  }
}

TEST(CheckBytes, names_the_offset_and_the_place) {
  EXPECT_FALSE(check_bytes("plain\r\n\ttext \xc2\xb5s \xf0\x9f\x9a\x80").has_value());
  for (const char* bad : {"a\n\xff", "a\n\xc0\x80", "a\n\xed\xa0\x80", "a\n\xf5\x80\x80\x80",
                          "a\n\xe2\x82", "a\n\x80", "a\n\xe0\x80\x80", "a\n\xf0\x80\x80\x80"}) {
    const auto fault = check_bytes(bad);
    ASSERT_TRUE(fault.has_value());
    EXPECT_EQ(fault->at, (Position{2, 1}));
    EXPECT_NE(fault->message.find("offset 2 is not UTF-8"), std::string::npos) << fault->message;
  }
  using namespace std::string_view_literals;
  for (const std::string_view bad : {"a\0b"sv, "a\4b"sv, "a\x1b[0m"sv, "a\x7f"sv}) {
    EXPECT_NE(check_bytes(bad)->message.find("control character"), std::string::npos);
  }
  EXPECT_NE(check_bytes(std::string(kMaxBytes + 1, ' '))->message.find("1 MiB"), std::string::npos);
  EXPECT_FALSE(check_bytes(std::string(kMaxBytes, ' ')).has_value());
}

void expect_same(const TreeNode& yaml, const TreeNode& json) {
  EXPECT_EQ(yaml.kind, json.kind) << yaml.text;
  EXPECT_EQ(yaml.text, json.text);
  EXPECT_EQ(yaml.at, json.at) << yaml.text;
  ASSERT_EQ(yaml.items.size(), json.items.size());
  for (std::size_t i = 0; i < yaml.items.size(); ++i) expect_same(yaml.items[i], json.items[i]);
  ASSERT_EQ(yaml.members.size(), json.members.size());
  for (std::size_t i = 0; i < yaml.members.size(); ++i) {
    EXPECT_EQ(yaml.members[i].key, json.members[i].key);
    EXPECT_EQ(yaml.members[i].at, json.members[i].at);
    expect_same(yaml.members[i].value, json.members[i].value);
  }
}

// JSON is YAML, so the two parsers must agree on it, places and all.
TEST(Trees, of_the_same_json_text_are_equal) {
  for (const char* text :
       {"{}", "[]", R"({"a": 1, "b": [true, null, -2.5e3, "x"]})",
        "{\n  \"a\": {\n    \"b\": [\n      \"\u00b5\", {\"c\": \"d\\\"e\"}\n    ]\n  },\n"
        "  \"f\": \"\"\n}",
        R"([[], {}, [[1]], "a,b:c]}", "\u00e9\t"])", " [1 , 2]", R"({"a":"\\"})"}) {
    SCOPED_TRACE(text);
    const Tree yaml = parse_yaml_tree(text);
    const Tree json = parse_json_tree(text);
    ASSERT_TRUE(yaml.complete && yaml.root);
    ASSERT_TRUE(json.complete && json.root);
    EXPECT_TRUE(yaml.faults.empty());
    EXPECT_TRUE(json.faults.empty());
    expect_same(*yaml.root, *json.root);
  }
}

TEST(YamlTree, keeps_places_of_every_style) {
  const Tree tree = parse_yaml_tree(
      "# comment\na: plain\nb: 'it''s'\nc: \"q\\\"\"\nd: >-\n  folded\n  text\ne:\n  - x\n  "
      "-\nf:\n");
  ASSERT_TRUE(tree.complete);
  ASSERT_TRUE(tree.faults.empty());
  const auto& members = tree.root->members;
  ASSERT_EQ(members.size(), 6U);
  EXPECT_EQ(members[0].at, (Position{2, 1}));
  EXPECT_EQ(members[0].value.at, (Position{2, 4}));
  EXPECT_EQ(members[1].value.text, "it's");
  EXPECT_EQ(members[2].value.text, "q\"");
  EXPECT_EQ(members[3].value.text, "folded text");
  EXPECT_EQ(members[3].value.kind, Kind::kText);
  ASSERT_EQ(members[4].value.items.size(), 2U);
  EXPECT_EQ(members[4].value.items[1].kind, Kind::kNull);
  EXPECT_EQ(members[4].value.items[1].at, (Position{10, 3}));
  EXPECT_EQ(members[5].value.kind, Kind::kNull);
  EXPECT_EQ(members[5].value.at, (Position{11, 1}));
}

TEST(YamlTree, quoted_words_are_text) {
  const Tree tree = parse_yaml_tree("['1', \"true\", 'null', 1, true, null, ~]");
  ASSERT_TRUE(tree.complete);
  const Kind expected[] = {Kind::kText, Kind::kText, Kind::kText, Kind::kNumber,
                           Kind::kBool, Kind::kNull, Kind::kNull};
  ASSERT_EQ(tree.root->items.size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(tree.root->items[i].kind, expected[i]) << i;
  }
}

TEST(Limits, depth_and_nodes_hold_for_both) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  const auto flat = [](std::size_t items) {
    std::string text = "[1";
    for (std::size_t i = 1; i < items; ++i) text += ",1";
    return text + "]";
  };
  for (const auto parse : {parse_yaml_tree, parse_json_tree}) {
    EXPECT_TRUE(parse(nested(kMaxDepth)).faults.empty());
    EXPECT_FALSE(parse(nested(kMaxDepth + 1)).complete);
    EXPECT_FALSE(parse(nested(100'000)).complete);
    EXPECT_TRUE(parse(flat(kMaxNodes - 1)).faults.empty());
    EXPECT_FALSE(parse(flat(kMaxNodes)).complete);
  }
}

}  // namespace
}  // namespace midstream::targets
