// What every check of the loader shares: the list of faults, and reading a mapping's keys.
//
// Threads: one checker per document.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "targets/keys.hpp"
#include "targets/loader.hpp"
#include "targets/tree.hpp"

namespace midstream::targets {

class FaultList {
 public:
  explicit FaultList(std::string file) : file_(std::move(file)) {}
  void error(Position at, std::string message) {
    faults_.push_back({FaultLevel::kError, file_, at.line, at.column, std::move(message)});
  }
  void warning(Position at, std::string message) {
    faults_.push_back({FaultLevel::kWarning, file_, at.line, at.column, std::move(message)});
  }
  std::vector<Fault> take_in_file_order();

 private:
  std::string file_;
  std::vector<Fault> faults_;
};

// "; did you mean 'x'?" for the nearest of the names, or the whole list when there are few, or
// nothing.
std::string suggestion(std::string_view wrong, std::span<const std::string> names);

enum class TextKind { kOneLine, kLines };

// One mapping against its table of keys: unknown and missing keys are reported by the
// constructor, wrong types by the readers. A reader gives nothing when its key is absent or
// wrong, so each fault is told once.
class Fields {
 public:
  Fields(const TreeNode& node, const KeyTable& table, FaultList& faults);

  [[nodiscard]] const TreeNode* value(std::string_view key) const;  // absent or broken: nullptr
  [[nodiscard]] const TreeNode* list(std::string_view key) const;
  [[nodiscard]] const TreeNode* mapping(std::string_view key) const;
  // Not empty, of one line unless said otherwise, without control characters.
  [[nodiscard]] std::optional<std::string> text(std::string_view key,
                                                TextKind kind = TextKind::kOneLine) const;
  // "95%" or 0.95.
  [[nodiscard]] std::optional<double> fraction(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return node_.find(key) != nullptr; }
  // Of the value; of the mapping when there is none.
  [[nodiscard]] Position at(std::string_view key) const;
  [[nodiscard]] Position at() const { return node_.at; }

 private:
  void check_keys() const;
  [[nodiscard]] const TreeNode* of_kind(std::string_view key, TreeNode::Kind kind) const;

  const TreeNode& node_;
  const KeyTable& table_;
  FaultList& faults_;
};

}  // namespace midstream::targets
