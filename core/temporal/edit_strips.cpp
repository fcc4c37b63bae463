#include "core/temporal/edit_strips.hpp"

#include <algorithm>

#include "core/temporal/edit_words.hpp"
#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/strip_run.hpp"

namespace midstream::temporal {
namespace {

template <class Strips>
LastRow run_strips(EditMeasure measure, const Strips& strips, std::size_t n, std::size_t m) {
  StripRun<Strips> run(measure, strips, n, m, active_kernel_table().edit->most_words);
  while (!run.done()) run.advance(0, m);
  return run.differences(0, m);
}

// Column steps that a strip costs besides its own: tables and the wavefront's run-in.
constexpr std::size_t kStripOverhead = 60;

// In column steps of a kernel, counting eight pattern symbols as one.
std::size_t strips_cost(const kernels::EditKernel& kernel, std::size_t rows, std::size_t columns) {
  const std::size_t most_rows = 64 * kernel.most_words;
  return (rows + most_rows - 1) / most_rows * (columns + kStripOverhead) + rows / 8;
}

template <class Symbol>
std::size_t last_cell_of(EditMeasure measure, std::span<const Symbol> a,
                         std::span<const Symbol> b) {
  const kernels::EditKernel& kernel = *active_kernel_table().edit;
  const auto shorter = a.size() <= b.size() ? a : b;
  const auto longer = a.size() <= b.size() ? b : a;
  const std::size_t by_shorter = strips_cost(kernel, shorter.size(), longer.size());
  const std::size_t by_longer = strips_cost(kernel, longer.size(), shorter.size());
  if (shorter.size() <= kernels::kMostWordRows &&
      longer.size() <= std::min(by_shorter, by_longer)) {
    return word_value(measure, shorter, longer);
  }
  const auto pattern = by_shorter <= by_longer ? shorter : longer;
  const auto text = by_shorter <= by_longer ? longer : shorter;
  const std::ptrdiff_t first =
      measure == EditMeasure::kLcs ? 0 : static_cast<std::ptrdiff_t>(pattern.size());
  return static_cast<std::size_t>(first + last_row(measure, pattern, text).total());
}

}  // namespace

std::ptrdiff_t LastRow::total() const {
  std::uint64_t up = 0;
  std::uint64_t down = 0;
  for (std::size_t j = 0; j < plus.size(); ++j) {
    up += plus[j] >> bit & 1;
    down += minus[j] >> bit & 1;
  }
  return static_cast<std::ptrdiff_t>(up - down);
}

LastRow last_row(EditMeasure measure, std::span<const std::uint8_t> pattern,
                 std::span<const std::uint8_t> text) {
  return run_strips(measure, strips_of(pattern, text), pattern.size(), text.size());
}

LastRow last_row(EditMeasure measure, std::span<const std::uint32_t> pattern,
                 std::span<const std::uint32_t> text) {
  return run_strips(measure, strips_of(pattern, text), pattern.size(), text.size());
}

std::size_t last_cell(EditMeasure measure, std::span<const std::uint8_t> a,
                      std::span<const std::uint8_t> b) {
  return last_cell_of(measure, a, b);
}

std::size_t last_cell(EditMeasure measure, std::span<const std::uint32_t> a,
                      std::span<const std::uint32_t> b) {
  return last_cell_of(measure, a, b);
}

}  // namespace midstream::temporal
