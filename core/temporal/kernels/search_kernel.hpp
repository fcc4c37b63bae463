// Lower bounds and window statistics for many windows at once. Internal: callers use
// similarity_search.hpp, which defines the normalisation.
#pragma once

#include <cstddef>

namespace midstream::temporal::kernels {

// Windows are computed in groups of this many, so arrays must be padded to a multiple of it, and
// the series by as many samples past the last window.
inline constexpr std::size_t kWindowGroup = 32;

// What a window of z-values is held against at one index: below `low` or above `high` it costs
// the squared distance to that edge.
struct BoundTerm {
  std::size_t index;
  double low;
  double high;
};

struct KeoghProblem {
  const double* series;  // window p is series[p .. p + q)
  std::size_t windows;
  const double* mean;  // one per window
  const double* scale;
  const BoundTerm* terms;
  std::size_t count;
  double limit;  // a window's sum may stop once it exceeds this
};

struct ImprovedProblem {
  const double* window;  // q z-values
  std::size_t length;    // q
  const double* low;     // envelope of the query, q values each
  const double* high;
  const double* query;
  std::size_t band;
  double* scratch;  // 2 * (q + 2 * band + 2 * kWindowGroup) elements
};

// One row of a matrix profile: the newest window against those before it. Histories run from the
// newest to the oldest, so that index d of each belongs to the window d positions back.
struct ProfileRow {
  const double* samples;  // newest first; window d ends at samples[d]
  std::size_t q;
  const double* mean;  // of centred samples
  const double* scale;
  const double* norm;  // Σ z²: q, or 0 for a flat window
  std::size_t count;   // windows, the newest included
  double error;        // bound of the error of a covariance
  double* products;    // Σ over a window's samples times the newest window's, updated
  double* least;       // lower bounds of the squared distances
};

struct SearchKernel {
  // Mean and scale of windows [0, windows) of length q, rounded up to whole groups.
  void (*statistics)(const double* series, std::size_t windows, std::size_t q, double* mean,
                     double* scale);
  // A lower bound of each window's squared distance, or a partial sum above the limit.
  void (*keogh)(const KeoghProblem&, double* bounds);
  // What LB_Improved adds to LB_Keogh.
  double (*improved)(const ImprovedProblem&);
  // Computes products from scratch.
  void (*products)(const ProfileRow&);
  // Updates products to the newest window from those of the window before.
  void (*advance)(const ProfileRow&);
  // Fills `least`; returns the least upper bound among windows at least `exclusion` back.
  double (*bounds)(const ProfileRow&, std::size_t exclusion);
};

extern const SearchKernel kSearchScalar;
extern const SearchKernel kSearchAvx2;
extern const SearchKernel kSearchAvx512;

}  // namespace midstream::temporal::kernels
