// Slow, obvious answers for the temporal component: whole matrices, written from the textbook
// recurrences, sharing no code with core/temporal. For suites and tests only.
//
// Series must be non-empty and free of NaN, except where a comment says otherwise. Matrices take
// n·m cells of memory. Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace midstream::reference {

// Cost is the squared difference; equal values, infinities too, cost 0. `band` < 0 means none.
// Infinity where the band cannot reach the last cell.
double dtw_distance(std::span<const double> x, std::span<const double> y, int band = -1);
float dtw_distance(std::span<const float> x, std::span<const float> y, int band = -1);

// The cheapest path from (0, 0); among equals it comes from the diagonal before (i - 1, j) before
// (i, j - 1). Empty if the distance is infinite.
std::vector<std::pair<std::size_t, std::size_t>> dtw_path(std::span<const double> x,
                                                          std::span<const double> y, int band = -1);

std::size_t lcs_length(std::string_view a, std::string_view b);
std::size_t lcs_length(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

std::size_t levenshtein_distance(std::string_view a, std::string_view b);
std::size_t levenshtein_distance(std::span<const std::uint32_t> a,
                                 std::span<const std::uint32_t> b);

// Optimal string alignment: Levenshtein with transpositions of neighbours.
std::size_t osa_distance(std::string_view a, std::string_view b);

// (v - mean)·scale, as temporal::find_similar defines them.
std::vector<double> normalised(std::span<const double> window);

// Every window of `series` compared with `query`, as temporal::find_similar defines it: position
// and distance of the matches in order. `best` at most, none beyond `threshold`, none less than
// `separation` from an earlier one in the order.
struct SearchRules {
  int band = -1;
  bool normalise = true;
  std::size_t best = 1;
  double threshold = 0;
  std::size_t separation = 1;
};
std::vector<std::pair<std::size_t, double>> find_similar(std::span<const double> series,
                                                         std::span<const double> query,
                                                         const SearchRules& rules);

// For each query the first best window of `series`, z-normalised: position and distance, as
// find_similar with `best` 1 gives it. Row by row, giving a window up once every cell of a row is
// beyond the best so far, so that a million windows can be proved. Queries of one length.
std::vector<std::pair<std::size_t, double>> best_windows(
    std::span<const double> series, const std::vector<std::vector<double>>& queries, int band);

// In the order of summation that temporal::euclidean_distance promises. Equal lengths.
double euclidean_distance(std::span<const double> x, std::span<const double> y);

}  // namespace midstream::reference
