// A document as a tree in which every value knows its place: what YAML and JSON have in common.
//
// Both parsers give the same tree for the same content, so one set of checks serves both. A
// plain (unquoted) scalar keeps its text; what it means follows the YAML 1.2 core schema, which
// is also what JSON's literals mean.
//
// Threads: plain values and pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace midstream::targets {

inline constexpr std::size_t kMaxBytes = 1 << 20;
inline constexpr std::size_t kMaxNodes = 100'000;
inline constexpr std::size_t kMaxDepth = 32;

struct Position {
  int line = 0;    // from 1; 0: the whole file
  int column = 0;  // from 1, in bytes
  friend bool operator==(const Position&, const Position&) = default;
  friend bool operator<(const Position& a, const Position& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  }
};

struct TreeNode {
  enum class Kind {
    kNull,
    kBool,
    kNumber,
    kText,
    kSequence,
    kMapping,
    kBroken,  // already reported (an alias, a value under a bad key): no further complaints
  };
  struct Member;

  Kind kind = Kind::kNull;
  Position at;
  std::string text;             // of a scalar, as written
  std::vector<TreeNode> items;  // of a sequence
  std::vector<Member> members;  // of a mapping, in file order, keys unique

  [[nodiscard]] const Member* find(std::string_view key) const;
};

struct TreeNode::Member {
  std::string key;
  Position at;  // of the key
  TreeNode value;
};

// "text", "a number", "a list", …: for messages.
std::string_view kind_name(TreeNode::Kind kind);

// What a plain scalar is by the YAML 1.2 core schema: kNull, kBool, kNumber or kText.
TreeNode::Kind plain_kind(std::string_view text);

struct TreeFault {
  Position at;
  std::string message;
};

struct Tree {
  std::optional<TreeNode> root;   // absent: the document is empty, or a fault ended the parsing
  bool complete = false;          // parsed to the end
  std::vector<TreeFault> faults;  // in no particular order
};

// Requires text accepted by check_bytes().
Tree parse_yaml_tree(std::string_view text);
Tree parse_json_tree(std::string_view text);

// Size, UTF-8 (Unicode 15, table 3-7) and control characters: the first fault, if any.
std::optional<TreeFault> check_bytes(std::string_view text);

// Line and column of a byte; offset may be text.size().
Position position_of(std::string_view text, std::size_t offset);

}  // namespace midstream::targets
