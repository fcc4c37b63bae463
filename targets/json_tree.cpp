// JSON through nlohmann's SAX interface, which has no positions: a cursor of our own walks the
// text in step with the events. Every event but a syntax error belongs to exactly one token, in
// order, so skipping the separators before it gives the token's place.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "targets/tree_builder.hpp"

namespace midstream::targets {
namespace {

using Json = nlohmann::json;

class JsonEvents final : public nlohmann::json_sax<Json> {
 public:
  explicit JsonEvents(std::string_view text) : text_(text) {}

  bool null() override { return scalar(TreeNode::Kind::kNull, next_word()); }
  bool boolean(bool) override { return scalar(TreeNode::Kind::kBool, next_word()); }
  bool number_integer(std::int64_t) override {
    return scalar(TreeNode::Kind::kNumber, next_word());
  }
  bool number_unsigned(std::uint64_t) override {
    return scalar(TreeNode::Kind::kNumber, next_word());
  }
  bool number_float(double, const std::string&) override {
    return scalar(TreeNode::Kind::kNumber, next_word());
  }
  bool string(std::string& value) override {
    next_string();
    return scalar(TreeNode::Kind::kText, value);
  }
  bool binary(Json::binary_t&) override { return false; }
  bool key(std::string& value) override {
    next_string();
    return scalar(TreeNode::Kind::kText, value);
  }
  bool start_object(std::size_t) override { return open(TreeNode::Kind::kMapping); }
  bool start_array(std::size_t) override { return open(TreeNode::Kind::kSequence); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception…] parse error at line 1, column 2: syntax error while …; last read: …"
    std::string what = error.what();
    const std::size_t start = what.find("syntax error");
    if (start != std::string::npos) what.erase(0, start);
    const std::size_t offset = position > 0 ? position - 1 : 0;
    builder_.fault(position_of(text_, std::min(offset, text_.size())), "not valid JSON: " + what);
    return false;
  }

  TreeBuilder& builder() { return builder_; }

 private:
  void next_token() {
    cursor_ = std::min(text_.find_first_not_of(" \t\r\n,:", cursor_), text_.size());
    // Counted from the last token, not from the start: positions cost O(n) in all.
    for (; counted_ < cursor_; ++counted_) {
      if (text_[counted_] == '\n') {
        ++place_.line;
        place_.column = 1;
      } else {
        ++place_.column;
      }
    }
    at_ = place_;
  }
  std::string next_word() {
    next_token();
    const std::size_t start = cursor_;
    cursor_ = std::min(text_.find_first_of(" \t\r\n,:]}", start), text_.size());
    return std::string(text_.substr(start, cursor_ - start));
  }
  void next_string() {
    next_token();
    for (++cursor_; cursor_ < text_.size() && text_[cursor_] != '"'; ++cursor_) {
      if (text_[cursor_] == '\\') ++cursor_;
    }
    ++cursor_;
  }
  bool scalar(TreeNode::Kind kind, std::string value) {
    return builder_.scalar(kind, at_, std::move(value));
  }
  bool open(TreeNode::Kind kind) {
    next_token();
    ++cursor_;
    return builder_.open(kind, at_);
  }
  bool close() {
    next_token();
    ++cursor_;
    builder_.close();
    return true;
  }

  std::string_view text_;
  TreeBuilder builder_;
  std::size_t cursor_ = 0;
  std::size_t counted_ = 0;
  Position place_{1, 1};
  Position at_{1, 1};
};

}  // namespace

Tree parse_json_tree(std::string_view text) {
  JsonEvents events(text);
  const bool complete = Json::sax_parse(text.begin(), text.end(), &events);
  return events.builder().finish(complete);
}

}  // namespace midstream::targets
