// Recomputes a scorecard from what it embeds and compares every member.
//
// The file is read back into the model without any conclusion, judged and scored by the code that
// judged and scored the original, printed again as a tree, and the two trees are compared leaf by
// leaf: a member that is added to the report later is verified without a line here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/names.hpp"
#include "core/base/sha256.hpp"
#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"
#include "reports/scorecard_reader.hpp"
#include "reports/scoring.hpp"
#include "targets/scope.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string member(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What an element of an array is called in a message: by its name, so that people find it.
std::string element_name(const std::string& array, const Json& element, std::size_t index) {
  std::string id;
  if (array == "rows") {
    id = element.is_object() && element.contains("target")
             ? "row " + member(element, "component") + "/" + member(element, "target")
             : "comparison of " + member(element, "benchmark");
  }
  if (array == "scenarios") id = "scenario " + member(element, "benchmark");
  if (array == "coverage") id = "coverage of " + member(element, "component");
  if (array == "claims") id = "claim " + member(element, "id");
  if (array == "categories") id = "category " + member(element, "id");
  if (array == "benchmarks") id = "benchmark " + member(element, "id");
  return id.empty() ? array + "[" + std::to_string(index) + "]" : id;
}

class Comparison {
 public:
  // `key` is the member the values are of; `place` is where the object that holds it is.
  void compare(const Json& given, const Json& computed, const std::string& place,
               const std::string& key) {
    if (given.is_object() && computed.is_object()) {
      compare_members(given, computed, join(place, key));
    } else if (given.is_array() && computed.is_array() && given.size() == computed.size()) {
      for (std::size_t i = 0; i < given.size(); ++i) {
        const std::string name = element_name(key, given[i], i);
        if (given[i].is_object()) {
          compare(given[i], computed[i],
                  place.empty() ? name : std::string(place).append(", ").append(name), "");
        } else {
          compare(given[i], computed[i], place, name);
        }
      }
    } else if (given != computed) {
      add(join(place, key) + ": the file says " + shown(given) +
          ", recomputed: " + shown(computed));
    }
  }

  void add(std::string disagreement) { disagreements_.push_back(std::move(disagreement)); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(disagreements_); }

 private:
  static std::string join(const std::string& place, const std::string& key) {
    if (place.empty() || key.empty()) return place + key;
    return place + ": " + key;
  }

  void compare_members(const Json& given, const Json& computed, const std::string& place) {
    for (const auto& [key, value] : given.items()) {
      const auto found = computed.find(key);
      if (found == computed.end()) {
        add(join(place, key) + ": no such member in " + std::string(kScorecardSchema));
      } else {
        compare(value, *found, place, key);
      }
    }
    for (const auto& [key, value] : computed.items()) {
      if (!given.contains(key)) add(join(place, key) + ": missing, recomputed: " + shown(value));
    }
  }

  std::vector<std::string> disagreements_;
};

// What judging again cannot see, because it takes the rows and their scenarios as it finds them.
class NameCheck {
 public:
  NameCheck(const Scorecard& scorecard, Comparison& comparison)
      : scorecard_(scorecard), comparison_(comparison) {}

  void row(const targets::Row& row) {
    const std::string name = "row " + row.component + "/" + row.target.id;
    owner(name, row.note, row.scenarios);
    const auto& coverage = scorecard_.coverage;
    if (std::none_of(coverage.begin(), coverage.end(),
                     [&](const auto& component) { return component.id == row.component; })) {
      comparison_.add(name + ": its component is not in the coverage");
    }
    if (row.target.relation == targets::Relation::kAbsolute && !row.target.reference.empty()) {
      comparison_.add(name + ": has a reference, but its limit is absolute");
    }
    for (const targets::Scenario& scenario : row.scenarios) {
      check(scenario, row.target.benchmark, name,
            targets::reference_of(row.target, scenario.benchmark));
    }
  }

  void claim(const targets::JudgedClaim& judged) {
    const std::string name = "claim " + judged.claim.id;
    owner(name, judged.note, judged.scenarios);
    for (const targets::Scenario& scenario : judged.scenarios) {
      check(scenario, judged.claim.benchmark, name, "");
    }
  }

 private:
  void owner(const std::string& name, const std::string& note,
             const std::vector<targets::Scenario>& scenarios) {
    if (!names_.insert(name).second) comparison_.add(name + ": appears twice");
    if (!note.empty() && (scorecard_.run.filters.empty() || scenarios.empty())) {
      comparison_.add(name + ": notes that scenarios were left out, but no filter left any out");
    }
  }

  void check(const targets::Scenario& scenario, const std::string& pattern, const std::string& name,
             const std::string& reference) {
    const std::string place = name + ", scenario " + scenario.benchmark;
    if (!names_.insert(place).second) comparison_.add(place + ": appears twice");
    if (!glob_match(pattern, scenario.benchmark)) {
      comparison_.add(place + ": does not match " + pattern);
    }
    if (scenario.reference != reference) {
      comparison_.add(place + ": its reference is \"" + scenario.reference + "\", should be \"" +
                      reference + "\"");
    }
    const BenchmarkFacts* facts = scorecard_.facts(scenario.benchmark);
    if (scenario.launches.size() > (facts == nullptr ? 0 : facts->summary.launches)) {
      comparison_.add(place + ": has more launches than are recorded for the benchmark");
    }
  }

  const Scorecard& scorecard_;
  Comparison& comparison_;
  std::set<std::string> names_;
};

void check_names(const Scorecard& scorecard, Comparison& comparison) {
  NameCheck names(scorecard, comparison);
  for (const targets::Row& row : scorecard.judgement.rows) names.row(row);
  for (const targets::JudgedClaim& claim : scorecard.judgement.claims) names.claim(claim);
}

// Rows appear once, and what is not comparable was compared by force or not at all.
void check_comparison(const RunComparison& compared, Comparison& comparison) {
  std::set<std::string> names;
  for (const ComparedRow& row : compared.rows) {
    const std::string place = "comparison of " + row.input.benchmark;
    if (!names.insert(row.input.benchmark).second) comparison.add(place + ": appears twice");
    if (!compared.comparable() && !compared.forced && row.input.unusable.empty() &&
        is_forbidden(compared, row.input.benchmark)) {
      comparison.add(place + ": was compared, though it is not comparable");
    }
  }
}

// The results without samples. As many launches as gave data, because a reason may count them.
measure::Results facts_of(const Scorecard& scorecard) {
  measure::Results facts = scorecard.run;
  for (const BenchmarkFacts& benchmark : scorecard.benchmarks) {
    facts.measurements.push_back(benchmark.about);
    facts.measurements.back().launches.resize(benchmark.summary.launches);
  }
  return facts;
}

}  // namespace

Result<std::vector<std::string>> verify_scorecard(std::string_view json, std::string_view name) {
  auto tree = parse_scorecard_tree(json, name);
  if (!tree.ok()) return tree.error();
  auto file = read_scorecard(*tree, name);
  if (!file.ok()) return file.error();
  Scorecard& scorecard = file->scorecard;
  Comparison comparison;
  check_names(scorecard, comparison);
  targets::judge_again(scorecard.judgement, facts_of(scorecard), scorecard.confidence);
  if (scorecard.comparison) {
    check_comparison(*scorecard.comparison, comparison);
    compare_again(*scorecard.comparison);
  }
  fill_scores(scorecard, file->weights);
  const std::string digest = sha256_hex(canonical_lines(*tree));
  Json computed = scorecard_tree(scorecard);
  computed["digest"] = digest;
  comparison.compare(*tree, computed, "", "");
  return comparison.take();
}

}  // namespace midstream::reports
