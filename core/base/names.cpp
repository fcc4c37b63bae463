#include "core/base/names.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace midstream {
namespace {

enum class TokenKind { kLiteral, kOne, kSegment, kAny };  // c ? * **

struct Token {
  TokenKind kind;
  char literal;
};

std::vector<Token> tokens_of(std::string_view pattern) {
  std::vector<Token> tokens;
  tokens.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*' && i + 1 < pattern.size() && pattern[i + 1] == '*') {
      tokens.push_back({TokenKind::kAny, '*'});
      ++i;
    } else if (pattern[i] == '*') {
      tokens.push_back({TokenKind::kSegment, '*'});
    } else if (pattern[i] == '?') {
      tokens.push_back({TokenKind::kOne, '?'});
    } else {
      tokens.push_back({TokenKind::kLiteral, pattern[i]});
    }
  }
  return tokens;
}

// Length of the UTF-8 character at `at`, so that '?' takes a letter of any language; 1 when the
// bytes are no UTF-8.
std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (length < 4 && at + length < text.size() &&
         (static_cast<unsigned char>(text[at + length]) & 0xc0) == 0x80) {
    ++length;
  }
  return length;
}

bool can_take(const Token& token, char c) {
  return token.kind == TokenKind::kAny || (token.kind == TokenKind::kSegment && c != '/');
}

// One row of the matching table: row[j] says whether this token and all after it match text[j…],
// given the same for the tokens after it.
std::vector<bool> row_before(const Token& token, const std::vector<bool>& after,
                             std::string_view text) {
  const std::size_t n = text.size();
  std::vector<bool> row(n + 1, false);
  const bool wildcard = token.kind == TokenKind::kAny || token.kind == TokenKind::kSegment;
  row[n] = wildcard && after[n];
  for (std::size_t j = n; j-- > 0;) {
    if (wildcard) {
      row[j] = after[j] || (can_take(token, text[j]) && row[j + 1]);
    } else if (token.kind == TokenKind::kOne) {
      row[j] = text[j] != '/' && after[j + character_length(text, j)];
    } else {
      row[j] = text[j] == token.literal && after[j + 1];
    }
  }
  return row;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);  // rows i - 1, i, i + 1
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    next[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = row[j] + (a[i] == b[j] ? 0 : 1);
      next[j + 1] = std::min({substitute, next[j] + 1, row[j + 1] + 1});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) next[j + 1] = std::min(next[j + 1], before[j - 1] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

}  // namespace

bool is_glob(std::string_view pattern) {
  return pattern.find_first_of("*?") != std::string_view::npos;
}

bool glob_match(std::string_view pattern, std::string_view text) {
  const std::vector<Token> tokens = tokens_of(pattern);
  std::vector<bool> row(text.size() + 1, false);
  row[text.size()] = true;
  for (std::size_t i = tokens.size(); i-- > 0;) row = row_before(tokens[i], row, text);
  return row[0];
}

std::optional<std::vector<std::string>> glob_captures(std::string_view pattern,
                                                      std::string_view text) {
  const std::vector<Token> tokens = tokens_of(pattern);
  std::vector<std::vector<bool>> table(tokens.size() + 1);
  table.back().assign(text.size() + 1, false);
  table.back()[text.size()] = true;
  for (std::size_t i = tokens.size(); i-- > 0;) {
    table[i] = row_before(tokens[i], table[i + 1], text);
  }
  if (!table[0][0]) return std::nullopt;

  // The table knows what the rest can match, so the shortest choice never has to be taken back.
  std::vector<std::string> captures;
  std::size_t at = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::size_t end = at;
    if (tokens[i].kind == TokenKind::kLiteral) {
      ++at;
      continue;
    }
    if (tokens[i].kind == TokenKind::kOne) {
      end += character_length(text, at);
    } else {
      while (!table[i + 1][end]) ++end;
    }
    captures.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return captures;
}

std::string glob_fill(std::string_view pattern, std::span<const std::string> captures) {
  std::string filled;
  std::size_t next = 0;
  for (const Token& token : tokens_of(pattern)) {
    if (token.kind == TokenKind::kLiteral) {
      filled += token.literal;
    } else if (next < captures.size()) {
      filled += captures[next++];
    } else {
      filled += token.kind == TokenKind::kAny ? "**" : std::string(1, token.literal);
    }
  }
  return filled;
}

std::string nearest_name(std::string_view wrong, std::span<const std::string> candidates) {
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(wrong.size(), candidate.size());
    const std::size_t shorter = std::min(wrong.size(), candidate.size());
    // The lengths alone already tell most of them apart, before anything quadratic.
    if (longer - shorter > longer / 3) continue;
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance <= longer / 3 && (best == nullptr || distance < best_distance)) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best == nullptr ? std::string() : *best;
}

}  // namespace midstream
