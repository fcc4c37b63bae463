// Launches that count for nothing, put between those of a round with few benchmarks: back to back,
// launches of one benchmark correlate.
//
// First those of the plan that have what they need; when these are too few, benchmarks from outside
// the plan are hired, once a run, and proved like any other. They are in no result.
//
// Threads: one caller.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "core/base/random.hpp"
#include "suites/harness/track.hpp"

namespace midstream::suites {

class Fillers {
 public:
  // Proves a hired track's answers, by the time given (seconds since the run's begin) at the
  // latest; afterwards its status is kOk, or it is not taken.
  using Prove = std::function<void(Track& track, double until)>;

  // `random` and `plan` have to outlive it. `elapsed` gives seconds since the run's begin.
  Fillers(const RunPlan& plan, Random& random, std::function<double()> elapsed, Prove prove)
      : plan_(plan), random_(random), elapsed_(std::move(elapsed)), prove_(std::move(prove)) {}

  // Those to launch before the round of `order`; none where it needs none. `tracks` are all of the
  // run. What is returned stays valid for as long as this and `tracks` do.
  std::vector<Track*> choose(const std::vector<Track*>& order, std::vector<Track>& tracks);

 private:
  void hire(std::size_t missing, const std::vector<Track>& tracks);

  const RunPlan& plan_;
  Random& random_;
  std::function<double()> elapsed_;
  Prove prove_;
  std::vector<Track> hired_;
  bool has_hired_ = false;
};

}  // namespace midstream::suites
