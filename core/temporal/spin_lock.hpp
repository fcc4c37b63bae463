// A lock for critical sections of some tens of nanoseconds: one atomic exchange to take it and one
// store to release it, a third of what std::mutex costs uncontended. A waiter that does not get
// it soon gives its time slice away, so a preempted holder is not waited for at full speed.
// Satisfies BasicLockable. Internal.
#pragma once

#include <atomic>
#include <thread>

namespace midstream::temporal {

class SpinLock {
 public:
  void lock() {
    int tries = 0;
    while (held_.exchange(true, std::memory_order_acquire)) {
      while (held_.load(std::memory_order_relaxed)) {
        if (++tries > kTriesBeforeYield) std::this_thread::yield();
      }
    }
  }
  void unlock() { held_.store(false, std::memory_order_release); }

 private:
  static constexpr int kTriesBeforeYield = 64;
  std::atomic<bool> held_{false};
};

}  // namespace midstream::temporal
