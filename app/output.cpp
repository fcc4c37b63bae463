#include "app/output.hpp"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "app/exit_code.hpp"
#include "app/load.hpp"
#include "app/log.hpp"
#include "core/base/file.hpp"
#include "core/base/names.hpp"
#include "reports/report.hpp"

namespace midstream::app {
namespace {

int g_stdout_error = 0;  // errno of the first failed write to standard output

bool to_stdout(const ReportRequest& request) { return request.path.empty() || request.path == "-"; }

const reports::Format* find_format(std::span<const reports::Format> formats,
                                   std::string_view name) {
  for (const reports::Format& format : formats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

int terminal_width() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? std::clamp<int>(size.ws_col, 80, 120) : 80;
}

Status check_formats(const std::vector<ReportRequest>& requests) {
  std::size_t on_stdout = 0;
  for (const ReportRequest& request : requests) {
    if (find_format(reports::formats(), request.format) == nullptr) {
      std::vector<std::string> names;
      for (const reports::Format& format : reports::formats()) names.emplace_back(format.name);
      const std::string nearest = nearest_name(request.format, names);
      std::string message = "--report: no format '" + request.format + "'";
      if (!nearest.empty()) message += "; did you mean '" + nearest + "'?";
      return Error{ErrorCode::kInvalidArgument,
                   message + " (`midstream-validate list reports` shows all)"};
    }
    if (to_stdout(request) && ++on_stdout > 1) {
      return Error{ErrorCode::kInvalidArgument,
                   "--report: standard output takes one document; give '" + request.format +
                       "' a file: --report " + request.format + "=PATH"};
    }
  }
  return {};
}

// The one name of a file, however it is written and through whatever links; empty for a device
// (/dev/null), which holds nothing that could be lost.
std::string real_name(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISCHR(status.st_mode)) return {};
  std::error_code failure;
  // A link to a file that does not exist yet is followed too, as writing does.
  const auto name = std::filesystem::weakly_canonical(link_target(path), failure);
  return failure ? path : name.string();
}

// No two of the outputs may be one file, and none may be an input.
Status check_overwriting(const std::vector<NamedFile>& outputs,
                         const std::vector<NamedFile>& inputs_named) {
  std::vector<std::pair<std::string, const NamedFile*>> taken;  // real names
  for (const NamedFile& input : inputs_named) {
    if (input.path != "-") taken.emplace_back(real_name(input.path), &input);
  }
  const std::size_t inputs = taken.size();
  for (const NamedFile& output : outputs) {
    std::string name = real_name(output.path);
    if (name.empty()) continue;
    const auto same = std::find_if(taken.begin(), taken.end(),
                                   [&](const auto& other) { return other.first == name; });
    if (same != taken.end()) {
      const bool input = same < taken.begin() + static_cast<std::ptrdiff_t>(inputs);
      return Error{ErrorCode::kInvalidArgument,
                   output.option + ": '" + output.path + "' would overwrite " +
                       (input ? "what is read: " : "another output: ") + same->second->option +
                       " '" + same->second->path + "'; choose another file"};
    }
    taken.emplace_back(std::move(name), &output);
  }
  return {};
}

}  // namespace

void print_stdout(std::string_view text) {
  while (!text.empty() && g_stdout_error == 0) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      g_stdout_error = errno;
    }
  }
}

int finish_stdout(int code) {
  if (g_stdout_error == EPIPE) {
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  if (g_stdout_error != 0) {
    log_error(std::string("standard output: ") + std::strerror(g_stdout_error) +
              "; write the report to a file with --report FORMAT=PATH");
    return worse(code, kExitNotWritten);
  }
  return code;
}

Status check_report_requests(const std::vector<ReportRequest>& requests, const OtherFiles& others) {
  if (Status formats = check_formats(requests); !formats) return formats;
  std::vector<NamedFile> outputs;
  for (const NamedFile& output : others.outputs) {
    if (output.path == "-") {
      return Error{ErrorCode::kInvalidArgument,
                   output.option + ": standard output is for a report; name a file"};
    }
    if (!output.path.empty()) outputs.push_back(output);
  }
  for (const ReportRequest& request : requests) {
    if (!to_stdout(request)) outputs.push_back({"--report " + request.format, request.path});
  }
  return check_overwriting(outputs, others.inputs);
}

std::vector<NamedFile> target_inputs(const std::vector<std::string>& targets) {
  std::vector<NamedFile> inputs;
  for (const std::string& file : targets) {
    if (!is_builtin_targets(file)) inputs.push_back({"--targets", file});
  }
  return inputs;
}

int write_reports(const reports::Scorecard& scorecard, const std::vector<ReportRequest>& requests,
                  const GlobalOptions& global, std::span<const reports::Format> formats) {
  std::vector<ReportRequest> ordered = requests;
  if (ordered.empty()) ordered.push_back({.format = "console", .path = {}});
  // Files first: a closed standard output ends the program.
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const ReportRequest& request) { return !to_stdout(request); });
  int code = kExitOk;
  for (const ReportRequest& request : ordered) {
    const bool document = to_stdout(request);
    const reports::RenderOptions options{.color = document && use_color(global),
                                         .width = document ? terminal_width() : 80};
    const std::string text = find_format(formats, request.format)->render(scorecard, options);
    if (document) {
      print_stdout(text);
    } else if (const Status written = write_file_atomically(request.path, text); !written) {
      log_error("the " + request.format + " report was not written: " + written.error().message);
      code = kExitNotWritten;
    }
  }
  return code;
}

bool use_color(const GlobalOptions& global) {
  if (global.color != ColorMode::kAuto) return global.color == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') && !global.quiet;
}

}  // namespace midstream::app
