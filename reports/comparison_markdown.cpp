// A comparison of two runs in Markdown: alone, and as a section of the report.
#include <string>

#include "reports/markdown_text.hpp"
#include "reports/report.hpp"

namespace midstream::reports {
namespace {

std::string method(const RunComparison& comparison) {
  const bool paired = comparison.pairing == measure::Pairing::kPaired;
  return std::string(
             "The ratio is of costs, new over old: above 1 is worse. A row is REGRESSED "
             "when ") +
         (paired ? "Wilcoxon's exact signed-rank test over its pairs of launches"
                 : "Mann and Whitney's exact test over its launches") +
         " shows more than its allowed regression, at 5 % over all rows (Benjamini and Hochberg); "
         "p is adjusted for that. The smallest visible regression is what these launches would "
         "have shown.\n\n";
}

std::string names(const char* title, const std::vector<std::string>& list) {
  if (list.empty()) return {};
  std::string text = std::string(title) + ":\n\n";
  for (const std::string& name : list) text += "* " + escaped(name) + "\n";
  return text + "\n";
}

std::string table_of(const RunComparison& comparison) {
  Table table({"Verdict", "Benchmark", "Old", "New", "Ratio", "Interval", "p", "Allowed",
               "Smallest visible", "n", "Reason"});
  for (const ComparedRow* row : worst_first(comparison)) {
    const ChangeText text = change_text(*row);
    table.row({verdict_text(comparison, *row), row->input.benchmark, text.old_value, text.new_value,
               text.ratio, text.interval, text.p,
               format_quantity(100 * row->change.max_regression, Dimension::kPercent),
               text.smallest_visible, text.launches, row->change.reason});
  }
  return table.take();
}

std::string differences_of(const RunComparison& comparison) {
  if (comparison.differences.empty()) return {};
  Table table({"Differs", "Old", "New", "Forbids comparing"});
  for (const measure::Difference& difference : comparison.differences) {
    table.row({difference.what, difference.old_value, difference.new_value,
               difference.blocks ? "yes" : "no"});
  }
  return table.take();
}

}  // namespace

std::string markdown_comparison(const RunComparison& comparison) {
  std::string out = "## Comparison\n\nOld: " + escaped(comparison.old_name) + " (" +
                    escaped(comparison.old_revision) + "). New: " + escaped(comparison.new_name) +
                    " (" + escaped(comparison.new_revision) + ").\n\n**" + tally(comparison) +
                    ".**\n\n";
  if (comparison.is_forced()) {
    out +=
        "The runs are **not comparable** and were compared by force: the verdicts may speak of "
        "the machine or the build instead of the code.\n\n";
  } else if (!comparison.comparable()) {
    out += "The runs are **not comparable**; what forbids it stands below.\n\n";
  }
  if (!comparison.rows.empty()) out += method(comparison) + table_of(comparison);
  return out + differences_of(comparison) + names("Only in the old", comparison.only_old) +
         names("Only in the new", comparison.only_new) +
         names("VANISHED: only in the old, though a required target names it", comparison.vanished);
}

std::string render_comparison_markdown(const Scorecard& scorecard,
                                       const RenderOptions& /*options*/) {
  return "# Comparison of two runs\n\n" + markdown_comparison(*scorecard.comparison) +
         markdown_environment(scorecard);
}

}  // namespace midstream::reports
