#include "targets/regression.hpp"

#include <algorithm>

#include "core/base/names.hpp"
#include "targets/scope.hpp"

namespace midstream::targets {
namespace {

class PolicyOfOne {
 public:
  explicit PolicyOfOne(const measure::RowPolicy& general) : policy_{general, false} {}

  void add(const Target& target) {
    if (target.severity == Severity::kRequired) required_ = true;
    named_ = true;
    if (target.max_regression) {
      policy_.row.max_regression =
          own_ ? std::min(policy_.row.max_regression, *target.max_regression)
               : *target.max_regression;
      own_ = true;
    }
    if (!has_statistic_ && target.relation == Relation::kAbsolute) {
      policy_.row.statistic = target.statistic;
      has_statistic_ = true;
    }
  }

  [[nodiscard]] RegressionPolicy take() {
    policy_.advisory = named_ && !required_;
    return policy_;
  }

 private:
  RegressionPolicy policy_;
  bool own_ = false;
  bool has_statistic_ = false;
  bool named_ = false;
  bool required_ = false;
};

}  // namespace

std::map<std::string, RegressionPolicy> regression_policies(const TargetsFile& file,
                                                            std::span<const std::string> benchmarks,
                                                            const measure::RowPolicy& general) {
  std::map<std::string, RegressionPolicy> policies;
  for (const std::string& benchmark : benchmarks) {
    PolicyOfOne policy(general);
    for (const Component& component : file.components) {
      for (const Target& target : component.targets) {
        if (glob_match(target.benchmark, benchmark)) policy.add(target);
      }
    }
    policies[benchmark] = policy.take();
  }
  return policies;
}

bool is_demanded(const TargetsFile& file, std::string_view benchmark,
                 const measure::Results& scope) {
  if (!is_chosen(benchmark, scope.filters)) return false;
  for (const Component& component : file.components) {
    if (!suite_chosen(component.id, scope.suites)) continue;
    for (const Target& target : component.targets) {
      if (target.severity == Severity::kRequired && glob_match(target.benchmark, benchmark)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace midstream::targets
