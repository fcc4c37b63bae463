// Every kernel by name, beside the plain programs: what the choice at run time is worth.
#include "core/temporal/kernels.hpp"

#include <algorithm>
#include <string_view>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "suites/harness/bench.hpp"
#include "suites/harness/registry.hpp"
#include "suites/temporal/inputs.hpp"

namespace midstream::suites::temporal {
namespace {

using midstream::temporal::ScopedKernel;

void require_kernel(Bench& bench, std::string_view kernel) {
  const auto names = midstream::temporal::kernel_names();
  if (std::find(names.begin(), names.end(), kernel) == names.end()) {
    bench.unavailable("this processor has no " + std::string(kernel));
  }
  bench.fact("kernel", kernel);
}

void dtw_by(Bench& bench, std::string_view kernel) {
  require_kernel(bench, kernel);
  const ScopedKernel forced(kernel);
  const auto n = static_cast<std::size_t>(bench.param("n"));
  bench.throughput(static_cast<double>(n * n), "cells");
  bench.measure(
      bench.variants([&](Random& random) { return walk_pair(n, random); }),
      [](const SeriesPair& pair) {
        return midstream::temporal::dtw_distance(pair.x, pair.y).value();
      },
      [](const SeriesPair& pair) { return reference::dtw_distance(pair.x, pair.y); });
}

template <class Operation, class Oracle>
void text_by(Bench& bench, std::string_view kernel, Operation operation, Oracle oracle) {
  require_kernel(bench, kernel);
  const ScopedKernel forced(kernel);
  const auto n = static_cast<std::size_t>(bench.param("n"));
  bench.throughput(static_cast<double>(n * n), "cells");
  bench.measure(
      bench.variants([&](Random& random) { return different_texts(n, kLargeAlphabet, random); }),
      operation, oracle);
}

void lcs_by(Bench& bench, std::string_view kernel) {
  text_by(
      bench, kernel, [](const TextPair& p) { return midstream::temporal::lcs_length(p.a, p.b); },
      [](const TextPair& p) { return reference::lcs_length(p.a, p.b); });
}

void edit_by(Bench& bench, std::string_view kernel) {
  text_by(
      bench, kernel,
      [](const TextPair& p) { return midstream::temporal::levenshtein_distance(p.a, p.b); },
      [](const TextPair& p) { return reference::levenshtein_distance(p.a, p.b); });
}

void add(const std::string& what, void (*function)(Bench&, std::string_view),
         const std::string& generator, const std::string& oracle) {
  for (const std::string kernel : {"scalar", "avx2", "avx512"}) {
    std::string id = "temporal/kernel-";
    id.append(what).append("/").append(kernel);
    std::string title = what;
    title.append(" by the ").append(kernel).append(" kernel");
    register_bench(id, [function, kernel](Bench& bench) { function(bench, kernel); })
        .params("n", {100, 1000})
        .title(title)
        .generator(generator)
        .oracle(oracle)
        .declares_rate();
  }
}

[[maybe_unused]] const bool kRegistered = [] {
  add("dtw", dtw_by, "independent random walks", "full-matrix DTW");
  add("lcs", lcs_by, "independent texts, 64 symbols", "full-matrix LCS");
  add("edit", edit_by, "independent texts, 64 symbols", "full-matrix Levenshtein");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
