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

std::string suite_of(const std::string& id) { return id.substr(0, id.find('/')); }

bool matches_any(const std::vector<std::string>& globs, const std::string& id) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob_match(glob, id); });
}

bool selected(const RunOptions& options, const std::string& id) {
  const bool in_suite =
      options.suites.empty() ||
      std::find(options.suites.begin(), options.suites.end(), suite_of(id)) != options.suites.end();
  return in_suite && (options.filters.empty() || matches_any(options.filters, id));
}

measure::Results scope_of(const RunOptions& options) {
  measure::Results scope;
  scope.suites = options.suites;
  scope.filters = options.filters;
  return scope;
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const auto& benchmark : suites::all_benchmarks()) ids.push_back(benchmark.id);
  return ids;
}

std::vector<std::string> known_suites(const targets::TargetsFile& targets) {
  std::vector<std::string> names = suites::all_suites();
  for (const auto& component : targets.components) names.push_back(component.id);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool matches_something(const std::string& filter, const targets::TargetsFile& targets) {
  const std::vector<std::string> ids = all_ids();
  if (std::any_of(ids.begin(), ids.end(), [&](const auto& id) { return glob_match(filter, id); })) {
    return true;
  }
  // A row whose benchmark does not exist yet can still be asked about: it is MISSING.
  for (const auto& component : targets.components) {
    for (const auto& target : component.targets) {
      if (target.benchmark == filter || glob_match(filter, target.benchmark)) return true;
    }
  }
  return false;
}

// Collects what is needed of each benchmark, by id.
class Planner {
 public:
  Planner(const RunOptions& options, const targets::TargetsFile& targets)
      : options_(options), targets_(targets), ids_(all_ids()) {}

  std::vector<suites::PlannedBenchmark> plan() {
    const measure::Results scope = scope_of(options_);
    for (const auto& component : targets_.components) {
      for (const auto& target : component.targets) {
        if (targets::in_scope(component, target, scope)) add_row(target);
      }
    }
    for (const auto& claim : targets_.claims) add_claim(claim);
    // `quick` measures what the targets name; a filter names things too.
    if (options_.profile != "quick" || !options_.filters.empty()) add_unjudged();
    std::vector<suites::PlannedBenchmark> list;
    for (auto& [id, planned] : planned_) list.push_back(planned);
    return list;
  }

 private:
  void add_row(const targets::Target& target) {
    const std::size_t operations = measure::operations_needed(target.statistic);
    for (const std::string& id : ids_) {
      const auto captures = glob_captures(target.benchmark, id);
      if (!captures || !selected(options_, id)) continue;
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
      if (glob_match(claim.benchmark, id) && selected(options_, id)) {
        add(id, measure::operations_needed(claim.statistic), {});
      }
    }
  }

  void add_unjudged() {
    for (const std::string& id : ids_) {
      if (!selected(options_, id) || planned_.contains(id)) continue;
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
  const measure::Results scope = scope_of(options);
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
  const std::vector<std::string> suites = known_suites(targets);
  for (const std::string& suite : options.suites) {
    if (std::find(suites.begin(), suites.end(), suite) != suites.end()) continue;
    const std::string nearest = nearest_name(suite, suites);
    return Error{ErrorCode::kInvalidArgument,
                 "--suite: no suite '" + suite + "'; " +
                     (nearest.empty() ? "" : "did you mean '" + nearest + "'? ") +
                     "there are: " + joined(suites)};
  }
  for (const std::string& filter : options.filters) {
    if (matches_something(filter, targets)) continue;
    const std::string nearest = nearest_name(filter, all_ids());
    return Error{ErrorCode::kInvalidArgument,
                 "--filter: '" + filter + "' matches no benchmark" +
                     (nearest.empty() ? "" : "; did you mean '" + nearest + "'?") +
                     " (`midstream-validate list benchmarks` shows all)"};
  }
  return {};
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
