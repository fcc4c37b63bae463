// The few vector operations the DTW kernels are written in, for AVX-512. Include only from a
// translation unit that is compiled with it; everything is local to that unit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct F64x8 {
  using Scalar = double;
  using Vector = __m512d;
  static constexpr std::size_t kLanes = 8;
  // Rows of a strip divided by lanes: what fits the 32 registers beside the operands.
  static constexpr std::size_t kStripVectors = 8;

  static Vector all(double value) { return _mm512_set1_pd(value); }
  static Vector load(const double* from) { return _mm512_loadu_pd(from); }
  // The first `count` lanes, zero in the others.
  static Vector load_first(const double* from, std::size_t count) {
    return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << count) - 1), from);
  }
  static void store(double* to, Vector v) { _mm512_storeu_pd(to, v); }
  static Vector add(Vector a, Vector b) { return _mm512_add_pd(a, b); }
  static Vector subtract(Vector a, Vector b) { return _mm512_sub_pd(a, b); }
  static Vector difference(Vector a, Vector b) { return subtract(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm512_mul_pd(a, b); }
  static Vector minimum(Vector a, Vector b) { return _mm512_min_pd(a, b); }
  static Vector maximum(Vector a, Vector b) { return _mm512_max_pd(a, b); }
  static Vector divide(Vector a, Vector b) { return _mm512_div_pd(a, b); }
  static Vector root(Vector a) { return _mm512_sqrt_pd(a); }
  static Vector zero_where_less_equal(Vector a, Vector b, Vector v) {
    return _mm512_mask_mov_pd(v, _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ), _mm512_setzero_pd());
  }
  static Vector reverse(Vector v) {
    return _mm512_permutexvar_pd(_mm512_setr_epi64(7, 6, 5, 4, 3, 2, 1, 0), v);
  }
  // Lane k takes lane k - 1; lane 0 takes the last lane of `below`.
  static Vector shift_up(Vector v, Vector below) {
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(v), _mm512_castpd_si512(below), 7));
  }
  // Lane k takes lane k + 1; the last lane takes lane 0 of `above`.
  static Vector shift_down(Vector v, Vector above) {
    return _mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512(above), _mm512_castpd_si512(v), 1));
  }
  static void store_last(double* to, Vector v) { _mm_storeh_pd(to, _mm512_extractf64x2_pd(v, 3)); }
  // Lanes whose index is in [first, last]; the others become `other`.
  static Vector keep(Vector v, double first, double last, Vector other) {
    const __m512d index = _mm512_setr_pd(0, 1, 2, 3, 4, 5, 6, 7);
    const __mmask8 inside = _mm512_cmp_pd_mask(index, all(first), _CMP_GE_OQ) &
                            _mm512_cmp_pd_mask(index, all(last), _CMP_LE_OQ);
    return _mm512_mask_mov_pd(other, inside, v);
  }
  // One bit a lane.
  static std::uint32_t less_equal(Vector a, Vector b) {
    return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
  }
};

struct F32x16 {
  using Scalar = float;
  using Vector = __m512;
  static constexpr std::size_t kLanes = 16;
  static constexpr std::size_t kStripVectors = 8;

  static Vector all(float value) { return _mm512_set1_ps(value); }
  static Vector load(const float* from) { return _mm512_loadu_ps(from); }
  static Vector load_first(const float* from, std::size_t count) {
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), from);
  }
  static void store(float* to, Vector v) { _mm512_storeu_ps(to, v); }
  static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
  static Vector subtract(Vector a, Vector b) { return _mm512_sub_ps(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
  static Vector minimum(Vector a, Vector b) { return _mm512_min_ps(a, b); }
  static Vector reverse(Vector v) {
    return _mm512_permutexvar_ps(
        _mm512_setr_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), v);
  }
  static Vector shift_up(Vector v, Vector below) {
    return _mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(v), _mm512_castps_si512(below), 15));
  }
  static Vector shift_down(Vector v, Vector above) {
    return _mm512_castsi512_ps(
        _mm512_alignr_epi32(_mm512_castps_si512(above), _mm512_castps_si512(v), 1));
  }
  static void store_last(float* to, Vector v) {
    _mm_store_ss(to, _mm_shuffle_ps(_mm512_extractf32x4_ps(v, 3), _mm512_extractf32x4_ps(v, 3),
                                    _MM_SHUFFLE(3, 3, 3, 3)));
  }
  static Vector keep(Vector v, float first, float last, Vector other) {
    const __m512 index = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __mmask16 inside = _mm512_cmp_ps_mask(index, all(first), _CMP_GE_OQ) &
                             _mm512_cmp_ps_mask(index, all(last), _CMP_LE_OQ);
    return _mm512_mask_mov_ps(other, inside, v);
  }
  static std::uint32_t less_equal(Vector a, Vector b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
  }
};

}  // namespace
}  // namespace midstream::temporal::kernels
