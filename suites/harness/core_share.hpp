// How much of its core a measuring thread was left with, and how much others took from it.
//
// A thread that sleeps while it waits uses little CPU because it wants little: CPU over wall time
// would call every such launch disturbed. What it did not choose is the time it was ready to run
// and had no core (run delay, /proc/thread-self/schedstat). A thread that polls wants its core all
// the time, so CPU over wall time counts too: that also sees what an older kernel or a hypervisor
// does not account as run delay.
//
// Threads: an object belongs to the thread that made it.
#pragma once

#include <cstdint>
#include <optional>

namespace midstream::suites {

enum class WhileWaiting { kPolls, kSleeps };

class CoreShare {
 public:
  explicit CoreShare(WhileWaiting waiting);
  // Since construction: 1 when nothing was taken. Nothing when this kernel cannot tell (a thread
  // that sleeps, and no schedstat).
  [[nodiscard]] std::optional<double> share() const;
  [[nodiscard]] std::uint64_t involuntary_switches() const;

 private:
  struct Reading {
    double wall_s = 0;
    double cpu_s = 0;
    std::optional<double> delay_s;
    std::uint64_t switches = 0;
  };
  static Reading read();
  WhileWaiting waiting_;
  Reading begin_;
};

}  // namespace midstream::suites
