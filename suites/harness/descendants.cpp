#include "suites/harness/descendants.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace midstream::suites {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(2);

bool has_children() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

bool adopt_orphans_once() { return !has_children() && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0; }

bool adopting() {
  static const bool adopted = adopt_orphans_once();
  return adopted;
}

// The parent of a process, by "PID (NAME) STATE PARENT …", where NAME may hold anything; 0: gone.
pid_t parent_of(const std::string& folder) {
  std::ifstream file(folder + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const std::size_t name_end = text.rfind(") ");
  pid_t parent = 0;
  if (name_end == std::string::npos || text.size() < name_end + 4) return 0;
  std::from_chars(text.data() + name_end + 4, text.data() + text.size(), parent);
  return parent;
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size()) continue;
    if (parent_of(entry.path().string()) == getpid()) found.push_back(pid);
  }
  return found;
}

}  // namespace

void adopt_orphans() { static_cast<void>(adopting()); }

void end_orphans() {
  if (!adopting()) return;
  const auto deadline = Clock::now() + kPatience;
  while (Clock::now() < deadline) {
    const pid_t ended = waitpid(-1, nullptr, WNOHANG);
    if (ended > 0 || (ended < 0 && errno == EINTR)) continue;
    if (ended < 0) return;  // nobody left
    // What a killed one had started comes to us next, hence the loop.
    for (const pid_t child : children()) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace midstream::suites
