// A progress line on a terminal's standard error; nothing anywhere else.
#pragma once

#include <cstddef>
#include <string>

#include "app/options.hpp"
#include "suites/harness/runner.hpp"
#include "targets/evaluator.hpp"

namespace midstream::app {

// Rows of the targets file: those that no further launch can change, and all in scope.
struct RowProgress {
  std::size_t done = 0;
  std::size_t all = 0;  // 0: benchmarks are counted instead
};
RowProgress row_progress(const targets::Judgement& judgement);

// The bar, the count, the time left and the current benchmark, in less than `columns` columns: the
// last is cut first.
std::string progress_text(const suites::Progress& progress, const RowProgress& rows, int columns);

// On by default on a terminal; --quiet, NO_COLOR and a dumb terminal turn it off. `--color never`
// does not: the line has no colour.
class ProgressLine {
 public:
  explicit ProgressLine(const GlobalOptions& global);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const suites::Progress& progress);
  void show_rows(const RowProgress& rows) { rows_ = rows; }  // from the next show() on
  void clear();

 private:
  RowProgress rows_;
  bool enabled_ = false;
  bool shown_ = false;
};

}  // namespace midstream::app
