// What a targets file says of regressions: how much slower a run may be than another, and how far
// beyond its limit a row may be on the average.
#include <algorithm>
#include <cstdio>
#include <string>

#include "targets/checks.hpp"
#include "targets/limit.hpp"

namespace midstream::targets {
namespace {

constexpr double kMostFactor = 10;

std::string shortest(double value) {
  char text[32];
  // Twelve digits: 10 x 1.1 is 11, whatever the last bit of the product says.
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

}  // namespace

std::optional<double> read_max_regression(const Fields& fields, FaultList& faults) {
  const auto regression = fields.fraction("max_regression");
  if (regression && (*regression <= 0 || *regression > 1)) {
    faults.error(fields.at("max_regression"),
                 "'max_regression' must be above 0 and at most 100%, e.g. 5%");
  }
  return regression;
}

std::optional<double> read_regression_of_target(const Fields& fields, FaultList& faults) {
  const auto factor = fields.fraction("regression_of_target");
  if (factor && (*factor <= 1 || *factor > kMostFactor)) {
    faults.error(fields.at("regression_of_target"),
                 "'regression_of_target' must be above 100% and at most 1000%, e.g. 110%");
  }
  return factor;
}

std::optional<Target> regression_row(const Target& target, double factor) {
  const Quantity& bound = target.limit.quantity;
  if (bound.value == 0) return std::nullopt;
  const bool upper = is_upper(target.limit);
  const std::string text = (upper ? "<= " : ">= ") +
                           shortest(upper ? bound.value * factor : bound.value / factor) + " " +
                           bound.unit.symbol;
  Result<Limit> loosened = parse_limit(text);
  if (!loosened.ok()) return std::nullopt;  // beyond any number: nothing could miss it
  Target row = target;
  row.id += ".regression";
  row.title += ", regression";
  row.limit = *std::move(loosened);
  if (row.statistic != measure::Statistic::kValue) row.statistic = measure::Statistic::kMean;
  row.description = std::string("a ") +
                    (row.statistic == measure::Statistic::kMean ? "mean" : "value") + " beyond " +
                    shortest(factor * 100) + " % of the limit " + target.limit.text +
                    " is a regression of the target " + target.id;
  return row;
}

}  // namespace midstream::targets
