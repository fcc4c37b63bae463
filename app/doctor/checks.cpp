#include "app/doctor/checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <utility>

#include "core/base/units.hpp"
#include "core/measure/control_group.hpp"
#include "core/measure/environment.hpp"

namespace midstream::app {
namespace {

constexpr double kIdleLoad = 0.25;  // of a core: what any system does beside
constexpr double kSteadyTimerNs = 50;
constexpr std::uint64_t kSocketBuffer = std::uint64_t{2} << 20;
constexpr std::uint64_t kMemory = std::uint64_t{1} << 30;

std::string line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc{} ? std::optional(value) : std::nullopt;
}

std::string told(const measure::Environment& environment, std::string_view name) {
  return std::string(measure::fact(environment, name));
}

// kUnknown where the machine does not tell, else by `good`.
Health judge(const std::string& value, bool good) {
  if (value.empty() || value == "unknown") return Health::kUnknown;
  return good ? Health::kGood : Health::kLook;
}

Finding governor(const measure::Environment& environment) {
  std::string value = told(environment, "governor");
  return {.id = "governor",
          .health = judge(value, value == "performance"),
          .value = value,
          .effect = "the clock rate follows the load: launches differ by what ran before them",
          .mend = "sudo cpupower frequency-set --governor performance"};
}

Finding turbo(const measure::Environment& environment, const std::string& root) {
  std::string value = told(environment, "turbo");
  const bool intel = !line_of(root + "/sys/devices/system/cpu/intel_pstate/no_turbo").empty();
  return {.id = "turbo",
          .health = judge(value, value == "off"),
          .value = value,
          .effect = "the clock rate depends on temperature and on what the other cores do",
          .mend = intel ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
                        : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"};
}

Finding smt(const measure::Environment& environment) {
  std::string value = told(environment, "smt");
  return {.id = "smt",
          .health = judge(value, value != "on"),
          .value = value,
          .effect = "another thread of the same core takes up to half of it",
          .mend = "echo off | sudo tee /sys/devices/system/cpu/smt/control"};
}

Finding aslr(const measure::Environment& environment) {
  std::string value = told(environment, "aslr");
  return {.id = "aslr",
          .health = judge(value, value == "on"),
          .value = value,
          .effect = "every launch has the same memory layout: its luck looks like the code's speed",
          .mend = "echo 2 | sudo tee /proc/sys/kernel/randomize_va_space"};
}

Finding load(const measure::Environment& environment) {
  const std::string text = told(environment, "load_average");
  const double cores = number_in(told(environment, "usable_cpus")).value_or(1);
  const double value = number_in(text).value_or(0);
  return {.id = "load",
          .health = judge(text, value <= kIdleLoad * cores),
          .value = fmt::format("{} on {:g} cores", text, cores),
          .effect = "launches are disturbed: rows near their limit need more of them, or stay open",
          .mend = "stop what else runs here (`top` shows it), or wait"};
}

Finding cores(const measure::Environment& environment) {
  const std::string text = told(environment, "usable_cpus");
  return {.id = "cores",
          .health = judge(text, number_in(text).value_or(0) >= 2),
          .value = text,
          .effect = "the measuring process shares its only core with all others",
          .mend = "allow this process two cores or more (taskset, docker run --cpuset-cpus)"};
}

// Google Benchmark wants a clock rate when it starts, and sleeps for a second to estimate one when
// neither of these tells it (sysinfo.cc, GetCPUCyclesPerSecond).
bool tells_frequency(const std::string& root) {
  const std::string cpu = root + "/sys/devices/system/cpu/cpu0/";
  if (!line_of(cpu + "tsc_freq_khz").empty()) return true;
  if (!line_of(cpu + "cpufreq/cpuinfo_max_freq").empty()) return true;
  std::ifstream cpuinfo(root + "/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    std::string key = line.substr(0, line.find_first_of(":\t"));
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (key.starts_with("cpu mhz") || key.starts_with("bogomips")) return true;
  }
  return false;
}

Finding start_up(const std::string& root) {
  const bool known = tells_frequency(root);
  return {.id = "start-up",
          .health = known ? Health::kGood : Health::kLook,
          .value = known ? "the clock rate is told at once" : "the clock rate is told nowhere",
          .effect =
              "Google Benchmark sleeps one second in every launch to estimate it: a run "
              "takes many times longer",
          .mend =
              "give the run more time (--max-time 10m), or expose cpufreq to this virtual "
              "machine"};
}

Finding cpu_quota(const measure::Environment& environment) {
  const std::string usable = told(environment, "usable_cpus");
  const std::size_t at = usable.find("limited to ");
  const bool limited = at != std::string::npos;
  return {.id = "cpu-quota",
          .health = limited ? Health::kLook : Health::kGood,
          .value = limited ? usable.substr(at) + " CPUs by the control group" : "none",
          .effect = "when the quota is used up, the process stands still until the next period",
          .mend =
              "run without a quota: docker run without --cpus, or sudo systemctl set-property "
              "UNIT CPUQuota= (this group or one above it: /proc/self/cgroup)"};
}

Finding memory_limit(const std::string& root) {
  const auto bytes = measure::memory_limit(root);
  const bool unlimited = !bytes.has_value();
  return {.id = "memory-limit",
          .health = unlimited || *bytes >= kMemory ? Health::kGood : Health::kLook,
          .value = unlimited ? "none" : format_quantity(*bytes, Dimension::kSize),
          .effect = "benchmarks with large inputs are killed: their rows are ERROR",
          .mend =
              "allow 1 GiB or more: docker run --memory 2g, or sudo systemctl set-property "
              "UNIT MemoryMax=infinity"};
}

Finding socket_buffer(const std::string& root, const char* direction, const char* file) {
  const std::string text = line_of(root + "/proc/sys/net/core/" + file);
  const double bytes = number_in(text).value_or(0);
  return {.id = std::string("socket-") + direction,
          .health = judge(text, bytes >= static_cast<double>(kSocketBuffer)),
          .value = text.empty() ? "unknown" : "at most " + format_quantity(bytes, Dimension::kSize),
          .effect = "bursts overrun the buffer: QUIC rows lose datagrams and repeat them",
          .mend = fmt::format("sudo sysctl -w net.core.{}={}", file, kSocketBuffer)};
}

Finding udp_offload(const UdpOffload& offload) {
  if (!offload.sockets) {
    return {.id = "udp",
            .health = Health::kLook,
            .value = "none: " + offload.problem,
            .effect = "QUIC rows are UNAVAILABLE",
            .mend = "allow this process loopback sockets (network namespace, seccomp)"};
  }
  const bool both = offload.gso && offload.gro;
  return {.id = "udp",
          .health = both ? Health::kGood : Health::kLook,
          .value =
              fmt::format("GSO {}, GRO {}", offload.gso ? "yes" : "no", offload.gro ? "yes" : "no"),
          .effect = "a call carries one datagram where it could carry many: QUIC rows are slower",
          .mend =
              "use a kernel of 5.0 or later, outside a sandbox that brings its own network "
              "(gVisor)"};
}

}  // namespace

std::vector<Finding> check_processor(const measure::Environment& environment,
                                     const std::string& root) {
  return {governor(environment), turbo(environment, root), smt(environment), aslr(environment),
          load(environment),     cores(environment),       start_up(root)};
}

std::vector<Finding> check_limits(const measure::Environment& environment,
                                  const std::string& root) {
  return {cpu_quota(environment), memory_limit(root)};
}

std::vector<Finding> check_build(const measure::Environment& environment) {
  const std::string build = told(environment, "build_type");
  const std::string timer = told(environment, "timer");
  const auto cost = parse_quantity(told(environment, "timer_cost"));
  const bool cheap = cost.ok() && cost->base() < kSteadyTimerNs;
  return {{.id = "build",
           .health = judge(build, build == "release"),
           .value = build,
           .effect = "no verdict of this build is better than INCONCLUSIVE",
           .mend = "cmake --preset release && cmake --build --preset release"},
          {.id = "timer",
           .health = judge(timer, timer == "invariant TSC" && cheap),
           .value = timer + ", " + told(environment, "timer_cost") + " a pair of reads",
           .effect = "single operations not far above this cost stay INCONCLUSIVE",
           .mend = "measure single operations on a machine with an invariant TSC"}};
}

std::vector<Finding> check_network(const UdpOffload& offload, const std::string& root) {
  return {udp_offload(offload), socket_buffer(root, "receive", "rmem_max"),
          socket_buffer(root, "send", "wmem_max")};
}

Finding check_perf_counters(const std::vector<suites::PerfCount>& counts, const std::string& root) {
  const std::string paranoid = line_of(root + "/proc/sys/kernel/perf_event_paranoid");
  const bool complete =
      std::all_of(counts.begin(), counts.end(), [](const auto& c) { return c.count.has_value(); });
  const bool forbidden =
      std::any_of(counts.begin(), counts.end(), [](const auto& c) { return c.forbidden; });
  return {.id = "counters",
          .health = complete ? Health::kGood : Health::kLook,
          .value = suites::describe_perf_counters(counts) +
                   (paranoid.empty() ? "" : " (perf_event_paranoid " + paranoid + ")"),
          .effect = "instructions and misses per operation are not reported; no verdict needs them",
          .mend = forbidden ? "sudo sysctl -w kernel.perf_event_paranoid=1; in a container also "
                              "--cap-add PERFMON and a seccomp profile that allows perf_event_open"
                            : "use a machine, or a virtual machine, with a hardware counter unit"};
}

}  // namespace midstream::app
