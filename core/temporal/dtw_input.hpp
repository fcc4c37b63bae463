// Checks and preparation shared by the DTW entry points. Internal.
#pragma once

#include <cstddef>
#include <span>

#include "core/base/result.hpp"
#include "core/temporal/kernels/dtw_kernel.hpp"

namespace midstream::temporal {

// Errors of dtw_distance that depend on the lengths and the band alone.
Status check_shape(std::size_t n, std::size_t m, int band);

// The band a kernel takes: kNoBand becomes one that excludes nothing.
std::size_t kernel_band(std::size_t n, std::size_t m, int band);

// A squared cost that every c with sqrt(c) <= cutoff is at most equal to, in spite of rounding.
double squared_limit(double cutoff);

// Two series fit for a kernel. Kernels compute with finite samples only; here infinities are
// replaced, in copies, by a number so large that its distance to any other sample overflows to
// infinity, and by the same number on both sides, so that equal infinities still cost nothing.
template <class T>
struct FinitePair {
  std::span<const T> x;
  std::span<const T> y;
};

// The result views the arguments or buffers of the calling thread, valid until the next call.
// Errors: kInvalidArgument naming the first NaN.
template <class T>
Result<FinitePair<T>> make_finite(std::span<const T> x, std::span<const T> y);

// Checks everything and sets all of a problem but its limit, which becomes infinity. The problem
// refers to buffers of the calling thread and is valid until the next call.
template <class T>
Result<kernels::DtwProblem<T>> prepare_dtw(std::span<const T> x, std::span<const T> y, int band);

}  // namespace midstream::temporal
