// Hash and equality of cache keys in plain C++.
#include <bit>
#include <cstring>

#include "core/temporal/kernels/content.inl.hpp"

namespace midstream::temporal::kernels {
namespace {

struct Word {
  using Vector = std::uint64_t;
  static constexpr std::size_t kLanes = 1;

  static Vector zero() { return 0; }
  static Vector load(const std::byte* from) {
    Vector word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
  static void store(std::uint64_t* to, Vector v) { *to = v; }
  static Vector add(Vector a, Vector b) { return a + b; }
  static Vector either(Vector a, Vector b) { return a | b; }
  static Vector differ(Vector a, Vector b) { return a ^ b; }
  static Vector rotate(Vector a) { return std::rotl(a, 23); }
  static bool none(Vector a) { return a == 0; }
  static Vector load_first(const std::byte* from, std::size_t size) {
    if constexpr (std::endian::native == std::endian::little) return first_bytes(from, size);
    Vector word = 0;
    std::memcpy(&word, from, size);
    return word;
  }
};

}  // namespace

const ContentKernel kContentScalar{.hash = content_hash<Word>, .equal = content_equal<Word>};

}  // namespace midstream::temporal::kernels
