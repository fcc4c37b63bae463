// A scorecard JSON back into the model: what was measured and demanded, not what was concluded.
//
// Strict: one value, no duplicate keys, no nesting deeper than a scorecard has, every member
// present and of its type. Verdicts, scores and everything else that follows from the rest are
// left at their defaults; `verify` computes them again.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "reports/scorecard.hpp"

namespace midstream::reports {

// `name` is the file's name for messages. kParse with the line and column, or with the member.
Result<nlohmann::ordered_json> parse_scorecard_tree(std::string_view text, std::string_view name);

struct ScorecardFile {
  Scorecard scorecard;
  std::map<std::string, double> weights;  // of its categories
};
Result<ScorecardFile> read_scorecard(const nlohmann::ordered_json& tree, std::string_view name);

}  // namespace midstream::reports
