#include "suites/harness/fillers.hpp"

#include <algorithm>
#include <utility>

namespace midstream::suites {
namespace {

constexpr std::size_t kLeastNeighbours = 4;
constexpr double kFillerLimitS = 0.05;
// For fillers from outside the plan, which have to be proved first: all of them together.
constexpr double kHiringLimitS = 2;
constexpr double kHiringLimitShare = 0.05;  // of the whole run

// No sockets, no browser, no budget of its own.
bool is_plain(const Registration::Family& family) {
  return family.may_fill && family.sampling != Sampling::kOwn && family.budget_ms == 0 &&
         family.timeout_s == 0;
}

bool can_fill(const Track& track, double limit) {
  const bool quick = track.launch_seconds > 0 && track.launch_seconds < limit;
  return quick && !track.active() && is_plain(*track.planned.benchmark->family) &&
         track.measurement.status == measure::MeasurementStatus::kOk;
}

}  // namespace

std::vector<Track*> Fillers::choose(const std::vector<Track*>& order, std::vector<Track>& tracks) {
  // A value is the same at any time: nothing needs to keep its launches apart.
  const bool timed = std::any_of(order.begin(), order.end(), [](const Track* track) {
    return track->measurement.metric.kind != measure::SampleKind::kValue;
  });
  // Two binaries keep each other apart, and a filler is a launch of one of them; which other
  // benchmarks they have is not known here either.
  if (order.size() >= kLeastNeighbours || !timed || !plan_.other_worker_command.empty()) return {};
  const std::size_t missing = kLeastNeighbours - order.size();
  // Short in itself, or beside what is measured: on a busy machine every launch takes long.
  double limit = kFillerLimitS;
  for (const Track* track : order) limit = std::max(limit, 2 * track->launch_seconds);
  std::vector<Track*> idle;
  for (Track& track : tracks) {
    if (can_fill(track, limit)) idle.push_back(&track);
  }
  shuffle(idle, random_);
  if (idle.size() < missing) {
    hire(missing - idle.size(), tracks);
    for (Track& track : hired_) {
      if (track.launch_seconds < limit) idle.push_back(&track);
    }
  }
  idle.resize(std::min(idle.size(), missing));
  return idle;
}

// A plan of few benchmarks has no others: take some that nobody asked for.
void Fillers::hire(std::size_t missing, const std::vector<Track>& tracks) {
  if (std::exchange(has_hired_, true)) return;
  const double until =
      elapsed_() + std::min(kHiringLimitS, kHiringLimitShare * plan_.profile.max_time_s);
  std::vector<const Benchmark*> candidates;
  for (const Benchmark& benchmark : all_benchmarks()) {
    const bool planned = std::any_of(tracks.begin(), tracks.end(), [&](const Track& track) {
      return track.measurement.id == benchmark.id;
    });
    if (!planned && is_plain(*benchmark.family)) candidates.push_back(&benchmark);
  }
  shuffle(candidates, random_);
  hired_.reserve(missing);
  for (const Benchmark* candidate : candidates) {
    if (hired_.size() == missing || elapsed_() > until) return;
    Track track = new_track({.benchmark = candidate, .pair = {}}, plan_.seed);
    prove_(track, until);
    track.wanted = 0;
    if (track.measurement.status == measure::MeasurementStatus::kOk) {
      hired_.push_back(std::move(track));
    }
  }
}

}  // namespace midstream::suites
