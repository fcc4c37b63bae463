// Window statistics and lower bounds in plain C++: the same algorithms with one lane.
#include <cmath>
#include <cstddef>

#include "core/temporal/kernels/search.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

struct F64x1 {
  using Vector = double;
  static constexpr std::size_t kLanes = 1;

  static double all(double value) { return value; }
  static double load(const double* from) { return *from; }
  static void store(double* to, double v) { *to = v; }
  static double add(double a, double b) { return a + b; }
  static double subtract(double a, double b) { return a - b; }
  static double multiply(double a, double b) { return a * b; }
  static double divide(double a, double b) { return a / b; }
  static double root(double a) { return std::sqrt(a); }
  static double minimum(double a, double b) { return a < b ? a : b; }
  static double maximum(double a, double b) { return a > b ? a : b; }
  static bool less_equal(double a, double b) { return a <= b; }
  static double zero_where_less_equal(double a, double b, double v) { return a <= b ? 0 : v; }
};

}  // namespace

const SearchKernel kSearchScalar{.statistics = window_statistics<F64x1>,
                                 .keogh = keogh_bounds<F64x1>,
                                 .improved = improved_bound<F64x1>,
                                 .products = profile_products<F64x1>,
                                 .advance = profile_advance<F64x1>,
                                 .bounds = profile_bounds<F64x1>};

}  // namespace midstream::temporal::kernels
