// Hash and equality of cache keys for AVX2.
#include "core/temporal/kernels/content.inl.hpp"
#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct Words4 {
  using Vector = __m256i;
  static constexpr std::size_t kLanes = 4;

  static Vector zero() { return _mm256_setzero_si256(); }
  static Vector load(const std::byte* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static void store(std::uint64_t* to, Vector v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), v);
  }
  static Vector add(Vector a, Vector b) { return _mm256_add_epi64(a, b); }
  static Vector either(Vector a, Vector b) { return _mm256_or_si256(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
  static Vector rotate(Vector a) {
    return either(_mm256_slli_epi64(a, 23), _mm256_srli_epi64(a, 64 - 23));
  }
  static bool none(Vector a) { return _mm256_testz_si256(a, a) != 0; }
  static Vector load_first(const std::byte* from, std::size_t size) {
    const Vector index = _mm256_setr_epi64x(0, 1, 2, 3);
    const Vector whole = _mm256_set1_epi64x(static_cast<long long>(size / 8));
    const Vector used = _mm256_cmpgt_epi64(whole, index);
    const Vector words = _mm256_maskload_epi64(reinterpret_cast<const long long*>(from), used);
    if (size % 8 == 0) return words;
    const std::uint64_t rest = first_bytes(from + size / 8 * 8, size % 8);
    const Vector last = _mm256_cmpeq_epi64(whole, index);
    return either(words, _mm256_and_si256(last, _mm256_set1_epi64x(static_cast<long long>(rest))));
  }
};

}  // namespace

const ContentKernel kContentAvx2{.hash = content_hash<Words4>, .equal = content_equal<Words4>};

}  // namespace midstream::temporal::kernels
