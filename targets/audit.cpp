#include "targets/audit.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

#include "core/measure/environment.hpp"
#include "core/measure/sign_test.hpp"

namespace midstream::targets {
namespace {

using measure::LaunchSummary;
using measure::Measurement;

constexpr std::uint32_t kLeastVariants = 16;
constexpr double kMaxOutliers = 0.05;
// Load that is not ours: the worker that measures is one, a quarter of a core is what any system
// does beside.
constexpr double kOwnLoad = 1;
constexpr double kIdleLoad = 0.25;

std::string percent(double share) { return format_quantity(100 * share, Dimension::kPercent); }

std::string count(std::uint64_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

struct Finding {
  AuditOutcome outcome;
  std::string detail;
};

Finding holds(std::string detail) { return {AuditOutcome::kHolds, std::move(detail)}; }
Finding warns(std::string detail) { return {AuditOutcome::kWarns, std::move(detail)}; }
Finding caps(std::string detail) { return {AuditOutcome::kCaps, std::move(detail)}; }
Finding not_applicable(std::string detail) {
  return {AuditOutcome::kNotApplicable, std::move(detail)};
}

// What a check may look at.
struct Subject {
  const Measurement& about;
  const LaunchSummary& launches;
  const measure::Results& run;
  // The harness puts its barrier into whatever it times.
  [[nodiscard]] bool times_itself() const { return !about.optimiser_barrier; }
  [[nodiscard]] bool is_value() const { return about.metric.kind == measure::SampleKind::kValue; }
};

// ---------------------------------------------------------------- those that cap

Finding release_build(const Subject& subject) {
  if (!subject.run.release_build) return caps("this is not a release build");
  return holds("optimised, no assertions, no sanitizers");
}

Finding oracle(const Subject& subject) {
  const measure::Correctness& correctness = subject.about.correctness;
  if (correctness.oracle.empty()) return caps(subject.about.id + " has no oracle");
  if (correctness.cases == 0) {
    return caps("no answer of " + subject.about.id + " was held against its oracle");
  }
  return holds(std::to_string(correctness.cases) + " answers held against " + correctness.oracle);
}

Finding timer_cost(const Subject& subject) {
  const double share = subject.about.timer_cost_share;
  if (share > measure::kMaxTimerShare) {
    return caps("reading the timer took " + std::to_string(std::lround(share * 100)) +
                " % of the measured time of " + subject.about.id);
  }
  if (subject.is_value()) return not_applicable("not timed");
  if (share == 0 && subject.times_itself())
    return not_applicable("it times itself, and says nothing");
  return holds(percent(share));
}

Finding launches(const Subject& subject) {
  const std::size_t needed = subject.is_value() ? 2 : measure::kFirstLook;
  const std::size_t n = subject.launches.launches;
  if (n < needed) {
    return caps(std::to_string(n) + " of the " + std::to_string(needed) +
                " launches that the first look needs");
  }
  return holds(std::to_string(n) + " launches");
}

// ---------------------------------------------------------------- those that warn

Finding barrier(const Subject& subject) {
  if (subject.about.optimiser_barrier) return holds("every input and answer is observed");
  return not_applicable(subject.is_value() ? "not timed" : "it times itself");
}

Finding warm_up(const Subject& subject) {
  if (subject.is_value()) return not_applicable("not timed");
  if (subject.launches.least_warmup == 0) {
    return subject.times_itself() ? not_applicable("it times itself, and says nothing")
                                  : warns("nothing was run before timing");
  }
  return holds(count(subject.launches.least_warmup, "operation") + " or more, discarded");
}

Finding samples(const Subject& subject) {
  if (subject.is_value()) return not_applicable("one exact number a launch");
  const LaunchSummary& all = subject.launches;
  std::string text = std::to_string(all.samples) + " samples";
  if (all.measured_s > 0) text += ", " + format_quantity(all.measured_s * 1e9, Dimension::kTime);
  // Five a launch: the least that the harness plans.
  return all.samples < 5 * all.launches ? warns(text) : holds(text);
}

Finding inputs(const Subject& subject) {
  if (subject.is_value()) return not_applicable("one exact number");
  if (!subject.about.optimiser_barrier) return not_applicable("it makes its own");
  const std::string text = std::to_string(subject.about.variants) + " in rotation";
  return subject.about.variants < kLeastVariants ? warns(text) : holds(text);
}

Finding generator(const Subject& subject) {
  if (subject.is_value()) return not_applicable("no data");
  return subject.about.generator.empty() ? warns("not named") : holds(subject.about.generator);
}

Finding throughput(const Subject& subject) {
  const Measurement& about = subject.about;
  if (about.metric.unit.dimension != Dimension::kTime) return not_applicable("no time");
  if (!about.throughput) return warns("work of an operation not declared");
  return holds(format_quantity(about.throughput->per_operation, Dimension::kPlain) + " " +
               about.throughput->item);
}

Finding frequency(const Subject& subject) {
  if (subject.is_value()) return not_applicable("not timed");
  const auto governor = std::string(measure::fact(subject.run.environment, "governor"));
  const auto turbo = std::string(measure::fact(subject.run.environment, "turbo"));
  if (governor == "unknown" && turbo == "unknown") {
    return not_applicable("the machine does not tell");
  }
  const std::string text = "governor " + governor + ", turbo " + turbo;
  const bool steady = (governor == "performance" || governor == "unknown") && turbo != "on";
  return steady ? holds(text) : warns(text);
}

Finding load(const Subject& subject) {
  if (subject.is_value()) return not_applicable("not timed");
  const std::string usable(measure::fact(subject.run.environment, "usable_cpus"));
  double cores = 1;
  std::from_chars(usable.data(), usable.data() + usable.size(), cores);
  char text[48];
  std::snprintf(text, sizeof text, "load average up to %.2f", subject.launches.highest_load);
  const bool idle = subject.launches.highest_load <= kOwnLoad + kIdleLoad * cores;
  return idle ? holds(text) : warns(text);
}

Finding disturbance(const Subject& subject) {
  if (subject.is_value()) return not_applicable("not timed");
  const LaunchSummary& all = subject.launches;
  if (all.disturbed == 0) return holds("every launch had its core");
  return warns(std::to_string(all.disturbed) + " of " + std::to_string(all.launches) +
               " launches got under 95 % of a core");
}

Finding autocorrelation(const Subject& subject) {
  const auto& lag_one = subject.launches.autocorrelation;
  if (!lag_one) return not_applicable("too few launches, or all the same");
  char text[48];
  std::snprintf(text, sizeof text, "%.2f between neighbouring launches", *lag_one);
  // Twice the standard error of independent launches; a negative one makes no verdict too sure.
  const double bound = 2 / std::sqrt(static_cast<double>(subject.launches.launches));
  return *lag_one > bound ? warns(text) : holds(text);
}

Finding modes(const Subject& subject) {
  if (subject.launches.modes == 0) return not_applicable("too few launches");
  const std::string text = count(subject.launches.modes, "group") + " of launches";
  return subject.launches.modes > 1 ? warns(text) : holds(text);
}

Finding outliers(const Subject& subject) {
  if (subject.is_value()) return not_applicable("one exact number");
  const double share = subject.launches.outlier_share;
  const std::string text = percent(share) + " of the samples";
  return share > kMaxOutliers ? warns(text) : holds(text);
}

struct Check {
  std::string_view id;
  std::string_view title;
  Finding (*look)(const Subject&);
};

// In the order in which they name the reason of a cap.
constexpr Check kCapping[] = {
    {"release_build", "release build", release_build},
    {"oracle", "answers proved", oracle},
    {"timer_cost", "timer below 10 % of the measured time", timer_cost},
};
constexpr Check kOthers[] = {
    {"launches", "enough launches", launches},
    {"barrier", "optimiser barrier", barrier},
    {"warm_up", "warmed up", warm_up},
    {"samples", "samples", samples},
    {"inputs", "16 or more input variants", inputs},
    {"generator", "data generator named", generator},
    {"throughput", "throughput declared", throughput},
    {"frequency", "steady clock rate", frequency},
    {"load", "idle machine", load},
    {"disturbance", "undisturbed launches", disturbance},
    {"autocorrelation", "independent launches", autocorrelation},
    {"modes", "one mode", modes},
    {"outliers", "few outliers", outliers},
};

AuditCheck carry_out(const Check& check, const Subject& subject) {
  Finding finding = check.look(subject);
  return {check.id, check.title, finding.outcome, std::move(finding.detail)};
}

}  // namespace

std::string_view audit_outcome_name(AuditOutcome outcome) {
  switch (outcome) {
    case AuditOutcome::kHolds:
      return "holds";
    case AuditOutcome::kNotApplicable:
      return "not_applicable";
    case AuditOutcome::kWarns:
      return "warns";
    case AuditOutcome::kCaps:
      break;
  }
  return "caps";
}

std::vector<AuditCheck> audit(const Measurement& about, const LaunchSummary& launches,
                              const measure::Results& run) {
  const Subject subject{about, launches, run};
  std::vector<AuditCheck> checks;
  for (const Check& check : kCapping) checks.push_back(carry_out(check, subject));
  for (const Check& check : kOthers) checks.push_back(carry_out(check, subject));
  return checks;
}

std::string cap_of(const Measurement& about, const measure::Results& run) {
  const LaunchSummary none;
  const Subject subject{about, none, run};
  for (const Check& check : kCapping) {
    Finding finding = check.look(subject);
    if (finding.outcome == AuditOutcome::kCaps) return std::move(finding.detail);
  }
  return {};
}

}  // namespace midstream::targets
