#include "targets/loader.hpp"

#include <algorithm>

#include "targets/checks.hpp"

namespace midstream::targets {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr const char* kNeeds =
    "a targets file needs 'schema: midstream-targets/1' and 'components:' with their targets";

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string Fault::text() const {
  std::string place = file;
  if (line > 0) place += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!place.empty()) place += ": ";
  return place + (level == FaultLevel::kError ? "error: " : "warning: ") + message;
}

bool LoadOutcome::ok() const {
  return std::none_of(faults.begin(), faults.end(),
                      [](const Fault& fault) { return fault.level == FaultLevel::kError; });
}

LoadOutcome load_targets(std::string_view text, const std::string& name,
                         std::span<const BenchmarkInfo> registered) {
  FaultList faults(name);
  LoadOutcome outcome;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const auto fault = check_bytes(text)) {
    faults.error(fault->at, fault->message);
    outcome.faults = faults.take_in_file_order();
    return outcome;
  }
  const Tree tree = looks_like_json(text) ? parse_json_tree(text) : parse_yaml_tree(text);
  for (const TreeFault& fault : tree.faults) faults.error(fault.at, fault.message);
  if (tree.complete && !tree.root) {
    faults.error({}, (is_blank(text) ? "the file is empty; " : "the file holds only comments; ") +
                         std::string(kNeeds));
  } else if (tree.complete && tree.root->kind != TreeNode::Kind::kMapping) {
    faults.error(tree.root->at, "the file holds " + std::string(kind_name(tree.root->kind)) +
                                    ", not a mapping of keys; " + kNeeds);
  } else if (tree.complete) {
    CheckContext context{faults, registered, {}, {}, {}};
    outcome.file = read_file_node(*tree.root, context);
  }
  outcome.file.name = name;
  outcome.faults = faults.take_in_file_order();
  return outcome;
}

}  // namespace midstream::targets
