// Which implementation of the inner loops runs, and how to force one.
//
// Every measure has a "scalar" kernel; x86-64 adds "avx2" and "avx512" where the processor and
// the operating system allow them. All kernels of a measure return the same bits. The widest one
// is the default.
//
// Threads: select_kernel sets the choice of the whole process and may be called at any time;
// ScopedKernel overrides it for the calling thread only.
#pragma once

#include <span>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream::temporal {

struct KernelTable;

// The names usable on this machine, narrowest first; "scalar" is always there.
std::span<const std::string_view> kernel_names();

// The name of the kernel the calling thread uses now.
std::string_view active_kernel();

// Errors: kUnavailable if this machine lacks the kernel, kNotFound if there is no such name.
Status select_kernel(std::string_view name);

// Forces a kernel on this thread for the lifetime of the object; nests. The name must be one of
// kernel_names(): any other ends the program, in every build.
class ScopedKernel {
 public:
  explicit ScopedKernel(std::string_view name);
  ~ScopedKernel();
  ScopedKernel(const ScopedKernel&) = delete;
  ScopedKernel& operator=(const ScopedKernel&) = delete;

 private:
  const KernelTable* outer_;
};

}  // namespace midstream::temporal
