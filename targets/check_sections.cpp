// The parts of a targets file around its rows: header, policy, weights, components.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/measure/sign_test.hpp"
#include "targets/checks.hpp"

namespace midstream::targets {
namespace {

// A component of another name can never be measured. The product's suites are known before all of
// them have benchmarks.
std::vector<std::string> known_suites(std::span<const BenchmarkInfo> registered) {
  std::vector<std::string> suites = {"temporal", "scheduler", "attractor", "solver",
                                     "meta",     "agentic",   "quic",      "wasm"};
  for (const BenchmarkInfo& info : registered) {
    std::string suite = info.id.substr(0, info.id.find('/'));
    if (std::find(suites.begin(), suites.end(), suite) == suites.end()) {
      suites.push_back(std::move(suite));
    }
  }
  return suites;
}

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : std::isdigit(static_cast<unsigned char>(text[i])) == 0) {
      return false;
    }
  }
  return true;
}

void read_source(const TreeNode& node, TargetsFile& file, CheckContext& context) {
  const Fields fields(node, kSourceKeys, context.faults);
  file.source_document = fields.text("document").value_or("");
  if (const auto date = fields.text("date")) {
    if (!is_date(*date)) {
      context.faults.error(fields.at("date"),
                           "date '" + *date + "' is wrong; write it as 2025-10-26");
    }
    file.source_date = *date;
  }
}

// The widest interval of n launches, from the least to the largest, misses with probability
// 2^(1-n).
double widest_coverage(std::size_t launches) {
  return 1 - std::ldexp(1.0, 1 - static_cast<int>(launches));
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.8g %%", share * 100);
  return text;
}

void check_confidence(double confidence, Position at, FaultList& faults) {
  if (confidence < 0.5 || confidence >= 1) {
    faults.error(at, "'confidence' must be at least 50% and below 100%, e.g. 95%");
  } else if (confidence > widest_coverage(measure::kMaxLaunches)) {
    faults.error(at,
                 "no interval of " + std::to_string(measure::kMaxLaunches) +
                     " launches, the most that are made, has this 'confidence'; the widest has " +
                     percent(widest_coverage(measure::kMaxLaunches)));
  } else if (confidence > widest_coverage(measure::kFirstLook)) {
    faults.warning(at, "the " + std::to_string(measure::kFirstLook) +
                           " launches of an easy row have no interval of this 'confidence'; theirs "
                           "is shown with the " +
                           percent(widest_coverage(measure::kFirstLook)) + " it has");
  }
}

void read_policy(const TreeNode& node, Policy& policy, CheckContext& context) {
  const Fields fields(node, kPolicyKeys, context.faults);
  if (const auto confidence = fields.fraction("confidence")) {
    policy.confidence = *confidence;
    check_confidence(*confidence, fields.at("confidence"), context.faults);
  }
  if (const auto regression = read_max_regression(fields, context.faults)) {
    policy.max_regression = *regression;
  }
  context.regression_of_target = read_regression_of_target(fields, context.faults);
}

void read_weights(const TreeNode& node, TargetsFile& file, CheckContext& context) {
  const Fields fields(node, kWeightKeys, context.faults);
  double sum = 0;
  bool all_good = true;
  for (const TreeNode::Member& member : node.members) {
    const auto weight = fields.fraction(member.key);
    all_good = all_good && weight.has_value();
    if (!weight) continue;
    if (*weight < 0 || *weight > 1) {
      context.faults.error(member.value.at, "weight '" + member.key + "' must be from 0 to 1");
      all_good = false;
    }
    file.weights[member.key] = *weight;
    sum += *weight;
  }
  constexpr double kTolerance = 1e-6;
  if (all_good && std::abs(sum - 1) > kTolerance) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", sum);
    context.faults.error(
        node.at, "the weights sum to " + std::string(text) + "; they must sum to 1 (or 100%)");
  }
}

// Calls `read` for every mapping of the list, and complains about everything else in it.
template <class Read>
void each_mapping(const TreeNode& list, const char* what, CheckContext& context, Read read) {
  std::size_t number = 0;
  for (const TreeNode& item : list.items) {
    ++number;
    if (item.kind == TreeNode::Kind::kMapping) {
      read(item);
    } else if (item.kind != TreeNode::Kind::kBroken) {
      context.faults.error(item.at, "item " + std::to_string(number) + " must be " + what +
                                        ", a mapping of keys, not " +
                                        std::string(kind_name(item.kind)));
    }
  }
}

Component read_component(const TreeNode& node, CheckContext& context) {
  const Fields fields(node, kComponentKeys, context.faults);
  Component component;
  component.id = read_id(fields, context.components, context);
  component.title = fields.text("title").value_or(component.id);
  const std::vector<std::string> suites = known_suites(context.registered);
  if (!component.id.empty() &&
      std::find(suites.begin(), suites.end(), component.id) == suites.end()) {
    context.faults.warning(fields.at("id"), "component '" + component.id + "' is no suite" +
                                                suggestion(component.id, suites));
  }
  if (const TreeNode* targets = fields.list("targets")) {
    if (targets->items.empty()) {
      context.faults.error(targets->at, "component '" + component.id +
                                            "' has no targets; add one or remove the component");
    }
    each_mapping(*targets, "a target", context,
                 [&](const TreeNode& item) { read_target(item, component, context); });
  }
  return component;
}

void check_schema(const Fields& fields, FaultList& faults) {
  const auto schema = fields.text("schema");
  if (!schema || *schema == kTargetsSchema) return;
  faults.error(fields.at("schema"), "schema '" + *schema +
                                        "' is not one this version reads; write '" +
                                        std::string(kTargetsSchema) + "'");
}

}  // namespace

TargetsFile read_file_node(const TreeNode& root, CheckContext& context) {
  const Fields fields(root, kFileKeys, context.faults);
  TargetsFile file;
  check_schema(fields, context.faults);
  file.title = fields.text("title").value_or("");
  if (const TreeNode* node = fields.mapping("source")) read_source(*node, file, context);
  if (const TreeNode* node = fields.mapping("policy")) read_policy(*node, file.policy, context);
  if (const TreeNode* node = fields.list("components")) {
    each_mapping(*node, "a component", context, [&](const TreeNode& item) {
      file.components.push_back(read_component(item, context));
    });
  }
  if (const TreeNode* node = fields.list("claims")) {
    each_mapping(*node, "a claim", context,
                 [&](const TreeNode& item) { file.claims.push_back(read_claim(item, context)); });
  }
  if (const TreeNode* node = fields.mapping("scorecard")) {
    const Fields scorecard(*node, kScorecardKeys, context.faults);
    if (const TreeNode* weights = scorecard.mapping("weights")) {
      read_weights(*weights, file, context);
    }
  }
  const bool has_rows = fields.has("claims") || fields.has("components");
  const TreeNode* components = fields.value("components");
  const TreeNode* claims = fields.value("claims");
  const auto is_empty = [](const TreeNode* node) {
    return node == nullptr || (node->kind == TreeNode::Kind::kSequence && node->items.empty());
  };
  if (!has_rows || (is_empty(components) && is_empty(claims))) {
    context.faults.error(fields.at("components"),
                         "nothing to judge: add 'components:' with at least one target");
  }
  return file;
}

}  // namespace midstream::targets
