#include "core/temporal/lcs.hpp"

#include "core/base/deliberate_slowdown.hpp"
#include "core/temporal/byte_view.hpp"
#include "core/temporal/common_ends.hpp"
#include "core/temporal/edit_strips.hpp"

namespace midstream::temporal {
namespace {

template <class Symbol>
std::size_t length(std::span<const Symbol> a, std::span<const Symbol> b) {
  const CommonEnds ends = remove_common_ends(a, b);
  const std::size_t common = ends.prefix + ends.suffix;
  if (a.empty() || b.empty()) return common;
  return common + last_cell(EditMeasure::kLcs, a, b);
}

}  // namespace

std::size_t lcs_length(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return deliberately_slowed([&] { return length(a, b); });
}

std::size_t lcs_length(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  return deliberately_slowed([&] { return length(a, b); });
}

std::size_t lcs_length(std::string_view a, std::string_view b) {
  return lcs_length(bytes_of(a), bytes_of(b));
}

}  // namespace midstream::temporal
