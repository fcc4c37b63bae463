// One worker process: spawn, hand over a request, collect the answer, make sure it is gone.
//
// The worker leads a process group of its own, so that whatever it forked is killed with it
// (descendants.hpp has those that left the group), and it dies with its parent. Its stdout and
// stderr are swallowed; the last of it explains a crash.
//
// SIGPIPE has to be ignored: a worker may be gone before it has read its request.
//
// Threads: one call at a time in a process.
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace midstream::suites {

struct WorkerOutcome {
  enum class Kind { kAnswered, kCrashed, kTimedOut, kStopped, kNotStarted };
  Kind kind = Kind::kNotStarted;
  std::string answer;  // kAnswered: the message
  std::string reason;  // otherwise: what happened, with the last line the worker printed
};

// Runs `command` with `request` on its standard input. `stop` ends it early.
WorkerOutcome run_worker(const std::vector<std::string>& command, const std::string& request,
                         double timeout_s, const std::atomic<bool>& stop);

}  // namespace midstream::suites
