#include "core/temporal/edit_words.hpp"

#include <algorithm>

#include "core/temporal/kernels/kernel_table.hpp"
#include "core/temporal/symbol_ids.hpp"
#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct PatternTag {};
struct TextTag {};

bool all_bytes(std::span<const std::uint32_t> symbols) {
  std::uint32_t seen = 0;
  for (const std::uint32_t symbol : symbols) seen |= symbol;
  return seen < 256;
}

// Values must be below 256.
template <class Tag>
std::span<const std::uint8_t> narrowed(std::span<const std::uint32_t> values) {
  const auto bytes = thread_buffer<Tag, std::uint8_t>(values.size());
  std::transform(values.begin(), values.end(), bytes.begin(),
                 [](std::uint32_t value) { return static_cast<std::uint8_t>(value); });
  return bytes;
}

}  // namespace

std::size_t word_value(EditMeasure measure, std::span<const std::uint8_t> pattern,
                       std::span<const std::uint8_t> text) {
  const kernels::EditKernel& kernel = *active_kernel_table().edit;
  const auto function = measure == EditMeasure::kLcs ? kernel.lcs_word : kernel.levenshtein_word;
  return function(pattern.data(), pattern.size(), text.data(), text.size());
}

std::size_t word_value(EditMeasure measure, std::span<const std::uint32_t> pattern,
                       std::span<const std::uint32_t> text) {
  if (all_bytes(pattern) && all_bytes(text)) {
    return word_value(measure, narrowed<PatternTag>(pattern), narrowed<TextTag>(text));
  }
  const SymbolIds ids = map_symbols(pattern, text);  // at most kMostWordRows, and 0
  return word_value(measure, narrowed<PatternTag>(ids.pattern), narrowed<TextTag>(ids.text));
}

}  // namespace midstream::temporal
