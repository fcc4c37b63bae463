#include "targets/tree_builder.hpp"

#include <string>
#include <utility>

namespace midstream::targets {

bool TreeBuilder::expects_key() const {
  return !open_.empty() && open_.back().node.kind == TreeNode::Kind::kMapping &&
         !open_.back().has_key;
}

bool TreeBuilder::in_sequence() const {
  return !open_.empty() && open_.back().node.kind == TreeNode::Kind::kSequence;
}

Position TreeBuilder::open_position() const { return open_.empty() ? last_ : open_.back().node.at; }

bool TreeBuilder::count(Position at) {
  last_ = at;
  if (++nodes_ <= kMaxNodes) return true;
  fault(at, "more than 100,000 values; split the file into several");
  return false;
}

bool TreeBuilder::scalar(TreeNode::Kind kind, Position at, std::string text) {
  if (!count(at)) return false;
  TreeNode node;
  node.kind = kind;
  node.at = at;
  node.text = std::move(text);
  expects_key() ? take_key(std::move(node)) : add(std::move(node));
  return true;
}

bool TreeBuilder::open(TreeNode::Kind kind, Position at) {
  if (!count(at)) return false;
  if (open_.size() >= kMaxDepth) {
    fault(at, "nested more than 32 deep; a targets file needs 5 levels");
    return false;
  }
  Open collection;
  collection.node.kind = kind;
  collection.node.at = at;
  if (expects_key()) {
    // A list or mapping as a key (YAML only). The collection itself is read into a place of its
    // own and dropped with its value.
    key_faults_.push_back({at, "a key must be plain text, not a list or a mapping"});
    TreeNode key;
    key.kind = TreeNode::Kind::kBroken;
    key.at = at;
    take_key(std::move(key));
    collection.is_key = true;
  }
  open_.push_back(std::move(collection));
  return true;
}

void TreeBuilder::take_key(TreeNode node) {
  Open& mapping = open_.back();
  mapping.has_key = true;
  mapping.keep = node.kind != TreeNode::Kind::kBroken;
  if (mapping.keep) {
    const auto [first, is_new] = mapping.lines.emplace(node.text, node.at.line);
    if (!is_new) {
      fault(node.at, "duplicate key '" + node.text + "'; the first is in line " +
                         std::to_string(first->second) + ", remove one of them");
      mapping.keep = false;
    }
  }
  mapping.key = std::move(node.text);
  mapping.key_at = node.at;
}

void TreeBuilder::add(TreeNode node) {
  if (open_.empty()) {
    tree_.root = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.kind == TreeNode::Kind::kSequence) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  if (parent.keep) {
    parent.node.members.push_back({std::move(parent.key), parent.key_at, std::move(node)});
  }
  parent.has_key = false;
}

void TreeBuilder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  if (done.is_key) return;  // its mapping already waits for the value
  add(std::move(done.node));
}

Tree TreeBuilder::finish(bool complete) {
  tree_.complete = complete;
  if (complete) tree_.faults.insert(tree_.faults.end(), key_faults_.begin(), key_faults_.end());
  return std::move(tree_);
}

}  // namespace midstream::targets
