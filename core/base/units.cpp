#include "core/base/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <span>
#include <vector>

#include "core/base/names.hpp"

namespace midstream {
namespace {

struct Named {
  std::string_view symbol;
  Dimension dimension;
  double scale;
};

// Both micro signs: U+00B5 is on keyboards, U+03BC is what Unicode normalisation leaves.
constexpr Named kUnits[] = {
    {"ns", Dimension::kTime, 1},         {"us", Dimension::kTime, 1e3},
    {"\u00b5s", Dimension::kTime, 1e3},  {"\u03bcs", Dimension::kTime, 1e3},
    {"ms", Dimension::kTime, 1e6},       {"s", Dimension::kTime, 1e9},
    {"B", Dimension::kSize, 1},          {"kB", Dimension::kSize, 1e3},
    {"KB", Dimension::kSize, 1e3},       {"KiB", Dimension::kSize, 1024},
    {"MB", Dimension::kSize, 1e6},       {"MiB", Dimension::kSize, 1024.0 * 1024},
    {"GB", Dimension::kSize, 1e9},       {"GiB", Dimension::kSize, 1024.0 * 1024 * 1024},
    {"bps", Dimension::kDataRate, 1},    {"Kbps", Dimension::kDataRate, 1e3},
    {"Mbps", Dimension::kDataRate, 1e6}, {"Gbps", Dimension::kDataRate, 1e9},
    {"B/s", Dimension::kDataRate, 8},    {"kB/s", Dimension::kDataRate, 8e3},
    {"KB/s", Dimension::kDataRate, 8e3}, {"MB/s", Dimension::kDataRate, 8e6},
    {"GB/s", Dimension::kDataRate, 8e9}, {"/s", Dimension::kRate, 1},
    {"%", Dimension::kPercent, 1},       {"x", Dimension::kRatio, 1},
};

// Items that would read as bits or bytes per second but be taken for a count of things.
constexpr std::string_view kNotItems[] = {"b",   "kb",   "mb",   "gb",   "kib",  "mib",
                                          "bit", "bits", "kbit", "mbit", "byte", "bytes"};

bool is_item(std::string_view text) {
  const bool letters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
  return letters &&
         std::find(std::begin(kNotItems), std::end(kNotItems), text) == std::end(kNotItems);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

double prefix_scale(char prefix) {
  switch (prefix) {
    case 'K':
      return 1e3;
    case 'M':
      return 1e6;
    case 'G':
      return 1e9;
    default:
      return 0;
  }
}

// "cells/s", "M cells/s", "K/s", and "Mops/s" because everybody writes it. Any other word keeps
// its capital apart: "Messages/s" must not pass as a million essages a second.
bool parse_rate(std::string_view text, Unit& unit) {
  if (!text.ends_with("/s")) return false;
  std::string_view item = text.substr(0, text.size() - 2);
  double scale = 1;
  if (!item.empty() && prefix_scale(item.front()) > 0) {
    scale = prefix_scale(item.front());
    item.remove_prefix(1);
    if (!item.empty() && item.front() != ' ' && item != "ops") return false;
    item = trimmed(item);
  }
  if (!is_item(item)) return false;
  unit = {std::string(text), Dimension::kRate, scale};
  return true;
}

std::string with_digits(double value, std::string_view suffix) {
  // %g drops zeros that are significant, so the decimals are counted here.
  const double size = std::fabs(value);
  char text[64];
  if (size != 0 && size < 1e-3) {
    std::snprintf(text, sizeof text, "%.2e", value);
  } else {
    int decimals = 0;
    for (double next = 99.95; decimals < 5 && size < next; next /= 10) ++decimals;
    std::snprintf(text, sizeof text, "%.*f", size == 0 ? 0 : decimals, value);
  }
  return text + std::string(suffix);
}

struct Step {
  double scale;
  std::string_view suffix;
};

// The largest step in which the value, as it will be printed, is at least 1.
std::string with_step(double value, std::span<const Step> steps) {
  const Step* chosen = &steps[0];
  for (const Step& step : steps) {
    if (std::fabs(value) >= step.scale * 0.9995) chosen = &step;
  }
  return with_digits(value / chosen->scale, chosen->suffix);
}

constexpr std::array<Step, 4> kTimeSteps = {
    {{1, " ns"}, {1e3, " \u00b5s"}, {1e6, " ms"}, {1e9, " s"}}};
constexpr std::array<Step, 4> kSizeSteps = {{{1, " B"}, {1e3, " KB"}, {1e6, " MB"}, {1e9, " GB"}}};
constexpr std::array<Step, 4> kDataRateSteps = {
    {{1, " bps"}, {1e3, " Kbps"}, {1e6, " Mbps"}, {1e9, " Gbps"}}};
constexpr std::array<Step, 4> kRateSteps = {
    {{1, " /s"}, {1e3, " K/s"}, {1e6, " M/s"}, {1e9, " G/s"}}};

bool is_count(double value) { return value == std::floor(value) && std::fabs(value) < 1e15; }

std::string whole(double value, std::string_view suffix) {
  char text[64];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text + std::string(suffix);
}

}  // namespace

Result<Unit> parse_unit(std::string_view text) {
  const std::string_view symbol = trimmed(text);
  if (symbol.empty()) return Unit{};
  for (const Named& unit : kUnits) {
    if (unit.symbol == symbol) return Unit{std::string(symbol), unit.dimension, unit.scale};
  }
  Unit rate;
  if (parse_rate(symbol, rate)) return rate;

  std::vector<std::string> known;
  std::string list;
  for (const Named& unit : kUnits) {
    known.emplace_back(unit.symbol);
    list += (list.empty() ? "" : " ") + known.back();
  }
  // Wrong capitals are the usual slip ("MS", "gbps"), and of edit distance too large to be near.
  std::string hint;
  for (const std::string& name : known) {
    const bool same = std::equal(name.begin(), name.end(), symbol.begin(), symbol.end(),
                                 [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    if (same && hint.empty()) hint = name;
  }
  if (hint.empty()) hint = nearest_name(symbol, known);
  return Error{ErrorCode::kParse,
               "unknown unit '" + std::string(symbol) + "'; " +
                   (hint.empty() ? "known units: " + list + " and items/s, M items/s"
                                 : "did you mean '" + hint + "'?")};
}

Result<Quantity> parse_quantity(std::string_view text) {
  const std::string_view body = trimmed(text);
  // from_chars takes no '+', and would take "inf" and "nan".
  const std::string_view number = body.starts_with('+') ? body.substr(1) : body;
  const bool starts_well =
      !number.empty() && ((number[0] == '-' && number.data() == body.data()) || number[0] == '.' ||
                          (number[0] >= '0' && number[0] <= '9'));
  const std::string quoted = std::string("'").append(body).append("'");
  Quantity quantity;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), quantity.value);
  if (!starts_well || error != std::errc{} || !std::isfinite(quantity.value)) {
    return Error{ErrorCode::kParse,
                 quoted + " is no quantity; write a number and a unit, as in \"10 ms\""};
  }
  auto unit = parse_unit({end, static_cast<std::size_t>(number.data() + number.size() - end)});
  if (!unit.ok()) return unit.error();
  quantity.unit = std::move(unit).value();
  if (!std::isfinite(quantity.base())) {
    return Error{ErrorCode::kParse, quoted + " is too large"};
  }
  return quantity;
}

std::string_view dimension_name(Dimension dimension) {
  switch (dimension) {
    case Dimension::kPlain:
      return "plain number";
    case Dimension::kTime:
      return "time";
    case Dimension::kSize:
      return "size";
    case Dimension::kDataRate:
      return "data rate";
    case Dimension::kRate:
      return "rate";
    case Dimension::kPercent:
      return "percentage";
    case Dimension::kRatio:
      return "ratio";
  }
  return "unknown";
}

std::string_view base_unit(Dimension dimension) {
  switch (dimension) {
    case Dimension::kPlain:
      return "";
    case Dimension::kTime:
      return "ns";
    case Dimension::kSize:
      return "B";
    case Dimension::kDataRate:
      return "bps";
    case Dimension::kRate:
      return "/s";
    case Dimension::kPercent:
      return "%";
    case Dimension::kRatio:
      return "x";
  }
  return "";
}

std::string format_quantity(double base_value, Dimension dimension) {
  if (!std::isfinite(base_value)) return "not a number";
  switch (dimension) {
    case Dimension::kPlain:
      return is_count(base_value) ? whole(base_value, "") : with_digits(base_value, "");
    case Dimension::kTime:
      return with_step(base_value, kTimeSteps);
    case Dimension::kSize:
      // Bytes are counted: "512 B", not "512.0 B" or "3.00 B".
      if (is_count(base_value) && std::fabs(base_value) < 1000) return whole(base_value, " B");
      return with_step(base_value, kSizeSteps);
    case Dimension::kDataRate:
      return with_step(base_value, kDataRateSteps);
    case Dimension::kRate:
      return with_step(base_value, kRateSteps);
    case Dimension::kPercent:
      return with_digits(base_value, " %");
    case Dimension::kRatio:
      return with_digits(base_value, "x");
  }
  return {};
}

}  // namespace midstream
