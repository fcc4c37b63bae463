// What this binary was built with, by the compiler's own word where it gives one. The rest
// (flags, -fsanitize=, coverage) comes from CMake as definitions of this file alone.
#include "core/measure/environment.hpp"

namespace midstream::measure {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

#if defined(NDEBUG)
constexpr bool kAssertions = false;
#else
constexpr bool kAssertions = true;
#endif

#if defined(__OPTIMIZE__)
constexpr bool kOptimised = true;
#else
constexpr bool kOptimised = false;
#endif

constexpr std::string_view kSanitizers = MIDSTREAM_BUILD_SANITIZERS;
constexpr std::string_view kFlags = MIDSTREAM_BUILD_FLAGS;
constexpr bool kCoverage = MIDSTREAM_BUILD_COVERAGE;

// Sanitizers that came in through CXXFLAGS instead of MIDSTREAM_SANITIZE. GCC has no macro for
// undefined behaviour; its flag is looked for in the flags.
bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(undefined_behavior_sanitizer)
  return true;
#endif
#endif
  return !kSanitizers.empty() || kFlags.find("-fsanitize") != std::string_view::npos;
}

// "release", or all that keeps it from being one.
std::string build_type() {
  std::string faults;
  const auto add = [&](bool fault, std::string_view text) {
    if (fault) faults += (faults.empty() ? "" : ", ") + std::string(text);
  };
  add(!kOptimised, "not optimised");
  add(kAssertions, "assertions on");
  add(sanitized(), "sanitizers on");
  add(kCoverage, "coverage instrumented");
  return faults.empty() ? "release" : faults;
}

}  // namespace

bool is_release_build() { return build_type() == "release"; }

Environment build_facts() {
  const std::string sanitizers =
      !kSanitizers.empty() ? std::string(kSanitizers) : (sanitized() ? "yes" : "none");
  return {{"compiler", compiler()},
          {"compiler_flags", kFlags.empty() ? "none" : std::string(kFlags)},
          {"build_type", build_type()},
          {"sanitizers", sanitizers}};
}

}  // namespace midstream::measure
