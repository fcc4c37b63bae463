// Two binaries in one run: what each says of itself, and the order A B, B A. Shell scripts stand in
// the place of the workers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "suites/harness/describe.hpp"
#include "suites/harness/launch.hpp"
#include "suites/harness/runner.hpp"

namespace midstream::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Registration::Family family(const std::string& id) {
  Registration::Family out;
  out.id = id;
  out.title = "T " + id;
  out.oracle = "o";
  out.metric.unit = parse_unit("us").value();
  return out;
}

class TwoBinariesTest : public testing::Test {
 protected:
  TwoBinariesTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("two_binaries_test_" + std::to_string(getpid()) + "_" + info->name());
    std::filesystem::create_directories(folder_);
  }
  ~TwoBinariesTest() override { std::filesystem::remove_all(folder_); }

  // A worker that logs its name and answers every launch with one sample.
  [[nodiscard]] std::vector<std::string> worker(const std::string& name, double sample) const {
    LaunchAnswer answer;
    answer.samples = {sample};
    answer.cases = 16;
    answer.ns_per_operation = 100;
    const std::string message = to_json(answer);
    const std::string file = (folder_ / name).string();
    std::ofstream(file) << "midstream-answer " << message.size() << "\n" << message;
    return {"/bin/sh", "-c",
            "cat > /dev/null; printf '" + name + " ' >> " + (folder_ / "log").string() + "; cat " +
                file + " >&3"};
  }

  std::string log() const {
    std::ifstream file(folder_ / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
};

TEST_F(TwoBinariesTest, TakeTurnsInBeingFirst) {
  const Registration::Family old_family = family("suite/case");
  const Registration::Family new_family = family("suite/case");
  const Benchmark old_side{.id = "suite/case", .parameters = {}, .family = &old_family};
  const Benchmark new_side{.id = "suite/case", .parameters = {}, .family = &new_family};
  Runner runner;
  runner.plan = {.benchmarks = {{.benchmark = &old_side, .pair = {}},
                                {.benchmark = &new_side, .pair = {}, .other_side = true}},
                 .profile = *find_profile("quick"),
                 .worker_command = worker("A", 1),
                 .other_worker_command = worker("B", 2)};
  runner.launches_wanted = [](const auto& measured) {
    std::map<std::string, std::size_t> wanted;
    for (const auto* measurement : measured) wanted[measurement->id] = 11;
    return wanted;
  };
  const Runner::Sides sides = runner.run_both();
  ASSERT_EQ(sides.first.measurements.size(), 1U);
  ASSERT_EQ(sides.other.measurements.size(), 1U);
  for (const auto* side : {&sides.first, &sides.other}) {
    const double sample = side == &sides.first ? 1 : 2;
    const auto& launches = side->measurements[0].launches;
    ASSERT_EQ(launches.size(), 11U);
    for (std::uint32_t i = 0; i < 11; ++i) {
      EXPECT_EQ(launches[i].round, i);
      EXPECT_THAT(launches[i].samples, ElementsAre(sample));
    }
  }
  // Both are proved first; what follows is rounds.
  EXPECT_EQ(log(), "A B A B B A A B B A A B B A A B B A A B B A A B ");
}

TEST_F(TwoBinariesTest, ABrokenSideCostsItsBenchmarkOnly) {
  const Registration::Family of = family("suite/case");
  const Benchmark benchmark{.id = "suite/case", .parameters = {}, .family = &of};
  Runner runner;
  runner.plan = {.benchmarks = {{.benchmark = &benchmark, .pair = {}},
                                {.benchmark = &benchmark, .pair = {}, .other_side = true}},
                 .profile = *find_profile("quick"),
                 .worker_command = worker("A", 1),
                 .other_worker_command = {"/bin/sh", "-c", "exit 3"}};
  runner.launches_wanted = [](const auto&) { return std::map<std::string, std::size_t>(); };
  const Runner::Sides sides = runner.run_both();
  EXPECT_EQ(sides.first.measurements.at(0).status, measure::MeasurementStatus::kOk);
  EXPECT_EQ(sides.other.measurements.at(0).status, measure::MeasurementStatus::kError);
}

TEST(Describe, SaysAllThatAnotherProcessNeeds) {
  const auto described = description_from_json(describe_self({"1.2", "abc"}));
  ASSERT_TRUE(described.ok()) << described.error().message;
  EXPECT_EQ(described->identity.tool_version, "1.2");
  EXPECT_EQ(described->identity.revision, "abc");
  EXPECT_FALSE(described->environment.empty());
  ASSERT_EQ(described->benchmarks.size(), all_benchmarks().size());
  for (std::size_t i = 0; i < all_benchmarks().size(); ++i) {
    const Benchmark& ours = all_benchmarks()[i];
    const Benchmark& theirs = described->benchmarks[i];
    EXPECT_EQ(theirs.id, ours.id);
    EXPECT_EQ(theirs.parameters, ours.parameters);
    EXPECT_EQ(theirs.family->title, ours.family->title);
    EXPECT_EQ(theirs.family->oracle, ours.family->oracle);
    EXPECT_EQ(theirs.family->sampling, ours.family->sampling);
    EXPECT_EQ(theirs.family->metric.unit.symbol, ours.family->metric.unit.symbol);
    EXPECT_EQ(theirs.family->metric.kind, ours.family->metric.kind);
    EXPECT_EQ(theirs.family->budget_ms, ours.family->budget_ms);
    EXPECT_EQ(theirs.family->timeout_s, ours.family->timeout_s);
  }
}

TEST(Describe, RefusesWhatIsNoWorkerOfThisProtocol) {
  for (const char* text : {"", "{}", "[]", "{\"protocol\": 99}", "nonsense"}) {
    EXPECT_FALSE(description_from_json(text).ok()) << text;
  }
  const auto foreign = describe_worker({"/bin/true", "worker"});
  ASSERT_FALSE(foreign.ok());
  EXPECT_THAT(foreign.error().message, HasSubstr("/bin/true is no midstream-validate"));
  const auto absent = describe_worker({"/nonexistent/binary", "worker"});
  ASSERT_FALSE(absent.ok());
  EXPECT_THAT(absent.error().message, HasSubstr("/nonexistent/binary"));
}

}  // namespace
}  // namespace midstream::suites
