#include "core/measure/control_group.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <string_view>
#include <vector>

namespace midstream::measure {
namespace {

// Version 1 writes "no limit" as the largest number of pages there is.
constexpr double kNoLimit = 1e18;

std::string line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// A number at the start of the text; "max" is none.
std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc{} ? std::optional(value) : std::nullopt;
}

// The group's name in the hierarchy that has the controller ("": version 2), by a line
// "NUMBER:CONTROLLERS:/NAME"; "/" when there is no such line.
std::string group_of(const std::string& root, std::string_view controller) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string wanted = "," + std::string(controller) + ",";
    const bool same = controller.empty() ? controllers == ",," && line.starts_with("0:")
                                         : controllers.find(wanted) != std::string::npos;
    if (same) return line.substr(second + 1);
  }
  return "/";
}

// The folders from the group's own up to the hierarchy's root, which may be mounted in these
// places. Inside a container the name may be the host's and stand for no folder: its parents do.
std::vector<std::string> folders(const std::string& root, std::string_view controller,
                                 const std::vector<std::string>& mounts) {
  std::vector<std::string> found;
  for (const std::string& mount : mounts) {
    std::string group = group_of(root, controller);
    while (!group.empty() && group.back() == '/') group.pop_back();
    for (;;) {
      std::string folder = root;
      folder.append(mount).append(group);
      found.push_back(std::move(folder));
      if (group.empty()) break;
      group.resize(std::min(group.size(), group.rfind('/')));
    }
  }
  return found;
}

std::vector<std::string> folders_v2(const std::string& root) {
  return folders(root, "", {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"});
}

using Limit = std::function<std::optional<double>(const std::string& folder)>;

std::optional<double> least(const std::vector<std::string>& folders, const Limit& limit_in,
                            std::optional<double> so_far = {}) {
  for (const std::string& folder : folders) {
    const auto limit = limit_in(folder);
    if (limit && (!so_far || *limit < *so_far)) so_far = limit;
  }
  return so_far;
}

std::optional<double> quota(std::optional<double> time, std::optional<double> period) {
  if (!time || !period || *time <= 0 || *period <= 0) return std::nullopt;
  return *time / *period;
}

}  // namespace

std::optional<double> cpu_quota(const std::string& root) {
  const auto v2 = least(folders_v2(root), [](const std::string& folder) {
    const std::string line = line_of(folder + "/cpu.max");  // "50000 100000"
    const std::size_t space = std::min(line.size(), line.find(' ') + 1);
    return quota(number_in(line), number_in(std::string_view(line).substr(space)));
  });
  const auto v1 = folders(root, "cpu", {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"});
  return least(
      v1,
      [](const std::string& folder) {
        return quota(number_in(line_of(folder + "/cpu.cfs_quota_us")),
                     number_in(line_of(folder + "/cpu.cfs_period_us")));
      },
      v2);
}

std::optional<double> memory_limit(const std::string& root) {
  const auto v2 = least(folders_v2(root), [](const std::string& folder) {
    return number_in(line_of(folder + "/memory.max"));
  });
  const auto v1 = folders(root, "memory", {"/sys/fs/cgroup/memory"});
  return least(
      v1,
      [](const std::string& folder) {
        const auto bytes = number_in(line_of(folder + "/memory.limit_in_bytes"));
        return bytes && *bytes < kNoLimit ? bytes : std::nullopt;
      },
      v2);
}

}  // namespace midstream::measure
