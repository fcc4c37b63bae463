// The plain programs the fast kernels are measured against: what a careful programmer writes in
// an afternoon, one row of memory, one cell at a time, compiled -O3 in every build type.
//
// They are peers for ratio benchmarks, not oracles: tests hold them against
// temporal_oracles.hpp too. Series must be non-empty, finite. Threads: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace midstream::reference {

double dtw_distance_rows(std::span<const double> x, std::span<const double> y);
std::size_t lcs_length_rows(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);
std::size_t levenshtein_distance_rows(std::span<const std::uint8_t> a,
                                      std::span<const std::uint8_t> b);

}  // namespace midstream::reference
