// The scorecard for a terminal: one line a row, reasons and commands under the rows that did not
// pass, the summary last, where the eye is when the run ends.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "reports/console_page.hpp"
#include "reports/quality.hpp"
#include "reports/report.hpp"
#include "reports/text_layout.hpp"

namespace midstream::reports {
namespace {

using targets::ClaimVerdict;
using targets::Row;
using targets::Verdict;

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return kGreen;
    case Verdict::kFail:
    case Verdict::kInvalid:
    case Verdict::kError:
    case Verdict::kMissing:
      return kRed;
    default:
      return kYellow;
  }
}

std::string_view colour_of(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::kReproduced:
      return kGreen;
    case ClaimVerdict::kNotReproduced:
      return kRed;
    case ClaimVerdict::kUnverifiable:
      break;
  }
  return kYellow;
}

std::string_view colour_of(Overall overall) {
  switch (overall) {
    case Overall::kCompliant:
      return kGreen;
    case Overall::kNonCompliant:
      return kRed;
    default:
      return kYellow;
  }
}

std::string_view colour_of(Approval approval) {
  switch (approval) {
    case Approval::kApproved:
      return kGreen;
    case Approval::kConditional:
      return kYellow;
    case Approval::kRejected:
      break;
  }
  return kRed;
}

std::string factor(double margin) {
  char text[32];
  if (margin >= 1e6 || margin < 0.01) {
    std::snprintf(text, sizeof text, "%.1ex", margin);
  } else {
    std::snprintf(text, sizeof text,
                  margin >= 100  ? "%.0fx"
                  : margin >= 10 ? "%.1fx"
                                 : "%.2fx",
                  margin);
  }
  return text;
}

struct Cells {
  std::string verdict, title, measured, limit, margin, n;
};

Cells cells_of(const Row& row) {
  Cells cells;
  cells.verdict = targets::verdict_name(row.verdict);
  cells.title = printable(row.target.title.empty() ? row.target.id : row.target.title);
  cells.limit = printable(row.target.limit.text);
  if (row.target.severity == targets::Severity::kAdvisory) cells.title += " (advisory)";
  const targets::Scenario* shown = row.shown();
  if (shown == nullptr || shown->launches.empty()) return cells;
  cells.measured = format_quantity(shown->value, row.target.limit.quantity.unit.dimension);
  cells.margin = row.margin() > 0 ? factor(row.margin()) : "";
  cells.n = "n=" + std::to_string(shown->n);
  return cells;
}

// Widths of the columns: as wide as their widest cell within bounds, the title within the rest.
struct Columns {
  int verdict = 4;
  int title = 8;
  int measured = 8;
  int limit = 6;
  int margin = 6;
  int n = 3;
};

Columns columns_of(const std::vector<Row>& rows, int width) {
  Columns columns;
  const auto widen = [](int& column, const std::string& cell, int most) {
    column = std::max(column, std::min(display_width(cell), most));
  };
  for (const Row& row : rows) {
    const Cells cells = cells_of(row);
    widen(columns.verdict, cells.verdict, 12);
    widen(columns.title, cells.title, width);
    widen(columns.measured, cells.measured, 12);
    widen(columns.limit, cells.limit, 14);
    widen(columns.margin, cells.margin, 8);
    widen(columns.n, cells.n, 6);
  }
  const int others =
      2 + columns.verdict + columns.measured + columns.limit + columns.margin + columns.n + 5;
  columns.title = std::max(8, std::min(columns.title, width - others));
  return columns;
}

std::string table_line(const Columns& columns, const Cells& cells) {
  return fit(cells.title, columns.title) + " " +
         fit(cells.measured, columns.measured, Align::kRight) + " " +
         fit(cells.limit, columns.limit) + " " + fit(cells.margin, columns.margin, Align::kRight) +
         " " + fit(cells.n, columns.n, Align::kRight);
}

void header(Page& page, const Scorecard& scorecard) {
  const std::string title =
      scorecard.title.empty() ? "Performance targets" : printable(scorecard.title);
  page.line(page.paint(kBold, cut(title, page.width())));
  std::string about = "targets " + scorecard.targets_name;
  if (!scorecard.run.profile.empty()) about += ", profile " + scorecard.run.profile;
  if (!scorecard.run.started_at.empty()) about += ", run " + scorecard.run.started_at;
  page.paragraph("", about);
}

// Under a row that did not simply pass: why, and how to see it again.
void notes(Page& page, const Scorecard& scorecard, const Row& row) {
  const targets::Scenario* shown = row.shown();
  if (row.verdict == Verdict::kPass) {
    if (shown != nullptr && shown->near_limit) {
      page.line("    " + page.paint(kYellow, "NEAR LIMIT") + ": within 10 % of its limit");
    }
    if (!row.reason.empty()) page.paragraph("    ", row.reason);
    return;
  }
  page.paragraph("    ", row.reason.empty() ? "no reason was recorded" : row.reason);
  if (shown != nullptr && row.scenarios.size() > 1) {
    page.paragraph("    ", "worst of " + std::to_string(row.scenarios.size()) +
                               " scenarios: " + shown->benchmark);
  }
  // Never broken: a command is there to be copied.
  page.line("    rerun: " + printable(rerun_command(scorecard, row.target.benchmark)));
}

void rows(Page& page, const Scorecard& scorecard) {
  const auto& all = scorecard.judgement.rows;
  if (all.empty()) {
    page.line();
    page.line("no rows: nothing was judged");
    return;
  }
  const Columns columns = columns_of(all, page.width());
  page.line();
  page.line("  " + fit("", columns.verdict) + " " +
            page.paint(kDim, table_line(columns, {"", "", "measured", "limit", "margin", "n"})));
  for (const ComponentCoverage& component : scorecard.coverage) {
    std::string count = " (" + std::to_string(component.passed) + " of " +
                        std::to_string(component.required) + " required rows pass)";
    const int room = page.width() - display_width(count);
    const std::string name = component.title.empty() ? component.id : component.title;
    page.line(page.paint(kBold, cut(printable(name), room)) + count);
    for (const Row& row : all) {
      if (row.component != component.id) continue;
      const Cells cells = cells_of(row);
      page.line("  " + page.paint(colour_of(row.verdict), fit(cells.verdict, columns.verdict)) +
                " " + table_line(columns, cells));
      notes(page, scorecard, row);
    }
    const std::string facts = facts_of_component(scorecard, component.id);
    if (!facts.empty()) page.paragraph("  as run: ", facts);
  }
}

void claims(Page& page, const Scorecard& scorecard) {
  if (scorecard.judgement.claims.empty()) return;
  page.line();
  page.line(page.paint(kBold, "Published claims"));
  for (const targets::JudgedClaim& judged : scorecard.judgement.claims) {
    const std::string verdict(targets::claim_verdict_name(judged.verdict));
    const std::string text = judged.claim.id + ": " + judged.claim.text;
    page.line("  " + page.paint(colour_of(judged.verdict), fit(verdict, 14)) + " " +
              cut(printable(text), page.width() - 17));
    if (!judged.reason.empty()) page.paragraph("    ", judged.reason);
  }
}

void summary(Page& page, const Scorecard& scorecard) {
  constexpr Verdict kOrder[] = {Verdict::kPass,        Verdict::kFail,    Verdict::kInvalid,
                                Verdict::kError,       Verdict::kMissing, Verdict::kInconclusive,
                                Verdict::kUnavailable, Verdict::kNotRun};
  std::string counts;
  for (const Verdict verdict : kOrder) {
    const auto count =
        std::count_if(scorecard.judgement.rows.begin(), scorecard.judgement.rows.end(),
                      [&](const Row& row) { return row.verdict == verdict; });
    if (count == 0) continue;
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " +
              std::string(targets::verdict_name(verdict));
  }
  page.line();
  page.paragraph("rows      ", (counts.empty() ? "none" : counts) + "; " +
                                   std::to_string(scorecard.judgement.out_of_scope) +
                                   " out of scope");
  if (scorecard.comparison) {
    page.paragraph("compared  ",
                   tally(*scorecard.comparison) + ", with " + scorecard.comparison->old_name);
  }
  page.line("overall   " +
            page.paint(colour_of(scorecard.overall), std::string(overall_name(scorecard.overall))));
  page.line("grade     " + scorecard.grade + " (score " + percent(scorecard.score) + ")");
  page.line("approval  " + page.paint(colour_of(scorecard.approval),
                                      std::string(approval_name(scorecard.approval))));
  for (const std::string& reason : scorecard.reasons) page.paragraph("          - ", reason);
}

std::string fact(const Scorecard& scorecard, std::string_view name) {
  for (const measure::EnvironmentFact& fact : scorecard.run.environment) {
    if (fact.name == name) return fact.value;
  }
  return "unknown";
}

// Only what lowers the worth of a verdict; every check is in the Markdown report.
void quality(Page& page, const Scorecard& scorecard) {
  std::string caps;
  std::string warns;
  const auto add = [](std::string& list, const CheckTally& check, std::size_t count) {
    if (count == 0) return;
    list += (list.empty() ? "" : ", ") + std::string(check.id) + " (" + std::to_string(count) + ")";
  };
  for (const CheckTally& check : tally_checks(scorecard)) {
    add(caps, check, check.caps.size());
    add(warns, check, check.warns.size());
  }
  if (caps.empty() && warns.empty()) return;
  page.line();
  if (!caps.empty()) page.paragraph("capped    ", caps + ": INCONCLUSIVE at best");
  if (!warns.empty()) page.paragraph("warnings  ", warns + "; see --report md");
}

}  // namespace

// The other reports have every fact.
void add_environment(Page& page, const Scorecard& scorecard) {
  page.line();
  page.line(cut(printable("machine   " + fact(scorecard, "cpu") + ", load " +
                          fact(scorecard, "load_average")),
                page.width()));
  page.line(
      cut(printable("build     " + scorecard.run.tool_version + " " + scorecard.run.revision +
                    (scorecard.run.release_build ? ", release, " : ", NOT A RELEASE BUILD, ") +
                    fact(scorecard, "compiler")),
          page.width()));
}

std::string render_console(const Scorecard& scorecard, const RenderOptions& options) {
  Page page(options);
  header(page, scorecard);
  rows(page, scorecard);
  claims(page, scorecard);
  if (scorecard.comparison) {
    page.line();
    add_comparison(page, *scorecard.comparison);
  }
  quality(page, scorecard);
  add_environment(page, scorecard);
  summary(page, scorecard);
  return page.take();
}

}  // namespace midstream::reports
