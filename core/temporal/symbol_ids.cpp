#include "core/temporal/symbol_ids.hpp"

#include <algorithm>
#include <bit>

#include "core/temporal/workspace.hpp"

namespace midstream::temporal {
namespace {

struct SlotTag {};
struct PatternTag {};
struct TextTag {};

struct Slot {
  std::uint32_t symbol;
  std::uint32_t id;  // 0: empty
};

// At most half full, so that probing stays short.
class SymbolTable {
 public:
  explicit SymbolTable(std::size_t symbols)
      : slots_(thread_buffer<SlotTag, Slot>(std::bit_ceil(2 * symbols + 2))),
        shift_(64 - std::countr_zero(slots_.size())) {
    std::fill(slots_.begin(), slots_.end(), Slot{0, 0});
  }

  // The slot that holds the symbol, or the empty one where it belongs.
  Slot& find(std::uint32_t symbol) {
    std::size_t i = (symbol * 0x9e3779b97f4a7c15ULL) >> shift_;
    while (slots_[i].id != 0 && slots_[i].symbol != symbol) i = (i + 1) & (slots_.size() - 1);
    return slots_[i];
  }

 private:
  std::span<Slot> slots_;
  int shift_;
};

}  // namespace

SymbolIds map_symbols(std::span<const std::uint32_t> pattern, std::span<const std::uint32_t> text) {
  SymbolTable table(pattern.size());
  const auto pattern_ids = thread_buffer<PatternTag, std::uint32_t>(pattern.size());
  const auto text_ids = thread_buffer<TextTag, std::uint32_t>(text.size());
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    Slot& slot = table.find(pattern[i]);
    if (slot.id == 0) slot = {pattern[i], ++largest};
    pattern_ids[i] = slot.id;
  }
  for (std::size_t j = 0; j < text.size(); ++j) text_ids[j] = table.find(text[j]).id;
  return {pattern_ids, text_ids, largest};
}

}  // namespace midstream::temporal
