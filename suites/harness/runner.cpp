#include "suites/harness/runner.hpp"

#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iterator>

#include "core/base/random.hpp"
#include "core/measure/sign_test.hpp"
#include "suites/harness/fillers.hpp"
#include "suites/harness/interleaver.hpp"
#include "suites/harness/launch.hpp"
#include "suites/harness/track.hpp"
#include "suites/harness/worker_process.hpp"

namespace midstream::suites {
namespace {

using measure::LaunchStatus;
using measure::Measurement;
using measure::MeasurementStatus;
using Clock = std::chrono::steady_clock;

constexpr Profile kProfiles[] = {
    {.name = "quick", .launch_budget_ms = 5, .max_time_s = 60},
    {.name = "standard", .launch_budget_ms = 10, .max_time_s = 300},
    {.name = "thorough", .launch_budget_ms = 20, .max_time_s = 1800},
};
constexpr double kVerifyTimeoutS = 30;
constexpr double kLaunchTimeoutS = 10;
constexpr double kDisturbedShare = 0.95;

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, length};
}

double load_average() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

MeasurementStatus status_of(LaunchStatus launch) {
  switch (launch) {
    case LaunchStatus::kOk:
      return MeasurementStatus::kOk;
    case LaunchStatus::kWrongAnswer:
      return MeasurementStatus::kInvalid;
    case LaunchStatus::kUnavailable:
      return MeasurementStatus::kUnavailable;
    case LaunchStatus::kCrashed:
    case LaunchStatus::kTimedOut:
    case LaunchStatus::kFailed:
      break;
  }
  return MeasurementStatus::kError;
}

class Session {
 public:
  Session(Runner& runner, const std::atomic<bool>& stop)
      : runner_(runner),
        stop_(stop),
        random_(runner.plan.seed),
        begin_(Clock::now()),
        interleaver_(random_),
        fillers_(
            runner.plan, random_, [this] { return elapsed(); },
            [this](Track& track, double until) { prove_hired(track, until); }) {
    for (const PlannedBenchmark& planned : runner.plan.benchmarks) {
      tracks_.push_back(new_track(planned, runner.plan.seed));
    }
  }

  Runner::Sides run() {
    Runner::Sides sides;
    measure::Results& results = sides.first;
    results.started_at = utc_now();
    results.profile = runner_.plan.profile.name;
    results.seed = runner_.plan.seed;
    // What the targets name comes first: if time runs out, it is the detail that is missing.
    measure_all(true);
    measure_all(false);
    results.interrupted = stop_.load();
    results.finished_at = utc_now();
    sides.other = sides.first;
    for (Track& track : tracks_) {
      measure::Results& side = track.planned.other_side ? sides.other : sides.first;
      side.measurements.push_back(std::move(track.measurement));
    }
    for (measure::Results* side : {&sides.first, &sides.other}) {
      std::sort(side->measurements.begin(), side->measurements.end(),
                [](const auto& a, const auto& b) { return a.id < b.id; });
    }
    return sides;
  }

 private:
  void measure_all(bool judged) {
    std::vector<Track*> chosen;
    for (Track& track : tracks_) {
      if (track.planned.judged == judged) chosen.push_back(&track);
    }
    for (Track* track : chosen) {
      if (!out_of_time(*track)) verify(*track);
    }
    for (std::uint32_t round = 0;; ++round) {
      std::vector<Track*> active;
      std::copy_if(chosen.begin(), chosen.end(), std::back_inserter(active),
                   [](const Track* track) { return track->active(); });
      if (active.empty()) return;
      if (!measure_round(active, round)) return give_up(active);
      if (judged) ask_for_more(chosen, active);
    }
  }

  [[nodiscard]] double elapsed() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }

  [[nodiscard]] double time_left() const { return runner_.plan.profile.max_time_s - elapsed(); }

  // The run is over, whatever is still wanted.
  [[nodiscard]] bool ended() const { return stop_.load() || time_is_up_; }

  bool out_of_time(Track& track) {
    if (!ended() && track.launch_seconds < time_left()) return false;
    track.measurement.status = MeasurementStatus::kNotRun;
    track.measurement.reason = end_reason();
    return true;
  }

  [[nodiscard]] std::string end_reason() const {
    if (stop_.load()) return "interrupted";
    char text[64];
    std::snprintf(text, sizeof text, "out of time: --max-time was %g s",
                  runner_.plan.profile.max_time_s);
    return text;
  }

  // Launches that were measured stay; the evaluator sees that they are too few.
  void give_up(const std::vector<Track*>& active) {
    for (Track* track : active) {
      if (!track->active()) continue;
      track->measurement.status = MeasurementStatus::kNotRun;
      track->measurement.reason = end_reason();
    }
  }

  [[nodiscard]] LaunchRequest request_for(const Track& track, LaunchMode mode) const {
    const auto& family = *track.planned.benchmark->family;
    double budget = runner_.plan.profile.launch_budget_ms;
    if (family.sampling == Sampling::kOwn) budget = kNetworkBudgetMs;
    if (family.budget_ms > 0) budget = family.budget_ms;
    return {.id = track.measurement.id,
            .mode = mode,
            .seed = runner_.plan.seed,
            .budget_ms = budget,
            .ns_per_operation = track.ns_per_operation,
            .operations_wanted = track.planned.operations_needed,
            // Five calls a launch at least: seven launches reach all sixteen inputs.
            .first_input = 5 * track.measurement.launches.size(),
            .answers = track.answers};
  }

  [[nodiscard]] const std::vector<std::string>& command_of(const Track& track) const {
    return track.planned.other_side ? runner_.plan.other_worker_command
                                    : runner_.plan.worker_command;
  }

  LaunchAnswer launch(Track& track, LaunchMode mode) {
    const auto& family = *track.planned.benchmark->family;
    double timeout = mode == LaunchMode::kVerify ? kVerifyTimeoutS : kLaunchTimeoutS;
    if (family.timeout_s > 0) timeout = family.timeout_s;
    if (track.hired) timeout = std::min(timeout, hiring_until_ - elapsed());
    const double left = time_left();
    report(track);
    const WorkerOutcome outcome = run_worker(command_of(track), to_json(request_for(track, mode)),
                                             std::min(timeout, left), stop_);
    LaunchAnswer answer;
    switch (outcome.kind) {
      case WorkerOutcome::Kind::kAnswered: {
        auto parsed = answer_from_json(outcome.answer);
        if (parsed) return *std::move(parsed);
        answer.status = LaunchStatus::kFailed;
        answer.reason = "the worker's answer cannot be read: " + parsed.error().message;
        return answer;
      }
      case WorkerOutcome::Kind::kTimedOut:
        // Cut off by the end of the run: nothing is known against the benchmark.
        time_is_up_ = left < timeout;
        answer.status = LaunchStatus::kTimedOut;
        answer.reason = "did not end within " + std::to_string(static_cast<long>(timeout)) + " s";
        return answer;
      case WorkerOutcome::Kind::kCrashed:
      case WorkerOutcome::Kind::kNotStarted:
      case WorkerOutcome::Kind::kStopped:
        break;
    }
    answer.status = LaunchStatus::kCrashed;
    answer.reason = outcome.reason;
    return answer;
  }

  void verify(Track& track) {
    Measurement& measurement = track.measurement;
    const LaunchAnswer answer = launch(track, LaunchMode::kVerify);
    if (ended()) {
      measurement.reason = end_reason();
      return;
    }
    measurement.status = status_of(answer.status);
    measurement.reason = answer.reason;
    measurement.throughput = answer.throughput;
    measurement.optimiser_barrier = answer.optimiser_barrier;
    measurement.facts = answer.facts;
    measurement.counters = answer.counters;
    measurement.variants = static_cast<std::uint32_t>(answer.answers.size());
    measurement.correctness.cases = answer.cases;
    measurement.correctness.ok = answer.status == LaunchStatus::kOk && answer.cases > 0;
    if (measurement.status != MeasurementStatus::kOk) {
      measurement.reason = "verification: " + measurement.reason;
      if (!track.hired) say(measurement.id + ": " + measurement.reason);
      return;
    }
    track.answers = answer.answers;
    track.ns_per_operation = answer.ns_per_operation;
    const bool deterministic = measurement.metric.kind == measure::SampleKind::kValue;
    track.wanted = deterministic ? 2 : measure::kFirstLook;
  }

  // Returns false when the run is to end here.
  bool measure_round(const std::vector<Track*>& active, std::uint32_t round) {
    std::vector<Track*> order = interleaver_.order(active, round);
    const std::vector<Track*> fillers = fillers_.choose(order, tracks_);
    // First, so that they part this round from the one before too.
    order.insert(order.begin(), fillers.begin(), fillers.end());
    for (Track* track : order) {
      if (ended() || time_left() <= 0) return false;
      if (track->launch_seconds > time_left()) {
        // Too long for what is left; shorter ones may still fit.
        give_up({track});
        continue;
      }
      const bool counted = track->active();  // else a filler
      measure(*track, round, counted);
      if (ended()) return false;
    }
    return true;
  }

  void measure(Track& track, std::uint32_t round, bool counted) {
    const double started = elapsed();
    const double load = load_average();
    const LaunchAnswer answer = launch(track, LaunchMode::kTime);
    track.launch_seconds = elapsed() - started;
    if (ended() || !counted) return;
    Measurement& measurement = track.measurement;
    measurement.launches.push_back({.round = round,
                                    .status = answer.status,
                                    .reason = answer.reason,
                                    .samples = answer.samples,
                                    .histogram = answer.histogram,
                                    .operations = answer.operations,
                                    .warmup_operations = answer.warmup_operations,
                                    .started_s = started,
                                    .wall_s = track.launch_seconds,
                                    .cpu_share = answer.cpu_share,
                                    .involuntary_switches = answer.involuntary_switches,
                                    .load_average = load,
                                    .disturbed = answer.cpu_share < kDisturbedShare});
    measurement.timer_cost_share = std::max(measurement.timer_cost_share, answer.timer_cost_share);
    for (const auto& [name, value] : answer.counters) measurement.counters[name] = value;
    for (const auto& [name, value] : answer.facts) measurement.facts[name] = value;
    ++launches_done_;
    if (answer.status == LaunchStatus::kOk) return;
    // One bad launch settles the row: a crash or a wrong answer is not noise.
    measurement.status = status_of(answer.status);
    measurement.reason = "launch " + std::to_string(round + 1) + ": " + answer.reason;
    say(measurement.id + ": " + measurement.reason);
  }

  // For a filler, within the time that hiring may take.
  void prove_hired(Track& track, double until) {
    if (ended()) return;
    hiring_until_ = until;
    track.hired = true;
    verify(track);
    track.hired = false;  // from here on as any other
  }

  void ask_for_more(const std::vector<Track*>& chosen, const std::vector<Track*>& active) {
    const bool reached = std::any_of(active.begin(), active.end(), [](const Track* track) {
      return track->measurement.status == MeasurementStatus::kOk && !track->active();
    });
    if (!reached) return;
    std::vector<const Measurement*> measured;
    measured.reserve(chosen.size());
    for (const Track* track : chosen) measured.push_back(&track->measurement);
    const auto wanted = runner_.launches_wanted(measured);
    for (Track* track : chosen) {
      const auto found = wanted.find(track->measurement.id);
      if (found != wanted.end()) track->wanted = std::max(track->wanted, found->second);
    }
  }

  void say(const std::string& message) const {
    if (runner_.on_message) runner_.on_message(message);
  }

  void report(const Track& current) const {
    if (!runner_.on_progress) return;
    Progress progress{.current = current.measurement.id, .launches_done = launches_done_};
    progress.benchmarks = tracks_.size();
    double seconds = 0;
    for (const Track& track : tracks_) {
      const std::size_t done = track.measurement.launches.size();
      const bool pending = track.measurement.status == MeasurementStatus::kNotRun;
      const std::size_t wanted = pending ? measure::kFirstLook : std::max(track.wanted, done);
      progress.launches_expected += wanted;
      seconds += static_cast<double>(track.active() || pending ? wanted - done : 0) *
                 std::max(track.launch_seconds, 2e-3 * runner_.plan.profile.launch_budget_ms);
      if (!track.active() && !pending) ++progress.benchmarks_done;
    }
    progress.remaining_s = std::min(seconds, std::max(0.0, time_left()));
    runner_.on_progress(progress);
  }

  Runner& runner_;
  const std::atomic<bool>& stop_;
  Random random_;
  Clock::time_point begin_;
  std::vector<Track> tracks_;
  Interleaver interleaver_;
  Fillers fillers_;
  double hiring_until_ = 0;
  bool time_is_up_ = false;
  std::size_t launches_done_ = 0;
};

}  // namespace

const Profile* find_profile(std::string_view name) {
  for (const Profile& profile : kProfiles) {
    if (profile.name == name) return &profile;
  }
  return nullptr;
}

Runner::Sides Runner::run_both() { return Session(*this, stop_).run(); }

}  // namespace midstream::suites
