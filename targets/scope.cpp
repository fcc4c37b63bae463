// Which rows and benchmarks a run is about.
#include "targets/scope.hpp"

#include <algorithm>
#include <iterator>

#include "core/base/names.hpp"

namespace midstream::targets {
namespace {

struct Piece {
  enum Kind { kLiteral, kOne, kSegment, kAny } kind = kLiteral;
  char literal = 0;
  [[nodiscard]] bool is_run() const { return kind == kSegment || kind == kAny; }
};

std::vector<Piece> pieces_of(std::string_view pattern) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      const bool any = i + 1 < pattern.size() && pattern[i + 1] == '*';
      pieces.push_back({any ? Piece::kAny : Piece::kSegment, 0});
      if (any) ++i;
    } else if (pattern[i] == '?') {
      pieces.push_back({Piece::kOne, 0});
    } else {
      pieces.push_back({Piece::kLiteral, pattern[i]});
    }
  }
  return pieces;
}

// Can one character be taken by both, where a run takes it and stays?
bool share_character(const Piece& a, const Piece& b) {
  const auto takes_slash = [](const Piece& piece) {
    return piece.kind == Piece::kAny || (piece.kind == Piece::kLiteral && piece.literal == '/');
  };
  if (a.kind == Piece::kLiteral && b.kind == Piece::kLiteral) return a.literal == b.literal;
  if (a.kind == Piece::kLiteral) return a.literal != '/' || takes_slash(b);
  if (b.kind == Piece::kLiteral) return b.literal != '/' || takes_slash(a);
  return true;
}

// The table's last row: does nothing overlap with second[j…]? Only where that is all runs.
std::vector<bool> last_row(const std::vector<Piece>& second) {
  std::vector<bool> row(second.size() + 1, false);
  row.back() = true;
  for (std::size_t j = second.size(); j-- > 0;) row[j] = second[j].is_run() && row[j + 1];
  return row;
}

// One row of the table: row[j] says whether first[i…] and second[j…] overlap, given the same for
// first[i+1…]. `piece` is first[i].
std::vector<bool> overlap_row(const Piece& piece, const std::vector<Piece>& second,
                              const std::vector<bool>& after) {
  std::vector<bool> row(second.size() + 1, false);
  row.back() = piece.is_run() && after.back();
  for (std::size_t j = second.size(); j-- > 0;) {
    const bool run = piece.is_run();
    const bool other_run = second[j].is_run();
    // A run may end here; otherwise both take a character, and a run stays where it is.
    row[j] = (run && after[j]) || (other_run && row[j + 1]);
    if ((run && other_run) || !share_character(piece, second[j])) continue;
    row[j] = row[j] || (run ? row[j + 1] : after[other_run ? j : j + 1]);
  }
  return row;
}

}  // namespace

// Reachability in the product of the two patterns' automata, from the back.
bool globs_overlap(std::string_view first, std::string_view second) {
  const std::vector<Piece> a = pieces_of(first);
  const std::vector<Piece> b = pieces_of(second);
  std::vector<bool> row = last_row(b);
  for (std::size_t i = a.size(); i-- > 0;) row = overlap_row(a[i], b, row);
  return row[0];
}

bool glob_covers(std::string_view wide, std::string_view narrow) {
  if (wide == narrow) return true;
  // The narrow pattern is tried as names, its runs filled with nothing, with a character that
  // only a wildcard of the wide pattern can take, and "**" with slashes in every place.
  struct Filling {
    std::string_view segment, any;
  };
  constexpr Filling kFillings[] = {{"", ""},      {"\1\1", "\1\1"}, {"\1", "/"},
                                   {"\1", "\1/"}, {"\1", "/\1"},    {"\1", "\1/\1"}};
  const std::vector<Piece> pieces = pieces_of(narrow);
  return std::all_of(std::begin(kFillings), std::end(kFillings), [&](const Filling& filling) {
    std::string name;
    for (const Piece& piece : pieces) {
      if (piece.kind == Piece::kLiteral) name += piece.literal;
      if (piece.kind == Piece::kOne) name += '\1';
      if (piece.kind == Piece::kSegment) name += filling.segment;
      if (piece.kind == Piece::kAny) name += filling.any;
    }
    return glob_match(wide, name);
  });
}

Coverage filter_coverage(std::string_view pattern, const std::vector<std::string>& filters) {
  if (filters.empty()) return Coverage::kAll;
  Coverage coverage = Coverage::kNone;
  for (const std::string& filter : filters) {
    if (glob_covers(filter, pattern)) return Coverage::kAll;
    if (globs_overlap(filter, pattern)) coverage = Coverage::kSome;
  }
  return coverage;
}

bool is_chosen(std::string_view id, const std::vector<std::string>& filters) {
  return filters.empty() ||
         std::any_of(filters.begin(), filters.end(),
                     [&](const std::string& filter) { return glob_match(filter, id); });
}

bool suite_chosen(std::string_view suite, const std::vector<std::string>& suites) {
  return suites.empty() || std::find(suites.begin(), suites.end(), suite) != suites.end();
}

bool in_scope(const Component& component, const Target& target, const measure::Results& scope) {
  return suite_chosen(component.id, scope.suites) &&
         filter_coverage(target.benchmark, scope.filters) != Coverage::kNone;
}

std::string reference_of(const Target& target, std::string_view benchmark) {
  const auto captures = glob_captures(target.benchmark, benchmark);
  return captures ? glob_fill(target.reference, *captures) : target.reference;
}

}  // namespace midstream::targets
