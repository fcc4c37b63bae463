#include "core/temporal/workspace.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace midstream::temporal {
namespace {

struct FirstTag {};
struct SecondTag {};
constexpr std::size_t kHuge = kKeptBytes / sizeof(double) + 1;

TEST(Workspace, ABufferIsKeptAndAligned) {
  const auto large = thread_buffer<FirstTag, double>(1000);
  const auto small = thread_buffer<FirstTag, double>(10);
  EXPECT_EQ(large.data(), small.data());
  EXPECT_EQ(small.size(), 10U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small.data()) % 64, 0U);
  EXPECT_NE(small.data(), (thread_buffer<SecondTag, double>(10).data()));
}

TEST(Workspace, AHugeBufferIsGivenBackAtTheNextUsualRequest) {
  AlignedBuffer<double> buffer;
  (void)buffer.at_least(kHuge);
  EXPECT_TRUE(buffer.is_huge());
  (void)buffer.at_least(kHuge - 1);  // fits the bound itself
  EXPECT_FALSE(buffer.is_huge());
  const double* const kept = buffer.at_least(kHuge - 1).data();
  EXPECT_EQ(buffer.at_least(1).data(), kept) << "the bound itself is kept";
}

TEST(Workspace, HugeBuffersServeHugeRequestsAgain) {
  AlignedBuffer<double> buffer;
  const double* const first = buffer.at_least(2 * kHuge).data();
  EXPECT_EQ(buffer.at_least(kHuge).data(), first);
}

TEST(Workspace, TrimmingGivesBackTheHugeOnesOfTheThread) {
  std::jthread([] {
    const double* const usual = thread_buffer<FirstTag, double>(100).data();
    thread_buffer<SecondTag, double>(kHuge)[kHuge - 1] = 1;
    trim_thread_buffers();
    EXPECT_EQ((thread_buffer<FirstTag, double>(100).data()), usual);
    thread_buffer<SecondTag, double>(kHuge)[kHuge - 1] = 1;
  });
}

}  // namespace
}  // namespace midstream::temporal
