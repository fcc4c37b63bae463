#include "suites/harness/worker_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "suites/harness/descendants.hpp"

extern char** environ;

namespace midstream::suites {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kAnswerFd = 3;  // worker_main's out_fd
constexpr std::size_t kLogTail = 4096;
constexpr std::size_t kMaxAnswer = std::size_t{256} << 20;
// A process's end is not an event on the pipes while a child of its own holds them open.
constexpr int kPollMs = 50;

class Pipe {
 public:
  Pipe() { valid_ = pipe2(ends_, O_CLOEXEC) == 0; }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] int read_end() const { return ends_[0]; }
  [[nodiscard]] int write_end() const { return ends_[1]; }
  void close_end(int which) {
    if (ends_[which] >= 0) close(ends_[which]);
    ends_[which] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
  bool valid_ = false;
};

// Google Benchmark obeys BENCHMARK_* variables; a user's must not change what is measured.
std::vector<char*> worker_environment() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, "BENCHMARK_", 10) != 0) kept.push_back(*entry);
  }
  kept.push_back(nullptr);
  return kept;
}

// Reads what is there. False at the end of the stream.
bool drain(int fd, std::string& into) {
  char buffer[65536];
  const ssize_t got = read(fd, buffer, sizeof buffer);
  if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

// The message inside "midstream-answer LENGTH\nMESSAGE", once it is complete.
std::optional<std::string> complete_message(const std::string& bytes) {
  constexpr std::string_view kHead = "midstream-answer ";
  if (!bytes.starts_with(kHead)) return std::nullopt;
  const std::size_t line_end = bytes.find('\n');
  if (line_end == std::string::npos) return std::nullopt;
  std::size_t length = 0;
  const auto parsed = std::from_chars(bytes.data() + kHead.size(), bytes.data() + line_end, length);
  if (parsed.ec != std::errc{} || bytes.size() - line_end - 1 < length) return std::nullopt;
  return bytes.substr(line_end + 1, length);
}

std::string last_line(std::string log) {
  while (!log.empty() && (log.back() == '\n' || log.back() == '\r')) log.pop_back();
  const std::size_t begin = log.rfind('\n');
  return begin == std::string::npos ? log : log.substr(begin + 1);
}

std::string describe_end(const siginfo_t& end, const std::string& log) {
  std::string text;
  if (end.si_code == CLD_EXITED) {
    text = "ended with code " + std::to_string(end.si_status) + " without an answer";
  } else {
    text = std::string("killed by signal ") + std::to_string(end.si_status) + " (" +
           strsignal(end.si_status) + ")";
  }
  const std::string line = last_line(log);
  return line.empty() ? text : text + ": " + line;
}

// Rounded up: waking early would only mean asking again.
int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long>(left, 0, kPollMs));
}

// A started worker, killed with everything it started when it goes out of scope.
class Worker {
 public:
  Worker(const std::vector<std::string>& command, const std::string& request) {
    if (!input_.valid() || !answer_.valid() || !log_.valid()) {
      error_ = std::string("no pipe: ") + std::strerror(errno);
      return;
    }
    adopt_orphans();
    spawn(command);
    if (pid_ <= 0) return;
    input_.close_end(0);
    answer_.close_end(1);
    log_.close_end(1);
    send(request);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (pid_ <= 0) return;
    // Before the leader is reaped: until then its number, which is the group's, is nobody else's.
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    end_orphans();
  }

  [[nodiscard]] bool started() const { return pid_ > 0; }
  [[nodiscard]] const std::string& error() const { return error_; }

  WorkerOutcome wait(Clock::time_point deadline, const std::atomic<bool>& stop) {
    using Kind = WorkerOutcome::Kind;
    for (;;) {
      const bool alive = !has_ended();
      const bool more = read_available(milliseconds_until(deadline));
      if (auto message = complete_message(received_)) {
        return {.kind = Kind::kAnswered, .answer = *std::move(message), .reason = {}};
      }
      if (!alive && !more) {
        return {.kind = Kind::kCrashed, .answer = {}, .reason = describe_end(end_, printed_)};
      }
      if (received_.size() > kMaxAnswer) {
        return {.kind = Kind::kCrashed, .answer = {}, .reason = "answered without end"};
      }
      if (stop.load()) return {.kind = Kind::kStopped, .answer = {}, .reason = "interrupted"};
      if (Clock::now() >= deadline) {
        return {.kind = Kind::kTimedOut, .answer = {}, .reason = "did not end in time"};
      }
    }
  }

 private:
  void spawn(const std::vector<std::string>& command) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input_.read_end(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log_.write_end(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log_.write_end(), STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, answer_.write_end(), kAnswerFd);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
    arguments.push_back(nullptr);
    std::vector<char*> environment = worker_environment();
    const int failure = posix_spawn(&pid_, arguments[0], &actions, &attributes, arguments.data(),
                                    environment.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) {
      pid_ = -1;
      error_ = "cannot start " + command[0] + ": " + std::strerror(failure);
    }
  }

  // A request is far smaller than a pipe's buffer or the worker reads it at once.
  void send(const std::string& request) {
    std::size_t sent = 0;
    while (sent < request.size()) {
      const ssize_t n = write(input_.write_end(), request.data() + sent, request.size() - sent);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;  // the worker is gone: wait() will say how
      sent += static_cast<std::size_t>(n);
    }
    input_.close_end(1);
  }

  bool has_ended() {
    // Looked at only: the destructor reaps it.
    if (!ended_ &&
        waitid(P_PID, static_cast<id_t>(pid_), &end_, WEXITED | WNOHANG | WNOWAIT) == 0) {
      ended_ = end_.si_pid == pid_;
    }
    return ended_;
  }

  // Takes in what the pipes hold, waiting a little for it. False: both are at their end, or the
  // process is gone and nothing is left.
  bool read_available(int patience_ms) {
    pollfd pipes[2] = {{.fd = answer_.read_end(), .events = POLLIN, .revents = 0},
                       {.fd = log_.read_end(), .events = POLLIN, .revents = 0}};
    if (poll(pipes, 2, ended_ ? 0 : patience_ms) <= 0) return !ended_;
    bool open = false;
    if (pipes[0].fd >= 0 && pipes[0].revents != 0) {
      if (drain(pipes[0].fd, received_)) {
        open = true;
      } else {
        answer_.close_end(0);
      }
    }
    if (pipes[1].fd >= 0 && pipes[1].revents != 0) {
      if (drain(pipes[1].fd, printed_)) {
        open = true;
      } else {
        log_.close_end(0);
      }
      if (printed_.size() > 2 * kLogTail) printed_.erase(0, printed_.size() - kLogTail);
    }
    return open || !ended_;
  }

  Pipe input_;
  Pipe answer_;
  Pipe log_;
  pid_t pid_ = -1;
  bool ended_ = false;
  siginfo_t end_{};
  std::string error_;
  std::string received_;
  std::string printed_;
};

}  // namespace

WorkerOutcome run_worker(const std::vector<std::string>& command, const std::string& request,
                         double timeout_s, const std::atomic<bool>& stop) {
  Worker worker(command, request);
  if (!worker.started()) {
    return {.kind = WorkerOutcome::Kind::kNotStarted, .answer = {}, .reason = worker.error()};
  }
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(std::max(timeout_s, 0.0)));
  return worker.wait(deadline, stop);
}

}  // namespace midstream::suites
