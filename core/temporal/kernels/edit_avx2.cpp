// Bit-parallel LCS and Levenshtein for AVX2: strips of up to 1024 rows.
#include "core/temporal/kernels/edit_table.inl.hpp"
#include "core/temporal/kernels/edit_wavefront.inl.hpp"
#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct U64x4 {
  using Vector = __m256i;
  static constexpr std::size_t kLanes = 4;

  static Vector zero() { return _mm256_setzero_si256(); }
  static Vector ones() { return _mm256_set1_epi64x(-1); }
  static Vector all(std::uint64_t word) { return _mm256_set1_epi64x(static_cast<long long>(word)); }
  static Vector load(const std::uint64_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static Vector add(Vector a, Vector b) { return _mm256_add_epi64(a, b); }
  static Vector both(Vector a, Vector b) { return _mm256_and_si256(a, b); }
  static Vector either(Vector a, Vector b) { return _mm256_or_si256(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
  static Vector without(Vector a, Vector b) { return _mm256_andnot_si256(b, a); }
  static Vector any_of(Vector a, Vector b, Vector c) { return either(either(a, b), c); }
  // a | ~(b | c)
  static Vector or_neither(Vector a, Vector b, Vector c) {
    return either(a, without(ones(), either(b, c)));
  }
  static Vector twice(Vector a) { return add(a, a); }
  static Vector top_bit(Vector a) { return _mm256_srli_epi64(a, 63); }
  // Lane k takes lane k - 1; lane 0 takes the last lane of `below`.
  static Vector shift_up(Vector v, Vector below) {
    return _mm256_alignr_epi8(v, _mm256_permute2x128_si256(below, v, 0x21), 8);
  }
  // Lanes whose index has bit 0 or 1 set come from `other`.
  static Vector odd_lanes_from(Vector v, Vector other) {
    return _mm256_blend_epi32(v, other, 0xCC);
  }
  static Vector odd_pairs_from(Vector v, Vector other) {
    return _mm256_blend_epi32(v, other, 0xF0);
  }
  // A 64-bit lane as the two 32-bit ones that permutevar8x32 takes; only the lowest counts.
  static Vector lane_index(std::size_t lane) {
    return all(std::uint64_t{2 * lane} | std::uint64_t{2 * lane + 1} << 32);
  }
  static void store_lane(std::uint64_t* to, Vector v, Vector index) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to),
                     _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(v, index)));
  }
};

// Up to 64 rows of bytes in two registers.
class CompareRows {
 public:
  CompareRows(const std::uint8_t* pattern, std::size_t n) {
    alignas(32) std::uint8_t padded[64] = {};
    for (std::size_t i = 0; i < n; ++i) padded[i] = pattern[i];
    low_ = _mm256_load_si256(reinterpret_cast<const __m256i*>(padded));
    high_ = _mm256_load_si256(reinterpret_cast<const __m256i*>(padded + 32));
  }
  [[nodiscard]] std::uint64_t match(std::uint8_t symbol) const {
    const __m256i all = _mm256_set1_epi8(static_cast<char>(symbol));
    const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low_, all)));
    const auto high =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high_, all)));
    return std::uint64_t{high} << 32 | low;
  }

 private:
  __m256i low_;
  __m256i high_;
};

// One word has no table to build and none to clear; for two, comparing costs more than the tables.
template <class Word>
class RowsByCompare : public CompareRows {
 public:
  using CompareRows::CompareRows;
};

template <>
class RowsByCompare<DoubleWord> : public RowsByTable<DoubleWord> {
 public:
  using RowsByTable<DoubleWord>::RowsOf;
};

constexpr std::size_t kMostVectors = 4;

}  // namespace

const EditKernel kEditAvx2{.levenshtein_word = value_of_pattern<EditWord, RowsByCompare>,
                           .lcs_word = value_of_pattern<LcsWord, RowsByCompare>,
                           .levenshtein_four = levenshtein_of_four<RowsByCompare>,
                           .word_multiple = U64x4::kLanes,
                           .most_words = kMostVectors * U64x4::kLanes,
                           .levenshtein = levenshtein_of<U64x4, kMostVectors>,
                           .lcs = lcs_of<U64x4, kMostVectors>};

}  // namespace midstream::temporal::kernels
