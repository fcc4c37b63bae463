// A comparison of two runs for a terminal: alone, and as a section of the scorecard.
#include <algorithm>
#include <string>
#include <string_view>

#include "reports/console_page.hpp"
#include "reports/report.hpp"
#include "reports/text_layout.hpp"

namespace midstream::reports {
namespace {

using measure::ChangeVerdict;

constexpr int kVerdictWidth = 12;
constexpr int kValueWidth = 11;

std::string_view colour_of(ChangeVerdict verdict) {
  switch (verdict) {
    case ChangeVerdict::kRegressed:
      return kRed;
    case ChangeVerdict::kImproved:
    case ChangeVerdict::kUnchanged:
      return kGreen;
    case ChangeVerdict::kInconclusive:
      break;
  }
  return kYellow;
}

void add_row(Page& page, const RunComparison& comparison, const ComparedRow& row) {
  const ChangeText text = change_text(row);
  const std::string verdict(change_verdict_name(row.change.verdict));
  const int room = page.width() - kVerdictWidth - 2 * kValueWidth - 5;
  page.line("  " + page.paint(colour_of(row.change.verdict), fit(verdict, kVerdictWidth)) + " " +
            fit(printable(row.input.benchmark), room) + " " +
            fit(text.old_value, kValueWidth, Align::kRight) + " " +
            fit(text.new_value, kValueWidth, Align::kRight));
  std::string marks;
  if (comparison.is_forced()) marks = "FORCED, not comparable; ";
  if (row.advisory) marks += "advisory; ";
  std::string found;
  if (row.change.ratio) found = "ratio " + text.ratio + ", ";
  if (row.change.ratio && !row.input.deterministic) {
    found = "ratio " + text.ratio + " (" + text.interval + "), p " + text.p + ", ";
  }
  page.paragraph("    ",
                 marks + found + "n " + text.launches + ", would see " + text.smallest_visible);
  if (!row.change.reason.empty()) page.paragraph("    ", row.change.reason);
}

void add_names(Page& page, std::string_view lead, const std::vector<std::string>& names) {
  for (const std::string& name : names) page.paragraph(lead, name);
}

void add_only_old(Page& page, const RunComparison& comparison) {
  std::vector<std::string> names = comparison.only_old;
  for (std::string& name : names) {
    const auto& gone = comparison.vanished;
    const bool vanished = std::find(gone.begin(), gone.end(), name) != gone.end();
    if (vanished) name += ": VANISHED, a required target names it";
  }
  add_names(page, "  only in the old  ", names);
}

}  // namespace

void add_comparison(Page& page, const RunComparison& comparison) {
  page.line(page.paint(
      kBold,
      cut(printable("Compared with " + comparison.old_name +
                    (comparison.pairing == measure::Pairing::kPaired ? ", launch by launch" : "")),
          page.width())));
  if (!comparison.comparable()) {
    page.line("  " + page.paint(kRed, comparison.forced ? "FORCED, though not comparable"
                                                        : "NOT COMPARABLE"));
    page.paragraph("    ", what_differs(comparison));
  }
  // When the runs are not comparable every row would say the same again.
  const bool any =
      std::any_of(comparison.rows.begin(), comparison.rows.end(), [&](const auto& row) {
        return comparison.forced || !is_forbidden(comparison, row.input.benchmark);
      });
  if (any) {
    for (const ComparedRow* row : worst_first(comparison)) add_row(page, comparison, *row);
  }
  add_only_old(page, comparison);
  add_names(page, "  only in the new  ", comparison.only_new);
}

std::string render_comparison_console(const Scorecard& scorecard, const RenderOptions& options) {
  const RunComparison& comparison = *scorecard.comparison;
  Page page(options);
  add_comparison(page, comparison);
  add_environment(page, scorecard);
  page.line();
  page.paragraph("old       ", comparison.old_name + " (" + comparison.old_revision + ")");
  page.paragraph("new       ", comparison.new_name + " (" + comparison.new_revision + ")");
  page.paragraph("rows      ", tally(comparison));
  return page.take();
}

}  // namespace midstream::reports
