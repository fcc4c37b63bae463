// The doctor's checks, on machines made of files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "app/doctor/checks.hpp"
#include "app/doctor/noise.hpp"
#include "core/measure/environment.hpp"

namespace midstream::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class Machine : public testing::Test {
 protected:
  Machine() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = (std::filesystem::temp_directory_path() /
             ("doctor_test_" + std::to_string(getpid()) + "_" + info->name()))
                .string();
  }
  ~Machine() override { std::filesystem::remove_all(root_); }

  void has(const std::string& path, const std::string& text) {
    const std::filesystem::path file = root_ + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << "\n";
  }

  Finding found(const std::string& id) {
    measure::Environment environment = measure::machine_facts(root_);
    std::vector<Finding> findings = check_processor(environment, root_);
    for (auto more : {check_limits(environment, root_), check_network(offload_, root_)}) {
      findings.insert(findings.end(), more.begin(), more.end());
    }
    for (const Finding& finding : findings) {
      EXPECT_FALSE(finding.effect.empty()) << finding.id;
      EXPECT_FALSE(finding.mend.empty()) << finding.id;
      if (finding.id == id) return finding;
    }
    ADD_FAILURE() << "no finding " << id;
    return {};
  }

  std::string root_;
  UdpOffload offload_{.sockets = true, .gso = true, .gro = true, .problem = {}};
};

TEST_F(Machine, WhatIsNotToldIsUnknownAndNotHeldAgainstIt) {
  for (const char* id : {"governor", "turbo", "smt", "aslr", "load", "socket-receive"}) {
    EXPECT_EQ(found(id).health, Health::kUnknown) << id;
  }
}

TEST_F(Machine, ProcessorThatKeepsItsRate) {
  has("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
  has("/sys/devices/system/cpu/intel_pstate/no_turbo", "1");
  has("/sys/devices/system/cpu/smt/active", "0");
  has("/proc/sys/kernel/randomize_va_space", "2");
  has("/proc/loadavg", "0.05 0.03 0.00 1/99 1234");
  for (const char* id : {"governor", "turbo", "smt", "aslr", "load"}) {
    EXPECT_EQ(found(id).health, Health::kGood) << id;
  }
}

TEST_F(Machine, ProcessorThatDoesNot) {
  has("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave");
  has("/sys/devices/system/cpu/cpufreq/boost", "1");
  has("/sys/devices/system/cpu/smt/active", "1");
  has("/proc/sys/kernel/randomize_va_space", "0");
  has("/proc/loadavg", "99.5 90.0 80.0 1/99 1234");
  for (const char* id : {"governor", "turbo", "smt", "aslr", "load"}) {
    EXPECT_EQ(found(id).health, Health::kLook) << id;
  }
  EXPECT_THAT(found("turbo").mend, HasSubstr("cpufreq/boost"));
}

TEST_F(Machine, TurboIsMendedWhereThisProcessorHasItsSwitch) {
  has("/sys/devices/system/cpu/intel_pstate/no_turbo", "0");
  EXPECT_EQ(found("turbo").health, Health::kLook);
  EXPECT_THAT(found("turbo").mend, HasSubstr("intel_pstate/no_turbo"));
}

TEST_F(Machine, GoogleBenchmarkSleepsWhereNothingTellsTheRate) {
  has("/proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd");
  EXPECT_EQ(found("start-up").health, Health::kLook);
  EXPECT_THAT(found("start-up").effect, HasSubstr("one second"));
  has("/proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00");
  EXPECT_EQ(found("start-up").health, Health::kGood);
  has("/proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 2100.000");
  EXPECT_EQ(found("start-up").health, Health::kGood);
  has("/proc/cpuinfo", "");
  has("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "3000000");
  EXPECT_EQ(found("start-up").health, Health::kGood);
}

TEST_F(Machine, LimitsOfTheControlGroup) {
  EXPECT_EQ(found("cpu-quota").health, Health::kGood);
  EXPECT_EQ(found("memory-limit").health, Health::kGood);
  has("/sys/fs/cgroup/cpu.max", "50000 100000");
  has("/sys/fs/cgroup/memory.max", "268435456");
  EXPECT_EQ(found("cpu-quota").health, Health::kLook);
  EXPECT_THAT(found("cpu-quota").value, HasSubstr("0.5"));
  EXPECT_EQ(found("memory-limit").health, Health::kLook);
  has("/sys/fs/cgroup/cpu.max", "max 100000");
  has("/sys/fs/cgroup/memory.max", "max");
  EXPECT_EQ(found("cpu-quota").health, Health::kGood);
  EXPECT_EQ(found("memory-limit").health, Health::kGood);
}

// systemd's CPUQuota= and MemoryMax= stand in the service's own group, or in a slice above it.
TEST_F(Machine, LimitsOfAGroupBelowTheRoot) {
  has("/proc/self/cgroup", "0::/system.slice/ci.service");
  has("/sys/fs/cgroup/system.slice/ci.service/cpu.max", "150000 100000");
  has("/sys/fs/cgroup/system.slice/ci.service/memory.max", "max");
  EXPECT_THAT(found("cpu-quota").value, HasSubstr("1.5"));
  EXPECT_EQ(found("memory-limit").health, Health::kGood);
  // The tightest on the way up counts.
  has("/sys/fs/cgroup/system.slice/cpu.max", "25000 100000");
  has("/sys/fs/cgroup/system.slice/memory.max", "1048576");
  EXPECT_THAT(found("cpu-quota").value, HasSubstr("0.25"));
  EXPECT_EQ(found("memory-limit").health, Health::kLook);
}

TEST_F(Machine, LimitsOfAGroupOfVersion1) {
  has("/proc/self/cgroup", "4:memory:/jobs/one\n3:cpu,cpuacct:/jobs/two\n0::/");
  has("/sys/fs/cgroup/cpu,cpuacct/jobs/two/cpu.cfs_quota_us", "-1");
  has("/sys/fs/cgroup/cpu,cpuacct/jobs/two/cpu.cfs_period_us", "100000");
  has("/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(found("cpu-quota").health, Health::kGood);
  EXPECT_EQ(found("memory-limit").health, Health::kGood);
  has("/sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_quota_us", "50000");
  has("/sys/fs/cgroup/cpu,cpuacct/jobs/cpu.cfs_period_us", "100000");
  has("/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes", "1048576");
  EXPECT_THAT(found("cpu-quota").value, HasSubstr("0.5"));
  EXPECT_EQ(found("memory-limit").health, Health::kLook);
}

// A container sees the host's name of its group, and its own limits at the root.
TEST_F(Machine, LimitsOfAGroupWhoseNameIsTheHosts) {
  has("/proc/self/cgroup", "0::/docker/0123456789");
  has("/sys/fs/cgroup/cpu.max", "50000 100000");
  EXPECT_THAT(found("cpu-quota").value, HasSubstr("0.5"));
}

TEST_F(Machine, SocketBuffers) {
  has("/proc/sys/net/core/rmem_max", "212992");
  has("/proc/sys/net/core/wmem_max", "8388608");
  EXPECT_EQ(found("socket-receive").health, Health::kLook);
  EXPECT_THAT(found("socket-receive").mend, HasSubstr("sysctl -w net.core.rmem_max="));
  EXPECT_EQ(found("socket-send").health, Health::kGood);
}

TEST_F(Machine, UdpOffload) {
  EXPECT_EQ(found("udp").health, Health::kGood);
  offload_.gro = false;
  EXPECT_EQ(found("udp").health, Health::kLook);
  EXPECT_EQ(found("udp").value, "GSO yes, GRO no");
  offload_ = {.problem = "not permitted"};
  EXPECT_THAT(found("udp").effect, HasSubstr("UNAVAILABLE"));
}

TEST_F(Machine, CountersThatAreForbiddenAreMendedByASetting) {
  has("/proc/sys/kernel/perf_event_paranoid", "4");
  const Finding forbidden =
      check_perf_counters({{"cycles", std::nullopt, "the kernel forbids it", true}}, root_);
  EXPECT_EQ(forbidden.health, Health::kLook);
  EXPECT_THAT(forbidden.value, HasSubstr("perf_event_paranoid 4"));
  EXPECT_THAT(forbidden.mend, HasSubstr("sysctl"));
  const Finding absent =
      check_perf_counters({{"cycles", std::nullopt, "this machine has none", false}}, root_);
  EXPECT_THAT(absent.mend, Not(HasSubstr("sysctl")));
  EXPECT_EQ(check_perf_counters({{"cycles", 5.0, "", false}}, root_).health, Health::kGood);
}

TEST(Build, ReleaseAndTimer) {
  const auto health = [](const char* build, const char* timer, const char* cost) {
    const auto findings =
        check_build({{"build_type", build}, {"timer", timer}, {"timer_cost", cost}});
    return std::pair(findings[0].health, findings[1].health);
  };
  EXPECT_EQ(health("release", "invariant TSC", "20 ns"), std::pair(Health::kGood, Health::kGood));
  EXPECT_EQ(health("assertions on", "steady_clock", "20 ns"),
            std::pair(Health::kLook, Health::kLook));
  EXPECT_EQ(health("release", "invariant TSC", "90 ns").second, Health::kLook);
}

TEST(SocketProbe, SaysWhatItFound) {
  const UdpOffload offload = probe_udp_offload();
  EXPECT_EQ(offload.sockets, offload.problem.empty());
  EXPECT_TRUE(offload.sockets || (!offload.gso && !offload.gro));
}

TEST(Findings, TextShowsTheRemedyAndJsonEverything) {
  const std::vector<Finding> findings = {
      {.id = "a", .health = Health::kGood, .value = "v", .effect = "e", .mend = "m"},
      {.id = "b", .health = Health::kLook, .value = "w", .effect = "slow", .mend = "sudo mend"}};
  const std::string text = findings_to_text(findings, false);
  EXPECT_THAT(text, HasSubstr("good    a v\nlook    b w\n"));
  EXPECT_THAT(text, HasSubstr("effect: slow\n"));
  EXPECT_THAT(text, HasSubstr("mend:   sudo mend\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(findings_to_text(findings, true), HasSubstr("\x1b[33m"));
  const auto json = nlohmann::json::parse(findings_to_json(findings));
  EXPECT_EQ(json.size(), 2U);
  EXPECT_EQ(json[1]["health"], "look");
  EXPECT_EQ(json[1]["mend"], "sudo mend");
}

TEST(NoisePlan, AFewOfEachClassAndOfDifferentCases) {
  std::vector<suites::Registration> families;
  families.reserve(8);
  std::vector<suites::Benchmark> benchmarks;
  const auto add = [&](const std::string& id) -> suites::Registration& {
    families.emplace_back(id, [](suites::Bench&) {});
    benchmarks.push_back({.id = id, .parameters = {}, .family = &families.back().family()});
    return families.back();
  };
  for (const char* id : {"a/one/x", "a/one/y", "a/one/z", "a/two/x", "a/two/y", "a/two/z"}) add(id);
  add("a/size/x").records("B", measure::Direction::kLowerIsBetter, measure::SampleKind::kValue);
  add("b/rtt/x").per_operation();
  std::set<std::string> chosen;
  for (const auto& planned : choose_for_noise(benchmarks)) chosen.insert(planned.benchmark->id);
  EXPECT_EQ(chosen, (std::set<std::string>{"a/one/x", "a/one/y", "a/two/x", "a/two/y", "b/rtt/x"}));
}

}  // namespace
}  // namespace midstream::app
