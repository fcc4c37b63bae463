#include "core/temporal/levenshtein.hpp"

#include <array>

#include "core/temporal/byte_view.hpp"
#include "core/temporal/common_ends.hpp"
#include "core/temporal/edit_cutoff.hpp"
#include "core/temporal/edit_strips.hpp"
#include "core/temporal/kernels/kernel_table.hpp"

namespace midstream::temporal {
namespace {

template <class Symbol>
std::size_t distance(std::span<const Symbol> a, std::span<const Symbol> b) {
  remove_common_ends(a, b);
  if (a.empty() || b.empty()) return a.size() + b.size();
  return last_cell(EditMeasure::kLevenshtein, a, b);
}

template <class Symbol>
std::optional<std::size_t> distance_within(std::span<const Symbol> a, std::span<const Symbol> b,
                                           std::size_t cutoff) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > cutoff) return std::nullopt;
  remove_common_ends(a, b);
  std::optional<std::size_t> found = a.size() + b.size();
  if (!a.empty() && !b.empty()) found = levenshtein_within(a, b, cutoff);
  if (found && *found > cutoff) return std::nullopt;
  return found;
}

}  // namespace

std::size_t levenshtein_distance(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return distance(a, b);
}

std::size_t levenshtein_distance(std::span<const std::uint32_t> a,
                                 std::span<const std::uint32_t> b) {
  return distance(a, b);
}

std::size_t levenshtein_distance(std::string_view a, std::string_view b) {
  return distance(bytes_of(a), bytes_of(b));
}

std::optional<std::size_t> levenshtein_distance_within(std::span<const std::uint8_t> a,
                                                       std::span<const std::uint8_t> b,
                                                       std::size_t cutoff) {
  return distance_within(a, b, cutoff);
}

std::optional<std::size_t> levenshtein_distance_within(std::span<const std::uint32_t> a,
                                                       std::span<const std::uint32_t> b,
                                                       std::size_t cutoff) {
  return distance_within(a, b, cutoff);
}

std::optional<std::size_t> levenshtein_distance_within(std::string_view a, std::string_view b,
                                                       std::size_t cutoff) {
  return distance_within(bytes_of(a), bytes_of(b), cutoff);
}

Status levenshtein_distances(std::string_view query, std::span<const std::string_view> texts,
                             std::span<std::size_t> distances) {
  if (texts.size() != distances.size()) {
    return Error{ErrorCode::kInvalidArgument, "as many results as texts are needed"};
  }
  std::size_t k = 0;
  if (!query.empty() && query.size() <= 64) {
    const auto four = active_kernel_table().edit->levenshtein_four;
    for (; k + 4 <= texts.size(); k += 4) {
      std::array<const std::uint8_t*, 4> data{};
      std::array<std::size_t, 4> sizes{};
      for (std::size_t i = 0; i < 4; ++i) {
        data[i] = bytes_of(texts[k + i]).data();
        sizes[i] = texts[k + i].size();
      }
      four(bytes_of(query).data(), query.size(), data.data(), sizes.data(), &distances[k]);
    }
  }
  for (; k < texts.size(); ++k) distances[k] = levenshtein_distance(query, texts[k]);
  return {};
}

}  // namespace midstream::temporal
