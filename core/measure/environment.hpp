// The record of the machine and the build that goes into every results file.
//
// Facts: CPU model, cores, caches, vector instruction set, governor, turbo, SMT, ASLR, kernel,
// container or VM, load average, compiler, flags, build type, sanitizers, timer resolution and
// cost. A fact the system does not tell is recorded as "unknown". Names: docs/results.md.
//
// Threads: safe; reads /proc and /sys.
#pragma once

#include <string>
#include <string_view>

#include "core/measure/measurement.hpp"

namespace midstream::measure {

Environment record_environment();

// The parts of it. `root` is where /proc, /sys and /etc are found: "" on a real machine.
Environment machine_facts(const std::string& root);
Environment build_facts();
Environment timer_facts();  // calibrates the clock the first time, about 10 ms

// The value of a fact; "unknown" when it was not recorded.
std::string_view fact(const Environment& environment, std::string_view name);

// Does the recorded build say the opposite? An environment without `build_type` says nothing.
bool contradicts_build(const Environment& environment, bool release_build);

// Judged by NDEBUG, optimisation and the absence of sanitizers in our own build.
bool is_release_build();

}  // namespace midstream::measure
