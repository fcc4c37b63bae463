// The machine as /proc, /sys and /etc tell it. Every reader returns "" for "not told", which is
// recorded as "unknown": a container, a virtual machine or another kernel may hide anything.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include "core/base/cpu_features.hpp"
#include "core/base/units.hpp"
#include "core/measure/control_group.hpp"
#include "core/measure/environment.hpp"

namespace midstream::measure {
namespace {

namespace fs = std::filesystem;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n\"");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\"") - first + 1);
}

// The first line of a small file.
std::string line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return trimmed(line);
}

// The value of the first "key<separator>value" line.
std::string entry_of(const std::string& path, std::string_view key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto at = line.find(separator);
    if (at != std::string::npos && trimmed(line.substr(0, at)) == key) {
      return trimmed(line.substr(at + 1));
    }
  }
  return {};
}

std::string on_off(const std::string& value, std::string_view on, std::string_view off) {
  if (value == on) return "on";
  return value == off ? "off" : "";
}

std::string cpu_model(const std::string& root) {
  const std::string model = entry_of(root + "/proc/cpuinfo", "model name", ':');
  return model.empty() ? entry_of(root + "/proc/cpuinfo", "Model", ':') : model;
}

// "2 usable of 2 logical, 2 physical".
std::string cpu_cores(const std::string& root) {
  std::set<std::string> physical;
  std::size_t logical = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root + "/sys/devices/system/cpu", ignored)) {
    const std::string name = entry.path().filename().string();
    const bool cpu = name.size() > 3 && name.starts_with("cpu") &&
                     name.find_first_not_of("0123456789", 3) == std::string::npos;
    const std::string topology = entry.path().string() + "/topology/";
    if (!cpu || !fs::exists(topology, ignored)) continue;
    ++logical;
    physical.insert(line_of(topology + "physical_package_id") + "/" +
                    line_of(topology + "core_id"));
  }
  if (logical == 0) return {};
  return std::to_string(logical) + " logical, " + std::to_string(physical.size()) + " physical";
}

// What the scheduler lets this process use: its affinity, and a quota of its control groups.
std::string usable_cpus(const std::string& root) {
  std::string text = std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  if (const auto quota = cpu_quota(root)) {
    text += ", limited to " + format_quantity(*quota, Dimension::kPlain);
  }
  return text;
}

// "L1d 48K, L1i 32K, L2 1024K, L3 32768K" of the first core.
std::string caches(const std::string& root) {
  std::string text;
  for (int index = 0; index < 10; ++index) {
    const std::string folder =
        root + "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
    const std::string level = line_of(folder + "level");
    const std::string size = line_of(folder + "size");
    if (level.empty() || size.empty()) break;
    const std::string type = line_of(folder + "type");
    const std::string suffix = type == "Data" ? "d" : (type == "Instruction" ? "i" : "");
    text.append(text.empty() ? "L" : ", L").append(level).append(suffix).append(" ").append(size);
  }
  return text;
}

std::string turbo(const std::string& root) {
  const std::string cpu = root + "/sys/devices/system/cpu/";
  const std::string boost = line_of(cpu + "cpufreq/boost");
  if (!boost.empty()) return on_off(boost, "1", "0");
  return on_off(line_of(cpu + "intel_pstate/no_turbo"), "0", "1");
}

std::string smt(const std::string& root) {
  const std::string smt_folder = root + "/sys/devices/system/cpu/smt/";
  const std::string control = line_of(smt_folder + "control");
  if (control == "notsupported" || control == "notimplemented") return "not supported";
  return on_off(line_of(smt_folder + "active"), "1", "0");
}

std::string aslr(const std::string& root) {
  const std::string value = line_of(root + "/proc/sys/kernel/randomize_va_space");
  if (value == "0") return "off";
  return value == "1" || value == "2" ? "on" : "";
}

std::string container(const std::string& root) {
  std::error_code ignored;
  if (fs::exists(root + "/.dockerenv", ignored)) return "docker";
  if (fs::exists(root + "/run/.containerenv", ignored)) return "podman";
  std::string manager = line_of(root + "/run/systemd/container");
  if (!manager.empty()) return manager;
  if (fs::exists(root + "/var/run/secrets/kubernetes.io", ignored)) return "kubernetes";
  return fs::exists(root + "/proc/1", ignored) ? "none seen" : "";
}

std::string virtual_machine(const std::string& root) {
  std::string product = line_of(root + "/sys/class/dmi/id/product_name");
  for (const std::string_view sign : {"KVM", "QEMU", "VMware", "VirtualBox", "Virtual Machine",
                                      "Google Compute Engine", "HVM domU", "Bochs", "Amazon EC2"}) {
    if (product.find(sign) != std::string::npos) return product;
  }
  const std::string flags = entry_of(root + "/proc/cpuinfo", "flags", ':');
  if (flags.empty()) return {};
  return (flags + " ").find(" hypervisor ") != std::string::npos ? "yes" : "none seen";
}

std::string load_average(const std::string& root) {
  const std::string line = line_of(root + "/proc/loadavg");
  return line.substr(0, line.find(' '));
}

}  // namespace

Environment machine_facts(const std::string& root) {
  Environment facts = {
      {"cpu", cpu_model(root)},
      {"cpu_cores", cpu_cores(root)},
      {"usable_cpus", usable_cpus(root)},
      {"caches", caches(root)},
      {"vector_set", cpu_features_name()},
      {"governor", line_of(root + "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")},
      {"turbo", turbo(root)},
      {"smt", smt(root)},
      {"aslr", aslr(root)},
      {"memory", entry_of(root + "/proc/meminfo", "MemTotal", ':')},
      {"os", entry_of(root + "/etc/os-release", "PRETTY_NAME", '=')},
      {"kernel", line_of(root + "/proc/sys/kernel/osrelease")},
      {"container", container(root)},
      {"virtual_machine", virtual_machine(root)},
      {"clock_source",
       line_of(root + "/sys/devices/system/clocksource/clocksource0/current_clocksource")},
      {"load_average", load_average(root)},
  };
  for (EnvironmentFact& entry : facts) {
    if (entry.value.empty()) entry.value = "unknown";
  }
  return facts;
}

}  // namespace midstream::measure
