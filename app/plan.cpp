#include "app/plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/names.hpp"
#include "core/measure/sign_test.hpp"
#include "suites/harness/registry.hpp"
#include "targets/evaluator.hpp"

namespace midstream::app {
namespace {

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const auto& benchmark : suites::all_benchmarks()) ids.push_back(benchmark.id);
  return ids;
}

// Collects what is needed of each benchmark, by id.
class Planner {
 public:
  Planner(const RunOptions& options, const targets::TargetsFile& targets)
      : options_(options), targets_(targets), ids_(all_ids()) {}

  std::vector<suites::PlannedBenchmark> plan() {
    const measure::Results scope = options_.scope.as_results();
    for (const auto& component : targets_.components) {
      for (const auto& target : component.targets) {
        if (targets::in_scope(component, target, scope)) add_row(target);
      }
    }
    for (const auto& claim : targets_.claims) add_claim(claim);
    // `quick` measures what the targets name; a filter names things too.
    if (options_.profile != "quick" || !options_.scope.filters.empty()) add_unjudged();
    std::vector<suites::PlannedBenchmark> list;
    for (auto& [id, planned] : planned_) list.push_back(planned);
    return list;
  }

 private:
  void add_row(const targets::Target& target) {
    const std::size_t operations = measure::operations_needed(target.statistic);
    for (const std::string& id : ids_) {
      const auto captures = glob_captures(target.benchmark, id);
      if (!captures || !options_.scope.chooses(id)) continue;
      if (target.relation == targets::Relation::kAbsolute) {
        add(id, operations, {});
        continue;
      }
      const std::string reference = glob_fill(target.reference, *captures);
      add(id, operations, reference);
      add(reference, operations, {});
    }
  }

  void add_claim(const targets::Claim& claim) {
    for (const std::string& id : ids_) {
      if (glob_match(claim.benchmark, id) && options_.scope.chooses(id)) {
        add(id, measure::operations_needed(claim.statistic), {});
      }
    }
  }

  void add_unjudged() {
    for (const std::string& id : ids_) {
      if (!options_.scope.chooses(id) || planned_.contains(id)) continue;
      planned_[id] = {.benchmark = suites::find_benchmark(id), .judged = false, .pair = {}};
    }
  }

  void add(const std::string& id, std::size_t operations, const std::string& reference) {
    const suites::Benchmark* benchmark = suites::find_benchmark(id);
    if (benchmark == nullptr) return;  // a reference that does not exist: the row says so
    auto& planned = planned_[id];
    planned.benchmark = benchmark;
    planned.operations_needed = std::max<std::uint64_t>(planned.operations_needed, operations);
    if (planned.pair.empty()) planned.pair = reference;
  }

  const RunOptions& options_;
  const targets::TargetsFile& targets_;
  std::vector<std::string> ids_;
  std::map<std::string, suites::PlannedBenchmark> planned_;
};

struct RowList {
  std::string text;
  std::size_t count = 0;
  std::size_t missing = 0;
};

RowList list_rows(const std::vector<suites::PlannedBenchmark>& plan,
                  const targets::TargetsFile& targets, const RunOptions& options) {
  const measure::Results scope = options.scope.as_results();
  RowList list;
  for (const auto& component : targets.components) {
    for (const auto& target : component.targets) {
      if (!targets::in_scope(component, target, scope)) continue;
      const auto matching = std::count_if(plan.begin(), plan.end(), [&](const auto& planned) {
        return glob_match(target.benchmark, planned.benchmark->id);
      });
      ++list.count;
      if (matching == 0) ++list.missing;
      list.text += "  " + component.id + "/" + target.id + "  " + target.limit.text + "  " +
                   (matching == 0 ? "MISSING: no benchmark matches " + target.benchmark
                                  : "benchmarks: " + std::to_string(matching)) +
                   "\n";
    }
  }
  return list;
}

double estimated_seconds(const suites::Registration::Family& family, const RunOptions& options) {
  double budget_ms = suites::find_profile(options.profile)->launch_budget_ms;
  if (family.sampling == suites::Sampling::kOwn) budget_ms = suites::kNetworkBudgetMs;
  if (family.budget_ms > 0) budget_ms = family.budget_ms;
  // Verification, set-up, warm-up and the process itself come to about this much more.
  return (measure::kFirstLook * (1.3 * budget_ms + 8) + 40) * 1e-3;
}

}  // namespace

Status check_scope(const RunOptions& options, const targets::TargetsFile& targets) {
  Choice choice{.suites = suites::all_suites(), .ids = all_ids(), .patterns = {}};
  for (const auto& component : targets.components) {
    choice.suites.push_back(component.id);
    // A row whose benchmark does not exist yet can still be asked about: it is MISSING.
    for (const auto& target : component.targets) choice.patterns.push_back(target.benchmark);
  }
  return check_scope(options.scope, choice);
}

std::vector<suites::PlannedBenchmark> plan_benchmarks(const RunOptions& options,
                                                      const targets::TargetsFile& targets) {
  return Planner(options, targets).plan();
}

std::string describe_plan(const std::vector<suites::PlannedBenchmark>& plan,
                          const targets::TargetsFile& targets, const RunOptions& options) {
  RowList rows = list_rows(plan, targets, options);
  std::string text = "rows:\n" + rows.text + "benchmarks:\n";
  double seconds = 0;
  for (const auto& planned : plan) {
    seconds += estimated_seconds(*planned.benchmark->family, options);
    text += "  " + planned.benchmark->id + (planned.judged ? "" : "  (no target names it)") + "\n";
  }
  text += std::to_string(rows.count) + " rows (" + std::to_string(rows.missing) + " missing), " +
          std::to_string(plan.size()) + " benchmarks, at least " +
          std::to_string(plan.size() * measure::kFirstLook) + " launches, about " +
          std::to_string(std::lround(std::ceil(seconds))) + " s with --profile " + options.profile +
          "\n";
  return text;
}

}  // namespace midstream::app
