#include "core/base/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/base/random.hpp"

namespace midstream {
namespace {

constexpr Dimension kAllDimensions[] = {Dimension::kPlain,    Dimension::kTime, Dimension::kSize,
                                        Dimension::kDataRate, Dimension::kRate, Dimension::kPercent,
                                        Dimension::kRatio};

double base_of(std::string_view text) {
  const auto quantity = parse_quantity(text);
  EXPECT_TRUE(quantity.ok()) << text;
  return quantity.ok() ? quantity->base() : std::nan("");
}

TEST(Units, EveryUnitOfTheContractIsRead) {
  EXPECT_EQ(base_of("10 ns"), 10);
  EXPECT_EQ(base_of("10 us"), 1e4);
  EXPECT_EQ(base_of("10 \u00b5s"), 1e4);
  EXPECT_EQ(base_of("10 \u03bcs"), 1e4);
  EXPECT_EQ(base_of("10ms"), 1e7);
  EXPECT_EQ(base_of("1.5 s"), 1.5e9);
  EXPECT_EQ(base_of("65 KB"), 65000);
  EXPECT_EQ(base_of("65 kB"), 65000);
  EXPECT_EQ(base_of("65 KiB"), 65 * 1024);
  EXPECT_EQ(base_of("2 MiB"), 2 * 1024 * 1024);
  EXPECT_EQ(base_of("10 Gbps"), 1e10);
  EXPECT_EQ(base_of("1 MB/s"), 8e6);
  EXPECT_EQ(base_of("50 msg/s"), 50);
  EXPECT_EQ(base_of("5 M ops/s"), 5e6);
  EXPECT_EQ(base_of("5 Mops/s"), 5e6);
  EXPECT_EQ(base_of("2 K/s"), 2000);
  EXPECT_EQ(base_of("3 /s"), 3);
  EXPECT_EQ(base_of("5%"), 5);
  EXPECT_EQ(base_of("1.5x"), 1.5);
  EXPECT_EQ(base_of("7"), 7);
  EXPECT_EQ(base_of(" +1.5e3 B "), 1500);
  EXPECT_EQ(base_of("-3 ms"), -3e6);
}

TEST(Units, WhatIsNoQuantityIsRefused) {
  for (const char* text :
       {"", " ", "ms", "inf", "nan", "-inf s", "1e999", "1e308 s", "0x10", "1,5 ms", "10 ms 5",
        "1 2", "--1", "+-1", "1..2", "10 m s", "< 10 ms", "1\n"}) {
    EXPECT_FALSE(parse_quantity(text).ok()) << text;
  }
}

TEST(Units, AnUnknownUnitNamesTheNearest) {
  const auto message = [](std::string_view text) { return parse_unit(text).error().message; };
  EXPECT_NE(message("MS").find("'ms'"), std::string::npos) << message("MS");
  EXPECT_NE(message("gbps").find("'Gbps'"), std::string::npos);
  EXPECT_NE(message("Mbp").find("'Mbps'"), std::string::npos);
  EXPECT_NE(message("fortnight").find("known units"), std::string::npos);
}

// "5 gb/s" must not pass as five things called gb a second, nor "Messages/s" as a million essages.
TEST(Units, DeceptiveRatesAreRefused) {
  for (const char* text : {"gb/s", "mb/s", "kb/s", "b/s", "bytes/s", "bits/s", "Mbit/s", "M b/s",
                           "Messages/s", "M B/s", "Mcells/s", "T ops/s"}) {
    EXPECT_FALSE(parse_unit(text).ok()) << text;
  }
}

TEST(Units, SymbolsRoundTrip) {
  for (const char* text :
       {"", "ns", "\u00b5s", "KiB", "Gbps", "MB/s", "cells/s", "M ops/s", "%", "x"}) {
    const auto unit = parse_unit(text);
    ASSERT_TRUE(unit.ok()) << text;
    EXPECT_EQ(unit->symbol, text);
    const auto again = parse_unit(unit->symbol);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->scale, unit->scale);
    EXPECT_EQ(again->dimension, unit->dimension);
  }
}

TEST(Units, BaseUnitsHaveScaleOne) {
  for (const Dimension dimension : kAllDimensions) {
    const auto unit = parse_unit(base_unit(dimension));
    ASSERT_TRUE(unit.ok());
    EXPECT_EQ(unit->dimension, dimension) << dimension_name(dimension);
    EXPECT_EQ(unit->scale, 1);
  }
}

// What is printed reads back as the same quantity, to three digits, in the same dimension.
TEST(Units, PrintedQuantitiesReadBack) {
  Random random(1);
  for (const Dimension dimension : kAllDimensions) {
    for (int i = 0; i < 20000; ++i) {
      const double value = std::pow(10.0, random.uniform(-6, 14)) * (i % 7 == 0 ? -1 : 1);
      const std::string text = format_quantity(value, dimension);
      const auto read = parse_quantity(text);
      ASSERT_TRUE(read.ok()) << text;
      ASSERT_EQ(read->unit.dimension, dimension) << text;
      ASSERT_NEAR(read->base(), value, std::fabs(value) * 0.00501) << text;
    }
  }
}

TEST(Units, PrintedForPeople) {
  EXPECT_EQ(format_quantity(1210, Dimension::kTime), "1.21 \u00b5s");
  EXPECT_EQ(format_quantity(999.4, Dimension::kTime), "999 ns");
  EXPECT_EQ(format_quantity(999.6, Dimension::kTime), "1.00 \u00b5s");
  EXPECT_EQ(format_quantity(0, Dimension::kTime), "0 ns");
  EXPECT_EQ(format_quantity(9.996, Dimension::kTime), "10.0 ns");
  EXPECT_EQ(format_quantity(512, Dimension::kSize), "512 B");
  EXPECT_EQ(format_quantity(66560, Dimension::kSize), "66.6 KB");
  EXPECT_EQ(format_quantity(1.234e10, Dimension::kDataRate), "12.3 Gbps");
  EXPECT_EQ(format_quantity(5e6, Dimension::kRate), "5.00 M/s");
  EXPECT_EQ(format_quantity(12345, Dimension::kPlain), "12345");
  EXPECT_EQ(format_quantity(1.5, Dimension::kRatio), "1.50x");
  EXPECT_EQ(format_quantity(std::numeric_limits<double>::infinity(), Dimension::kTime),
            "not a number");
}

}  // namespace
}  // namespace midstream
