#include "tests/reports/samples.hpp"

#include <utility>

#include "targets/limit.hpp"

namespace midstream::reports::samples {
namespace {

using measure::Launch;
using measure::Measurement;
using measure::MeasurementStatus;
using targets::Target;

Unit unit(const std::string& symbol) { return *parse_unit(symbol); }

// `launches` launches around `centre`, spread evenly by one per cent: no two are equal.
Measurement measured(const std::string& id, double centre, const std::string& symbol,
                     std::size_t launches = 7) {
  Measurement out;
  out.id = id;
  out.title = id;
  out.metric.unit = unit(symbol);
  out.generator = "seeded sines";
  out.seed = 0xfedcba9876543210;
  out.variants = 16;
  out.optimiser_barrier = true;
  out.timer_cost_share = 0.001;
  out.correctness = {"the definition", 320, true};
  out.parameters["n"] = "100";
  out.counters["allocations/op"] = 0;
  out.facts["kernel"] = "avx2";
  out.status = MeasurementStatus::kOk;
  for (std::size_t i = 0; i < launches; ++i) {
    Launch launch;
    launch.round = static_cast<std::uint32_t>(i);
    const double step = static_cast<double>(i) - static_cast<double>(launches - 1) / 2;
    const double value = centre * (1 + 0.01 * step);
    launch.samples = {value * 0.9, value, value * 1.3};
    launch.operations = 3000;
    launch.warmup_operations = 100;
    launch.load_average = 0.25;
    launch.disturbed = i == 3;
    out.launches.push_back(std::move(launch));
  }
  return out;
}

Measurement without_launches(const std::string& id, MeasurementStatus status,
                             const std::string& reason) {
  Measurement out = measured(id, 1, "ns", 0);
  out.status = status;
  out.reason = reason;
  return out;
}

Measurement size_of(const std::string& id, double bytes) {
  Measurement out = measured(id, bytes, "B", 2);
  out.metric.kind = measure::SampleKind::kValue;
  for (Launch& launch : out.launches) launch.samples = {bytes};
  return out;
}

Target target(const std::string& id, const std::string& title, const std::string& benchmark,
              const std::string& limit) {
  Target out;
  out.id = id;
  out.title = title;
  out.benchmark = benchmark;
  out.limit = *targets::parse_limit(limit);
  out.source = "§4.1";
  return out;
}

targets::Claim claim(const std::string& id, const std::string& text, const std::string& benchmark,
                     const std::string& limit) {
  targets::Claim out;
  out.id = id;
  out.text = text;
  out.benchmark = benchmark;
  out.source = "§3.2";
  if (!limit.empty()) out.limit = *targets::parse_limit(limit);
  return out;
}

targets::TargetsFile file() {
  targets::TargetsFile out;
  out.name = "built-in midstream.yaml";
  out.title = "Midstream performance targets";
  out.source_document = "PERFORMANCE_VALIDATION.md";
  out.source_date = "2025-10-26";
  return out;
}

measure::Results run(std::vector<Measurement> measurements) {
  measure::Results out;
  out.tool_version = "0.1.0";
  out.revision = "0123456789ab";
  out.command_line = {"midstream-validate", "run", "--profile", "quick"};
  out.started_at = "2026-01-02T03:04:05Z";
  out.finished_at = "2026-01-02T03:04:17Z";
  out.release_build = true;
  out.profile = "quick";
  out.seed = 20251026;
  out.environment = {{"cpu", "Example CPU 3000 @ 3.00 GHz"},
                     {"cores", "8"},
                     {"load_average", "0.25"},
                     {"compiler", "GCC 12.2.0"}};
  out.measurements = std::move(measurements);
  return out;
}

targets::Component component(const std::string& id, const std::string& title,
                             std::vector<Target> rows) {
  targets::Component out;
  out.id = id;
  out.title = title;
  out.targets = std::move(rows);
  return out;
}

targets::Component temporal_verdicts() {
  Target advisory = target("slow", "Advisory row", "temporal/fail/n=100", "< 1 us");
  advisory.severity = targets::Severity::kAdvisory;
  advisory.description = "Shows that an advisory row changes nothing.";
  return component(
      "temporal", "Temporal Compare",
      {target("pass", "Passes", "temporal/dtw/*/n=100", "< 10 ms"),
       target("near", "Near its limit", "temporal/near/n=100", "< 10 ms"),
       target("fail", "Fails", "temporal/fail/n=100", "< 5 ms"),
       target("open", "Undecided", "temporal/open/n=100", "<= 3 ms"),
       target("few", "Too few launches", "temporal/few/n=100", "< 3 ms"),
       target("oracle", "No oracle", "temporal/unproved/n=100", "< 3 ms"), std::move(advisory)});
}

targets::Component quic_verdicts() {
  Target ratio = target("ratio", "Against TLS", "quic/stream/*", ">= 0.5 x");
  ratio.relation = targets::Relation::kRelativeTo;
  ratio.reference = "quic/tls";
  Target rate = target("rate", "Cells a second", "quic/cells", "> 1 M cells/s");
  Target size = target("size", "Binary size", "quic/size", "< 100 KB");
  size.statistic = measure::Statistic::kValue;
  return component("quic", "QUIC Multistream",
                   {std::move(ratio), std::move(rate), std::move(size),
                    target("wrong", "Wrong answer", "quic/wrong", "< 1 ms"),
                    target("crash", "Crashes", "quic/crash", "< 1 ms"),
                    target("absent", "No such benchmark", "quic/absent/**", "< 1 ms"),
                    target("blocked", "Cannot run here", "quic/blocked", "< 1 ms"),
                    target("late", "Out of time", "quic/late", "< 1 ms")});
}

std::vector<Measurement> every_measurement() {
  std::vector<Measurement> out = {
      measured("temporal/dtw/linear/n=100", 1.21, "us"),
      measured("temporal/dtw/sine/n=100", 1.34, "us"),
      measured("temporal/near/n=100", 9.5, "ms"),
      measured("temporal/fail/n=100", 12.3, "ms"),
      measured("temporal/open/n=100", 3, "ms", 20),
      measured("temporal/few/n=100", 1, "ms", 3),
      measured("temporal/unproved/n=100", 1, "ms"),
      measured("quic/stream/one", 7.7, "Gbps"),
      measured("quic/stream/many", 6.1, "Gbps"),
      measured("quic/tls", 9.9, "Gbps"),
      measured("quic/cells", 310, "us"),
      size_of("quic/size", 65432),
      without_launches("quic/wrong", MeasurementStatus::kInvalid, "17 instead of 18 at n=3"),
      without_launches("quic/crash", MeasurementStatus::kError, "killed by SIGSEGV"),
      without_launches("quic/blocked", MeasurementStatus::kUnavailable, "UDP is not permitted"),
      without_launches("quic/late", MeasurementStatus::kNotRun, "out of time"),
  };
  // High and low in turn: as many launches on either side at every look.
  for (std::size_t i = 0; i < 10; i += 2) {
    std::swap(out[4].launches[i].samples, out[4].launches[19 - i].samples);
  }
  out[6].correctness = {};
  out[10].throughput = measure::Throughput{10000, "cells"};
  out[7].metric.direction = out[8].metric.direction = out[9].metric.direction =
      measure::Direction::kHigherIsBetter;
  return out;
}

}  // namespace

Scorecard passing() {
  targets::TargetsFile targets = file();
  targets.components = {
      component("temporal", "Temporal Compare",
                {target("dtw-n100", "DTW (n=100)", "temporal/dtw/*/n=100", "< 10 ms"),
                 target("lcs-n100", "LCS (n=100)", "temporal/lcs/n=100", "< 5 ms"),
                 target("edit-n100", "Edit distance (n=100)", "temporal/edit/n=100", "< 3 ms")})};
  return build_scorecard(targets, run({measured("temporal/dtw/linear/n=100", 1210, "ns"),
                                       measured("temporal/dtw/sine/n=100", 1230, "ns"),
                                       measured("temporal/lcs/n=100", 310, "ns"),
                                       measured("temporal/edit/n=100", 95.5, "ns")}));
}

Scorecard every_verdict() {
  targets::TargetsFile targets = file();
  targets.components = {temporal_verdicts(), quic_verdicts(),
                        component("wasm", "WASM", {target("w", "W", "wasm/size", "< 1 KB")}),
                        component("temporal-empty", "Declared, no rows", {})};
  targets.claims = {claim("size", "65 KB (Brotli)", "quic/size", "<= 66 KB"),
                    claim("dtw", "DTW in 1 µs", "temporal/dtw/*/n=100", "<= 1 us"),
                    claim("before", "2–5 ms (from 5–10 ms)", "", "")};
  targets.claims[2].unverifiable = "the system it was measured on is not available";
  measure::Results results = run(every_measurement());
  results.suites = {"temporal", "quic"};
  return build_scorecard(targets, results);
}

Scorecard unicode() {
  targets::TargetsFile targets = file();
  targets.name = "cibles é.yaml + built-in stretch.yaml";
  targets.files = {"cibles é.yaml", "stretch"};
  targets.title = "Durée d'exécution <b>µ</b> 時間 | x";
  targets.components = {component(
      "temporal", "時間の比較 | `code`",
      {target("cjk", "動的時間伸縮法の距離を計算する時間 (n=100)", "temporal/時間/n=100",
              "< 10 ms"),
       target("quote", "it's `quoted` | piped\nsecond line", "temporal/it's é/n=1", "< 1 us"),
       target("markup", "<script>alert(1)</script> [x](y) *b* _i_", "temporal/a b/*", "< 1 us"),
       target("escape", "\x1b[31mred\x1b[0m \xff\xfe bytes \u202eedisrever", "temporal/e\u0301",
              "<= 5 \u00b5s")})};
  targets.claims = {
      claim("c|d", "ein | Strich & <i>Zeichen</i>", "temporal/時間/n=100", "< 10 ms")};
  Measurement slow = measured("temporal/it's é/n=1", 12, "us");
  slow.reason = "r\xc3";  // cut in the middle of a character, as a worker's last words may be
  slow.status = MeasurementStatus::kError;
  return build_scorecard(targets, run({measured("temporal/時間/n=100", 1.5, "ms"), std::move(slow),
                                       measured("temporal/e\u0301", 4.9, "us")}));
}

Scorecard huge_names() {
  targets::TargetsFile targets = file();
  const std::string words = "many words that go on ";
  std::string title;
  for (int i = 0; i < 30; ++i) title += words;
  const std::string id = "temporal/" + std::string(300, 'x');
  targets.title = title;
  targets.components = {component("temporal", title,
                                  {target("long", title, id, "< 10 ms"),
                                   target("longer", std::string(500, 'W'), id + "/y", "< 1 ns")})};
  targets.claims = {claim(std::string(200, 'c'), title, id, "< 10 ms")};
  measure::Results results = run({measured(id, 1, "ms"), measured(id + "/y", 1, "ms")});
  results.environment[0].value = title;
  results.command_line.push_back(title);
  return build_scorecard(targets, results);
}

Scorecard nothing() { return build_scorecard(file(), run({})); }

Scorecard advisory_only() {
  targets::TargetsFile targets = file();
  targets.name = "built-in stretch.yaml";
  Target fast = target("fast", "Fast", "temporal/dtw/*/n=100", "< 1 us");
  Target slow = target("slow", "Slow", "temporal/lcs/n=100", "< 1 us");
  fast.severity = slow.severity = targets::Severity::kAdvisory;
  targets.components = {
      component("temporal", "Temporal Compare", {std::move(fast), std::move(slow)})};
  return build_scorecard(targets, run({measured("temporal/dtw/sine/n=100", 1210, "ns"),
                                       measured("temporal/lcs/n=100", 310, "ns")}));
}

std::vector<Measurement> suite(double changed, std::size_t launches) {
  std::vector<Measurement> out = {
      measured("temporal/dtw/sine/n=100", 1200 * changed, "ns", launches),
      measured("temporal/lcs/random/n=100", 3000, "ns", launches),
      measured("temporal/edit/random/n=100", 2000 / changed, "ns", launches),
      measured("temporal/cache/hits/n=10", 50, "ns", 3),
      measured("temporal/advised/n=100", 70 * changed, "ns", launches),
      size_of("wasm/size/raw", 60000)};
  out[3].metric.kind = measure::SampleKind::kOperation;
  return out;
}

targets::TargetsFile file_to_compare() {
  targets::TargetsFile out = file();
  Target advised = target("advised", "Advised", "temporal/advised/n=100", "< 1 ms");
  advised.severity = targets::Severity::kAdvisory;
  out.components = {
      {"temporal",
       "Temporal Compare",
       {target("dtw-n100", "DTW (n=100)", "temporal/dtw/*/n=100", "< 10 ms"), std::move(advised)}}};
  return out;
}

measure::Results results_to_compare() { return run(suite(1, 20)); }

ComparisonRequest request_of(const std::string& old_name, const std::string& new_name) {
  ComparisonRequest request;
  request.old_name = old_name;
  request.new_name = new_name;
  request.max_regression = 0.05;
  request.noise_floor = [](const Measurement&, measure::Statistic) { return 0.02; };
  return request;
}

Scorecard compared() {
  const targets::TargetsFile targets = file_to_compare();
  const measure::Results old_results = run(suite(1, 20));
  measure::Results new_results = run(suite(1.4, 20));
  new_results.revision = "abcdef012345";
  return build_scorecard(
      targets, new_results,
      compare_runs(targets, old_results, new_results, request_of("baseline main", "this run")));
}

Scorecard compared_live() {
  const targets::TargetsFile targets = file_to_compare();
  measure::Results old_results = run(suite(1, 15));
  measure::Results new_results = run(suite(1.15, 15));
  new_results.environment.back().value = "Clang 19.1.0";
  new_results.measurements[1].status = MeasurementStatus::kInvalid;
  new_results.measurements[1].reason = "launch 3: the answer for input 5 differs";
  ComparisonRequest request =
      request_of("build-old/midstream-validate", "build/midstream-validate");
  request.pairing = measure::Pairing::kPaired;
  RunComparison comparison = compare_runs(targets, old_results, new_results, request);
  comparison.only_old = {"temporal/dtw/gone/n=100", "temporal/gone/n=1"};
  comparison.vanished = vanished_of(targets, comparison.only_old, new_results);
  comparison.only_new = {"temporal/new|`x`/n=1"};
  return build_scorecard(targets, new_results, std::move(comparison));
}

Scorecard other_machine(bool force) {
  const targets::TargetsFile targets = file_to_compare();
  const measure::Results old_results = run(suite(1, 20));
  measure::Results new_results = run(suite(1.4, 20));
  new_results.environment[0].value = "Other CPU";
  ComparisonRequest request = request_of("baseline main", "r.json");
  request.force = force;
  return build_scorecard(targets, new_results,
                         compare_runs(targets, old_results, new_results, request));
}

std::vector<Sample> all() {
  return {{"passing", passing()},
          {"every_verdict", every_verdict()},
          {"unicode", unicode()},
          {"huge_names", huge_names()},
          {"nothing", nothing()},
          {"advisory_only", advisory_only()},
          {"compared", compared()},
          {"compared_live", compared_live()},
          {"other_machine", other_machine(false)},
          {"other_machine_forced", other_machine(true)}};
}

}  // namespace midstream::reports::samples
