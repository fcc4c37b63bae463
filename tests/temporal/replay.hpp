// Whether a script or a subsequence is what it claims to be, by carrying it out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/temporal/edit_script.hpp"

namespace midstream::test {

// Carries the edits out on `a`, front to back; false if one is out of order or out of range, if a
// substitution changes nothing, or if the result is not `b`.
template <class Sequence>
bool turns_into(const Sequence& a, const Sequence& b, const std::vector<temporal::Edit>& edits) {
  std::size_t i = 0;
  std::size_t j = 0;
  const auto keep_until = [&](std::size_t next) {
    for (; i < next; ++i, ++j) {
      if (i >= a.size() || j >= b.size() || !(a[i] == b[j])) return false;
    }
    return i == next;
  };
  for (const temporal::Edit& edit : edits) {
    if (!keep_until(edit.i) || j != edit.j) return false;
    const bool takes = edit.kind != temporal::EditKind::kInsert;
    const bool gives = edit.kind != temporal::EditKind::kDelete;
    if ((takes && i >= a.size()) || (gives && j >= b.size())) return false;
    if (takes && gives && a[i] == b[j]) return false;
    i += takes ? 1 : 0;
    j += gives ? 1 : 0;
  }
  return keep_until(a.size()) && j == b.size();
}

// Indices in range and increasing on both sides, and symbols equal.
template <class Sequence>
bool is_common_subsequence(const Sequence& a, const Sequence& b,
                           const std::vector<temporal::CommonSymbol>& common) {
  for (std::size_t k = 0; k < common.size(); ++k) {
    if (common[k].i >= a.size() || common[k].j >= b.size()) return false;
    if (!(a[common[k].i] == b[common[k].j])) return false;
    if (k > 0 && (common[k - 1].i >= common[k].i || common[k - 1].j >= common[k].j)) return false;
  }
  return true;
}

}  // namespace midstream::test
