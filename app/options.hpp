// What the command line asks for, as plain data: CLI11 stays in command_line.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/scope.hpp"
#include "reports/baselines.hpp"
#include "targets/evaluator.hpp"

namespace midstream::app {

enum class ColorMode { kAuto, kAlways, kNever };

struct GlobalOptions {
  bool quiet = false;
  bool verbose = false;
  ColorMode color = ColorMode::kAuto;
};

// FORMAT[=PATH]; an empty path or "-" is standard output.
struct ReportRequest {
  std::string format;
  std::string path;
};

// Which baseline to compare with; no name: none.
struct BaselineChoice {
  std::string name;
  std::string folder = reports::kBaselineFolder;
};

struct ComparisonOptions {
  std::optional<double> max_regression;  // instead of the targets file's policy
  bool force = false;
};

struct RunOptions {
  Scope scope;
  std::vector<std::string> targets;
  std::string profile = "standard";
  std::string kernel = "auto";  // of core/temporal
  double max_time_s = 0;        // 0: the profile's
  std::vector<ReportRequest> reports;
  std::string results_path;
  std::string failed;  // results file whose rows that did not pass are run again; empty: none
  std::uint64_t seed = 1;
  targets::OnInconclusive on_inconclusive = targets::OnInconclusive::kFail;
  bool dry_run = false;
  BaselineChoice baseline;
  ComparisonOptions comparison;
  std::vector<std::string> command_line;  // for the record
};

struct CheckOptions {
  std::string results;
  std::vector<std::string> targets;
  std::vector<ReportRequest> reports;
  targets::OnInconclusive on_inconclusive = targets::OnInconclusive::kFail;
};

struct ReportOptions {
  std::string results;
  std::vector<std::string> targets;
  std::vector<ReportRequest> reports;
};

struct ListOptions {
  std::string what;
  std::vector<std::string> targets;
  bool json = false;
};

struct TargetsOptions {
  enum class Action { kLint, kSchema, kShow };
  Action action = Action::kLint;
  std::string file;  // empty: the built-in targets
  bool json = false;
};

struct DoctorOptions {
  bool json = false;
  bool noise = false;
};

struct BaselineOptions {
  enum class Action { kSave, kList, kShow, kRemove };
  Action action = Action::kList;
  BaselineChoice baseline;
  std::string results = "results.json";
  bool json = false;
};

struct CompareOptions {
  std::vector<std::string> files;  // OLD NEW, or RESULTS beside a baseline
  BaselineChoice baseline;
  std::vector<std::string> live;  // OLD_BINARY NEW_BINARY
  Scope scope;                    // of a live comparison
  std::vector<std::string> targets;
  std::string profile = "standard";
  double max_time_s = 0;  // 0: the profile's
  std::uint64_t seed = 1;
  std::vector<ReportRequest> reports;
  targets::OnInconclusive on_inconclusive = targets::OnInconclusive::kFail;
  ComparisonOptions comparison;
  std::vector<std::string> command_line;  // for the record
};

struct VerifyOptions {
  std::string scorecard;
};

struct WorkerOptions {
  std::string kernel = "auto";
};

using Command =
    std::variant<RunOptions, CheckOptions, ReportOptions, CompareOptions, BaselineOptions,
                 ListOptions, TargetsOptions, DoctorOptions, VerifyOptions, WorkerOptions>;

struct Invocation {
  GlobalOptions global;
  Command command;
};

// The invocation, or the exit code of one that is already over (--help, --version, a usage error,
// each already printed).
std::variant<Invocation, int> parse_command_line(int argc, char** argv);

}  // namespace midstream::app
