// Hash and equality of cache keys for AVX-512.
#include "core/temporal/kernels/content.inl.hpp"
#include "core/temporal/kernels/intrinsics.hpp"

namespace midstream::temporal::kernels {
namespace {

struct Words8 {
  using Vector = __m512i;
  static constexpr std::size_t kLanes = 8;

  static Vector zero() { return _mm512_setzero_si512(); }
  static Vector load(const std::byte* from) { return _mm512_loadu_si512(from); }
  static void store(std::uint64_t* to, Vector v) { _mm512_storeu_si512(to, v); }
  static Vector add(Vector a, Vector b) { return _mm512_add_epi64(a, b); }
  static Vector either(Vector a, Vector b) { return _mm512_or_si512(a, b); }
  static Vector differ(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
  static Vector rotate(Vector a) { return _mm512_rol_epi64(a, 23); }
  static bool none(Vector a) { return _mm512_test_epi64_mask(a, a) == 0; }
  static Vector load_first(const std::byte* from, std::size_t size) {
    return _mm512_maskz_loadu_epi8((__mmask64{1} << size) - 1, from);
  }
};

}  // namespace

const ContentKernel kContentAvx512{.hash = content_hash<Words8>, .equal = content_equal<Words8>};

}  // namespace midstream::temporal::kernels
