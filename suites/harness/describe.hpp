// What a binary says of itself when it is asked as a worker: version, build, machine, benchmarks.
//
// A live comparison runs two binaries whose benchmarks this process may not know: how each is
// measured (unit, budget, time-out) is what its own binary says. `kWorkerProtocol` changes with
// every change of the messages between runner and worker.
//
// Threads: pure functions, but for describe_worker(), which starts a process.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/measure/measurement.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::suites {

inline constexpr int kWorkerProtocol = 1;

struct WorkerIdentity {
  std::string tool_version;
  std::string revision;
};

struct WorkerDescription {
  WorkerIdentity identity;
  bool release_build = false;
  measure::Environment environment;
  std::deque<Registration::Family> families;  // one a benchmark, without its function
  std::vector<Benchmark> benchmarks;          // refer to `families`

  WorkerDescription() = default;
  WorkerDescription(const WorkerDescription&) = delete;  // a copy would refer to the original
  WorkerDescription& operator=(const WorkerDescription&) = delete;
  WorkerDescription(WorkerDescription&&) = default;
  WorkerDescription& operator=(WorkerDescription&&) = default;
};

std::string description_request();
bool is_description_request(std::string_view text);

// The answer of this process.
std::string describe_self(const WorkerIdentity& identity);
Result<WorkerDescription> description_from_json(std::string_view text);

// Asks a binary, given by the command of its worker. Errors: kInvalidArgument when it cannot be
// started or does not answer as a binary of this protocol would.
Result<WorkerDescription> describe_worker(const std::vector<std::string>& command);

}  // namespace midstream::suites
