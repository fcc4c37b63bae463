#include "targets/checker.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "core/base/names.hpp"
#include "core/base/units.hpp"

namespace midstream::targets {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool has_control_character(std::string_view text, TextKind kind) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    if (kind == TextKind::kLines && (c == '\n' || c == '\t')) return false;
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

}  // namespace

std::vector<Fault> FaultList::take_in_file_order() {
  std::stable_sort(faults_.begin(), faults_.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(faults_);
}

std::string suggestion(std::string_view wrong, std::span<const std::string> names) {
  constexpr std::size_t kFew = 10;
  const std::string nearest = nearest_name(wrong, names);
  if (!nearest.empty()) return "; did you mean " + quoted(nearest) + "?";
  if (names.empty() || names.size() > kFew) return {};
  std::string all = "; use one of";
  for (const std::string& name : names) all += " " + name;
  return all;
}

Fields::Fields(const TreeNode& node, const KeyTable& table, FaultList& faults)
    : node_(node), table_(table), faults_(faults) {
  if (node.kind == TreeNode::Kind::kMapping) check_keys();
}

void Fields::check_keys() const {
  std::vector<std::string> names;
  for (const Key& key : table_.keys) {
    names.emplace_back(key.name);
    if (key.required && !has(key.name)) {
      faults_.error(node_.at, std::string(table_.what) + " needs the key " + quoted(key.name));
    }
  }
  for (const TreeNode::Member& member : node_.members) {
    if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
    faults_.error(member.at, "unknown key " + quoted(member.key) + " in " +
                                 std::string(table_.what) + suggestion(member.key, names));
  }
}

const TreeNode* Fields::value(std::string_view key) const {
  const TreeNode::Member* member = node_.find(key);
  if (member == nullptr || member->value.kind == TreeNode::Kind::kBroken) return nullptr;
  return &member->value;
}

Position Fields::at(std::string_view key) const {
  const TreeNode::Member* member = node_.find(key);
  return member == nullptr ? node_.at : member->value.at;
}

const TreeNode* Fields::of_kind(std::string_view key, TreeNode::Kind kind) const {
  const TreeNode* node = value(key);
  if (node == nullptr || node->kind == kind) return node;
  if (node->kind == TreeNode::Kind::kNull) {
    faults_.error(node->at,
                  quoted(key) + " has no value; it must be " + std::string(kind_name(kind)));
    return nullptr;
  }
  std::string message = quoted(key) + " must be " + std::string(kind_name(kind)) + ", not ";
  message += kind_name(node->kind);
  if (kind == TreeNode::Kind::kText && !node->text.empty()) {
    message += "; put " + node->text + " in quotes";
  }
  faults_.error(node->at, std::move(message));
  return nullptr;
}

const TreeNode* Fields::list(std::string_view key) const {
  return of_kind(key, TreeNode::Kind::kSequence);
}

const TreeNode* Fields::mapping(std::string_view key) const {
  return of_kind(key, TreeNode::Kind::kMapping);
}

std::optional<std::string> Fields::text(std::string_view key, TextKind kind) const {
  const TreeNode* node = of_kind(key, TreeNode::Kind::kText);
  if (node == nullptr) return std::nullopt;
  if (has_control_character(node->text, kind)) {
    faults_.error(node->at, quoted(key) + (kind == TextKind::kOneLine
                                               ? " must be one line without control characters"
                                               : " must not hold control characters"));
    return std::nullopt;
  }
  if (node->text.find_first_not_of(" \t\n") == std::string::npos) {
    faults_.error(node->at, quoted(key) + " is empty; it needs some text");
    return std::nullopt;
  }
  return node->text;
}

std::optional<double> Fields::fraction(std::string_view key) const {
  const TreeNode* node = value(key);
  if (node == nullptr) return std::nullopt;
  std::optional<double> result;
  if (node->kind == TreeNode::Kind::kText) {
    const Result<Quantity> quantity = parse_quantity(node->text);
    if (quantity.ok() && quantity->unit.dimension == Dimension::kPercent) {
      result = quantity->base() / 100.0;
    }
  } else if (node->kind == TreeNode::Kind::kNumber) {
    double number = 0;
    const char* begin = node->text.data() + (node->text.starts_with('+') ? 1 : 0);
    const char* end = node->text.data() + node->text.size();
    const auto [stop, error] = std::from_chars(begin, end, number);
    if (error == std::errc() && stop == end) result = number;
  }
  if (result && std::isfinite(*result)) return result;
  faults_.error(node->at, quoted(key) + " must be a percentage or a fraction, e.g. 95% or 0.95");
  return std::nullopt;
}

}  // namespace midstream::targets
