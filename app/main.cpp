// midstream-validate: measures the Midstream components and judges them against targets.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "app/commands.hpp"
#include "app/exit_code.hpp"
#include "app/log.hpp"
#include "app/output.hpp"
#include "app/version.hpp"
#include "core/temporal/kernels.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::app {
namespace {

struct Dispatch {
  const GlobalOptions& global;
  int operator()(const RunOptions& options) const { return run_command(options, global); }
  int operator()(const CheckOptions& options) const { return check_command(options, global); }
  int operator()(const ReportOptions& options) const { return report_command(options, global); }
  int operator()(const CompareOptions& options) const { return compare_command(options, global); }
  int operator()(const BaselineOptions& options) const { return baseline_command(options); }
  int operator()(const ListOptions& options) const { return list_command(options); }
  int operator()(const TargetsOptions& options) const { return targets_command(options); }
  int operator()(const DoctorOptions& options) const { return doctor_command(options, global); }
  int operator()(const VerifyOptions& options) const { return verify_command(options); }
  int operator()(const WorkerOptions& options) const {
    // The command line has checked that the kernel is there.
    if (options.kernel != "auto") static_cast<void>(temporal::select_kernel(options.kernel));
    return suites::worker_main(STDIN_FILENO, 3, {tool_version(), tool_revision()});
  }
};

int run_program(int argc, char** argv) {
  // A closed pipe must not lose the files that are still to be written: it is noticed when
  // writing, and the program ends by SIGPIPE after everything else is done.
  signal(SIGPIPE, SIG_IGN);
  // Nor may a file that outgrows its limit (`ulimit -f`): writing it fails, the others go on.
  signal(SIGXFSZ, SIG_IGN);
  auto parsed = parse_command_line(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return finish_stdout(*code);
  const auto& invocation = std::get<Invocation>(parsed);
  set_up_log(invocation.global);
  return finish_stdout(std::visit(Dispatch{invocation.global}, invocation.command));
}

}  // namespace
}  // namespace midstream::app

int main(int argc, char** argv) {
  try {
    return midstream::app::run_program(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "midstream-validate: internal error: %s\n", failure.what());
    return midstream::app::kExitBroken;
  }
}
