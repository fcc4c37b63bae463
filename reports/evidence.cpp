// The canonical form of a scorecard and nothing else: what its digest is taken of.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/scorecard_json.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;

// Bits, not digits: languages print the same double in different ways, and 7 may come back as 7.0.
std::string bits(double value) {
  char text[24];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(value)));
  return text;
}

void add_leaves(const Json& node, Json& path, std::vector<std::string>& lines) {
  const auto descend = [&](Json step, const Json& child) {
    path.push_back(std::move(step));
    add_leaves(child, path, lines);
    path.erase(path.size() - 1);
  };
  if (node.is_object() && !node.empty()) {
    for (const auto& [name, child] : node.items()) descend(name, child);
  } else if (node.is_array() && !node.empty()) {
    for (std::size_t i = 0; i < node.size(); ++i) descend(i, node[i]);
  } else {
    Json line = path;
    line.push_back(node.is_number() ? Json(bits(node.get<double>())) : node);
    lines.push_back(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }
}

}  // namespace

std::string canonical_lines(const Json& tree) {
  std::vector<std::string> lines;
  for (const auto& [name, child] : tree.items()) {
    if (name == "digest") continue;
    Json path = Json::array({name});
    add_leaves(child, path, lines);
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::string canonical_evidence(const Scorecard& scorecard) {
  return canonical_lines(scorecard_tree(scorecard));
}

}  // namespace midstream::reports
