// What the control group of this process, and every group above it, allows.
//
// Both versions of cgroups, and both at once: /proc/self/cgroup names the group, and the tightest
// limit on the way from it up to the root counts (systemd's CPUQuota= and MemoryMax= stand in the
// middle of that way, a container's at its root).
//
// `root` is where /proc and /sys are found: "" on a real machine.
//
// Threads: safe; reads files.
#pragma once

#include <optional>
#include <string>

namespace midstream::measure {

// CPUs, 0.5 is half of one. Nothing: no limit, or none that can be seen.
std::optional<double> cpu_quota(const std::string& root);

// Bytes.
std::optional<double> memory_limit(const std::string& root);

}  // namespace midstream::measure
