// Reads targets files, YAML or JSON, and finds every fault in one pass.
//
// The file is parsed into a tree with positions (no anchors, aliases, tags, second documents or
// duplicate keys; at most 1 MiB, 100,000 nodes, depth 32; valid UTF-8), then checked against the
// model. JSON is recognised by its first character '{' and gives the same model.
//
// Threads: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "targets/model.hpp"

namespace midstream::targets {

inline constexpr std::string_view kTargetsSchema = "midstream-targets/1";

enum class FaultLevel { kError, kWarning };

struct Fault {
  FaultLevel level = FaultLevel::kError;
  std::string file;  // empty when the message names it
  int line = 0;      // from 1; 0 when the whole file is meant
  int column = 0;    // from 1, in bytes
  std::string message;

  [[nodiscard]] std::string text() const;  // file:line:column: error: message
};

// What is known about a registered benchmark, as plain data from app/.
struct BenchmarkInfo {
  std::string id;
  Dimension dimension = Dimension::kTime;
  bool single_operations = false;  // tail percentiles are allowed
  bool has_rate = false;           // declares work per operation: rate limits are allowed
  bool single_value = false;       // one exact number (a size, a count): statistic `value`
};

struct LoadOutcome {
  TargetsFile file;           // meaningful only when there is no error among the faults
  std::vector<Fault> faults;  // in file order
  [[nodiscard]] bool ok() const;
};

// `name` is used in messages. `registered` empty: benchmarks are not checked.
LoadOutcome load_targets(std::string_view text, const std::string& name,
                         std::span<const BenchmarkInfo> registered);

// One model of several files: components with the same id are joined, ids must stay unique.
// The first file's policy, title and weights hold.
LoadOutcome merge_targets(std::vector<TargetsFile> files);

// The files compiled into the binary: "midstream" (the contract) and "stretch".
std::string_view builtin_targets(std::string_view name);
// The JSON Schema compiled into the binary.
std::string_view targets_schema();

}  // namespace midstream::targets
