#include "suites/harness/perf_counters.hpp"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace midstream::suites {
namespace {

struct Kind {
  std::string_view name;
  std::uint64_t config;
};
constexpr Kind kKinds[] = {
    {"instructions", PERF_COUNT_HW_INSTRUCTIONS},
    {"cycles", PERF_COUNT_HW_CPU_CYCLES},
    {"branch misses", PERF_COUNT_HW_BRANCH_MISSES},
    {"cache misses", PERF_COUNT_HW_CACHE_MISSES},
};

std::string explain(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "the kernel forbids it";
    case ENOENT:
    case EOPNOTSUPP:
    case ENODEV:
      return "this machine has none";
    case ENOSYS:
      return "this kernel has no perf_event_open";
    default:
      return std::strerror(error);
  }
}

int open_event(std::uint64_t config) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = config;
  attributes.disabled = 1;
  attributes.exclude_kernel = 1;  // allowed where the kernel's own events are not
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(
      syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

// Each event on its own and not in one group: a group is counted whole or not at all.
PerfCounters::PerfCounters() {
  for (const Kind& kind : kKinds) {
    const int descriptor = open_event(kind.config);
    events_.push_back(
        {.name = kind.name, .descriptor = descriptor, .error = descriptor < 0 ? errno : 0});
  }
}

PerfCounters::~PerfCounters() {
  for (const Event& event : events_) {
    if (event.descriptor >= 0) close(event.descriptor);
  }
}

bool PerfCounters::any() const {
  return std::any_of(events_.begin(), events_.end(),
                     [](const Event& event) { return event.descriptor >= 0; });
}

void PerfCounters::start() {
  for (const Event& event : events_) {
    if (event.descriptor >= 0) ioctl(event.descriptor, PERF_EVENT_IOC_RESET, 0);
  }
  for (const Event& event : events_) {
    if (event.descriptor >= 0) ioctl(event.descriptor, PERF_EVENT_IOC_ENABLE, 0);
  }
}

std::vector<PerfCount> PerfCounters::stop() {
  for (const Event& event : events_) {
    if (event.descriptor >= 0) ioctl(event.descriptor, PERF_EVENT_IOC_DISABLE, 0);
  }
  std::vector<PerfCount> counts;
  for (const Event& event : events_) {
    PerfCount count;
    count.name = event.name;
    struct {
      std::uint64_t value, enabled, running;
    } read_out{};
    if (event.descriptor < 0) {
      count.why_absent = explain(event.error);
      count.forbidden = event.error == EACCES || event.error == EPERM;
    } else if (read(event.descriptor, &read_out, sizeof read_out) != sizeof read_out) {
      count.why_absent = "it could not be read";
    } else if (read_out.running == 0) {
      count.why_absent = "the processor had no counter free";
    } else {
      count.count = static_cast<double>(read_out.value) * static_cast<double>(read_out.enabled) /
                    static_cast<double>(read_out.running);
    }
    counts.push_back(std::move(count));
  }
  return counts;
}

std::string describe_perf_counters(const std::vector<PerfCount>& counts) {
  std::string present;
  std::string absent;
  std::string why;
  for (const PerfCount& count : counts) {
    std::string& list = count.count ? present : absent;
    list += (list.empty() ? "" : ", ") + std::string(count.name);
    if (why.empty()) why = count.why_absent;
  }
  if (present.empty()) return "none: " + why;
  return absent.empty() ? present : present + "; no " + absent + ": " + why;
}

}  // namespace midstream::suites
