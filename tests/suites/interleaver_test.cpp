// Who stands next to whom in a round, and what keeps them apart.
#include "suites/harness/interleaver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <string>

#include "suites/harness/bench.hpp"
#include "suites/harness/fillers.hpp"

namespace midstream::suites {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Round : public testing::Test {
 protected:
  // A list: the tracks stay where they are.
  Track* track(const std::string& id, const std::string& pair = "", bool other_side = false) {
    Track& track = tracks_.emplace_back();
    track.planned.pair = pair;
    track.planned.other_side = other_side;
    track.measurement.id = id;
    active_.push_back(&track);
    return &track;
  }

  std::vector<std::string> order(std::uint32_t round) {
    std::vector<std::string> ids;
    for (const Track* track : interleaver_.order(active_, round)) {
      ids.push_back(track->measurement.id + (track->planned.other_side ? "'" : ""));
    }
    return ids;
  }

  Random random_{1};
  Interleaver interleaver_{random_};
  std::list<Track> tracks_;
  std::vector<Track*> active_;
};

TEST_F(Round, HoldsEachOnce) {
  for (const char* id : {"a", "b", "c", "d"}) track(id);
  for (std::uint32_t round = 0; round < 20; ++round) {
    EXPECT_THAT(order(round), testing::UnorderedElementsAre("a", "b", "c", "d"));
  }
}

TEST_F(Round, NobodyFollowsItself) {
  for (const char* id : {"a", "b", "c"}) track(id);
  std::string last;
  for (std::uint32_t round = 0; round < 200; ++round) {
    const auto ids = order(round);
    EXPECT_NE(ids.front(), last);
    last = ids.back();
  }
}

TEST_F(Round, TheSidesOfARatioTakeTurns) {
  track("fast", "slow");
  track("slow");
  EXPECT_THAT(order(0), ElementsAre("slow", "fast"));
  EXPECT_THAT(order(1), ElementsAre("fast", "slow"));
}

TEST_F(Round, TwoBinariesTakeTurns) {
  track("a");
  track("a", "", true);
  EXPECT_THAT(order(0), ElementsAre("a", "a'"));
  EXPECT_THAT(order(1), ElementsAre("a'", "a"));
}

TEST_F(Round, ASideWhoseReferenceIsDoneStandsAlone) {
  track("fast", "slow");
  EXPECT_THAT(order(0), ElementsAre("fast"));
}

// What the fillers are for: few benchmarks, and none that is a value or of two binaries.
class FillersTest : public testing::Test {
 protected:
  FillersTest() {
    for (const Benchmark& benchmark : all_benchmarks()) {
      if (benchmark.id.starts_with("runner/plain/")) plain_.push_back(&benchmark);
    }
  }

  std::vector<Track*> choose(std::size_t active, std::size_t done) {
    tracks_.clear();
    for (std::size_t i = 0; i < active + done; ++i) {
      Track track = new_track({.benchmark = plain_.at(i), .pair = {}}, 1);
      track.measurement.status = measure::MeasurementStatus::kOk;
      track.wanted = i < active ? 1 : 0;
      track.launch_seconds = 0.01;
      tracks_.push_back(std::move(track));
    }
    std::vector<Track*> order;
    for (std::size_t i = 0; i < active; ++i) order.push_back(&tracks_[i]);
    return fillers_.choose(order, tracks_);
  }

  std::vector<const Benchmark*> plain_;
  RunPlan plan_{.benchmarks = {}, .profile = *find_profile("quick"), .worker_command = {}};
  Random random_{1};
  std::size_t proved_ = 0;
  Fillers fillers_{plan_, random_, [] { return 0.0; },
                   [this](Track& track, double) {
                     ++proved_;
                     track.measurement.status = measure::MeasurementStatus::kOk;
                   }};
  std::vector<Track> tracks_;
};

TEST_F(FillersTest, EnoughNeighboursNeedNone) {
  EXPECT_THAT(choose(4, 2), IsEmpty());
  EXPECT_EQ(proved_, 0U);
}

TEST_F(FillersTest, ThoseThatAreDoneComeFirst) {
  for (const Track* filler : choose(2, 3)) EXPECT_FALSE(filler->active());
  EXPECT_THAT(choose(2, 3), SizeIs(2));
  EXPECT_EQ(proved_, 0U);
}

TEST_F(FillersTest, OthersAreHiredOnce) {
  EXPECT_THAT(choose(1, 0), SizeIs(3));
  const std::size_t proved = proved_;
  EXPECT_EQ(proved, 3U);
  EXPECT_THAT(choose(1, 0), SizeIs(3));
  EXPECT_EQ(proved_, proved);
}

TEST_F(FillersTest, TwoBinariesTakeNone) {
  plan_.other_worker_command = {"other"};
  EXPECT_THAT(choose(1, 3), IsEmpty());
}

}  // namespace
}  // namespace midstream::suites
