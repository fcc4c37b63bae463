// Bit-parallel LCS and Levenshtein for AVX-512: strips of up to 2048 rows.
#include "core/temporal/kernels/edit_table.inl.hpp"
#include "core/temporal/kernels/edit_wavefront.inl.hpp"
#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct U64x8 {
  using Vector = __m512i;
  static constexpr std::size_t kLanes = 8;

  static Vector zero() { return _mm512_setzero_si512(); }
  static Vector ones() { return _mm512_set1_epi64(-1); }
  static Vector all(std::uint64_t word) { return _mm512_set1_epi64(static_cast<long long>(word)); }
  static Vector load(const std::uint64_t* from) { return _mm512_loadu_si512(from); }
  static Vector add(Vector a, Vector b) { return _mm512_add_epi64(a, b); }
  static Vector both(Vector a, Vector b) { return _mm512_and_si512(a, b); }
  static Vector either(Vector a, Vector b) { return _mm512_or_si512(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
  static Vector without(Vector a, Vector b) { return _mm512_andnot_si512(b, a); }
  static Vector any_of(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xFE);
  }
  // a | ~(b | c)
  static Vector or_neither(Vector a, Vector b, Vector c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xF1);
  }
  static Vector twice(Vector a) { return _mm512_slli_epi64(a, 1); }
  static Vector top_bit(Vector a) { return _mm512_srli_epi64(a, 63); }
  // Lane k takes lane k - 1; lane 0 takes the last lane of `below`.
  static Vector shift_up(Vector v, Vector below) { return _mm512_alignr_epi64(v, below, 7); }
  // Lanes whose index has bit 0, 1 or 2 set come from `other`.
  static Vector odd_lanes_from(Vector v, Vector other) {
    return _mm512_mask_mov_epi64(v, 0xAA, other);
  }
  static Vector odd_pairs_from(Vector v, Vector other) {
    return _mm512_mask_mov_epi64(v, 0xCC, other);
  }
  static Vector odd_quads_from(Vector v, Vector other) {
    return _mm512_mask_mov_epi64(v, 0xF0, other);
  }
  static Vector lane_index(std::size_t lane) { return all(lane); }
  static void store_lane(std::uint64_t* to, Vector v, Vector index) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to),
                     _mm512_castsi512_si128(_mm512_permutexvar_epi64(index, v)));
  }
};

// Up to 64 rows of bytes in a register.
class CompareRows {
 public:
  CompareRows(const std::uint8_t* pattern, std::size_t n)
      : rows_(_mm512_maskz_loadu_epi8(n == 64 ? ~__mmask64{0} : (__mmask64{1} << n) - 1, pattern)) {
  }
  [[nodiscard]] std::uint64_t match(std::uint8_t symbol) const {
    return _mm512_cmpeq_epi8_mask(rows_, _mm512_set1_epi8(static_cast<char>(symbol)));
  }

 private:
  __m512i rows_;
};

template <class Word>
using RowsByCompare = RowsOf<CompareRows, CompareRows, Word>;

constexpr std::size_t kMostVectors = 4;

}  // namespace

const EditKernel kEditAvx512{.levenshtein_word = value_of_pattern<EditWord, RowsByCompare>,
                             .lcs_word = value_of_pattern<LcsWord, RowsByCompare>,
                             .levenshtein_four = levenshtein_of_four<RowsByCompare>,
                             .word_multiple = U64x8::kLanes,
                             .most_words = kMostVectors * U64x8::kLanes,
                             .levenshtein = levenshtein_of<U64x8, kMostVectors>,
                             .lcs = lcs_of<U64x8, kMostVectors>};

}  // namespace midstream::temporal::kernels
