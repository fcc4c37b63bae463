// Registration of the temporal suite's benchmarks.
#pragma once

#include <string>
#include <utility>

#include "core/temporal/kernels.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"

namespace midstream::suites::temporal {

// Each says in its facts which kernel it runs with: `run --kernel` or the machine decides.
inline Registration& register_temporal(const std::string& id, BenchFunction function) {
  return register_bench(id, [function = std::move(function)](Bench& bench) {
    bench.fact("kernel", midstream::temporal::active_kernel());
    function(bench);
  });
}

}  // namespace midstream::suites::temporal
