// Names, order and exit codes of verdicts.
#include <algorithm>
#include <iterator>
#include <string>

#include "core/base/names.hpp"
#include "targets/evaluator.hpp"

namespace midstream::targets {
namespace {

struct Entry {
  Verdict verdict;
  std::string_view name;
};
// From worst to best; docs/targets.md gives the reasons for the order.
constexpr Entry kWorstFirst[] = {
    {Verdict::kInvalid, "INVALID"},
    {Verdict::kError, "ERROR"},
    {Verdict::kFail, "FAIL"},
    {Verdict::kMissing, "MISSING"},
    {Verdict::kNotRun, "NOT RUN"},
    {Verdict::kUnavailable, "UNAVAILABLE"},
    {Verdict::kInconclusive, "INCONCLUSIVE"},
    {Verdict::kPass, "PASS"},
};

const Entry& entry(Verdict verdict) {
  return *std::find_if(std::begin(kWorstFirst), std::end(kWorstFirst),
                       [&](const Entry& candidate) { return candidate.verdict == verdict; });
}

// What the required rows call for; the codes are in DESIGN §4.
struct ExitFacts {
  bool broken = false;
  bool failed = false;
  bool undecided = false;

  void add(Verdict verdict) {
    switch (verdict) {
      case Verdict::kInvalid:
      case Verdict::kError:
      case Verdict::kNotRun:  // no data, or not enough: --on-inconclusive must not excuse it
        broken = true;
        break;
      case Verdict::kFail:
      case Verdict::kMissing:
        failed = true;
        break;
      case Verdict::kInconclusive:
      case Verdict::kUnavailable:
        undecided = true;
        break;
      case Verdict::kPass:
        break;
    }
  }
};

}  // namespace

std::string_view verdict_name(Verdict verdict) { return entry(verdict).name; }

int badness(Verdict verdict) {
  return static_cast<int>(std::end(kWorstFirst) - &entry(verdict)) - 1;
}

Result<Verdict> parse_verdict(std::string_view name) {
  std::vector<std::string> names;
  for (const Entry& candidate : kWorstFirst) {
    if (candidate.name == name) return candidate.verdict;
    names.emplace_back(candidate.name);
  }
  const std::string nearest = nearest_name(name, names);
  return Error{ErrorCode::kParse, "no verdict is named '" + std::string(name) + "'" +
                                      (nearest.empty() ? "" : "; did you mean '" + nearest + "'?")};
}

std::string_view claim_verdict_name(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::kReproduced:
      return "REPRODUCED";
    case ClaimVerdict::kNotReproduced:
      return "NOT_REPRODUCED";
    case ClaimVerdict::kUnverifiable:
      break;
  }
  return "UNVERIFIABLE";
}

int exit_code(const Judgement& judgement, OnInconclusive on_inconclusive) {
  ExitFacts facts;
  // Nothing judged is nothing decided, never a pass.
  facts.undecided = judgement.rows.empty();
  for (const Row& row : judgement.rows) {
    if (row.target.severity != Severity::kRequired) continue;
    facts.add(row.verdict);
    // A row shows its worst scenario; what another one calls for must not hide behind it.
    for (const Scenario& scenario : row.scenarios) facts.add(scenario.verdict);
  }
  if (facts.broken) return 4;
  if (facts.failed) return 1;
  return facts.undecided && on_inconclusive == OnInconclusive::kFail ? 3 : 0;
}

}  // namespace midstream::targets
