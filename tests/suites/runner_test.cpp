// The order and the end of a run, with a shell script in the place of the worker.
#include "suites/harness/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "suites/harness/bench.hpp"
#include "suites/harness/launch.hpp"

namespace midstream::suites {
namespace {

using measure::MeasurementStatus;
using testing::Each;
using testing::HasSubstr;

// Never called: the script answers.
void nothing(Bench&) {}

[[maybe_unused]] const bool kRegistered = [] {
  register_bench("runner/plain/batch", nothing).params("n", {0, 1, 2, 3, 4, 5, 6, 7});
  register_bench("runner/sockets/batch", nothing)
      .params("n", {0, 1, 2, 3, 4, 5, 6, 7})
      .is_no_filler();
  register_bench("runner/size/value", nothing)
      .records("B", measure::Direction::kLowerIsBetter, measure::SampleKind::kValue);
  return true;
}();

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("runner_test_" + std::to_string(getpid()) + "_" + info->name());
    std::filesystem::create_directories(folder_);
  }
  ~RunnerTest() override { std::filesystem::remove_all(folder_); }

  // Every launch logs its request, runs `before` and answers the same.
  void worker(const std::string& before = "") {
    LaunchAnswer answer;
    answer.samples = {1, 2, 3};
    answer.cases = 16;
    answer.ns_per_operation = 100;
    const std::string message = to_json(answer);
    std::ofstream(folder_ / "answer") << "midstream-answer " << message.size() << "\n" << message;
    const std::string home = folder_.string();
    runner_.plan.worker_command = {"/bin/sh", "-c",
                                   "request=$(cat); echo \"$request\" >> " + home + "/log; " +
                                       before + " cat " + home + "/answer >&3"};
  }

  void plan(const std::vector<std::string>& ids, double max_time_s = 60) {
    runner_.plan.profile = *find_profile("quick");
    runner_.plan.profile.max_time_s = max_time_s;
    for (const std::string& id : ids) {
      runner_.plan.benchmarks.push_back({.benchmark = find_benchmark(id), .pair = {}});
    }
    if (!runner_.launches_wanted) {
      runner_.launches_wanted = [](const auto&) { return std::map<std::string, std::size_t>(); };
    }
  }

  // Ids of the timed launches, in their order.
  std::vector<std::string> timed() {
    std::ifstream log(folder_ / "log");
    std::vector<std::string> ids;
    for (std::string line; std::getline(log, line);) {
      const auto request = request_from_json(line);
      if (request.ok() && request->mode == LaunchMode::kTime) ids.push_back(request->id);
    }
    return ids;
  }

  Runner runner_;
  std::filesystem::path folder_;
};

// How many other launches stand between two of `id`, the least over its launches.
std::size_t least_gap(const std::vector<std::string>& ids, const std::string& id) {
  std::size_t least = ids.size();
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] != id) continue;
    if (last) least = std::min(least, i - *last - 1);
    last = i;
  }
  return least;
}

TEST_F(RunnerTest, OneBenchmarkAloneIsKeptApartByOthersThatAreInNoResult) {
  worker();
  plan({"runner/plain/batch/n=0"});
  const measure::Results results = runner_.run();
  ASSERT_EQ(results.measurements.size(), 1U);
  EXPECT_EQ(results.measurements[0].launches.size(), 7U);
  EXPECT_GE(least_gap(timed(), "runner/plain/batch/n=0"), 3U);
}

TEST_F(RunnerTest, BenchmarksWithSocketsAreNotHiredToKeepOthersApart) {
  worker();
  plan({"runner/plain/batch/n=0"});
  runner_.run();
  EXPECT_THAT(timed(), Each(testing::StartsWith("runner/plain/")));
}

TEST_F(RunnerTest, ThoseThatAreDoneKeepTheLastApartWithoutBeingCounted) {
  const std::string last = "runner/plain/batch/n=5";
  runner_.launches_wanted = [&](const auto&) {
    return std::map<std::string, std::size_t>{{last, 20}};
  };
  worker();
  plan({"runner/plain/batch/n=1", "runner/plain/batch/n=2", "runner/plain/batch/n=3",
        "runner/plain/batch/n=4", last});
  const measure::Results results = runner_.run();
  for (const auto& measurement : results.measurements) {
    EXPECT_EQ(measurement.launches.size(), measurement.id == last ? 20U : 7U) << measurement.id;
  }
  const std::vector<std::string> all = timed();
  EXPECT_GE(least_gap(all, last), 1U);  // in the rounds of all five: never at once again
  // Seven rounds of five; then it is alone with those that are done.
  EXPECT_GE(least_gap({all.begin() + 35, all.end()}, last), 3U);
  // Only benchmarks of the plan: there were enough of them.
  EXPECT_THAT(all, Each(testing::Not("runner/plain/batch/n=7")));
}

TEST_F(RunnerTest, AValueIsTheSameAtAnyTime) {
  worker();
  plan({"runner/size/value"});
  runner_.run();
  EXPECT_EQ(timed(), std::vector<std::string>(2, "runner/size/value"));
}

TEST_F(RunnerTest, ARunningLaunchDoesNotOutliveTheRun) {
  worker("case $request in *'\"mode\":1'*) sleep 60;; esac;");
  plan({"runner/plain/batch/n=0", "runner/plain/batch/n=1"}, 1);
  const auto begin = std::chrono::steady_clock::now();
  const measure::Results results = runner_.run();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  for (const auto& measurement : results.measurements) {
    // Out of time is nobody's fault: no error, and no launch that timed out.
    EXPECT_EQ(measurement.status, MeasurementStatus::kNotRun);
    EXPECT_THAT(measurement.reason, HasSubstr("--max-time was 1 s"));
    EXPECT_TRUE(measurement.launches.empty());
  }
}

// What is too long for the time left ends nobody else's launches.
TEST_F(RunnerTest, ASlowBenchmarkThatNoLongerFitsIsSkippedAlone) {
  worker(
      "case $request in *plain/batch/n=0*'\"mode\":1'*|*'\"mode\":1'*plain/batch/n=0*) sleep 2;; "
      "esac;");
  plan({"runner/plain/batch/n=0", "runner/plain/batch/n=1", "runner/plain/batch/n=2",
        "runner/plain/batch/n=3"},
       6);
  const measure::Results results = runner_.run();
  ASSERT_EQ(results.measurements.size(), 4U);
  EXPECT_EQ(results.measurements[0].status, MeasurementStatus::kNotRun);
  EXPECT_FALSE(results.measurements[0].launches.empty());
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(results.measurements[i].status, MeasurementStatus::kOk);
    EXPECT_EQ(results.measurements[i].launches.size(), 7U) << results.measurements[i].id;
  }
}

TEST(LaunchJson, AnEnumeratorThatDoesNotExistIsNoAnswer) {
  LaunchAnswer answer;
  const std::string good = to_json(answer);
  EXPECT_TRUE(answer_from_json(good).ok());
  for (const char* status : {"6", "-1", "1000"}) {
    std::string bad = good;
    bad.replace(bad.find("\"status\":0"), 10, std::string("\"status\":") + status);
    EXPECT_FALSE(answer_from_json(bad).ok()) << status;
  }
  std::string bad = to_json(LaunchRequest{});
  bad.replace(bad.find("\"mode\":0"), 8, "\"mode\":2");
  EXPECT_FALSE(request_from_json(bad).ok());
}

TEST_F(RunnerTest, AVerificationDoesNotOutliveTheRun) {
  worker("sleep 60;");
  plan({"runner/plain/batch/n=0", "runner/plain/batch/n=1"}, 0.5);
  const auto begin = std::chrono::steady_clock::now();
  const measure::Results results = runner_.run();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  for (const auto& measurement : results.measurements) {
    EXPECT_EQ(measurement.status, MeasurementStatus::kNotRun);
    EXPECT_THAT(measurement.reason, HasSubstr("--max-time"));
  }
}

}  // namespace
}  // namespace midstream::suites
