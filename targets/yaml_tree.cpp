// YAML through yaml-cpp's event interface. YAML::Load would accept a second document, trailing
// text, duplicate keys and cyclic anchors in silence, and a "billion laughs" would explode when
// walked; here none of them gets into the tree.
//
// Refused: anchors, aliases, explicit tags, a second document, unterminated quotes.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <streambuf>
#include <string>

#include "targets/tree_builder.hpp"

namespace midstream::targets {
namespace {

struct StopParsing {};  // thrown through yaml-cpp, which has no other way to be stopped

// Reads from the caller's text without a copy.
class TextBuffer final : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // the interface's; never written to
    setg(begin, begin, begin + text.size());
  }
};

Position place(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

class YamlEvents final : public YAML::EventHandler {
 public:
  explicit YamlEvents(std::string_view text) : text_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    builder.fault(place(mark),
                  "text after the end of the document; a targets file is one document");
    throw StopParsing{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    // The mark of an empty value points at the next token, wherever that is.
    const bool written = starts_with_null(offset(mark));
    keep(builder.scalar(TreeNode::Kind::kNull, written ? place(mark) : empty_place(mark),
                        written ? "null" : ""));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    builder.fault(place(mark), "aliases ('*name') are not allowed; write the value out");
    keep(builder.scalar(TreeNode::Kind::kBroken, place(mark), {}));
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    const bool plain = !properties(mark) && is_plain(mark);
    keep(builder.scalar(plain ? plain_kind(value) : TreeNode::Kind::kText, place(mark), value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    properties(mark);
    keep(builder.open(TreeNode::Kind::kSequence, place(mark)));
  }
  void OnSequenceEnd() override { builder.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    properties(mark);
    keep(builder.open(TreeNode::Kind::kMapping, place(mark)));
  }
  void OnMapEnd() override { builder.close(); }

  TreeBuilder builder;

 private:
  static void keep(bool going_on) {
    if (!going_on) throw StopParsing{};
  }
  [[nodiscard]] std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }
  [[nodiscard]] char first_byte(const YAML::Mark& mark) const {
    return offset(mark) < text_.size() ? text_[offset(mark)] : '\0';
  }
  [[nodiscard]] bool starts_with_null(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    return rest.starts_with('~') ||
           (rest.size() >= 4 && plain_kind(rest.substr(0, 4)) == TreeNode::Kind::kNull);
  }

  // An empty value stands after its key, or after the dash in the last line before `mark` that
  // begins with one.
  [[nodiscard]] Position empty_place(const YAML::Mark& mark) const {
    if (!builder.in_sequence()) return builder.last_position();
    int line = mark.line + 1;
    for (std::size_t end = offset(mark);; --line) {
      const std::size_t newline = end == 0 ? std::string_view::npos : text_.rfind('\n', end - 1);
      const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
      const std::size_t first = text_.find_first_not_of(' ', start);
      if (first < end && text_[first] == '-') return {line, static_cast<int>(first - start) + 1};
      if (start == 0) return builder.last_position();
      end = newline;
    }
  }

  // A node's mark is that of its anchor or tag, when it has one. Complains, and says whether.
  bool properties(const YAML::Mark& mark) {
    switch (first_byte(mark)) {
      case '&':
        builder.fault(place(mark), "anchors ('&name') are not allowed; write the value out");
        return true;
      case '!':
        builder.fault(place(mark), "tags ('!name') are not allowed; remove it");
        return true;
      default:
        return false;
    }
  }

  // Quoted and block scalars are text whatever they say. yaml-cpp accepts a quote that is never
  // closed, so it is looked for here.
  bool is_plain(const YAML::Mark& mark) {
    const char first = first_byte(mark);
    if (first == '|' || first == '>') return false;
    if (first != '"' && first != '\'') return true;
    std::size_t at = offset(mark) + 1;
    for (; at < text_.size(); ++at) {
      if (first == '"' && text_[at] == '\\') {
        ++at;
      } else if (text_[at] == first) {
        if (first == '"' || at + 1 == text_.size() || text_[at + 1] != '\'') return false;
        ++at;  // '' is an apostrophe inside
      }
    }
    builder.fault(place(mark), std::string("the quote ") + first + " is never closed");
    throw StopParsing{};
  }

  std::string_view text_;
  int documents_ = 0;
};

bool is_indented_by_tab(std::string_view text, const YAML::Mark& mark) {
  const auto at = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text.size());
  const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::string_view line = text.substr(newline == std::string_view::npos ? 0 : newline + 1);
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

// yaml-cpp's message with what usually mends it.
std::string syntax_message(std::string_view text, const YAML::ParserException& error,
                           const TreeBuilder& builder) {
  std::string hint = "check the indentation, brackets and quotes here and in the line before";
  const std::string open = std::to_string(builder.open_position().line);
  if (error.msg == YAML::ErrorMsg::CHAR_IN_BLOCK) {
    hint = "a text that begins with '>' or '|' needs quotes, e.g. limit: \"> 10 Gbps\"";
  } else if (error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
    hint = "close the '{' of line " + open + " with '}'";
  } else if (error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) {
    hint = "close the '[' of line " + open + " with ']'";
  } else if (error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
    hint = "aliases are not allowed anyway, write the value out";
  } else if (is_indented_by_tab(text, error.mark)) {
    hint = "indent with spaces, not with tabs";
  }
  return "not valid YAML: " + error.msg + "; " + hint;
}

}  // namespace

Tree parse_yaml_tree(std::string_view text) {
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  YamlEvents events(text);
  bool complete = false;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
    complete = true;
  } catch (const StopParsing&) {
    // the fault is already noted
  } catch (const YAML::ParserException& error) {
    events.builder.fault(place(error.mark), syntax_message(text, error, events.builder));
  } catch (const std::exception& error) {
    events.builder.fault({}, std::string("not valid YAML: ") + error.what());
  }
  return events.builder.finish(complete);
}

}  // namespace midstream::targets
