#include "targets/limit.hpp"

#include <string>
#include <utility>

namespace midstream::targets {
namespace {

struct Operator {
  std::string_view text;
  Comparison comparison;
};
// The longer first: "<" is a prefix of "<=".
constexpr Operator kOperators[] = {{"<=", Comparison::kLessEqual},
                                   {">=", Comparison::kGreaterEqual},
                                   {"<", Comparison::kLess},
                                   {">", Comparison::kGreater}};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Error fault(std::string_view text, const std::string& rest) {
  return {ErrorCode::kParse, "limit '" + std::string(text) + "' " + rest};
}

// A zero is a fair limit for counts and shares ("<= 0" lost packets); nothing takes no time.
bool zero_has_meaning(Comparison comparison, Dimension dimension) {
  if (dimension != Dimension::kPlain && dimension != Dimension::kPercent) return false;
  return comparison == Comparison::kLessEqual || comparison == Comparison::kGreater;
}

}  // namespace

bool Limit::holds(double base_value) const {
  const double bound = quantity.base();
  switch (comparison) {
    case Comparison::kLess:
      return base_value < bound;
    case Comparison::kLessEqual:
      return base_value <= bound;
    case Comparison::kGreater:
      return base_value > bound;
    case Comparison::kGreaterEqual:
      return base_value >= bound;
  }
  return false;
}

bool is_upper(const Limit& limit) {
  return limit.comparison == Comparison::kLess || limit.comparison == Comparison::kLessEqual;
}

Result<Limit> parse_limit(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) {
    return Error{ErrorCode::kParse, "limit is empty; write e.g. \"< 10 ms\", in quotes"};
  }
  for (const Operator& candidate : kOperators) {
    if (!trimmed.starts_with(candidate.text)) continue;
    const std::string_view number = trim(trimmed.substr(candidate.text.size()));
    if (number.empty()) return fault(trimmed, "has no number; write e.g. '< 10 ms'");
    const Result<Quantity> quantity = parse_quantity(number);
    if (!quantity.ok()) return fault(trimmed, "is wrong: " + quantity.error().message);
    if (quantity->value < 0) {
      return fault(trimmed, "is negative; nothing measured is, write a positive number");
    }
    if (quantity->value == 0 && !zero_has_meaning(candidate.comparison, quantity->unit.dimension)) {
      return fault(trimmed, "is zero, which decides nothing; write a positive number");
    }
    return Limit{candidate.comparison, *quantity, std::string(trimmed)};
  }
  return fault(trimmed, "has no operator; write one of < <= > >= first, e.g. '< 10 ms'");
}

}  // namespace midstream::targets
