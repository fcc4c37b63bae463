// The few vector operations the DTW kernels are written in, for AVX2: the same interface as
// simd_avx512.hpp. Include only from a translation unit that is compiled with it; everything is
// local to that unit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct F64x4 {
  using Scalar = double;
  using Vector = __m256d;
  static constexpr std::size_t kLanes = 4;
  static constexpr std::size_t kStripVectors = 4;

  static Vector all(double value) { return _mm256_set1_pd(value); }
  static Vector load(const double* from) { return _mm256_loadu_pd(from); }
  // The first `count` lanes, zero in the others.
  static Vector load_first(const double* from, std::size_t count) {
    const __m256i index = _mm256_setr_epi64x(0, 1, 2, 3);
    const __m256i end = _mm256_set1_epi64x(static_cast<long long>(count));
    return _mm256_maskload_pd(from, _mm256_cmpgt_epi64(end, index));
  }
  // Lane k takes from[k * stride].
  static Vector strided(const double* from, std::ptrdiff_t stride) {
    return _mm256_setr_pd(from[0], from[stride], from[2 * stride], from[3 * stride]);
  }
  static void store(double* to, Vector v) { _mm256_storeu_pd(to, v); }
  static Vector add(Vector a, Vector b) { return _mm256_add_pd(a, b); }
  static Vector subtract(Vector a, Vector b) { return _mm256_sub_pd(a, b); }
  // The bits of subtract: a·1 is exact. Zen has two ports for additions and minima, of which DTW
  // needs more than there are, and two for products, which this goes to.
  static Vector difference(Vector a, Vector b) { return _mm256_fmsub_pd(a, all(1), b); }
  static Vector multiply(Vector a, Vector b) { return _mm256_mul_pd(a, b); }
  static Vector minimum(Vector a, Vector b) { return _mm256_min_pd(a, b); }
  static Vector maximum(Vector a, Vector b) { return _mm256_max_pd(a, b); }
  static Vector divide(Vector a, Vector b) { return _mm256_div_pd(a, b); }
  static Vector root(Vector a) { return _mm256_sqrt_pd(a); }
  static Vector zero_where_less_equal(Vector a, Vector b, Vector v) {
    return _mm256_andnot_pd(_mm256_cmp_pd(a, b, _CMP_LE_OQ), v);
  }
  static Vector reverse(Vector v) { return _mm256_permute4x64_pd(v, _MM_SHUFFLE(0, 1, 2, 3)); }
  // Lane k takes lane k - 1; lane 0 takes the last lane of `below`.
  static Vector shift_up(Vector v, Vector below) {
    // Two shuffles of one operation each, where a permutation across the halves takes longer.
    return _mm256_shuffle_pd(_mm256_permute2f128_pd(below, v, 0x21), v, 0x5);
  }
  // Lane k takes lane k + 1; the last lane takes lane 0 of `above`.
  static Vector shift_down(Vector v, Vector above) {
    return _mm256_shuffle_pd(v, _mm256_permute2f128_pd(v, above, 0x21), 0x5);
  }
  static void store_last(double* to, Vector v) { _mm_storeh_pd(to, _mm256_extractf128_pd(v, 1)); }
  // Lanes whose index is in [first, last]; the others become `other`.
  static Vector keep(Vector v, double first, double last, Vector other) {
    const __m256d index = _mm256_setr_pd(0, 1, 2, 3);
    const __m256d inside = _mm256_and_pd(_mm256_cmp_pd(index, all(first), _CMP_GE_OQ),
                                         _mm256_cmp_pd(index, all(last), _CMP_LE_OQ));
    return _mm256_blendv_pd(other, v, inside);
  }
  // One bit a lane.
  static std::uint32_t less_equal(Vector a, Vector b) {
    return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_LE_OQ)));
  }
};

struct F32x8 {
  using Scalar = float;
  using Vector = __m256;
  static constexpr std::size_t kLanes = 8;
  static constexpr std::size_t kStripVectors = 4;

  static Vector all(float value) { return _mm256_set1_ps(value); }
  static Vector load(const float* from) { return _mm256_loadu_ps(from); }
  static Vector load_first(const float* from, std::size_t count) {
    const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i end = _mm256_set1_epi32(static_cast<int>(count));
    return _mm256_maskload_ps(from, _mm256_cmpgt_epi32(end, index));
  }
  static Vector strided(const float* from, std::ptrdiff_t stride) {
    return _mm256_setr_ps(from[0], from[stride], from[2 * stride], from[3 * stride],
                          from[4 * stride], from[5 * stride], from[6 * stride], from[7 * stride]);
  }
  static void store(float* to, Vector v) { _mm256_storeu_ps(to, v); }
  static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
  static Vector subtract(Vector a, Vector b) { return _mm256_sub_ps(a, b); }
  static Vector difference(Vector a, Vector b) { return _mm256_fmsub_ps(a, all(1), b); }
  static Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
  static Vector minimum(Vector a, Vector b) { return _mm256_min_ps(a, b); }
  static Vector reverse(Vector v) {
    return _mm256_permutevar8x32_ps(v, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
  }
  static Vector shift_up(Vector v, Vector below) {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i middle = _mm256_castps_si256(_mm256_permute2f128_ps(below, v, 0x21));
    return _mm256_castsi256_ps(_mm256_alignr_epi8(bits, middle, 12));
  }
  static Vector shift_down(Vector v, Vector above) {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i middle = _mm256_castps_si256(_mm256_permute2f128_ps(v, above, 0x21));
    return _mm256_castsi256_ps(_mm256_alignr_epi8(middle, bits, 4));
  }
  static void store_last(float* to, Vector v) {
    const __m128 high = _mm256_extractf128_ps(v, 1);
    _mm_store_ss(to, _mm_shuffle_ps(high, high, _MM_SHUFFLE(3, 3, 3, 3)));
  }
  static Vector keep(Vector v, float first, float last, Vector other) {
    const __m256 index = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256 inside = _mm256_and_ps(_mm256_cmp_ps(index, all(first), _CMP_GE_OQ),
                                        _mm256_cmp_ps(index, all(last), _CMP_LE_OQ));
    return _mm256_blendv_ps(other, v, inside);
  }
  static std::uint32_t less_equal(Vector a, Vector b) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LE_OQ)));
  }
};

}  // namespace
}  // namespace midstream::temporal::kernels
