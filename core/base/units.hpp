// Units of measurement: parsing, conversion, and printing for people.
//
// A quantity is stored in the base unit of its dimension: nanoseconds, bytes, bits per second,
// per second, percent, ratio (x), or a plain number. Units of different dimensions never compare.
//
// Threads: pure functions over constant tables.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace midstream {

enum class Dimension {
  kPlain,     // a count without a unit
  kTime,      // base ns:   ns us µs ms s
  kSize,      // base B:    B kB KB KiB MB MiB GB GiB   (kB = KB = 1000 B)
  kDataRate,  // base bps:  bps Kbps Mbps Gbps B/s kB/s KB/s MB/s GB/s
  kRate,      // base /s:   /s ops/s cells/s: any lower-case item; K M G before it: "M ops/s"
  kPercent,   // base %
  kRatio,     // base x
};

struct Unit {
  std::string symbol;  // as written, "ms"
  Dimension dimension = Dimension::kPlain;
  double scale = 1;  // base units in one of this unit
};

struct Quantity {
  double value = 0;  // in `unit`, as written
  Unit unit;
  [[nodiscard]] double base() const { return value * unit.scale; }
};

// "ms" -> unit. kParse with the nearest known unit when there is no such unit.
Result<Unit> parse_unit(std::string_view text);

// "10 ms", "1.5e3 B", "5%", "7": a finite number and an optional unit, nothing else.
Result<Quantity> parse_quantity(std::string_view text);

// The dimension's name for messages: "time", "size", "data rate", …
std::string_view dimension_name(Dimension dimension);

// The base unit's symbol: "ns", "B", "bps", "/s", "%", "x", "".
std::string_view base_unit(Dimension dimension);

// Three significant digits in the unit that reads best: 1210 ns -> "1.21 µs".
std::string format_quantity(double base_value, Dimension dimension);

}  // namespace midstream
