#include "suites/harness/worker_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

namespace midstream::suites {
namespace {

using Kind = WorkerOutcome::Kind;

// As the program does: a worker that is gone must not take the test with it.
[[maybe_unused]] const auto kPipesMayBreak = signal(SIGPIPE, SIG_IGN);

WorkerOutcome shell(const std::string& script, double timeout_s = 10,
                    const std::string& request = "") {
  const std::atomic<bool> stop{false};
  return run_worker({"/bin/sh", "-c", script}, request, timeout_s, stop);
}

TEST(WorkerProcess, HandsOverTheRequestAndTakesTheAnswer) {
  const auto outcome = shell("r=$(cat); printf 'midstream-answer 5\\n%s' \"$r\" >&3", 10, "hello");
  EXPECT_EQ(outcome.kind, Kind::kAnswered);
  EXPECT_EQ(outcome.answer, "hello");
}

TEST(WorkerProcess, TakesAnswersLargerThanAPipe) {
  const auto outcome =
      shell("printf 'midstream-answer 1000000\\n' >&3; head -c 1000000 /dev/zero >&3");
  EXPECT_EQ(outcome.kind, Kind::kAnswered);
  EXPECT_EQ(outcome.answer.size(), 1000000U);
}

TEST(WorkerProcess, NoiseOnItsStreamsNeitherBlocksNorLeaks) {
  const auto outcome = shell(
      "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; printf 'midstream-answer 2\\nok' "
      ">&3");
  EXPECT_EQ(outcome.answer, "ok");
}

TEST(WorkerProcess, AnIncompleteAnswerIsACrash) {
  const auto outcome = shell("printf 'midstream-answer 100\\nshort' >&3");
  EXPECT_EQ(outcome.kind, Kind::kCrashed);
}

TEST(WorkerProcess, SaysTheSignalAndTheLastLine) {
  const auto outcome = shell("echo first >&2; echo 'last words' >&2; kill -SEGV $$");
  EXPECT_EQ(outcome.kind, Kind::kCrashed);
  EXPECT_NE(outcome.reason.find("signal 11"), std::string::npos) << outcome.reason;
  EXPECT_NE(outcome.reason.find("last words"), std::string::npos) << outcome.reason;
}

TEST(WorkerProcess, SaysTheExitCode) {
  const auto outcome = shell("exit 7");
  EXPECT_EQ(outcome.kind, Kind::kCrashed);
  EXPECT_NE(outcome.reason.find("code 7"), std::string::npos) << outcome.reason;
}

// Is the process whose number is in the file gone, or will it be in a moment?
bool is_gone(const std::string& pid_file) {
  pid_t grandchild = 0;
  std::ifstream(pid_file) >> grandchild;
  EXPECT_GT(grandchild, 0);
  // It is reparented and reaped by init, which may take a moment; a zombie is gone enough.
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i) {
    std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
    std::string id;
    std::string name;
    std::string state = "Z";
    stat >> id >> name >> state;
    gone = state == "Z";
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return gone;
}

TEST(WorkerProcess, AHangIsKilledWithWhatItForked) {
  const std::string pid_file = testing::TempDir() + "/grandchild.pid";
  const auto outcome = shell("sleep 1000 & echo $! > '" + pid_file + "'; wait", 0.5);
  EXPECT_EQ(outcome.kind, Kind::kTimedOut);
  EXPECT_TRUE(is_gone(pid_file));
}

// A session of its own is no way out, and neither is one more generation.
TEST(WorkerProcess, AChildThatLeftTheGroupIsKilledToo) {
  const std::string pid_file = testing::TempDir() + "/escaped.pid";
  std::remove(pid_file.c_str());
  const std::string write = "echo $$ > '" + pid_file + "'";
  const auto outcome = shell("setsid sh -c 'setsid sh -c \"" + write +
                             "; sleep 1000\" & sleep 1000' & while ! [ -s '" + pid_file +
                             "' ]; do sleep 0.01; done; printf 'midstream-answer 2\\nok' >&3");
  EXPECT_EQ(outcome.answer, "ok");
  EXPECT_TRUE(is_gone(pid_file));
  // And nothing is left to be reaped.
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(WorkerProcess, AnAnswerCountsThoughAChildHoldsThePipes) {
  const auto outcome = shell("sleep 1000 & printf 'midstream-answer 2\\nok' >&3");
  EXPECT_EQ(outcome.answer, "ok");
}

TEST(WorkerProcess, ACrashIsSeenThoughAChildHoldsThePipes) {
  const auto outcome = shell("sleep 1000 & exit 3");
  EXPECT_EQ(outcome.kind, Kind::kCrashed);
}

TEST(WorkerProcess, StopEndsIt) {
  const std::atomic<bool> stop{true};
  const auto outcome = run_worker({"/bin/sh", "-c", "sleep 1000"}, "", 100, stop);
  EXPECT_EQ(outcome.kind, Kind::kStopped);
}

TEST(WorkerProcess, AProgramThatDoesNotExistIsNotStarted) {
  const std::atomic<bool> stop{false};
  const auto outcome = run_worker({"/nonexistent/program"}, "", 1, stop);
  EXPECT_EQ(outcome.kind, Kind::kNotStarted);
  EXPECT_NE(outcome.reason.find("/nonexistent/program"), std::string::npos);
}

}  // namespace
}  // namespace midstream::suites
