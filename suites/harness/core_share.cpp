#include "suites/harness/core_share.hpp"

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace midstream::suites {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Second field of schedstat (Documentation/scheduler/sched-stats.rst): nanoseconds on a run queue.
std::optional<double> run_delay_seconds() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen("/proc/thread-self/schedstat", "re"), std::fclose);
  unsigned long long delay_ns = 0;
  if (!file || std::fscanf(file.get(), "%*u %llu", &delay_ns) != 1) return std::nullopt;
  return static_cast<double>(delay_ns) * 1e-9;
}

}  // namespace

CoreShare::CoreShare(WhileWaiting waiting) : waiting_(waiting), begin_(read()) {}

CoreShare::Reading CoreShare::read() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {.wall_s = seconds(CLOCK_MONOTONIC),
          .cpu_s = seconds(CLOCK_THREAD_CPUTIME_ID),
          .delay_s = run_delay_seconds(),
          .switches = static_cast<std::uint64_t>(usage.ru_nivcsw)};
}

std::optional<double> CoreShare::share() const {
  const Reading now = read();
  const double wall = now.wall_s - begin_.wall_s;
  if (wall <= 0) return 1.0;
  std::optional<double> share;
  if (now.delay_s && begin_.delay_s) share = 1 - (*now.delay_s - *begin_.delay_s) / wall;
  if (waiting_ == WhileWaiting::kPolls) {
    share = std::min(share.value_or(1.0), (now.cpu_s - begin_.cpu_s) / wall);
  }
  if (share) share = std::clamp(*share, 0.0, 1.0);
  return share;
}

std::uint64_t CoreShare::involuntary_switches() const { return read().switches - begin_.switches; }

}  // namespace midstream::suites
