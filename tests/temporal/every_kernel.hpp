// Runs a test once for every kernel that this machine has, and compares results to the bit.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/temporal/kernels.hpp"

namespace midstream::test {

class EveryKernel : public testing::TestWithParam<std::string_view> {
 private:
  temporal::ScopedKernel forced_{GetParam()};
};

inline auto kernel_values() {
  const auto names = temporal::kernel_names();
  return testing::ValuesIn(names.begin(), names.end());
}

inline std::string kernel_name(const testing::TestParamInfo<std::string_view>& info) {
  return std::string(info.param);
}

}  // namespace midstream::test

// Equal values are not enough: 0.0 == -0.0.
#define EXPECT_SAME_BITS(actual, expected)                  \
  EXPECT_EQ(std::bit_cast<std::uint64_t>(double{actual}),   \
            std::bit_cast<std::uint64_t>(double{expected})) \
      << (actual) << " against " << (expected)
