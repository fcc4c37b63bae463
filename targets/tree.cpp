#include "targets/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace midstream::targets {
namespace {

// Which lead bytes begin a sequence of which length, and what its second byte may be: this is
// where overlong forms, surrogates and code points above U+10FFFF are kept out.
struct Utf8Lead {
  std::uint8_t first, last, length, second_low, second_high;
};
constexpr Utf8Lead kUtf8Leads[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f}};

// Length of the valid UTF-8 sequence at the start of `bytes`, or 0.
std::size_t utf8_length(std::string_view bytes) {
  const auto is_in = [&](std::size_t i, std::uint8_t low, std::uint8_t high) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    return byte >= low && byte <= high;
  };
  for (const Utf8Lead& lead : kUtf8Leads) {
    if (!is_in(0, lead.first, lead.last)) continue;
    if (bytes.size() < lead.length) return 0;
    bool valid = lead.length == 1 || is_in(1, lead.second_low, lead.second_high);
    for (std::size_t i = 2; i < lead.length; ++i) valid = valid && is_in(i, 0x80, 0xbf);
    return valid ? lead.length : 0;
  }
  return 0;
}

std::string byte_message(std::string_view text, std::size_t offset, const char* what) {
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "byte 0x%02x at offset %zu ",
                static_cast<unsigned>(static_cast<std::uint8_t>(text[offset])), offset);
  return place.data() + std::string(what);
}

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  const auto drop_sign = [&] {
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  };
  const auto drop_digits = [&] {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    text.remove_prefix(n);
    return n;
  };
  drop_sign();
  std::size_t digits = drop_digits();
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    digits += drop_digits();
  }
  if (digits == 0) return false;
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    drop_sign();
    return all_digits(text);
  }
  return text.empty();
}

bool is_special_number(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text == ".inf" || text == ".Inf" || text == ".INF";
}

bool is_radix_number(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return false;
  const std::string_view digits =
      text[1] == 'o' ? "01234567" : (text[1] == 'x' ? "0123456789abcdefABCDEF" : "");
  return !digits.empty() && text.find_first_not_of(digits, 2) == std::string_view::npos;
}

}  // namespace

const TreeNode::Member* TreeNode::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.key == key; });
  return found == members.end() ? nullptr : &*found;
}

std::string_view kind_name(TreeNode::Kind kind) {
  switch (kind) {
    case TreeNode::Kind::kNull:
      return "nothing";
    case TreeNode::Kind::kBool:
      return "true or false";
    case TreeNode::Kind::kNumber:
      return "a number";
    case TreeNode::Kind::kText:
      return "text";
    case TreeNode::Kind::kSequence:
      return "a list";
    case TreeNode::Kind::kMapping:
      return "a mapping";
    case TreeNode::Kind::kBroken:
      break;
  }
  return "broken";
}

TreeNode::Kind plain_kind(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return TreeNode::Kind::kNull;
  }
  for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    if (text == word) return TreeNode::Kind::kBool;
  }
  if (is_number(text) || is_special_number(text) || is_radix_number(text)) {
    return TreeNode::Kind::kNumber;
  }
  return TreeNode::Kind::kText;
}

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<int>(lines) + 1, static_cast<int>(before.size() - start) + 1};
}

std::optional<TreeFault> check_bytes(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return TreeFault{{},
                     "the file has " + std::to_string(text.size()) +
                         " bytes; a targets file has at most 1 MiB, split it into several"};
  }
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      return TreeFault{position_of(text, i),
                       byte_message(text, i, "is not UTF-8; save the file as UTF-8")};
    }
    const auto byte = static_cast<std::uint8_t>(text[i]);
    // yaml-cpp takes 0x04 for the end of the input and would drop what follows it.
    const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (control || byte == 0x7f) {
      return TreeFault{
          position_of(text, i),
          byte_message(text, i, "is a control character; a targets file is text, remove it")};
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace midstream::targets
