#include "app/interrupt.hpp"

#include <signal.h>

#include <atomic>

namespace midstream::app {
namespace {

std::atomic<suites::Runner*> g_running{nullptr};
std::atomic<int> g_signal{0};

void on_signal(int number) {
  g_signal.store(number);
  if (suites::Runner* runner = g_running.load()) runner->request_stop();
}

}  // namespace

StopOnSignal::StopOnSignal(suites::Runner& runner) {
  g_running.store(&runner);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // The terminal may close; under `nohup` it may not matter.
  struct sigaction hangup {};
  if (sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
    sigaction(SIGHUP, &action, nullptr);
  }
  // One that came between two runs is for the next.
  if (g_signal.load() != 0) runner.request_stop();
}

StopOnSignal::~StopOnSignal() { g_running.store(nullptr); }

int interrupted_exit_code() { return 128 + g_signal.load(); }

}  // namespace midstream::app
