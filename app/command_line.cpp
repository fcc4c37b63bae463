// The command line, by CLI11: the only file that includes it.
#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>

#include "app/exit_code.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "app/version.hpp"
#include "core/base/names.hpp"
#include "core/base/units.hpp"
#include "core/temporal/kernels.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::app {
namespace {

using targets::OnInconclusive;

const std::map<std::string, ColorMode> kColorModes = {
    {"auto", ColorMode::kAuto}, {"always", ColorMode::kAlways}, {"never", ColorMode::kNever}};
const std::map<std::string, OnInconclusive> kOnInconclusive = {{"fail", OnInconclusive::kFail},
                                                               {"warn", OnInconclusive::kWarn},
                                                               {"pass", OnInconclusive::kPass}};

std::string examples(const std::string& first, const std::string& second) {
  return "Examples:\n  midstream-validate " + first + "\n  midstream-validate " + second;
}

// "--max-time 60s": a time above zero, in seconds.
double parse_seconds(const std::string& text) {
  constexpr const char* kLikeThis = "; write it like 60s";
  const auto refuse = [](const std::string& why) {
    return CLI::ValidationError("--max-time", why);
  };
  const auto quantity = parse_quantity(text);
  if (!quantity) throw refuse(quantity.error().message + kLikeThis);
  if (quantity->unit.dimension != Dimension::kTime) {
    throw refuse("'" + text + "' is a " + std::string(dimension_name(quantity->unit.dimension)) +
                 ", not a time" + kLikeThis);
  }
  if (!(quantity->base() > 0)) throw refuse("'" + text + "' is no time above zero" + kLikeThis);
  return quantity->base() * 1e-9;
}

// A whole number without a sign: CLI11 itself takes -1 for the largest there is.
std::uint64_t parse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, seed);
  if (parsed.ec == std::errc{} && parsed.ptr == end) return seed;
  throw CLI::ValidationError("--seed",
                             "'" + text + "' is no whole number from 0 to " +
                                 std::to_string(std::numeric_limits<std::uint64_t>::max()));
}

// "--max-regression 5%": a share above 0, at most 100 %.
double parse_share(const std::string& text) {
  const auto quantity = parse_quantity(text);
  double share = 0;
  if (quantity && quantity->unit.dimension == Dimension::kPercent) share = quantity->base() / 100;
  if (quantity && quantity->unit.dimension == Dimension::kPlain) share = quantity->base();
  if (share > 0 && share <= 1) return share;
  throw CLI::ValidationError("--max-regression",
                             "'" + text + "' is no share above 0 and up to 100%; write it like 5%");
}

ReportRequest parse_report(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {.format = text, .path = {}};
  if (equals + 1 == text.size()) {
    throw CLI::ValidationError("--report", "'" + text + "' names no file after '='");
  }
  return {.format = text.substr(0, equals), .path = text.substr(equals + 1)};
}

// Options that several subcommands share; each adds the same text.
void add_targets(CLI::App& command, std::vector<std::string>& files) {
  command
      .add_option("--targets", files,
                  "Targets FILE, YAML or JSON; may be repeated (default: the built-in contract; "
                  "'midstream' and 'stretch' name the built-in files)")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

void add_reports(CLI::App& command, std::vector<ReportRequest>& reports) {
  command
      .add_option_function<std::vector<std::string>>(
          "--report",
          [&reports](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) reports.push_back(parse_report(text));
          },
          "FORMAT[=PATH] of a report, to standard output without a PATH or with '-'; may be "
          "repeated (default: console)")
      ->type_name("FORMAT[=PATH]")
      ->allow_extra_args(false);
}

void add_on_inconclusive(CLI::App& command, OnInconclusive& value) {
  command
      .add_option("--on-inconclusive", value,
                  "What an undecided or unavailable required row does: fail (exit 3), warn, pass "
                  "(default: fail)")
      ->transform(CLI::CheckedTransformer(kOnInconclusive).description(""))
      ->type_name("fail|warn|pass");
}

void add_profile(CLI::App& command, std::string& profile, const std::string& description) {
  command.add_option("--profile", profile, description + " (default: " + profile + ")")
      ->check(CLI::IsMember({"quick", "standard", "thorough"}).description(""))
      ->type_name("quick|standard|thorough");
}

void add_seed(CLI::App& command, std::uint64_t& seed) {
  command
      .add_option_function<std::string>(
          "--seed", [&seed](const std::string& text) { seed = parse_seed(text); },
          "Seed of inputs and order (default: " + std::to_string(seed) + ")")
      ->type_name("N");
}

struct ScopeOptions {
  CLI::Option* suite = nullptr;
  CLI::Option* filter = nullptr;
};

ScopeOptions add_scope(CLI::App& command, Scope& chosen) {
  ScopeOptions scope;
  scope.suite = command.add_option("--suite", chosen.suites, "Only this suite; may be repeated")
                    ->type_name("NAME")
                    ->allow_extra_args(false);
  scope.filter =
      command
          .add_option(
              "--filter", chosen.filters,
              "Only benchmarks this glob matches (* within a segment, ** across); may be repeated")
          ->type_name("GLOB")
          ->allow_extra_args(false);
  return scope;
}

// Whether this machine can run it is checked here, before anything is measured.
void add_kernel(CLI::App& command, std::string& kernel) {
  command
      .add_option("--kernel", kernel,
                  "Vector kernel of the temporal component (default: auto, the widest that this "
                  "machine has)")
      ->type_name("auto|scalar|avx2|avx512")
      ->check([](const std::string& name) {
        std::string known = "auto";
        for (const std::string_view each : temporal::kernel_names()) {
          if (name == each) return std::string();
          known += ", " + std::string(each);
        }
        return name == "auto" ? "" : "no kernel '" + name + "' here; available: " + known;
      });
}

void add_max_time(CLI::App& command, double& seconds) {
  command
      .add_option_function<std::string>(
          "--max-time", [&seconds](const std::string& text) { seconds = parse_seconds(text); },
          "Cap for the whole run, like 60s (default: the profile's 60s, 300s, 1800s)")
      ->type_name("TIME");
}

void add_baseline_folder(CLI::App& command, BaselineChoice& baseline) {
  command
      .add_option(
          "--baseline-dir", baseline.folder,
          std::string("Where baselines are kept (default: ") + reports::kBaselineFolder + ")")
      ->type_name("DIR");
}

void add_comparison(CLI::App& command, BaselineChoice& baseline, ComparisonOptions& comparison) {
  command
      .add_option("--baseline", baseline.name,
                  "Compare with the results saved under NAME (`baseline save`)")
      ->type_name("NAME")
      ->check([](const std::string& name) {
        const Status good = reports::BaselineStore::check_name(name);
        return good ? std::string() : good.error().message;
      });
  add_baseline_folder(command, baseline);
  command
      .add_option_function<std::string>(
          "--max-regression",
          [&comparison](const std::string& text) { comparison.max_regression = parse_share(text); },
          "How much worse a benchmark may be, like 5% (default: the targets file's; a target's own "
          "counts first)")
      ->type_name("SHARE");
  command.add_flag("--force-comparable", comparison.force,
                   "Compare other machines, builds and benchmarks too; every row then says so");
}

class Parser {
 public:
  Parser() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_flag("--quiet", invocation_.global.quiet, "Only errors on standard error");
    app_.add_flag("--verbose", invocation_.global.verbose, "Say what is being done");
    app_.add_option("--color", invocation_.global.color,
                    "Colour: auto, always, never (default: auto)")
        ->transform(CLI::CheckedTransformer(kColorModes).description(""))
        ->type_name("auto|always|never");
    app_.set_version_flag("--version", version_text());
    app_.footer(
        "Exit codes: 0 passed, 1 failed or missing, 2 usage or unreadable input, 3 undecided,\n"
        "4 a benchmark broke or answered wrongly, 5 baseline not comparable, 6 output not "
        "written.\n" +
        examples("run --suite temporal --profile quick", "run --report json=- | jq .overall"));
    add_run();
    add_check();
    add_report();
    add_compare();
    add_baseline();
    add_list();
    add_targets_command();
    add_doctor();
    add_verify();
    show_global_options(app_);
    add_worker();
  }

  std::variant<Invocation, int> parse(int argc, char** argv) {
    run_.command_line.assign(argv, argv + argc);
    compare_.command_line = run_.command_line;
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      print_stdout(chosen().back()->help(outer_name()));
      return kExitOk;
    } catch (const CLI::CallForVersion&) {
      print_stdout(version_text());
      return kExitOk;
    } catch (const CLI::ParseError& error) {
      // CLI11's texts may span lines; ours is one.
      std::string message = unknown_word(argc, argv).value_or(error.what());
      for (char& c : message) {
        if (c == '\n') c = ' ';
      }
      std::fprintf(stderr, "midstream-validate: error: %s (see `midstream-validate%s --help`)\n",
                   message.c_str(), chosen_name().c_str());
      return kExitUsage;
    }
    for (const auto& [subcommand, make] : commands_) {
      if (subcommand->parsed()) invocation_.command = make();
    }
    return invocation_;
  }

 private:
  template <class Options>
  CLI::App& add(const char* name, const char* description, Options& options,
                const std::string& footer) {
    CLI::App& command = *app_.add_subcommand(name, description);
    command.footer(footer);
    commands_.emplace_back(&command, [&options]() -> Command { return options; });
    return command;
  }

  void add_run() {
    CLI::App& command = add("run", "Measure, judge, report", run_,
                            examples("run --suite temporal --profile quick",
                                     "run --report md=report.md --results results.json"));
    const ScopeOptions scope = add_scope(command, run_.scope);
    command
        .add_option(
            "--failed", run_.failed,
            "Only the rows that did not pass in this results file ('-': standard input); when all "
            "did, its reports are made again")
        ->type_name("RESULTS")
        ->excludes(scope.suite)
        ->excludes(scope.filter);
    add_targets(command, run_.targets);
    add_profile(command, run_.profile,
                "quick: what the targets name; standard and thorough: every benchmark, longer");
    add_kernel(command, run_.kernel);
    add_max_time(command, run_.max_time_s);
    add_reports(command, run_.reports);
    command.add_option("--results", run_.results_path, "Write the results file to PATH")
        ->type_name("PATH");
    add_seed(command, run_.seed);
    add_on_inconclusive(command, run_.on_inconclusive);
    add_comparison(command, run_.baseline, run_.comparison);
    command.add_flag("--dry-run", run_.dry_run, "Print rows, launches and estimated time only");
  }

  void add_check() {
    CLI::App& command = add("check", "Judge a saved results file, and report", check_,
                            examples("check results.json", "check - --targets my.yaml < r.json"));
    command.add_option("RESULTS", check_.results, "Results file, '-' for standard input")
        ->required();
    add_targets(command, check_.targets);
    add_reports(command, check_.reports);
    add_on_inconclusive(command, check_.on_inconclusive);
  }

  void add_report() {
    CLI::App& command =
        add("report", "Render a saved results file", report_,
            examples("report results.json --report md=report.md", "report - --report json"));
    command.add_option("RESULTS", report_.results, "Results file, '-' for standard input")
        ->required();
    add_targets(command, report_.targets);
    add_reports(command, report_.reports);
  }

  void add_compare() {
    CLI::App& command =
        add("compare", "Has anything become worse? Two results files, or two binaries", compare_,
            examples("compare old.json new.json --max-regression 5%",
                     "compare --live ./before ./after --suite temporal"));
    command.add_option("FILES", compare_.files, "OLD and NEW results files; with --baseline one")
        ->type_name("")
        ->expected(0, CLI::detail::expected_max_vector_size);
    CLI::Option* live =
        command
            .add_option("--live", compare_.live,
                        "Measure two binaries in turn, launch by launch, and compare the pairs")
            ->type_name("OLD_BINARY NEW_BINARY")
            ->expected(2);
    add_comparison(command, compare_.baseline, compare_.comparison);
    live->excludes(command.get_option("--baseline"));
    live->excludes(command.get_option("--force-comparable"));
    add_scope(command, compare_.scope);
    add_profile(command, compare_.profile,
                "quick: 11 pairs of launches; standard: 15; thorough: 20; and longer ones");
    add_max_time(command, compare_.max_time_s);
    add_seed(command, compare_.seed);
    for (const char* name : {"--suite", "--filter", "--profile", "--max-time", "--seed"}) {
      command.get_option(name)->needs(live);
    }
    add_targets(command, compare_.targets);
    add_reports(command, compare_.reports);
    add_on_inconclusive(command, compare_.on_inconclusive);
  }

  void add_baseline() {
    CLI::App& command = *app_.add_subcommand("baseline", "Keep results to compare later runs with");
    command.require_subcommand(1);
    command.footer(examples("baseline save main results.json", "run --baseline main"));
    using Action = BaselineOptions::Action;
    const auto action = [&](const char* name, const char* description, Action value,
                            const std::string& footer) -> CLI::App& {
      CLI::App& sub = *command.add_subcommand(name, description);
      sub.footer(footer);
      if (value != Action::kList) {
        sub.add_option("NAME", baseline_.baseline.name, "Its name")->required()->type_name("");
      }
      add_baseline_folder(sub, baseline_.baseline);
      commands_.emplace_back(&sub, [this, value]() -> Command {
        baseline_.action = value;
        return baseline_;
      });
      return sub;
    };
    action("save", "Save a results file under a name", Action::kSave,
           examples("baseline save main", "baseline save v1.2 results.json"))
        .add_option("RESULTS", baseline_.results,
                    "Results file, '-' for standard input (default: results.json)")
        ->type_name("");
    action("list", "The saved baselines", Action::kList,
           examples("baseline list", "baseline list --json"))
        .add_flag("--json", baseline_.json, "An array of objects, each with an id");
    action("show", "What a baseline holds", Action::kShow,
           examples("baseline show main", "baseline show main --json > results.json"))
        .add_flag("--json", baseline_.json, "The results file");
    action("remove", "Delete a baseline", Action::kRemove,
           examples("baseline remove main", "baseline remove main --baseline-dir ci/baselines"));
  }

  void add_list() {
    CLI::App& command = add("list", "What there is: suites, benchmarks, targets, reports", list_,
                            examples("list benchmarks", "list targets --json"));
    command.add_option("WHAT", list_.what, "suites, benchmarks, targets or reports")
        ->required()
        ->check(CLI::IsMember({"suites", "benchmarks", "targets", "reports"}).description(""))
        ->type_name("");
    add_targets(command, list_.targets);
    command.add_flag("--json", list_.json, "An array of objects, each with an id");
  }

  void add_targets_command() {
    CLI::App& command = *app_.add_subcommand("targets", "Check or show a targets file");
    command.require_subcommand(1);
    command.footer(examples("targets lint my.yaml", "targets schema > schema.json"));
    using Action = TargetsOptions::Action;
    const auto action = [&](const char* name, const char* description, Action value,
                            const std::string& footer) {
      CLI::App& sub = *command.add_subcommand(name, description);
      sub.footer(footer);
      if (value != Action::kSchema) {
        sub.add_option("FILE", targets_.file, "Targets file (default: the built-in contract)");
        sub.add_flag("--json", targets_.json, "As JSON");
      }
      commands_.emplace_back(&sub, [this, value]() -> Command {
        targets_.action = value;
        return targets_;
      });
    };
    action("lint", "Every fault, as file:line:column", Action::kLint,
           examples("targets lint my.yaml", "targets lint my.yaml --json"));
    action("schema", "The JSON Schema of a targets file", Action::kSchema,
           examples("targets schema", "targets schema > schema.json"));
    action("show", "The rows of a targets file", Action::kShow,
           examples("targets show", "targets show my.yaml --json"));
  }

  void add_doctor() {
    CLI::App& command = add("doctor", "Environment and noise check, with fixes", doctor_,
                            examples("doctor", "doctor --noise"));
    command.add_flag("--json", doctor_.json, "As JSON");
    command.add_flag("--noise", doctor_.noise,
                     "Compare this binary with itself and store the machine's noise floor in "
                     ".midstream/noise.json");
  }

  void add_verify() {
    CLI::App& command = add("verify", "Recompute every verdict in a scorecard", verify_,
                            examples("verify report.json", "verify - < report.json"));
    command.add_option("SCORECARD", verify_.scorecard, "Scorecard JSON, '-' for standard input")
        ->required();
  }

  // How the binary runs itself: not for people, so not in the help.
  void add_worker() {
    CLI::App& command = add("worker", "", worker_, "");
    command.group("");
    add_kernel(command, worker_.kernel);
  }

  // The subcommands that were named, outermost first.
  [[nodiscard]] std::vector<const CLI::App*> chosen() const {
    std::vector<const CLI::App*> path = {&app_};
    for (auto next = app_.get_subcommands(); !next.empty();
         next = next.front()->get_subcommands()) {
      path.push_back(next.front());
    }
    return path;
  }

  // CLI11 adds the last name itself.
  [[nodiscard]] std::string outer_name() const {
    std::string name = "midstream-validate" + chosen_name();
    if (const auto path = chosen(); path.size() > 1)
      name.resize(name.rfind(' '));
    else
      name.clear();
    return name;
  }

  [[nodiscard]] std::string chosen_name() const {
    std::string name;
    for (const CLI::App* command : chosen()) {
      if (command != &app_) name += " " + command->get_name();
    }
    return name;
  }

  static bool looks_like_option(const std::string& word) {
    return word.size() > 1 && word[0] == '-';
  }

  // The word that nobody knows, an option first: what follows it may be its value. CLI11 calls it a
  // missing subcommand, or lists it after its value.
  [[nodiscard]] std::optional<std::string> unknown_word(int argc, char** argv) const {
    const std::vector<std::string> left = app_.remaining(true);
    if (left.empty()) return std::nullopt;
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto is_left = [&](const std::string& word) {
      return std::find(left.begin(), left.end(), word) != left.end();
    };
    auto found = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
      return looks_like_option(word) && is_left(word);
    });
    if (found == words.end()) found = std::find_if(words.begin(), words.end(), is_left);
    if (found == words.end()) return std::nullopt;
    std::string unknown = *found;
    const bool option = looks_like_option(unknown);
    if (option) unknown.resize(std::min(unknown.size(), unknown.find('=')));
    const auto all = [](const CLI::App*) { return true; };
    const bool subcommands = !chosen().back()->get_subcommands(all).empty();
    std::string message = (option        ? "no option '"
                           : subcommands ? "no subcommand '"
                                         : "unexpected argument '") +
                          unknown + "'";
    const std::string nearest = nearest_name(unknown, names_known(option));
    return nearest.empty() ? message : message + "; did you mean '" + nearest + "'?";
  }

  // Options of the chosen subcommands, or the subcommands there are.
  [[nodiscard]] std::vector<std::string> names_known(bool options) const {
    std::vector<std::string> names;
    for (const CLI::App* level : chosen()) {
      for (const CLI::Option* option : level->get_options()) {
        if (options) names.push_back(option->get_name());
      }
      for (const CLI::App* sub : level->get_subcommands([](const CLI::App*) { return true; })) {
        if (!options && sub->get_name() != "worker") names.push_back(sub->get_name());
      }
    }
    return names;
  }

  // CLI11 shows them in the outermost help only.
  static void show_global_options(CLI::App& level) {
    for (CLI::App* command : level.get_subcommands([](const CLI::App*) { return true; })) {
      command->footer(
          "Global options:\n"
          "  --quiet                     Only errors on standard error\n"
          "  --verbose                   Say what is being done\n"
          "  --color auto|always|never   Colour (default: auto)\n\n" +
          command->get_footer());
      show_global_options(*command);
    }
  }

  CLI::App app_{
      "Measures the Midstream components, judges them against targets, reports how sure "
      "it is.",
      "midstream-validate"};
  Invocation invocation_;
  RunOptions run_;
  CheckOptions check_;
  ReportOptions report_;
  CompareOptions compare_;
  BaselineOptions baseline_;
  ListOptions list_;
  TargetsOptions targets_;
  DoctorOptions doctor_;
  VerifyOptions verify_;
  WorkerOptions worker_;
  std::vector<std::pair<CLI::App*, std::function<Command()>>> commands_;
};

}  // namespace

std::variant<Invocation, int> parse_command_line(int argc, char** argv) {
  return Parser().parse(argc, argv);
}

}  // namespace midstream::app
