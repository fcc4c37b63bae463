// The scorecard as a Markdown document: the sections of a performance validation report, each
// written from evidence. One function a section.
#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/markdown_text.hpp"
#include "reports/quality.hpp"
#include "reports/report.hpp"
#include "reports/shell.hpp"
#include "reports/text_layout.hpp"

namespace midstream::reports {
namespace {

using targets::ClaimVerdict;
using targets::Row;
using targets::Scenario;
using targets::Severity;
using targets::Verdict;

std::string number(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string percent_of(std::size_t part, std::size_t whole) {
  if (whole == 0) return "none";
  return std::to_string(part) + " of " + std::to_string(whole) + " (" +
         percent(static_cast<double>(part) / static_cast<double>(whole)) + ")";
}

std::string title_of(const Row& row) {
  return row.target.title.empty() ? row.target.id : row.target.title;
}

Dimension dimension_of(const Row& row) { return row.target.limit.quantity.unit.dimension; }

std::string measured(const Scenario& scenario, Dimension dimension) {
  return scenario.launches.empty() ? "" : format_quantity(scenario.value, dimension);
}

// Never rounded up to a certainty that no number of launches gives.
std::string coverage_text(double share) {
  return number(share > 0.999 ? "%.6g %%" : "%.1f %%", share * 100);
}

std::string interval(const Scenario& scenario, measure::Statistic statistic, Dimension dimension) {
  if (scenario.launches.empty() || statistic == measure::Statistic::kValue) return "";
  return format_quantity(scenario.ci_low, dimension) + " … " +
         format_quantity(scenario.ci_high, dimension) + " (" + coverage_text(scenario.coverage) +
         ")";
}

std::string verdict_of(const Row& row) {
  std::string text(targets::verdict_name(row.verdict));
  if (row.shown() != nullptr && row.shown()->near_limit) text += ", NEAR LIMIT";
  return text;
}

std::size_t count_required(const Scorecard& scorecard, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      scorecard.judgement.rows.begin(), scorecard.judgement.rows.end(), [&](const Row& row) {
        return row.target.severity == Severity::kRequired && row.verdict == verdict;
      }));
}

std::size_t count_required(const Scorecard& scorecard) {
  return static_cast<std::size_t>(
      std::count_if(scorecard.judgement.rows.begin(), scorecard.judgement.rows.end(),
                    [](const Row& row) { return row.target.severity == Severity::kRequired; }));
}

std::string header(const Scorecard& scorecard) {
  const auto line = [](const char* name, const std::string& value) {
    return value.empty() ? std::string()
                         : "* **" + std::string(name) + "**: " + escaped(value) + "\n";
  };
  std::string document = scorecard.source_document;
  if (!scorecard.source_date.empty()) document += " (" + scorecard.source_date + ")";
  return "# Performance validation report\n\n" + line("Date", scorecard.run.finished_at) +
         line("Project", scorecard.title) + line("Validated against", scorecard.targets_name) +
         line("Source of the targets", document) +
         line("Tool", "midstream-validate " + scorecard.run.tool_version + " (" +
                          scorecard.run.revision + ")") +
         line("Profile", scorecard.run.profile) + line("Evidence digest", scorecard.digest) + "\n";
}

std::string executive_summary(const Scorecard& scorecard) {
  std::string out = "## Executive summary\n\n";
  out += "**Overall status: " + std::string(overall_name(scorecard.overall)) + "**. Grade " +
         scorecard.grade + ", approval " + std::string(approval_name(scorecard.approval)) + ".\n\n";
  for (const std::string& reason : scorecard.reasons) out += "* " + escaped(reason) + "\n";
  return out + "\n";
}

std::string_view coverage_status(const ComponentCoverage& component) {
  if (component.required == 0) return "no required row";
  if (component.measured == component.required) return "COMPLETE";
  return component.measured == 0 ? "NOT MEASURED" : "PARTIAL";
}

std::string coverage(const Scorecard& scorecard) {
  std::size_t complete = 0;
  Table table({"Component", "Required rows", "Measured", "Passed", "Status"});
  for (const ComponentCoverage& component : scorecard.coverage) {
    const std::string_view status = coverage_status(component);
    if (status == "COMPLETE") ++complete;
    table.row({component.title.empty() ? component.id : component.title,
               std::to_string(component.required), std::to_string(component.measured),
               std::to_string(component.passed), std::string(status)});
  }
  std::string out = "## Benchmark coverage\n\nComponents with every required row measured: " +
                    percent_of(complete, scorecard.coverage.size()) + ".";
  if (scorecard.judgement.out_of_scope > 0) {
    out += " Rows outside the chosen suites and filters, not judged: " +
           std::to_string(scorecard.judgement.out_of_scope) + ".";
  }
  return out + "\n\n" + table.take();
}

std::string detail_of(const ComponentCoverage& component, const Scorecard& scorecard) {
  Table table({"Target", "Scenario", "Verdict", "Measured", "Interval", "Limit", "Statistic", "n",
               "Wrong side"});
  for (const Row& row : scorecard.judgement.rows) {
    if (row.component != component.id) continue;
    const std::string statistic(measure::statistic_name(row.target.statistic));
    if (row.scenarios.empty()) {
      table.row({title_of(row), row.target.benchmark, verdict_of(row), "", "",
                 row.target.limit.text, statistic, "0", ""});
    }
    for (const Scenario& scenario : row.scenarios) {
      table.row({title_of(row), scenario.benchmark,
                 std::string(targets::verdict_name(scenario.verdict)),
                 measured(scenario, dimension_of(row)),
                 interval(scenario, row.target.statistic, dimension_of(row)), row.target.limit.text,
                 statistic, std::to_string(scenario.n), std::to_string(scenario.wrong)});
    }
  }
  const std::string title = component.title.empty() ? component.id : component.title;
  return "### " + escaped(title) + "\n\n" + table.take();
}

std::string detail(const Scorecard& scorecard) {
  std::string out =
      "## Detail\n\nA launch is a fresh process; n launches stand behind a verdict. Measured is "
      "the median over them of the statistic inside each. The interval is an exact order-statistic "
      "interval of that median, with the coverage it has: the narrowest of at least " +
      number("%g", scorecard.confidence * 100) +
      " %, or the whole range where the launches are too few for that. The verdict does not rest "
      "on it.\n\n";
  if (scorecard.coverage.empty()) return out + "Nothing was in scope.\n\n";
  for (const ComponentCoverage& component : scorecard.coverage) {
    out += detail_of(component, scorecard);
  }
  return out;
}

bool has_measurement(Verdict verdict) {
  return verdict == Verdict::kPass || verdict == Verdict::kFail ||
         verdict == Verdict::kInconclusive;
}

std::string missing(const Scorecard& scorecard) {
  Table table({"Component", "Target", "Severity", "Verdict", "Reason"});
  std::size_t count = 0;
  for (const Row& row : scorecard.judgement.rows) {
    if (has_measurement(row.verdict)) continue;
    ++count;
    table.row({row.component, title_of(row),
               row.target.severity == Severity::kRequired ? "required" : "advisory",
               std::string(targets::verdict_name(row.verdict)), row.reason});
  }
  const std::string head = "## Missing measurements\n\n";
  if (scorecard.judgement.rows.empty()) return head + "No row was judged.\n\n";
  if (count == 0) return head + "None: every row in scope has a measurement.\n\n";
  return head + std::to_string(count) + " of " + std::to_string(scorecard.judgement.rows.size()) +
         " rows in scope have none.\n\n" + table.take();
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): one table, a branch a column
std::string compliance(const Scorecard& scorecard) {
  std::string out = "## Performance targets compliance\n\n";
  if (scorecard.judgement.rows.empty()) return out + "No row was judged: no compliance.\n\n";
  Table table({"Component", "Target", "Limit", "Measured", "Margin", "n", "Verdict", "Evidence"});
  for (const Row& row : scorecard.judgement.rows) {
    const Scenario* shown = row.shown();
    std::string evidence = row.reason;
    if (evidence.empty() && shown != nullptr) {
      evidence = row.scenarios.size() == 1
                     ? shown->benchmark
                     : "worst of " + std::to_string(row.scenarios.size()) + ": " + shown->benchmark;
    }
    std::string verdict = verdict_of(row);
    if (row.target.severity == Severity::kAdvisory) verdict += " (advisory)";
    table.row({row.component, title_of(row), row.target.limit.text,
               shown == nullptr ? "" : measured(*shown, dimension_of(row)),
               row.margin() > 0 ? number("%.3gx", row.margin()) : "",
               shown == nullptr ? "0" : std::to_string(shown->n), verdict, evidence});
  }
  return out + table.take() + "Required rows passed, missing ones counted: " +
         percent_of(count_required(scorecard, Verdict::kPass), count_required(scorecard)) + ".\n\n";
}

std::string benchmark_table(const Scorecard& scorecard) {
  Table table({"Benchmark", "Status", "Oracle", "Answers compared", "Launches", "Disturbed",
               "Samples", "Timer cost", "Inputs"});
  for (const BenchmarkFacts& facts : scorecard.benchmarks) {
    const measure::Measurement& about = facts.about;
    std::string inputs = about.generator;
    if (about.variants > 0) inputs += " × " + std::to_string(about.variants);
    table.row({about.id, std::string(measure::status_name(about.status)),
               about.correctness.oracle.empty() ? "none" : about.correctness.oracle,
               std::to_string(about.correctness.cases) +
                   (about.correctness.cases > 0 && !about.correctness.ok ? ", WRONG" : ""),
               std::to_string(facts.summary.launches), std::to_string(facts.summary.disturbed),
               std::to_string(facts.summary.samples), percent(about.timer_cost_share), inputs});
  }
  return table.take();
}

// How they ran: configuration, kernel, path through the operating system.
std::string facts_table(const Scorecard& scorecard) {
  const RunFacts facts = run_facts(scorecard);
  if (facts.common.empty() && facts.own.empty()) return "";
  std::string out = "### As they ran\n\n";
  for (const auto& [name, value] : facts.common) {
    out += "* Every benchmark: " + escaped(name) + ": " + escaped(value) + "\n";
  }
  if (!facts.common.empty()) out += "\n";
  if (facts.own.empty()) return out;
  Table table({"Benchmark", "Recorded by it"});
  for (const auto& [benchmark, text] : facts.own) table.row({benchmark, text});
  return out + table.take();
}

// The first few, and how many more.
std::string some_of(const std::vector<std::string>& findings) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < findings.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : "; ") + findings[i];
  }
  if (findings.size() > kShown) {
    text += "; and " + std::to_string(findings.size() - kShown) + " more";
  }
  return text;
}

std::string audit_table(const Scorecard& scorecard) {
  Table table({"Check", "Holds", "Warns", "Caps", "Not applicable", "Where it does not hold"});
  for (const CheckTally& check : tally_checks(scorecard)) {
    std::vector<std::string> findings = check.caps;
    findings.insert(findings.end(), check.warns.begin(), check.warns.end());
    table.row({std::string(check.title), std::to_string(check.holds),
               std::to_string(check.warns.size()), std::to_string(check.caps.size()),
               std::to_string(check.not_applicable), some_of(findings)});
  }
  return "A check that caps keeps every verdict on its benchmark at INCONCLUSIVE; one that warns "
         "changes none, and no sample is dropped because of it.\n\n" +
         table.take();
}

std::string quality(const Scorecard& scorecard) {
  std::string out = "## Benchmark quality\n\n";
  for (const Category& category : scorecard.categories) {
    if (category.id != "correctness" && category.id != "benchmark_quality") continue;
    out += "* " + escaped(category.evidence) + ".\n";
  }
  if (!scorecard.run.release_build) {
    out += "* This was not a release build: no verdict of it is better than INCONCLUSIVE.\n";
  }
  out += "\n";
  if (scorecard.benchmarks.empty()) return out;
  return out + audit_table(scorecard) + benchmark_table(scorecard) + facts_table(scorecard);
}

std::string claims(const Scorecard& scorecard) {
  std::string out = "## Published claims against reality\n\n";
  if (scorecard.judgement.claims.empty()) return out + "No claim was in scope.\n\n";
  Table table({"Claim", "Published", "Verdict", "Evidence", "Source"});
  for (const targets::JudgedClaim& judged : scorecard.judgement.claims) {
    table.row({judged.claim.id, judged.claim.text,
               std::string(targets::claim_verdict_name(judged.verdict)), judged.reason,
               judged.claim.source});
  }
  return out +
         "A verdict speaks of this implementation on this machine. It says nothing about how the "
         "published figure was measured.\n\n" +
         table.take();
}

std::string score_table(const Scorecard& scorecard) {
  Table table({"Category", "Score", "Weight", "Evidence"});
  for (const Category& category : scorecard.categories) {
    table.row({category.id, percent(category.score), percent(category.weight), category.evidence});
  }
  return "## Scorecard\n\n" + table.take() + "**Score " + percent(scorecard.score) + ", grade " +
         scorecard.grade + "**: " + escaped(grade_formula()) + ".\n\n";
}

// What to do next follows from the verdicts, worst first; each step names its rows.
std::string conclusion(const Scorecard& scorecard) {
  struct Step {
    Verdict verdict;
    std::string_view action;
  };
  constexpr Step kSteps[] = {
      {Verdict::kInvalid, "Correct the answers of"},
      {Verdict::kError, "Make these run to their end:"},
      {Verdict::kFail, "Make these faster or smaller, or revise their limits:"},
      {Verdict::kMissing, "Write the benchmarks of"},
      {Verdict::kUnavailable, "Run these where they can run:"},
      {Verdict::kNotRun, "Run these to the end:"},
      {Verdict::kInconclusive, "Bring evidence that decides"},
  };
  std::string out =
      "## Conclusion\n\n**Approval: " + std::string(approval_name(scorecard.approval)) + "**\n\n";
  for (const Step& step : kSteps) {
    std::string names;
    for (const Row& row : scorecard.judgement.rows) {
      if (row.verdict != step.verdict || row.target.severity != Severity::kRequired) continue;
      names += (names.empty() ? "" : ", ") + title_of(row);
    }
    if (!names.empty()) out += "* " + std::string(step.action) + " " + escaped(names) + ".\n";
  }
  if (scorecard.judgement.out_of_scope > 0) {
    out += "* Judge what was out of scope: " + std::to_string(scorecard.judgement.out_of_scope) +
           " more.\n";
  }
  return out + "\n";
}

std::string reproduction(const Scorecard& scorecard) {
  std::set<std::string> seen;  // rows of one benchmark share a command
  std::string commands;
  for (const Row& row : scorecard.judgement.rows) {
    if (row.verdict == Verdict::kPass) continue;
    const std::string command = rerun_command(scorecard, row.target.benchmark);
    if (!seen.insert(command).second) continue;
    commands += (commands.empty() ? "" : "\n") + printable(command);
  }
  std::string line;
  for (const std::string& word : scorecard.run.command_line) {
    line += (line.empty() ? "" : " ") + shell_word(word);
  }
  std::string out = "## Reproduction\n\n";
  if (!line.empty()) out += "This report came from:\n\n" + code_block(printable(line));
  if (!commands.empty()) out += "\nEach row that did not pass, alone:\n\n" + code_block(commands);
  return out;
}

}  // namespace

std::string render_markdown(const Scorecard& scorecard, const RenderOptions& /*options*/) {
  return header(scorecard) + executive_summary(scorecard) + coverage(scorecard) +
         detail(scorecard) + missing(scorecard) + compliance(scorecard) + quality(scorecard) +
         (scorecard.comparison ? markdown_comparison(*scorecard.comparison) : "") +
         markdown_environment(scorecard) + claims(scorecard) + score_table(scorecard) +
         conclusion(scorecard) + reproduction(scorecard);
}

}  // namespace midstream::reports
