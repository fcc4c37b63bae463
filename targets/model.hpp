// What is demanded: components, their targets, and published claims.
//
// The model of a targets file (schema midstream-targets/1, targets/schema.json).
//
// Threads: plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/measure/statistics.hpp"

namespace midstream::targets {

enum class Comparison { kLess, kLessEqual, kGreater, kGreaterEqual };

struct Limit {
  Comparison comparison = Comparison::kLess;
  Quantity quantity;
  std::string text;  // as written: "< 10 ms"

  // Does a value (in base units) lie on the right side?
  [[nodiscard]] bool holds(double base_value) const;
};

enum class Severity { kRequired, kAdvisory };

// How a row's value comes from its benchmark.
enum class Relation {
  kAbsolute,
  kRelativeTo,   // measured / reference, in x
  kSpeedupOver,  // reference / measured, in x
};

struct Target {
  std::string id;
  std::string title;
  std::string benchmark;  // an id or a glob; a glob's verdict is its worst
  measure::Statistic statistic = measure::Statistic::kMedian;
  Limit limit;
  Severity severity = Severity::kRequired;
  std::string source;  // provenance
  std::string description;
  Relation relation = Relation::kAbsolute;
  std::string reference;  // id; wildcards take what the benchmark's wildcards matched
  std::optional<double> max_regression;  // instead of the policy's
};

struct Component {
  std::string id;  // a suite's name
  std::string title;
  std::vector<Target> targets;
};

// A number somebody published. Without a benchmark it cannot be tested: `unverifiable` says why.
struct Claim {
  std::string id;
  std::string text;
  std::string benchmark;
  measure::Statistic statistic = measure::Statistic::kMedian;
  std::optional<Limit> limit;
  std::string unverifiable;
  std::string source;
};

struct Policy {
  double confidence = 0.95;      // of the intervals shown; the sign test knows nothing of it
  double max_regression = 0.05;  // used when two runs are compared
};

struct TargetsFile {
  std::string name;  // path, or "built-in midstream.yaml"; of several files "a.yaml + b.yaml"
  // What --targets takes for it, a word a file; empty: the built-in contract, which needs none.
  std::vector<std::string> files;
  std::string title;
  std::string source_document;
  std::string source_date;
  Policy policy;
  std::vector<Component> components;
  std::vector<Claim> claims;
  std::map<std::string, double> weights;  // scorecard category -> weight; empty: the defaults
};

}  // namespace midstream::targets
