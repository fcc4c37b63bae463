// DTW: series length × shape, and the plain row-wise program on the same inputs for ratios.
#include "core/temporal/dtw.hpp"

#include "core/reference/row_programs.hpp"
#include "core/reference/temporal_oracles.hpp"
#include "suites/harness/bench.hpp"
#include "suites/temporal/inputs.hpp"
#include "suites/temporal/register.hpp"

namespace midstream::suites::temporal {
namespace {

using MakeSeries = SeriesPair (*)(std::size_t n, Random& random);

template <class Distance>
void measure_dtw(Bench& bench, MakeSeries make, Distance distance) {
  const auto n = static_cast<std::size_t>(bench.param("n"));
  const auto pairs = bench.variants([&](Random& random) { return make(n, random); });
  bench.throughput(static_cast<double>(n * n), "cells");
  bench.measure(pairs, distance,
                [](const SeriesPair& pair) { return reference::dtw_distance(pair.x, pair.y); });
}

template <MakeSeries make>
void dtw(Bench& bench) {
  measure_dtw(bench, make, [](const SeriesPair& pair) {
    return midstream::temporal::dtw_distance(pair.x, pair.y).value();
  });
}

template <MakeSeries make>
void plain_dtw(Bench& bench) {
  measure_dtw(bench, make,
              [](const SeriesPair& pair) { return reference::dtw_distance_rows(pair.x, pair.y); });
}

template <int percent>
SeriesPair similar(std::size_t n, Random& random) {
  return similar_series(n, percent, random);
}

Registration& register_dtw(const std::string& id, BenchFunction function, const char* generator) {
  return register_temporal(id, std::move(function))
      .params("n", {10, 50, 100, 500, 1000})
      .title("DTW distance")
      .generator(generator)
      .oracle("full-matrix DTW")
      .declares_rate();
}

// Registered here rather than by one macro a line: they differ in name and generator only.
[[maybe_unused]] const bool kRegistered = [] {
  register_dtw("temporal/dtw/linear", dtw<linear_pair>, "noisy ramps of different slope");
  register_dtw("temporal/dtw/sine", dtw<sine_pair>, "sine and its warped copy, with noise");
  register_dtw("temporal/dtw/random", dtw<walk_pair>, "independent random walks");
  register_dtw("temporal/dtw/similarity-50", dtw<similar<50>>, "walk, 50 % of samples with noise");
  register_dtw("temporal/dtw/similarity-70", dtw<similar<70>>, "walk, 30 % of samples with noise");
  register_dtw("temporal/dtw/similarity-90", dtw<similar<90>>, "walk, 10 % of samples with noise");
  register_dtw("temporal/dtw/similarity-95", dtw<similar<95>>, "walk, 5 % of samples with noise");
  register_dtw("temporal/dtw/similarity-99", dtw<similar<99>>, "walk, 1 % of samples with noise");
  register_dtw("temporal/plain-dtw/random", plain_dtw<walk_pair>, "independent random walks")
      .title("plain row-wise DTW (peer for ratios)");
  return true;
}();

}  // namespace
}  // namespace midstream::suites::temporal
