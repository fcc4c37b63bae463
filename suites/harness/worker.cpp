#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>

#include "suites/harness/bench.hpp"
#include "suites/harness/launch.hpp"
#include "suites/harness/perf_counters.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::suites {
namespace {

constexpr double kLeastOwnCore = 0.8;

std::string read_all(int fd) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

bool write_all(int fd, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = write(fd, bytes.data() + sent, bytes.size() - sent);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

LaunchAnswer launch(const Benchmark& benchmark, const LaunchRequest& request) {
  LaunchContext context(benchmark, request);
  try {
    Bench bench(context);
    benchmark.family->function(bench);
  } catch (const LaunchEnd& end) {
    context.answer.status = end.status;
    context.answer.reason = end.what();
  } catch (const std::exception& failure) {
    context.answer.status = measure::LaunchStatus::kFailed;
    context.answer.reason = std::string("threw: ") + failure.what();
  } catch (...) {
    context.answer.status = measure::LaunchStatus::kFailed;
    context.answer.reason = "threw something that is no std::exception";
  }
  const bool has_data = !context.answer.samples.empty() || context.answer.histogram.has_value();
  if (request.mode == LaunchMode::kTime && !has_data &&
      context.answer.status == measure::LaunchStatus::kOk) {
    context.answer.status = measure::LaunchStatus::kFailed;
    context.answer.reason = "gave no data";
  }
  // Threads that wait for one another take turns then, and what was timed is the scheduler.
  if (request.mode == LaunchMode::kTime && context.own_core_share < kLeastOwnCore &&
      context.answer.status == measure::LaunchStatus::kOk) {
    context.answer.status = measure::LaunchStatus::kUnavailable;
    context.answer.reason = "a thread got less than 80 % of a core: fewer idle cores than threads";
  }
  if (request.mode == LaunchMode::kVerify && context.answer.status == measure::LaunchStatus::kOk) {
    // Counted by measure(); what a benchmark does by itself cannot be told from its set-up.
    context.answer.facts.try_emplace(std::string(kPerfCountersFact),
                                     "none: the benchmark times itself");
  }
  return context.answer;
}

// Has the parent gone before it could be asked to take this process with it? getppid() cannot tell:
// the number it had is not known here. A pipe without a reader can.
bool nobody_listens(int out_fd) {
  pollfd pipe{.fd = out_fd, .events = 0, .revents = 0};
  return poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
}

int answer(int out_fd, const std::string& message) {
  const std::string head = "midstream-answer " + std::to_string(message.size()) + "\n";
  return write_all(out_fd, head + message) ? 0 : 1;
}

}  // namespace

int worker_main(int in_fd, int out_fd, const WorkerIdentity& identity) {
  // An orphan must not go on measuring beside the next run.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (nobody_listens(out_fd)) return 1;
  const pid_t self = getpid();
  const std::string asked = read_all(in_fd);
  if (is_description_request(asked)) return answer(out_fd, describe_self(identity));
  const auto request = request_from_json(asked);
  if (!request) {
    std::fprintf(stderr, "worker: no valid request: %s\n", request.error().message.c_str());
    return 2;
  }
  const Benchmark* benchmark = find_benchmark(request->id);
  if (benchmark == nullptr) {
    std::fprintf(stderr, "worker: no benchmark '%s'\n", request->id.c_str());
    return 2;
  }
  const std::string message = to_json(launch(*benchmark, *request));
  // A benchmark that forked returns here twice; only the process that was asked answers.
  if (getpid() != self) _exit(0);
  const int code = answer(out_fd, message);
  std::fflush(nullptr);
  // Static destructors have nothing to save, and a benchmark's own might hang.
  _exit(code);
}

}  // namespace midstream::suites
