#include "core/measure/environment.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace midstream::measure {
namespace {

namespace fs = std::filesystem;

class MachineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "midstream-machine-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }
  void file(const std::string& path, const std::string& content) const {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << content;
  }
  [[nodiscard]] std::string value(std::string_view name) const {
    return std::string(fact(machine_facts(root_), name));
  }
  std::string root_;
};

TEST_F(MachineTest, WhatIsNotToldIsUnknown) {
  for (const auto& [name, text] : machine_facts(root_)) {
    if (name == "vector_set" || name == "usable_cpus") continue;
    EXPECT_EQ(text, "unknown") << name;
  }
  EXPECT_EQ(fact({}, "cpu"), "unknown");
}

TEST_F(MachineTest, ALaptop) {
  const std::string cpu = "/sys/devices/system/cpu/";
  file("/proc/cpuinfo", "processor\t: 0\nmodel name\t: Example CPU @ 3 GHz\nflags\t\t: fpu avx2\n");
  for (int i = 0; i < 4; ++i) {
    const std::string topology = cpu + "cpu" + std::to_string(i) + "/topology/";
    file(topology + "physical_package_id", "0\n");
    file(topology + "core_id", std::to_string(i / 2) + "\n");
  }
  file(cpu + "cpufreq/boost", "1\n");
  file(cpu + "cpu0/cpufreq/scaling_governor", "powersave\n");
  file(cpu + "cpu0/cache/index0/level", "1\n");
  file(cpu + "cpu0/cache/index0/type", "Data\n");
  file(cpu + "cpu0/cache/index0/size", "48K\n");
  file(cpu + "cpu0/cache/index1/level", "2\n");
  file(cpu + "cpu0/cache/index1/type", "Unified\n");
  file(cpu + "cpu0/cache/index1/size", "1024K\n");
  file(cpu + "smt/control", "on\n");
  file(cpu + "smt/active", "1\n");
  file("/proc/sys/kernel/randomize_va_space", "2\n");
  file("/proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
  file("/proc/meminfo", "MemTotal:       24684092 kB\nMemFree: 1 kB\n");
  file("/proc/loadavg", "0.71 0.78 0.44 2/100 1\n");
  file("/etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  file("/proc/1/cmdline", "init");
  EXPECT_EQ(value("cpu"), "Example CPU @ 3 GHz");
  EXPECT_EQ(value("cpu_cores"), "4 logical, 2 physical");
  EXPECT_EQ(value("caches"), "L1d 48K, L2 1024K");
  EXPECT_EQ(value("governor"), "powersave");
  EXPECT_EQ(value("turbo"), "on");
  EXPECT_EQ(value("smt"), "on");
  EXPECT_EQ(value("aslr"), "on");
  EXPECT_EQ(value("kernel"), "6.1.0-13-amd64");
  EXPECT_EQ(value("memory"), "24684092 kB");
  EXPECT_EQ(value("os"), "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(value("load_average"), "0.71");
  EXPECT_EQ(value("container"), "none seen");
  EXPECT_EQ(value("virtual_machine"), "none seen");
}

TEST_F(MachineTest, AContainerOnAVirtualMachine) {
  file("/proc/cpuinfo", "model name\t: Example\nflags\t: fpu hypervisor avx2\n");
  file("/.dockerenv", "");
  file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  file("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  file("/sys/devices/system/cpu/smt/control", "notsupported\n");
  EXPECT_EQ(value("container"), "docker");
  EXPECT_EQ(value("virtual_machine"), "yes");
  EXPECT_EQ(value("turbo"), "off");
  EXPECT_EQ(value("smt"), "not supported");
  EXPECT_NE(value("usable_cpus").find("limited to 1.50"), std::string::npos)
      << value("usable_cpus");
  file("/sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(value("usable_cpus").find("limited"), std::string::npos);
  file("/sys/class/dmi/id/product_name", "Standard PC (KVM)\n");
  EXPECT_EQ(value("virtual_machine"), "Standard PC (KVM)");
}

TEST(Environment, EveryFactIsThereOnceAndDocumented) {
  std::ifstream file(MIDSTREAM_SOURCE_DIR "/docs/results.md");
  std::stringstream text;
  text << file.rdbuf();
  std::set<std::string> names;
  for (const auto& [name, value] : record_environment()) {
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_FALSE(value.empty()) << name;
    EXPECT_EQ(value.find('\n'), std::string::npos) << name;
    EXPECT_NE(text.str().find("`" + name + "`"), std::string::npos) << name << " in docs";
  }
  for (const char* name : {"cpu", "compiler", "compiler_flags", "build_type", "sanitizers", "timer",
                           "timer_resolution", "timer_cost", "kernel"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Environment, TheBuildIsJudgedByItself) {
  const bool release = fact(build_facts(), "build_type") == "release";
  EXPECT_EQ(is_release_build(), release);
#if !defined(NDEBUG) || !defined(__OPTIMIZE__)
  EXPECT_FALSE(release);
#endif
#if defined(__SANITIZE_ADDRESS__)
  EXPECT_FALSE(release);
  EXPECT_NE(fact(build_facts(), "sanitizers"), "none");
#endif
}

}  // namespace
}  // namespace midstream::measure
