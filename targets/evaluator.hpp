// Judges measurements against targets: the one place where a verdict is made.
//
// The statistic of every launch, then the sequential sign test of core/measure/sign_test.hpp.
// Rows and their scenarios are computed from a Results alone, so a run, `check` and `verify`
// give the same verdicts.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/measure/measurement.hpp"
#include "core/measure/sign_test.hpp"
#include "targets/model.hpp"

namespace midstream::targets {

enum class Verdict {
  kPass,
  kFail,
  kInconclusive,
  kInvalid,      // wrong answer
  kError,        // crash, time-out, no data
  kMissing,      // no such benchmark
  kUnavailable,  // cannot run here
  kNotRun,       // interrupted or out of time
};

std::string_view verdict_name(Verdict verdict);  // "PASS", "NOT RUN", …
Result<Verdict> parse_verdict(std::string_view name);

// How bad, for "the worst of its scenarios": INVALID, ERROR, FAIL, MISSING, NOT RUN,
// UNAVAILABLE, INCONCLUSIVE, PASS from worst to best.
int badness(Verdict verdict);

// One launch as the sign test sees it. Base units of the limit's dimension.
struct JudgedLaunch {
  std::uint32_t round = 0;
  double value = 0;  // the end of the range that counts against the row
};

// One benchmark of a row.
struct Scenario {
  std::string benchmark;
  std::string reference;               // of a ratio row
  std::vector<JudgedLaunch> launches;  // those that count, in order of measuring
  bool single_value = false;           // one exact number per launch: two equal launches decide
  std::string cap;                     // why it can be no better than INCONCLUSIVE; empty: it can
  double value = 0;                    // median over the n launches, base units
  double ci_low = 0;
  double ci_high = 0;
  double coverage = 0;        // of the interval: n launches cannot give every confidence
  std::size_t n = 0;          // launches the decision rests on
  std::size_t wrong = 0;      // of those, on the wrong side
  std::size_t next_look = 0;  // launches to have before it can be decided; 0: decided or over
  Verdict verdict = Verdict::kMissing;
  std::string reason;
  bool near_limit = false;
};

struct Row {
  std::string component;
  Target target;
  Verdict verdict = Verdict::kMissing;
  std::string reason;     // empty for a plain PASS; of another, what did not count
  std::string note;       // which of its scenarios were judged, when a filter left some out
  std::size_t worst = 0;  // index into scenarios of the one shown; meaningless when empty
  std::vector<Scenario> scenarios;
  [[nodiscard]] const Scenario* shown() const {
    return scenarios.empty() ? nullptr : &scenarios[worst];
  }
  // How far the shown value is from the limit on the good side: limit/value for an upper limit,
  // value/limit for a lower one; 0 without a value, or when it is unbounded.
  [[nodiscard]] double margin() const;
};

enum class ClaimVerdict { kReproduced, kNotReproduced, kUnverifiable };
std::string_view claim_verdict_name(ClaimVerdict verdict);

struct JudgedClaim {
  Claim claim;
  ClaimVerdict verdict = ClaimVerdict::kUnverifiable;
  std::string reason;
  std::string note;                 // as a row's
  std::vector<Scenario> scenarios;  // as a row's
};

struct Judgement {
  std::vector<Row> rows;         // in the file's order
  std::size_t out_of_scope = 0;  // rows outside the chosen suites and filters
  std::vector<JudgedClaim> claims;
};

Judgement judge(const TargetsFile& targets, const measure::Results& results);

// Judges again from the launches that the scenarios of `judgement` hold, and from what `facts`
// records of their benchmarks, which needs no samples: what `verify` does. Which rows there are,
// their scenarios and their notes are taken as they are.
void judge_again(Judgement& judgement, const measure::Results& facts, double confidence);

// What ends the matter whatever was measured: a wrong answer, a crash, nothing to run on.
struct Trouble {
  Verdict verdict = Verdict::kError;
  std::string reason;
};
std::optional<Trouble> trouble_of(const measure::Measurement& measurement);

// Gives the measurement the status and reason of its trouble: what went wrong in a launch went
// wrong with the benchmark.
void settle(measure::Measurement& measurement);

// A scenario's verdict from its launches, single_value and cap alone.
// Sets value, interval, n, wrong, next_look, verdict, reason and near_limit.
void decide(Scenario& scenario, const Limit& limit, double confidence);

// Is the row in the scope (suites and filters of a Results)?
bool in_scope(const Component& component, const Target& target, const measure::Results& scope);

// Exit code of a judgement by the table of DESIGN §4: 0, 1, 3 or 4, from every scenario of every
// required row, in the precedence 4, 1, 3. NOT RUN counts as no data (4); a judgement without any
// row as undecided (3).
enum class OnInconclusive { kFail, kWarn, kPass };
int exit_code(const Judgement& judgement, OnInconclusive on_inconclusive);

}  // namespace midstream::targets
