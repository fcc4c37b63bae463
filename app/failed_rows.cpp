#include "app/failed_rows.hpp"

#include <algorithm>

#include "targets/evaluator.hpp"

namespace midstream::app {

Result<std::vector<std::string>> benchmarks_of_failed_rows(const targets::TargetsFile& targets,
                                                           const measure::Results& results) {
  const targets::Judgement judgement = targets::judge(targets, results);
  if (judgement.rows.empty()) {
    return Error{ErrorCode::kNotFound,
                 "no row of these targets is in the scope of the results: nothing to run again"};
  }
  std::vector<std::string> benchmarks;
  for (const targets::Row& row : judgement.rows) {
    const std::string& benchmark = row.target.benchmark;
    const bool listed =
        std::find(benchmarks.begin(), benchmarks.end(), benchmark) != benchmarks.end();
    if (row.verdict != targets::Verdict::kPass && !listed) benchmarks.push_back(benchmark);
  }
  return benchmarks;
}

}  // namespace midstream::app
