// From the tree to the model, section by section. Every fault goes to the list; what is returned
// is meaningful only when none of them is an error.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <span>
#include <string>

#include "targets/checker.hpp"
#include "targets/loader.hpp"
#include "targets/model.hpp"
#include "targets/tree.hpp"

namespace midstream::targets {

// Ids already taken, with their lines.
using TakenIds = std::map<std::string, int>;

struct CheckContext {
  FaultList& faults;
  std::span<const BenchmarkInfo> registered;  // empty: not checked
  TakenIds components;
  TakenIds targets;  // unique over all components: pipelines name a row by its target alone
  TakenIds claims;
  std::optional<double> regression_of_target = {};  // of the policy: of targets without their own
};

// A key `id`: letters, digits, '.', '_', '-', and not taken yet.
std::string read_id(const Fields& fields, TakenIds& taken, CheckContext& context);

// Adds the target, and the row of its regression when it has one.
void read_target(const TreeNode& node, Component& component, CheckContext& context);
Claim read_claim(const TreeNode& node, CheckContext& context);

// What a target and a claim have in common: which benchmarks, which number, which limit.
struct Demand {
  std::string benchmark;
  measure::Statistic statistic = measure::Statistic::kMedian;
  std::optional<Limit> limit;
  Relation relation = Relation::kAbsolute;
  std::string reference;
};
Demand read_demand(const Fields& fields, CheckContext& context);

// The two keys about regressions, of a policy or a target; "5%" is 0.05, "110%" is 1.1.
std::optional<double> read_max_regression(const Fields& fields, FaultList& faults);
std::optional<double> read_regression_of_target(const Fields& fields, FaultList& faults);

// The row that regression_of_target adds beside a target: the mean, held against the limit
// loosened by the factor. Nothing for a limit of 0, which no factor loosens.
std::optional<Target> regression_row(const Target& target, double factor);

// Holds a demand against the registered benchmarks: does one match, do unit and statistic suit?
void check_registered(const Fields& fields, const Demand& demand, CheckContext& context);

// The whole document. Requires a mapping.
TargetsFile read_file_node(const TreeNode& root, CheckContext& context);

}  // namespace midstream::targets
