// How one sequence turns into another: the edits of a cheapest Levenshtein script, and the symbols
// of a longest common subsequence, both in linear memory.
//
// Where several scripts or subsequences are equally good, which one is returned is unspecified,
// but it is the same on every kernel and platform.
//
// a, b:       n and m symbols, bytes or 32-bit values; at most 2^32 - 1 each.
// Complexity: O(n·m / 32) time (Hirschberg 1975 over bit-parallel rows), O(n + m) memory.
// Memory:     `out` keeps its capacity and tables live in buffers of the calling thread.
// Threads:    safe to call from any number of threads, each with its own `out`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace midstream::temporal {

enum class EditKind : std::uint8_t { kDelete, kInsert, kSubstitute };

// a[i] is deleted; b[j] is inserted before a[i]; or a[i] becomes b[j].
struct Edit {
  EditKind kind;
  std::uint32_t i;
  std::uint32_t j;
  bool operator==(const Edit&) const = default;
};

// Edits from front to back, as many as the distance.
void edit_script(std::string_view a, std::string_view b, std::vector<Edit>& out);
void edit_script(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                 std::vector<Edit>& out);

// a[i] and b[j] are equal and both belong to the subsequence.
struct CommonSymbol {
  std::uint32_t i;
  std::uint32_t j;
  bool operator==(const CommonSymbol&) const = default;
};

// From front to back, as many as the length.
void common_subsequence(std::string_view a, std::string_view b, std::vector<CommonSymbol>& out);
void common_subsequence(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                        std::vector<CommonSymbol>& out);

}  // namespace midstream::temporal
