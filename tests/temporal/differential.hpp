// One pair of inputs against the oracle on every kernel. Shared by the fuzz targets and the soak
// driver; ends the program with a description at the first difference.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/reference/temporal_oracles.hpp"
#include "core/temporal/damerau.hpp"
#include "core/temporal/dtw.hpp"
#include "core/temporal/dtw_path.hpp"
#include "core/temporal/edit_script.hpp"
#include "core/temporal/kernels.hpp"
#include "core/temporal/lcs.hpp"
#include "core/temporal/levenshtein.hpp"
#include "tests/temporal/replay.hpp"

namespace midstream::test {

inline void require(bool holds, const char* what, std::string_view kernel, std::size_t n,
                    std::size_t m) {
  if (holds) return;
  std::fprintf(stderr, "DIFFERENCE: %s, kernel %.*s, n = %zu, m = %zu\n", what,
               static_cast<int>(kernel.size()), kernel.data(), n, m);
  std::abort();
}

template <class T>
bool same_bits(T a, T b) {
  using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  return std::bit_cast<Word>(a) == std::bit_cast<Word>(b);
}

struct DtwCase {
  std::vector<double> x;
  std::vector<double> y;
  int band = temporal::kNoBand;
  double cutoff_factor = 1;  // of the distance
  bool with_path = false;
};

inline bool is_valid(const DtwCase& c) {
  const auto has_nan = [](const std::vector<double>& v) {
    for (const double sample : v) {
      if (std::isnan(sample)) return true;
    }
    return false;
  };
  const std::size_t gap =
      c.x.size() > c.y.size() ? c.x.size() - c.y.size() : c.y.size() - c.x.size();
  return !c.x.empty() && !c.y.empty() && !has_nan(c.x) && !has_nan(c.y) &&
         (c.band == temporal::kNoBand || (c.band >= 0 && static_cast<std::size_t>(c.band) >= gap));
}

inline void check_dtw(const DtwCase& c) {
  const bool valid = is_valid(c);
  const double exact = valid ? reference::dtw_distance(c.x, c.y, c.band) : 0;
  const double cutoff = exact * c.cutoff_factor;
  const auto path = valid && c.with_path ? reference::dtw_path(c.x, c.y, c.band)
                                         : std::vector<std::pair<std::size_t, std::size_t>>{};
  static thread_local temporal::DtwAlignment alignment;
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    const auto check = [&](bool holds, const char* what) {
      require(holds, what, kernel, c.x.size(), c.y.size());
    };
    const auto distance = temporal::dtw_distance(c.x, c.y, c.band);
    check(distance.ok() == valid, "dtw validity");
    if (!valid) continue;
    check(same_bits(*distance, exact), "dtw distance");
    if (cutoff >= 0) {
      const auto within = temporal::dtw_distance_within(c.x, c.y, cutoff, c.band);
      const double expected = exact <= cutoff ? exact : std::numeric_limits<double>::infinity();
      check(within.ok() && same_bits(*within, expected), "dtw distance within a cutoff");
    }
    if (!c.with_path) continue;
    check(temporal::dtw_path(c.x, c.y, c.band, alignment).ok(), "dtw path validity");
    check(alignment.path.size() == path.size(), "dtw path length");
    for (std::size_t k = 0; k < path.size(); ++k) {
      check(alignment.path[k].i == path[k].first && alignment.path[k].j == path[k].second,
            "dtw path");
    }
  }
}

inline void check_dtw_f32(const std::vector<float>& x, const std::vector<float>& y, int band) {
  const float exact = reference::dtw_distance(x, y, band);
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    const auto distance = temporal::dtw_distance(x, y, band);
    require(distance.ok() && same_bits(*distance, exact), "dtw in float", kernel, x.size(),
            y.size());
  }
}

inline void check_edits(std::string_view a, std::string_view b, std::size_t cutoff,
                        bool with_script) {
  const std::size_t lcs = reference::lcs_length(a, b);
  const std::size_t edits = reference::levenshtein_distance(a, b);
  static thread_local std::vector<std::uint32_t> wide_a;
  static thread_local std::vector<std::uint32_t> wide_b;
  const auto widen = [](std::string_view from, std::vector<std::uint32_t>& to) {
    to.clear();
    for (const char c : from) to.push_back(static_cast<std::uint8_t>(c) * 0x01010107U);
  };
  widen(a, wide_a);
  widen(b, wide_b);
  static thread_local std::vector<temporal::Edit> script;
  static thread_local std::vector<temporal::CommonSymbol> common;
  for (const std::string_view kernel : temporal::kernel_names()) {
    const temporal::ScopedKernel forced(kernel);
    const auto check = [&](bool holds, const char* what) {
      require(holds, what, kernel, a.size(), b.size());
    };
    check(temporal::lcs_length(a, b) == lcs, "lcs of bytes");
    check(temporal::levenshtein_distance(a, b) == edits, "levenshtein of bytes");
    check(temporal::lcs_length(wide_a, wide_b) == lcs, "lcs of symbols");
    check(temporal::levenshtein_distance(wide_a, wide_b) == edits, "levenshtein of symbols");
    const auto within = temporal::levenshtein_distance_within(a, b, cutoff);
    check(within == (edits <= cutoff ? std::optional(edits) : std::nullopt),
          "levenshtein within a cutoff");
    if (!with_script) continue;
    temporal::edit_script(a, b, script);
    check(script.size() == edits, "length of the edit script");
    check(turns_into(a, b, script), "the edit script carried out");
    temporal::common_subsequence(a, b, common);
    check(common.size() == lcs, "length of the common subsequence");
    check(is_common_subsequence(a, b, common), "the common subsequence");
  }
  if (with_script) {
    require(temporal::osa_distance(a, b) == reference::osa_distance(a, b), "osa", "-", a.size(),
            b.size());
  }
}

}  // namespace midstream::test
