// Puts a tree together from the events of a parser, and holds the limits both parsers share.
//
// Threads: one builder per document.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "targets/tree.hpp"

namespace midstream::targets {

class TreeBuilder {
 public:
  // Each returns false when a limit was passed: the fault is noted, parsing must stop.
  bool scalar(TreeNode::Kind kind, Position at, std::string text);
  bool open(TreeNode::Kind kind, Position at);  // kSequence or kMapping
  void close();

  void fault(Position at, std::string message) { tree_.faults.push_back({at, std::move(message)}); }

  // Does the next scalar stand where a key is expected?
  [[nodiscard]] bool expects_key() const;
  // The place of the last key or value: where an empty value is reported.
  [[nodiscard]] Position last_position() const { return last_; }
  [[nodiscard]] bool in_sequence() const;
  // Where the innermost open list or mapping began.
  [[nodiscard]] Position open_position() const;

  Tree finish(bool complete);

 private:
  struct Open {
    TreeNode node;
    bool has_key = false;  // of a mapping: the next node is this key's value
    std::string key;
    Position key_at;
    bool keep = true;                               // the key is good; else its value is dropped
    bool is_key = false;                            // stands where a key should: dropped
    std::map<std::string, int, std::less<>> lines;  // of the keys so far
  };
  bool count(Position at);
  void take_key(TreeNode node);
  void add(TreeNode node);

  Tree tree_;
  std::vector<Open> open_;
  std::vector<TreeFault> key_faults_;  // only when the rest parses: a bracket that is never closed
                                       // makes a key of what is no key
  std::size_t nodes_ = 0;
  Position last_{1, 1};
};

}  // namespace midstream::targets
