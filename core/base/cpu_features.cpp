#include "core/base/cpu_features.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace midstream {
namespace {

#if defined(__x86_64__)
// Clang 14's builtin does not know this name.
bool has_lzcnt() {
  unsigned int eax = 0;
  unsigned int ebx = 0;
  unsigned int ecx = 0;
  unsigned int edx = 0;
  return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_LZCNT) != 0;
}
#endif

// Every flag of midstream_kernel() (scripts/cmake/Midstream.cmake) has its check here.
CpuFeatures detect() {
  CpuFeatures features;
#if defined(__x86_64__)
  // The compiler's builtin checks XCR0 too, so a kernel that hides the wide state is respected.
  __builtin_cpu_init();
  features.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
                  has_lzcnt() && __builtin_cpu_supports("fma");
  features.avx512 = features.avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
#endif
  return features;
}

}  // namespace

const CpuFeatures& cpu_features() {
  static const CpuFeatures features = detect();
  return features;
}

std::string cpu_features_name() {
  if (cpu_features().avx512) return "avx512";
  return cpu_features().avx2 ? "avx2" : "baseline";
}

}  // namespace midstream
