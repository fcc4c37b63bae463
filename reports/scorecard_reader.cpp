#include "reports/scorecard_reader.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "reports/comparison_json.hpp"
#include "reports/json_cursor.hpp"
#include "reports/scorecard_json.hpp"
#include "targets/limit.hpp"

namespace midstream::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 16;  // a scorecard has 7
constexpr std::size_t kMaxLaunches = 10000;

// Deep nesting is refused before the parser sees it: every later step may then recurse.
// NOLINTNEXTLINE(readability-function-cognitive-complexity): a scanner of four states
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

// The library keeps the last of several equal keys; a reader that keeps the first would see
// another scorecard in the same bytes.
class DuplicateKeys {
 public:
  bool operator()(int /*depth*/, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        open_.emplace_back();
        break;
      case Json::parse_event_t::object_end:
        open_.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!open_.back().insert(parsed.get<std::string>()).second && first_.empty()) {
          first_ = parsed.get<std::string>();
        }
        break;
      default:
        break;
    }
    return true;
  }
  [[nodiscard]] const std::string& first() const { return first_; }

 private:
  std::vector<std::set<std::string>> open_;
  std::string first_;
};

std::string place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto newline = before.rfind('\n');
  const std::size_t column =
      newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return std::to_string(line) + ":" + std::to_string(column);
}

Error no_scorecard(std::string_view name, const std::string& why) {
  return {ErrorCode::kParse, std::string(name) + ": no complete scorecard (" + why +
                                 "); write one with `midstream-validate run --report json=PATH`"};
}

void read_run(const JsonCursor& root, Scorecard& scorecard) {
  scorecard.run.tool_version = root.at("tool").at("version").text();
  scorecard.run.revision = root.at("tool").at("revision").text();
  for (const auto& [name, value] : root.at("environment").members()) {
    scorecard.run.environment.push_back({name, value.text()});
  }
  const JsonCursor run = root.at("run");
  scorecard.run.command_line = run.at("command_line").texts();
  scorecard.run.started_at = run.at("started_at").text();
  scorecard.run.finished_at = run.at("finished_at").text();
  scorecard.run.interrupted = run.at("interrupted").flag();
  scorecard.run.release_build = run.at("release_build").flag();
  scorecard.run.profile = run.at("profile").text();
  scorecard.run.seed = run.at("seed").decimal();
  scorecard.run.suites = run.at("suites").texts();
  scorecard.run.filters = run.at("filters").texts();
}

Unit read_unit(const JsonCursor& at) {
  auto unit = parse_unit(at.text());
  if (!unit.ok()) {
    at.reject(unit.error().message);
    return {};
  }
  return std::move(unit).value();
}

measure::MeasurementStatus read_status(const JsonCursor& at) {
  using measure::MeasurementStatus;
  constexpr MeasurementStatus kAll[] = {
      MeasurementStatus::kOk, MeasurementStatus::kError, MeasurementStatus::kInvalid,
      MeasurementStatus::kUnavailable, MeasurementStatus::kNotRun};
  std::vector<std::string_view> names;
  for (const MeasurementStatus status : kAll) names.push_back(measure::status_name(status));
  return kAll[at.word(names)];
}

measure::LaunchSummary read_summary(const JsonCursor& at) {
  measure::LaunchSummary summary;
  const JsonCursor launches = at.at("launches");
  summary.launches = launches.count();
  if (summary.launches > kMaxLaunches) launches.reject("more launches than any run makes");
  summary.failed = at.at("failed_launches").count();
  summary.disturbed = at.at("disturbed_launches").count();
  summary.samples = at.at("samples").count();
  summary.measured_s = at.at("measured_s").number_or_nan();
  summary.least_warmup = at.at("least_warmup").count();
  summary.highest_load = at.at("highest_load").number_or_nan();
  summary.outlier_share = at.at("outlier_share").number_or_nan();
  if (const JsonCursor lag_one = at.at("autocorrelation"); !lag_one.is_null()) {
    summary.autocorrelation = lag_one.number();
  }
  summary.modes = at.at("modes").count();
  return summary;
}

BenchmarkFacts read_benchmark(const JsonCursor& at) {
  BenchmarkFacts facts;
  measure::Measurement& about = facts.about;
  about.id = at.at("id").text();
  about.title = at.at("title").text();
  for (const auto& [name, value] : at.at("parameters").members()) {
    about.parameters[name] = value.text();
  }
  about.metric.unit = read_unit(at.at("unit"));
  about.metric.direction = static_cast<measure::Direction>(at.at("direction").word(kDirections));
  about.metric.kind = static_cast<measure::SampleKind>(at.at("sample").word(kSampleKinds));
  if (const JsonCursor throughput = at.at("throughput"); !throughput.is_null()) {
    about.throughput = {throughput.at("per_operation").number(), throughput.at("item").text()};
  }
  about.generator = at.at("generator").text();
  about.seed = at.at("seed").decimal();
  about.variants = static_cast<std::uint32_t>(at.at("variants").count());
  about.optimiser_barrier = at.at("optimiser_barrier").flag();
  about.timer_cost_share = at.at("timer_cost_share").number_or_nan();
  about.correctness = {at.at("oracle").text(), at.at("cases").count(), at.at("correct").flag()};
  about.status = read_status(at.at("status"));
  about.reason = at.at("reason").text();
  facts.summary = read_summary(at);
  for (const auto& [name, value] : at.at("counters").members()) {
    about.counters[name] = value.number_or_nan();
  }
  for (const auto& [name, value] : at.at("facts").members()) about.facts[name] = value.text();
  return facts;
}

measure::Statistic read_statistic(const JsonCursor& at) {
  const auto statistic = measure::parse_statistic(at.text());
  if (statistic.ok()) return *statistic;
  at.reject(statistic.error().message);
  return measure::Statistic::kMedian;
}

targets::Limit read_limit(const JsonCursor& at) {
  auto limit = targets::parse_limit(at.text());
  if (limit.ok()) return std::move(limit).value();
  at.reject(limit.error().message);
  return {};
}

std::vector<targets::Scenario> read_scenarios(const JsonCursor& at, const Scorecard& scorecard,
                                              const targets::Limit& limit) {
  std::vector<targets::Scenario> scenarios;
  for (const JsonCursor& item : at.items()) {
    targets::Scenario scenario;
    scenario.benchmark = item.at("benchmark").text();
    scenario.reference = item.at("reference").text();
    const Unit unit = scenario_unit(scorecard, scenario, limit);
    for (const JsonCursor& launch : item.at("launches").items()) {
      scenario.launches.push_back({static_cast<std::uint32_t>(launch.at("round").count()),
                                   launch.at("value").number() * unit.scale});
    }
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

targets::Row read_row(const JsonCursor& at, const Scorecard& scorecard) {
  targets::Row row;
  row.component = at.at("component").text();
  targets::Target& target = row.target;
  target.id = at.at("target").text();
  target.title = at.at("title").text();
  target.description = at.at("description").text();
  target.benchmark = at.at("benchmark").text();
  target.relation = static_cast<targets::Relation>(at.at("relation").word(kRelations));
  target.reference = at.at("reference").text();
  target.severity = static_cast<targets::Severity>(at.at("severity").word(kSeverities));
  target.statistic = read_statistic(at.at("statistic"));
  target.limit = read_limit(at.at("limit"));
  target.source = at.at("source").text();
  row.note = at.at("note").text();
  row.scenarios = read_scenarios(at.at("scenarios"), scorecard, target.limit);
  return row;
}

targets::JudgedClaim read_claim(const JsonCursor& at, const Scorecard& scorecard) {
  targets::JudgedClaim judged;
  targets::Claim& claim = judged.claim;
  claim.id = at.at("id").text();
  claim.text = at.at("text").text();
  claim.benchmark = at.at("benchmark").text();
  claim.statistic = read_statistic(at.at("statistic"));
  if (const JsonCursor limit = at.at("limit"); !limit.is_null()) claim.limit = read_limit(limit);
  claim.unverifiable = at.at("unverifiable").text();
  claim.source = at.at("source").text();
  judged.note = at.at("note").text();
  judged.scenarios =
      read_scenarios(at.at("scenarios"), scorecard, claim.limit.value_or(targets::Limit{}));
  return judged;
}

}  // namespace

Result<Json> parse_scorecard_tree(std::string_view text, std::string_view name) {
  if (too_deep(text)) return no_scorecard(name, "nested deeper than any scorecard");
  DuplicateKeys duplicates;
  Json tree;
  try {
    tree = Json::parse(text, std::ref(duplicates));
  } catch (const Json::parse_error& error) {
    return no_scorecard(name, "JSON ends or breaks at " + place(text, error.byte));
  } catch (const Json::exception&) {
    return no_scorecard(name, "it holds a number beyond any range");
  }
  if (!duplicates.first().empty()) {
    return no_scorecard(name, "duplicate key \"" + duplicates.first() + "\"");
  }
  const auto schema = tree.is_object() ? tree.find("schema") : tree.end();
  if (schema == tree.end() || !schema->is_string()) {
    return no_scorecard(name, "it has no \"schema\"");
  }
  if (*schema != kScorecardSchema) {
    return no_scorecard(name, "its schema is \"" + schema->get<std::string>() + "\", not \"" +
                                  std::string(kScorecardSchema) + "\"");
  }
  return tree;
}

Result<ScorecardFile> read_scorecard(const Json& tree, std::string_view name) {
  std::string fault;
  const JsonCursor root(tree, fault);
  ScorecardFile file;
  Scorecard& scorecard = file.scorecard;
  const JsonCursor targets = root.at("targets");
  scorecard.targets_name = targets.at("name").text();
  scorecard.targets_files = targets.at("files").texts();
  scorecard.title = targets.at("title").text();
  scorecard.source_document = targets.at("source_document").text();
  scorecard.source_date = targets.at("source_date").text();
  const JsonCursor confidence = root.at("policy").at("confidence");
  scorecard.confidence = confidence.number();
  if (!(scorecard.confidence > 0 && scorecard.confidence < 1)) {
    confidence.reject("expected a number between 0 and 1");
  }
  scorecard.max_regression = root.at("policy").at("max_regression").number();
  read_run(root, scorecard);
  for (const JsonCursor& at : root.at("benchmarks").items()) {
    scorecard.benchmarks.push_back(read_benchmark(at));
  }
  for (const JsonCursor& at : root.at("rows").items()) {
    scorecard.judgement.rows.push_back(read_row(at, scorecard));
  }
  scorecard.judgement.out_of_scope = root.at("out_of_scope").count();
  for (const JsonCursor& at : root.at("claims").items()) {
    scorecard.judgement.claims.push_back(read_claim(at, scorecard));
  }
  if (const JsonCursor at = root.at("comparison"); !at.is_null()) {
    scorecard.comparison = read_comparison(at);
  }
  for (const JsonCursor& at : root.at("coverage").items()) {
    ComponentCoverage component;
    component.id = at.at("component").text();
    component.title = at.at("title").text();
    scorecard.coverage.push_back(std::move(component));
  }
  for (const JsonCursor& at : root.at("categories").items()) {
    file.weights[at.at("id").text()] = at.at("weight").number();
  }
  scorecard.digest = root.at("digest").text();
  if (!fault.empty()) return no_scorecard(name, fault);
  return file;
}

}  // namespace midstream::reports
