// Coverage, categories, score, grade, overall status and approval, from judged rows.
//
// One function for a scorecard that is built and for one that is verified, so that both follow
// the same rules (docs/scorecard.md).
//
// Threads: pure function.
#pragma once

#include <map>
#include <string>

#include "reports/scorecard.hpp"

namespace midstream::reports {

// Fills coverage counts (its components are given), categories, score, grade, overall, approval
// and reasons from everything else. `weights` replaces the default weights it names.
void fill_scores(Scorecard& scorecard, const std::map<std::string, double>& weights);

// The categories alone, without weights; in the order of the reports.
std::vector<Category> score_categories(const Scorecard& scorecard);

}  // namespace midstream::reports
