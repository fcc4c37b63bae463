// Which vector instruction sets this processor and operating system allow.
//
// Kernels are chosen at run time by name; a kernel's translation unit alone is compiled with its
// instruction set. Detected once; pure afterwards.
#pragma once

#include <string>

namespace midstream {

struct CpuFeatures {
  bool avx2 = false;    // AVX2, FMA, BMI1/2, LZCNT and POPCNT
  bool avx512 = false;  // AVX-512 F, BW, DQ, VL, and everything in avx2
};

// Thread-safe; the first call runs CPUID.
const CpuFeatures& cpu_features();

// "avx512", "avx2" or "baseline": the widest set in use, for reports.
std::string cpu_features_name();

}  // namespace midstream
