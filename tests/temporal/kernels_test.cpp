#include "core/temporal/kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace midstream::temporal {
namespace {

TEST(Kernels, TheWidestIsTheDefaultAndScalarIsAlwaysThere) {
  EXPECT_EQ(kernel_names().front(), "scalar");
  EXPECT_EQ(active_kernel(), kernel_names().back());
}

TEST(Kernels, AScopeForcesOneOnItsThreadOnlyAndNests) {
  const std::string_view before = active_kernel();
  {
    const ScopedKernel outer("scalar");
    EXPECT_EQ(active_kernel(), "scalar");
    {
      const ScopedKernel inner(kernel_names().back());
      EXPECT_EQ(active_kernel(), kernel_names().back());
    }
    EXPECT_EQ(active_kernel(), "scalar");
    std::jthread([&] { EXPECT_EQ(active_kernel(), before); });
  }
  EXPECT_EQ(active_kernel(), before);
}

TEST(Kernels, AreSelectedByNameForTheProcess) {
  const std::string_view before = active_kernel();
  ASSERT_TRUE(select_kernel("scalar").ok());
  EXPECT_EQ(active_kernel(), "scalar");
  std::jthread([] { EXPECT_EQ(active_kernel(), "scalar"); });
  ASSERT_TRUE(select_kernel(before).ok());
}

TEST(KernelsDeathTest, AScopeOfAnUnusableNameEndsTheProgram) {
  EXPECT_DEATH(ScopedKernel("sse9"), "no kernel sse9");
}

TEST(Kernels, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  const Status status = select_kernel("sse9");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  EXPECT_NE(status.error().message.find("scalar"), std::string::npos);
}

}  // namespace
}  // namespace midstream::temporal
