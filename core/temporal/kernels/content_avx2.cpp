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
  static void store_bytes(std::byte* to, Vector v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), v);
  }
  static void copy_padded(const std::byte* from, std::size_t size, std::byte* block) {
    store_bytes(block, zero());
    store_bytes(block + 32, zero());
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) __builtin_memcpy(block + i, from + i, 8);
    for (; i < size; ++i) block[i] = from[i];
  }
};

}  // namespace

const ContentKernel kContentAvx2{.hash = content_hash<Words4>, .equal = content_equal<Words4>};

}  // namespace midstream::temporal::kernels
