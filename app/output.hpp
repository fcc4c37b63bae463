// Where documents go: exactly one to standard output, the others to files, nothing lost.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "core/base/result.hpp"
#include "reports/report.hpp"
#include "reports/scorecard.hpp"

namespace midstream::app {

// Writes to standard output. A closed pipe is remembered, not fatal.
void print_stdout(std::string_view text);

// Flushes; the exit code to end with. When the reader of standard output has gone, ends the
// process by SIGPIPE, as a filter should; when it could not be written (a full disk), 6.
int finish_stdout(int code);

// The files of a command beside its reports, with the option that names each: "--results".
struct NamedFile {
  std::string option;
  std::string path;
};
struct OtherFiles {
  std::vector<NamedFile> inputs;   // "-" is standard input
  std::vector<NamedFile> outputs;  // an empty path is none
};

// FORMAT names, at most one document for standard output, and no output that would destroy another
// one or an input. Names what is wrong.
Status check_report_requests(const std::vector<ReportRequest>& requests,
                             const OtherFiles& others = {});

// The targets files as inputs; the built-in ones are no files.
std::vector<NamedFile> target_inputs(const std::vector<std::string>& targets);

// Renders every request (none: the console scorecard on standard output). Goes on after a
// failure; returns kExitNotWritten when there was one, else kExitOk.
int write_reports(const reports::Scorecard& scorecard, const std::vector<ReportRequest>& requests,
                  const GlobalOptions& global,
                  std::span<const reports::Format> formats = reports::formats());

bool use_color(const GlobalOptions& global);

}  // namespace midstream::app
