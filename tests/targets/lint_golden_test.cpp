// Every file of tests/targets/bad has its expected faults beside it, as `targets lint` prints
// them. MIDSTREAM_UPDATE_GOLDEN=1 writes what is found instead; read the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "targets/loader.hpp"

namespace midstream::targets {
namespace {

namespace fs = std::filesystem;

std::vector<BenchmarkInfo> registered() {
  using enum Dimension;
  return {{.id = "temporal/dtw/sine/n=100", .dimension = kTime, .has_rate = true},
          {.id = "temporal/dtw/random/n=100", .dimension = kTime, .has_rate = true},
          {.id = "temporal/lcs/different/n=100", .dimension = kTime},
          {.id = "temporal/plain-dtw/random/n=100", .dimension = kTime},
          {.id = "quic/multiplex/round-trip/streams=100",
           .dimension = kTime,
           .single_operations = true},
          {.id = "quic/throughput/single/datagram=1452", .dimension = kDataRate},
          {.id = "quic/throughput/tcp", .dimension = kDataRate},
          {.id = "wasm/size/brotli", .dimension = kSize, .single_value = true}};
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> bad_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(MIDSTREAM_TEST_DATA) / "bad")) {
    if (entry.path().extension() != ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string report(const LoadOutcome& outcome) {
  std::string text;
  for (const Fault& fault : outcome.faults) text += fault.text() + "\n";
  return text;
}

TEST(LintGolden, every_bad_file_gives_its_faults) {
  const auto infos = registered();
  const auto files = bad_files();
  ASSERT_GE(files.size(), 25U);
  for (const fs::path& path : files) {
    SCOPED_TRACE(path.filename().string());
    const LoadOutcome outcome = load_targets(contents(path), path.filename().string(), infos);
    const fs::path golden = path.string() + ".txt";
    if (std::getenv("MIDSTREAM_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(golden, std::ios::binary) << report(outcome);
    }
    EXPECT_FALSE(outcome.faults.empty());
    EXPECT_EQ(report(outcome), contents(golden));
  }
}

TEST(LintGolden, every_message_is_one_line_with_a_place_and_a_level) {
  const auto infos = registered();
  for (const fs::path& path : bad_files()) {
    const LoadOutcome outcome = load_targets(contents(path), "f", infos);
    Fault last;
    for (const Fault& fault : outcome.faults) {
      EXPECT_EQ(fault.message.find('\n'), std::string::npos) << fault.text();
      EXPECT_EQ(fault.line == 0, fault.column == 0) << fault.text();
      EXPECT_LE(std::pair(last.line, last.column), std::pair(fault.line, fault.column));
      last = fault;
    }
  }
}

}  // namespace
}  // namespace midstream::targets
