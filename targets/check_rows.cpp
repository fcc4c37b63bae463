// The rows of a targets file: targets and claims.
#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "targets/checks.hpp"

namespace midstream::targets {
namespace {

Severity read_severity(const Fields& fields, FaultList& faults) {
  const auto text = fields.text("severity");
  if (!text || *text == "required") return Severity::kRequired;
  if (*text == "advisory") return Severity::kAdvisory;
  const std::string names[] = {"required", "advisory"};
  faults.error(fields.at("severity"),
               "severity '" + *text + "' is unknown" + suggestion(*text, names));
  return Severity::kRequired;
}

// --suite chooses components by their id, so a row that measures another suite would be chosen
// with the wrong one.
void check_suite(const Fields& fields, const Target& target, const std::string& component,
                 FaultList& faults) {
  const std::string suite = target.benchmark.substr(0, target.benchmark.find('/'));
  if (suite.empty() || component.empty() || suite == component) return;
  if (suite.find_first_of("*?") != std::string::npos) return;
  faults.warning(fields.at("benchmark"), "benchmark '" + target.benchmark + "' is of suite '" +
                                             suite + "', but stands under component '" + component +
                                             "'");
}

// Two rows of one name could not be told apart.
bool take_id(const std::string& id, Position at, TakenIds& taken, CheckContext& context) {
  const auto [first, is_new] = taken.emplace(id, at.line);
  if (!is_new) {
    context.faults.error(at, "id '" + id + "' is already taken in line " +
                                 std::to_string(first->second) + "; rename one of them");
  }
  return is_new;
}

}  // namespace

std::string read_id(const Fields& fields, TakenIds& taken, CheckContext& context) {
  const auto id = fields.text("id");
  if (!id) return {};
  const bool good = std::all_of(id->begin(), id->end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-');
  });
  if (!good) {
    context.faults.error(fields.at("id"),
                         "id '" + *id + "' may hold only letters, digits, '.', '_' and '-'");
    return *id;
  }
  take_id(*id, fields.at("id"), taken, context);
  return *id;
}

void read_target(const TreeNode& node, Component& component, CheckContext& context) {
  const Fields fields(node, kTargetKeys, context.faults);
  Target target;
  target.id = read_id(fields, context.targets, context);
  target.title = fields.text("title").value_or(target.id);
  target.severity = read_severity(fields, context.faults);
  target.source = fields.text("source").value_or("");
  target.description = fields.text("description", TextKind::kLines).value_or("");
  Demand demand = read_demand(fields, context);
  target.benchmark = std::move(demand.benchmark);
  target.statistic = demand.statistic;
  if (demand.limit) target.limit = *demand.limit;
  target.relation = demand.relation;
  target.reference = std::move(demand.reference);
  target.max_regression = read_max_regression(fields, context.faults);
  check_suite(fields, target, component.id, context.faults);
  auto factor = read_regression_of_target(fields, context.faults);
  if (!factor) factor = context.regression_of_target;
  std::optional<Target> regression;
  if (factor && demand.limit) regression = regression_row(target, *factor);
  component.targets.push_back(std::move(target));
  if (!regression) return;
  if (take_id(regression->id, fields.at(), context.targets, context)) {
    component.targets.push_back(*std::move(regression));
  }
}

Claim read_claim(const TreeNode& node, CheckContext& context) {
  const Fields fields(node, kClaimKeys, context.faults);
  Claim claim;
  claim.id = read_id(fields, context.claims, context);
  claim.text = fields.text("text").value_or("");
  claim.unverifiable = fields.text("unverifiable").value_or("");
  claim.source = fields.text("source").value_or("");
  Demand demand = read_demand(fields, context);
  claim.benchmark = std::move(demand.benchmark);
  claim.statistic = demand.statistic;
  claim.limit = demand.limit;
  if (fields.has("benchmark") != fields.has("limit")) {
    const bool limit = fields.has("limit");
    context.faults.error(fields.at(),
                         std::string("a claim with a ") +
                             (limit ? "limit needs a benchmark" : "benchmark needs a limit"));
  } else if (!fields.has("benchmark") && !fields.has("unverifiable")) {
    context.faults.error(fields.at(),
                         "a claim needs a benchmark and a limit, or 'unverifiable' "
                         "with the reason why it cannot be tested");
  }
  return claim;
}

}  // namespace midstream::targets
