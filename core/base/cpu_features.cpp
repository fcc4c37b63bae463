#include "core/base/cpu_features.hpp"

namespace midstream {
namespace {

// Every flag of midstream_kernel() (scripts/cmake/Midstream.cmake) has its check here.
CpuFeatures detect() {
  CpuFeatures features;
#if defined(__x86_64__)
  // The compiler's builtin checks XCR0 too, so a kernel that hides the wide state is respected.
  __builtin_cpu_init();
  features.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
                  __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("fma");
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
