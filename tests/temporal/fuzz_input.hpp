// Reads a fuzzer's bytes as the inputs of an algorithm. Where they end, zeros follow.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace midstream::test {

class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  // In [0, limit), limit at most 256.
  std::size_t below(std::size_t limit) { return byte() % limit; }

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::size_t size() const { return rest_.size(); }

  std::string text(std::size_t most) {
    std::string text;
    while (!empty() && text.size() < most) text += static_cast<char>(byte());
    return text;
  }

  // Any bit pattern: infinities, NaN and denormals too.
  template <class T>
  std::vector<T> raw(std::size_t most) {
    std::vector<T> values;
    while (rest_.size() >= sizeof(T) && values.size() < most) {
      T value;
      std::memcpy(&value, rest_.data(), sizeof value);
      rest_ = rest_.subspan(sizeof value);
      values.push_back(value);
    }
    return values;
  }

  // Small steps, which give ties and flat stretches; a byte of 127 is a jump of `spike`.
  std::vector<double> walk(std::size_t most, double spike) {
    std::vector<double> values;
    double at = 0;
    while (!empty() && values.size() < most) {
      const auto step = static_cast<std::int8_t>(byte());
      values.push_back(step == 127 ? at + spike : at += step % 8);
    }
    return values;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

inline void fuzz_require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "DIFFERENCE: %s\n", what);
  std::abort();
}

}  // namespace midstream::test
