// A 64-bit digest of an answer, to compare the answers of a timed launch with the proved ones.
//
// Equal answers have equal fingerprints (doubles by bit pattern); FNV-1a with a final mix.
// Add an overload beside an answer type of your own to use it in a benchmark.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace midstream::suites {

class Fingerprint {
 public:
  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void add(T value) { mix(static_cast<std::uint64_t>(value)); }
  void add(double value) { mix(std::bit_cast<std::uint64_t>(value)); }
  void add(float value) { mix(std::bit_cast<std::uint32_t>(value)); }
  void add(std::string_view bytes) {
    mix(bytes.size());
    for (const char c : bytes) mix(static_cast<unsigned char>(c));
  }
  template <class A, class B>
  void add(const std::pair<A, B>& pair) {
    add(pair.first);
    add(pair.second);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    mix(values.size());
    for (const auto& value : values) add(value);
  }
  // Any type with a member `void fingerprint(Fingerprint&) const`.
  template <class T>
  requires requires(const T& value, Fingerprint& sink) { value.fingerprint(sink); }
  void add(const T& value) { value.fingerprint(*this); }

  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t x = state_;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 32);
  }

 private:
  void mix(std::uint64_t word) {
    state_ ^= word;
    state_ *= 0x100000001b3ULL;
    state_ ^= state_ >> 29;
  }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace midstream::suites
