// Recomputes a scorecard from what it embeds and compares every member.
//
// The file is read back into the model without any conclusion, judged and scored by the code that
// judged and scored the original, printed again as a tree, and the two trees are compared leaf by
// leaf: a member that is added to the report later is verified without a line here.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/sha256.hpp"
#include "reports/cross_check.hpp"
#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"
#include "reports/scorecard_reader.hpp"
#include "reports/scoring.hpp"

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

// The results without samples. As many launches with data as there were, because a reason may count
// them; what is in them is not looked at.
measure::Results facts_of(const Scorecard& scorecard) {
  measure::Results facts = scorecard.run;
  for (const BenchmarkFacts& benchmark : scorecard.benchmarks) {
    facts.measurements.push_back(benchmark.about);
    measure::Launch with_data;
    with_data.samples = {0};
    facts.measurements.back().launches.assign(benchmark.summary.launches, with_data);
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
  for (std::string& contradiction : cross_check(scorecard)) {
    comparison.add(std::move(contradiction));
  }
  targets::judge_again(scorecard.judgement, facts_of(scorecard), scorecard.confidence);
  if (scorecard.comparison) compare_again(*scorecard.comparison);
  fill_scores(scorecard, file->weights);
  const std::string digest = sha256_hex(canonical_lines(*tree));
  Json computed = scorecard_tree(scorecard);
  computed["digest"] = digest;
  comparison.compare(*tree, computed, "", "");
  return comparison.take();
}

}  // namespace midstream::reports
