#include "reports/cross_check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/names.hpp"
#include "core/measure/environment.hpp"
#include "targets/limit.hpp"
#include "targets/scenario.hpp"
#include "targets/scope.hpp"

namespace midstream::reports {
namespace {

using measure::MeasurementStatus;
using targets::Relation;
using targets::Scenario;
using targets::Target;

// A value is what it is, whichever statistic is asked for.
measure::Statistic effective(measure::Statistic statistic, const measure::Metric& metric) {
  return metric.kind == measure::SampleKind::kValue ? measure::Statistic::kValue : statistic;
}

bool same_launches(const std::vector<targets::JudgedLaunch>& a,
                   const std::vector<targets::JudgedLaunch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.round == y.round && x.value == y.value;
  });
}

// Which number of the launches of which benchmark. Wherever it appears, it is of the same launches.
struct Series {
  std::string benchmark;
  std::string reference;
  Relation relation = Relation::kAbsolute;
  measure::Statistic statistic = measure::Statistic::kMedian;
  Dimension dimension = Dimension::kPlain;
  bool upper = true;  // the end of a histogram's range: the one that counts against the row

  [[nodiscard]] auto key() const {
    return std::tie(benchmark, reference, relation, statistic, dimension, upper);
  }
  bool operator<(const Series& other) const { return key() < other.key(); }
};

struct Appearance {
  std::string place;
  const std::vector<targets::JudgedLaunch>* launches = nullptr;
};

class CrossCheck {
 public:
  explicit CrossCheck(const Scorecard& scorecard) : card_(scorecard) {}

  std::vector<std::string> run() {
    check_run();
    check_record();
    for (const targets::Row& row : card_.judgement.rows) check_row(row);
    for (const targets::JudgedClaim& claim : card_.judgement.claims) check_claim(claim);
    if (card_.comparison) check_comparison(*card_.comparison);
    return std::move(found_);
  }

 private:
  void add(const std::string& place, const std::string& what) {
    found_.push_back(place + ": " + what);
  }

  void once(const std::string& name) {
    if (!names_.insert(name).second) add(name, "appears twice");
  }

  void check_run() {
    if (measure::contradicts_build(card_.run.environment, card_.run.release_build)) {
      add("run: release_build", "contradicts the build_type of the environment");
    }
    if (card_.judgement.out_of_scope > 0 && card_.run.suites.empty() && card_.run.filters.empty()) {
      add("out_of_scope", "counts rows, but no suite or filter of the run left any out");
    }
  }

  // The record of the benchmarks by itself.
  void check_record() {
    std::set<std::string> needed;
    const auto need = [&](const std::vector<Scenario>& scenarios) {
      for (const Scenario& scenario : scenarios) {
        needed.insert({scenario.benchmark, scenario.reference});
      }
    };
    for (const targets::Row& row : card_.judgement.rows) need(row.scenarios);
    for (const targets::JudgedClaim& claim : card_.judgement.claims) need(claim.scenarios);
    const std::string* before = nullptr;
    for (const BenchmarkFacts& facts : card_.benchmarks) {
      const std::string& id = facts.about.id;
      const std::string name = "benchmark " + id;
      if (before != nullptr && !(*before < id)) {
        add(name, "is recorded twice, or not in the order of the ids");
      }
      if (!needed.contains(id)) add(name, "is recorded, but nothing rests on it");
      check_facts(name, facts);
      before = &id;
    }
  }

  void check_facts(const std::string& name, const BenchmarkFacts& facts) {
    const MeasurementStatus status = facts.about.status;
    const bool sound = status == MeasurementStatus::kOk || status == MeasurementStatus::kNotRun;
    if (sound && facts.summary.failed > 0) {
      add(name, "its status is " + std::string(measure::status_name(status)) + ", but " +
                    std::to_string(facts.summary.failed) + " launches failed");
    }
    if (facts.summary.disturbed > facts.summary.launches) {
      add(name, "more launches were disturbed than gave data");
    }
  }

  void check_row(const targets::Row& row) {
    const std::string name = "row " + row.component + "/" + row.target.id;
    check_scope(name, row.component, row.target.benchmark, row.scenarios, row.note);
    if (std::none_of(card_.coverage.begin(), card_.coverage.end(),
                     [&](const auto& component) { return component.id == row.component; })) {
      add(name, "its component is not in the coverage");
    }
    if (row.target.relation == Relation::kAbsolute && !row.target.reference.empty()) {
      add(name, "has a reference, but its limit is absolute");
    }
    for (const Scenario& scenario : row.scenarios) check_scenario(name, row.target, scenario);
  }

  void check_claim(const targets::JudgedClaim& judged) {
    const std::string name = "claim " + judged.claim.id;
    if (!judged.claim.limit) {
      once(name);
      if (!judged.scenarios.empty() || !judged.note.empty()) {
        add(name, "has scenarios or a note, but no limit to hold them against");
      }
      return;
    }
    const Target target = targets::target_of(judged.claim);
    const std::string suite = target.benchmark.substr(0, target.benchmark.find('/'));
    check_scope(name, suite, target.benchmark, judged.scenarios, judged.note);
    for (const Scenario& scenario : judged.scenarios) check_scenario(name, target, scenario);
  }

  // Is it in the scope of the run, and are its scenarios all that the scope has of it?
  void check_scope(const std::string& name, const std::string& suite, const std::string& pattern,
                   const std::vector<Scenario>& scenarios, const std::string& note) {
    using targets::Coverage;
    once(name);
    if (!targets::suite_chosen(suite, card_.run.suites)) {
      add(name, "is of suite " + suite + ", which is not among the suites of the run");
    }
    const Coverage coverage = targets::filter_coverage(pattern, card_.run.filters);
    if (scenarios.empty() ? coverage != Coverage::kAll : coverage == Coverage::kNone) {
      add(name, "the filters of the run do not choose it");
    }
    const bool partial = !scenarios.empty() && coverage == Coverage::kSome;
    if (!note.empty() && !partial) {
      add(name, "notes that scenarios were left out, but no filter left any out");
    }
    if (note.empty() && partial) add(name, "a filter left scenarios out, and no note says so");
    for (const BenchmarkFacts& facts : card_.benchmarks) {
      const std::string& id = facts.about.id;
      if (!glob_match(pattern, id) || !targets::is_chosen(id, card_.run.filters)) continue;
      if (std::none_of(scenarios.begin(), scenarios.end(),
                       [&](const Scenario& scenario) { return scenario.benchmark == id; })) {
        add(name, "scenario " + id + " is missing, though the benchmark is recorded");
      }
    }
  }

  void check_scenario(const std::string& name, const Target& target, const Scenario& scenario) {
    const std::string place = name + ", scenario " + scenario.benchmark;
    once(place);
    if (!glob_match(target.benchmark, scenario.benchmark)) {
      add(place, "does not match " + target.benchmark);
    }
    if (!targets::is_chosen(scenario.benchmark, card_.run.filters)) {
      add(place, "the filters of the run do not choose it");
    }
    const std::string reference = target.relation == Relation::kAbsolute
                                      ? std::string()
                                      : targets::reference_of(target, scenario.benchmark);
    if (scenario.reference != reference) {
      add(place,
          "its reference is \"" + scenario.reference + "\", should be \"" + reference + "\"");
    }
    check_rounds(place, scenario);
    check_count(place, target, scenario);
    check_series(place, target, scenario);
  }

  void check_rounds(const std::string& place, const Scenario& scenario) {
    const auto& launches = scenario.launches;
    const auto wrong = std::adjacent_find(
        launches.begin(), launches.end(),
        [](const auto& earlier, const auto& later) { return earlier.round >= later.round; });
    if (wrong == launches.end()) return;
    add(place, "round " + std::to_string((wrong + 1)->round) + " follows round " +
                   std::to_string(wrong->round) + "; a benchmark has one launch a round");
  }

  void check_count(const std::string& place, const Target& target, const Scenario& scenario) {
    const BenchmarkFacts* facts = card_.facts(scenario.benchmark);
    const std::size_t recorded = facts == nullptr ? 0 : facts->summary.launches;
    const std::size_t held = scenario.launches.size();
    if (held > recorded) {
      add(place, "has more launches than are recorded for the benchmark");
    } else if (held < recorded && all_count(target, facts->about)) {
      add(place, "has " + std::to_string(held) + " launches, but " + std::to_string(recorded) +
                     " are recorded for the benchmark, and each of them counts");
    }
  }

  // Does every launch that gave data count? Not one with too few operations for a percentile, one
  // whose round the reference missed, or one whose time of 0 has no rate.
  static bool all_count(const Target& target, const measure::Measurement& about) {
    const measure::Statistic statistic = effective(target.statistic, about.metric);
    const bool is_value = about.metric.kind == measure::SampleKind::kValue;
    return target.relation == Relation::kAbsolute && !measure::tail_fraction(statistic) &&
           !targets::reads_rate(target.limit, about) &&
           (statistic == measure::Statistic::kValue) == is_value;
  }

  void check_series(const std::string& place, const Target& target, const Scenario& scenario) {
    const BenchmarkFacts* facts = card_.facts(scenario.benchmark);
    if (facts == nullptr) return;
    const Series series{scenario.benchmark,
                        scenario.reference,
                        target.relation,
                        effective(target.statistic, facts->about.metric),
                        target.limit.quantity.unit.dimension,
                        targets::is_upper(target.limit)};
    const auto [first, is_new] = series_.try_emplace(series, Appearance{place, &scenario.launches});
    if (!is_new && !same_launches(*first->second.launches, scenario.launches)) {
      add(place, "its launches are not those of " + first->second.place);
    }
  }

  void check_comparison(const RunComparison& compared) {
    std::set<std::string> known(compared.only_new.begin(), compared.only_new.end());
    for (const ComparedRow& row : compared.rows) {
      const std::string place = "comparison of " + row.input.benchmark;
      once(place);
      known.insert(row.input.benchmark);
      if (!compared.comparable() && !compared.forced && row.input.unusable.empty() &&
          is_forbidden(compared, row.input.benchmark)) {
        add(place, "was compared, though it is not comparable");
      }
      if (row.broken && row.input.unusable.empty()) {
        add(place, "broken, but nothing says that it is not usable");
      }
      if (const BenchmarkFacts* facts = card_.facts(row.input.benchmark)) {
        check_compared(place, compared, row, *facts);
      }
    }
    check_vanished(compared);
    for (const BenchmarkFacts& facts : card_.benchmarks) {
      if (!known.contains(facts.about.id)) {
        add("comparison", facts.about.id + " is recorded, but neither compared nor listed as new");
      }
    }
  }

  // Rows that the scope left without a scenario are not in the file: what they named may be on the
  // list too.
  void check_vanished(const RunComparison& compared) {
    const std::set<std::string> old(compared.only_old.begin(), compared.only_old.end());
    const std::set<std::string> vanished(compared.vanished.begin(), compared.vanished.end());
    for (const std::string& id : vanished) {
      if (!old.contains(id)) add("comparison: vanished", id + " is not only in the baseline");
    }
    for (const std::string& id : old) {
      if (!targets::is_chosen(id, card_.run.filters) || vanished.contains(id)) continue;
      for (const targets::Row& row : card_.judgement.rows) {
        if (row.target.severity != targets::Severity::kRequired) continue;
        if (!glob_match(row.target.benchmark, id)) continue;
        add("comparison: vanished",
            id + " is missing, though row " + row.component + "/" + row.target.id + " names it");
        break;
      }
    }
  }

  // The new side of a compared row is what this scorecard records and judges.
  void check_compared(const std::string& place, const RunComparison& compared,
                      const ComparedRow& row, const BenchmarkFacts& facts) {
    const measure::Metric& metric = facts.about.metric;
    const bool is_value = metric.kind == measure::SampleKind::kValue;
    if (row.unit.symbol != metric.unit.symbol || row.input.direction != metric.direction ||
        row.input.deterministic != is_value) {
      add(place, "its unit, direction or kind is not that of the recorded benchmark");
    }
    const MeasurementStatus status = facts.about.status;
    const bool broken =
        status == MeasurementStatus::kError || status == MeasurementStatus::kInvalid;
    if (row.broken != broken) {
      add(place, std::string("broken is ") + (row.broken ? "true" : "false") +
                     ", but the status of the benchmark is " +
                     std::string(measure::status_name(status)));
    }
    const bool paired = compared.pairing == measure::Pairing::kPaired && !is_value;
    const std::size_t held = row.input.new_values.size();
    const bool each = !paired && !measure::tail_fraction(row.statistic);
    if (each ? held != facts.summary.launches : held > facts.summary.launches) {
      add(place, "has " + std::to_string(held) + " launches, but " +
                     std::to_string(facts.summary.launches) + " are recorded for the benchmark");
    }
    for (const bool upper : {true, false}) check_compared_launches(place, row, paired, upper);
  }

  void check_compared_launches(const std::string& place, const ComparedRow& row, bool paired,
                               bool upper) {
    const auto judged = series_.find(
        {row.input.benchmark, "", Relation::kAbsolute, row.statistic, row.unit.dimension, upper});
    if (judged == series_.end()) return;
    const auto& launches = *judged->second.launches;
    auto at = launches.begin();
    bool same = paired || launches.size() == row.input.new_values.size();
    // Of pairs, launches whose partner did not count are left out.
    for (const measure::LaunchValue& value : row.input.new_values) {
      const double end = (upper ? value.high : value.low) * row.unit.scale;
      const auto is_it = [&](const auto& launch) { return launch.value == end; };
      if (paired) at = std::find_if(at, launches.end(), is_it);
      same = same && at != launches.end() && is_it(*at);
      if (!same) break;
      ++at;
    }
    if (!same) add(place, "its launches are not those of " + judged->second.place);
  }

  const Scorecard& card_;
  std::vector<std::string> found_;
  std::set<std::string> names_;
  std::map<Series, Appearance> series_;
};

}  // namespace

std::vector<std::string> cross_check(const Scorecard& scorecard) {
  return CrossCheck(scorecard).run();
}

}  // namespace midstream::reports
