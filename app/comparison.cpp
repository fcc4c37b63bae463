#include "app/comparison.hpp"

#include <algorithm>

#include "app/exit_code.hpp"
#include "app/log.hpp"
#include "app/noise_store.hpp"
#include "core/base/names.hpp"
#include "core/measure/environment.hpp"
#include "core/measure/results_file.hpp"

namespace midstream::app {
namespace {

using measure::ChangeVerdict;
using targets::OnInconclusive;

std::string rows(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " benchmark" : " benchmarks");
}

std::string first_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return names.size() > kShown ? text + " and " + std::to_string(names.size() - kShown) + " more"
                               : text;
}

int undecided_exit_code(std::size_t undecided, OnInconclusive on_inconclusive) {
  if (undecided == 0) return kExitOk;
  const std::string what = rows(undecided) + " could not be compared to a conclusion";
  if (on_inconclusive == OnInconclusive::kWarn) {
    log_warning(what + "; --on-inconclusive warn lets it pass");
  }
  return on_inconclusive == OnInconclusive::kFail ? kExitUndecided : kExitOk;
}

// Why a run here could not be compared with `old_results`; empty when nothing is in the way.
std::string hindrance(const measure::Results& old_results) {
  std::string why;
  for (const measure::Difference& difference :
       measure::compare_environments(old_results.environment, measure::record_environment())) {
    if (difference.blocks) why += (why.empty() ? "" : "; ") + measure::difference_text(difference);
  }
  return why;
}

bool shares_benchmark(const measure::Results& old_results,
                      const std::vector<suites::PlannedBenchmark>& plan) {
  return std::any_of(plan.begin(), plan.end(), [&](const suites::PlannedBenchmark& planned) {
    return std::any_of(old_results.measurements.begin(), old_results.measurements.end(),
                       [&](const auto& old) { return old.id == planned.benchmark->id; });
  });
}

// A regression limit of one's own is kept; that the option does not hold there must be said.
void warn_of_own_limits(double asked, const targets::TargetsFile& targets,
                        const measure::Results& results) {
  std::string names;
  for (const targets::Component& component : targets.components) {
    for (const targets::Target& target : component.targets) {
      const bool compared = std::any_of(
          results.measurements.begin(), results.measurements.end(),
          [&](const auto& measured) { return glob_match(target.benchmark, measured.id); });
      if (!compared || target.max_regression.value_or(asked) == asked) continue;
      names += (names.empty() ? "" : ", ") + target.id;
    }
  }
  if (names.empty()) return;
  log_warning("--max-regression does not hold for targets that set their own: " + names);
}

}  // namespace

std::variant<measure::Results, int> load_baseline_or_log(const BaselineChoice& baseline) {
  const reports::BaselineStore store(baseline.folder);
  const auto text = store.load(baseline.name);
  if (!text) {
    log_error(text.error().message);
    return text.error().code == ErrorCode::kNotFound ? kExitNotComparable : kExitUsage;
  }
  auto results = measure::results_from_json(*text, store.path_of(baseline.name));
  if (!results) {
    log_error(results.error().message);
    return kExitUsage;
  }
  return *std::move(results);
}

std::variant<measure::Results, int> load_comparable_baseline_or_log(
    const BaselineChoice& baseline, const ComparisonOptions& options,
    const std::vector<suites::PlannedBenchmark>& plan) {
  auto loaded = load_baseline_or_log(baseline);
  const auto* results = std::get_if<measure::Results>(&loaded);
  if (results == nullptr) return loaded;
  if (const std::string why = hindrance(*results); !why.empty() && !options.force) {
    log_error("not comparable with baseline " + baseline.name + ": " + why +
              " (--force-comparable compares all the same)");
    return kExitNotComparable;
  }
  if (!shares_benchmark(*results, plan)) {
    log_error("baseline " + baseline.name +
              " holds no benchmark that would be measured: nothing could be compared");
    return kExitNotComparable;
  }
  return loaded;
}

void add_baseline_input(const BaselineChoice& baseline, OtherFiles& files) {
  if (baseline.name.empty()) return;
  files.inputs.push_back(
      {"--baseline", reports::BaselineStore(baseline.folder).path_of(baseline.name)});
}

reports::ComparisonRequest comparison_request(const ComparisonOptions& options,
                                              const targets::TargetsFile& targets,
                                              const measure::Results& new_results) {
  if (options.max_regression) warn_of_own_limits(*options.max_regression, targets, new_results);
  reports::ComparisonRequest request;
  request.force = options.force;
  request.max_regression = options.max_regression;
  std::string why_not;
  if (auto record = load_noise(new_results.environment, why_not)) {
    request.noise_floor = [record = *std::move(record)](const measure::Measurement& measurement,
                                                        measure::Statistic statistic) {
      return measure::floor_of(record, measurement, statistic);
    };
  } else {
    log_info(why_not);
    request.noise_unknown = why_not;
  }
  return request;
}

int comparison_exit_code(const reports::RunComparison& comparison, OnInconclusive on_inconclusive) {
  if (comparison.rows.empty()) {
    log_error("no benchmark is in both " + comparison.old_name + " and " + comparison.new_name +
              ": nothing was compared");
    return kExitNotComparable;
  }
  int code =
      undecided_exit_code(comparison.count_required(ChangeVerdict::kInconclusive), on_inconclusive);
  if (!comparison.comparable() && !comparison.forced) {
    log_error("not comparable with " + comparison.old_name + ": " + what_differs(comparison) +
              " (--force-comparable compares all the same)");
    code = worse(code, kExitNotComparable);
  }
  if (const auto& gone = comparison.vanished; !gone.empty()) {
    // Nobody can say how it changed, and a gate that lets it pass is one that deleting it opens.
    log_error(rows(gone.size()) + " of " + comparison.old_name + " that required targets name " +
              (gone.size() == 1 ? "is" : "are") + " not in " + comparison.new_name + ": " +
              first_of(gone));
    code = worse(code, kExitNotComparable);
  }
  const bool broken =
      std::any_of(comparison.rows.begin(), comparison.rows.end(),
                  [](const reports::ComparedRow& row) { return row.broken && !row.advisory; });
  if (broken) code = worse(code, kExitBroken);
  if (comparison.count_required(ChangeVerdict::kRegressed) > 0) code = worse(code, kExitFailed);
  return code;
}

}  // namespace midstream::app
