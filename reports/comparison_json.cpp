#include "reports/comparison_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "reports/scorecard_json.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;
using measure::LaunchValue;

constexpr std::string_view kPairings[] = {"unpaired", "paired"};
constexpr std::size_t kMostLaunches = 1000;

Json ends(const std::vector<LaunchValue>& values, double LaunchValue::*end) {
  Json array = Json::array();
  for (const LaunchValue& value : values) array.push_back(json_number(value.*end));
  return array;
}

// Only a histogram leaves a range; then the high ends follow in an array of their own.
Json high_ends(const std::vector<LaunchValue>& values) {
  for (const LaunchValue& value : values) {
    if (value.high != value.low) return ends(values, &LaunchValue::high);
  }
  return nullptr;
}

Json row_tree(const RunComparison& comparison, const ComparedRow& row) {
  const measure::ChangeInput& input = row.input;
  const measure::Change& change = row.change;
  Json ratio = nullptr;
  Json interval = nullptr;
  if (change.ratio) {
    ratio = json_number(change.ratio->value);
    interval = Json::array({json_number(change.ratio->low), json_number(change.ratio->high)});
  }
  return {{"benchmark", input.benchmark},
          {"verdict", change_verdict_name(change.verdict)},
          {"reason", change.reason},
          {"forced", comparison.is_forced()},
          {"advisory", row.advisory},
          {"broken", row.broken},
          {"baseline_broken", row.old_broken},
          {"statistic", measure::statistic_name(row.statistic)},
          {"unit", row.unit.symbol},
          {"direction", word(kDirections, input.direction)},
          {"baseline_value", json_number(change.old_median)},
          {"value", json_number(change.new_median)},
          {"ratio", std::move(ratio)},
          {"ci", std::move(interval)},
          {"p_regressed", json_number(change.p_regressed)},
          {"p_improved", json_number(change.p_improved)},
          {"smallest_visible", json_number(change.smallest_visible)},
          {"max_regression", json_number(input.max_regression)},
          {"tested_max_regression", json_number(change.max_regression)},
          {"noise_floor", json_number(input.noise_floor)},
          {"noise_unknown", input.noise_unknown},
          {"resolution", json_number(input.resolution)},
          {"deterministic", input.deterministic},
          {"unusable", input.unusable},
          {"baseline_n", change.old_n},
          {"n", change.new_n},
          {"baseline_launches", ends(input.old_values, &LaunchValue::low)},
          {"baseline_launches_high", high_ends(input.old_values)},
          {"launches", ends(input.new_values, &LaunchValue::low)},
          {"launches_high", high_ends(input.new_values)}};
}

std::vector<LaunchValue> read_launches(const JsonCursor& low, const JsonCursor& high) {
  std::vector<LaunchValue> values;
  for (const JsonCursor& item : low.items()) {
    const double value = item.number();
    values.push_back({value, value});
  }
  if (values.size() > kMostLaunches) low.reject("more launches than any run makes");
  if (high.is_null()) return values;
  const auto ends = high.items();
  if (ends.size() != values.size()) {
    high.reject("expected as many as there are launches");
    return values;
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    values[i].high = ends[i].number();
    if (values[i].high < values[i].low) ends[i].reject("expected no less than the low end");
  }
  return values;
}

std::optional<double> read_share(const JsonCursor& at) {
  if (at.is_null()) return std::nullopt;
  const double share = at.number();
  if (share < 0) at.reject("expected a number from 0");
  return share;
}

ComparedRow read_row(const JsonCursor& at, measure::Pairing pairing) {
  ComparedRow row;
  measure::ChangeInput& input = row.input;
  input.benchmark = at.at("benchmark").text();
  input.direction = static_cast<measure::Direction>(at.at("direction").word(kDirections));
  input.deterministic = at.at("deterministic").flag();
  input.unusable = at.at("unusable").text();
  input.old_values = read_launches(at.at("baseline_launches"), at.at("baseline_launches_high"));
  input.new_values = read_launches(at.at("launches"), at.at("launches_high"));
  const bool paired = pairing == measure::Pairing::kPaired && !input.deterministic;
  if (paired && input.old_values.size() != input.new_values.size()) {
    at.at("launches").reject("expected as many as the baseline's: they are pairs");
  }
  const JsonCursor allowed = at.at("max_regression");
  input.max_regression = allowed.number();
  if (!(input.max_regression > 0)) allowed.reject("expected a number above 0");
  input.noise_floor = read_share(at.at("noise_floor"));
  input.noise_unknown = at.at("noise_unknown").text();
  input.resolution = read_share(at.at("resolution")).value_or(0);
  row.advisory = at.at("advisory").flag();
  row.broken = at.at("broken").flag();
  row.old_broken = at.at("baseline_broken").flag();
  const auto statistic = measure::parse_statistic(at.at("statistic").text());
  if (!statistic.ok()) at.at("statistic").reject(statistic.error().message);
  if (statistic.ok()) row.statistic = *statistic;
  const auto unit = parse_unit(at.at("unit").text());
  if (!unit.ok()) at.at("unit").reject(unit.error().message);
  if (unit.ok()) row.unit = *unit;
  return row;
}

}  // namespace

Json comparison_tree(const RunComparison& comparison) {
  using measure::ChangeVerdict;
  Json differences = Json::array();
  for (const measure::Difference& difference : comparison.differences) {
    differences.push_back({{"what", difference.what},
                           {"baseline", difference.old_value},
                           {"now", difference.new_value},
                           {"blocks", difference.blocks}});
  }
  Json rows = Json::array();
  for (const ComparedRow& row : comparison.rows) rows.push_back(row_tree(comparison, row));
  return {{"baseline", comparison.old_name},
          {"candidate", comparison.new_name},
          {"baseline_revision", comparison.old_revision},
          {"revision", comparison.new_revision},
          {"pairing", word(kPairings, comparison.pairing)},
          {"level", json_number(comparison.level)},
          {"comparable", comparison.comparable()},
          {"forced", comparison.forced},
          {"regressed", comparison.count(ChangeVerdict::kRegressed)},
          {"improved", comparison.count(ChangeVerdict::kImproved)},
          {"unchanged", comparison.count(ChangeVerdict::kUnchanged)},
          {"inconclusive", comparison.count(ChangeVerdict::kInconclusive)},
          {"differences", std::move(differences)},
          {"only_baseline", comparison.only_old},
          {"only_candidate", comparison.only_new},
          {"vanished", comparison.vanished},
          {"rows", std::move(rows)}};
}

RunComparison read_comparison(const JsonCursor& at) {
  RunComparison comparison;
  comparison.old_name = at.at("baseline").text();
  comparison.new_name = at.at("candidate").text();
  comparison.old_revision = at.at("baseline_revision").text();
  comparison.new_revision = at.at("revision").text();
  comparison.pairing = static_cast<measure::Pairing>(at.at("pairing").word(kPairings));
  const JsonCursor level = at.at("level");
  comparison.level = level.number();
  if (!(comparison.level > 0 && comparison.level < 1)) {
    level.reject("expected a number between 0 and 1");
  }
  comparison.forced = at.at("forced").flag();
  for (const JsonCursor& item : at.at("differences").items()) {
    comparison.differences.push_back({item.at("what").text(), item.at("baseline").text(),
                                      item.at("now").text(), item.at("blocks").flag()});
  }
  comparison.only_old = at.at("only_baseline").texts();
  comparison.only_new = at.at("only_candidate").texts();
  comparison.vanished = at.at("vanished").texts();
  for (const JsonCursor& item : at.at("rows").items()) {
    comparison.rows.push_back(read_row(item, comparison.pairing));
  }
  return comparison;
}

}  // namespace midstream::reports
