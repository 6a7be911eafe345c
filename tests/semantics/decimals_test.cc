// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 3.2: decimals.
#include <catch2/catch.hpp>

#include "tests/semantics/row.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {22,
     "decimals are exact (SQLite's are floats)",
     "a decimal(18,2), b decimal(18,2)",
     "a + b",
     "decimal(19,2)",
     {"0.10 | 0.20 -> 0.30", "1234567890123456.78 | 0.01 -> 1234567890123456.79"},
     "PM",
     "S"},
    {22,
     "they compare exactly, also where SQLite keeps them as floats",
     "a decimal(15,2), b decimal(15,2)",
     "a < b",
     "bool",
     {"1234567890123.44 | 1234567890123.45 -> true", "0.10 | 0.10 -> false"}},
    {23,
     "a sum has the greater scale",
     "a decimal(5,2), b decimal(5,1)",
     "a + b",
     "decimal(7,2)",
     {"1.50 | 0.5 -> 2.00", "-0.01 | 0.1 -> 0.09"},
     "PM"},
    {24,
     "a product has both scales",
     "a decimal(5,2), b decimal(5,2)",
     "a * b",
     "decimal(10,4)",
     {"1.10 | 1.10 -> 1.2100", "-0.01 | 0.01 -> -0.0001"},
     "PM"},
    {25,
     "a quotient has a scale of its type, not of its values",
     "a decimal(9,1), b decimal(9,1)",
     "a / b",
     "decimal(15,6)",
     {"1 | 3 -> 0.333333", "-2 | 3 -> -0.666667", "1 | 8 -> 0.125"},
     "PM",
     "S"},
    {26,
     "a nested division reads the rounded quotient",
     "a decimal(9,1), b decimal(9,1)",
     "a / b * b",
     "decimal(24,7)",
     {"1 | 3 -> 0.999999", "2 | 3 -> 2.000001"},
     "PM"},
    {27,
     "a remainder has the greater scale and the sign of the dividend",
     "a decimal(5,2), b decimal(5,1)",
     "mod(a, b)",
     "decimal(6,2)",
     {"5.50 | 2 -> 1.50", "-5.50 | 2 -> -1.50", "1.00 | 0 -> error: division by zero"},
     "PM"},
    {28,
     "half is rounded away from zero, also before the point",
     "a decimal(9,2), n int32",
     "round(a, n)",
     "decimal(10,2)",
     {"2.50 | 0 -> 3.00", "-2.50 | 0 -> -3.00", "1250.00 | -2 -> 1300.00", "1.23 | 1 -> 1.20"},
     "PM",
     "S"},
    {29,
     "what does not fit is a row error (MariaDB's SELECT gives the greatest number)",
     "a decimal(9,3)",
     "a as decimal(5,2)",
     "decimal(5,2)",
     {"999.995 -> error: overflow", "999.994 -> 999.99", "-2.345 -> -2.35"},
     "M",
     "S"},
    {31,
     "a decimal shows all digits of its type",
     "a decimal(5,2)",
     "a as text",
     "text",
     {"1.50 -> '1.50'", "0 -> '0.00'", "-0.05 -> '-0.05'"},
     "M",
     "S"},
    {31,
     "also a computed one",
     "a decimal(5,2), b decimal(1,0)",
     "(a * b) as text",
     "text",
     {"1.50 | 2 -> '3.00'"},
     "M",
     "S"},
    {32, "1.5 is a decimal", "a decimal(5,1)", "a + 1.5", "decimal(7,1)", {"0.1 -> 1.6"}, "PM"},
    {32, "1e2 is a float", "a float64", "a + 1e2", "float64", {"0.5 -> 100.5"}},
    {34,
     "text spells a decimal wholly or not at all",
     "s text",
     "s as decimal(9,2)",
     "decimal(9,2)",
     {"' 1.50 ' -> 1.50", "'.5' -> 0.50", "'5.' -> 5.00", "'1,000' -> error: conversion failed",
      "'1e3' -> error: conversion failed", "'' -> error: conversion failed",
      "'12345678.00' -> error: overflow", "'-1.005' -> -1.01"},
     "M",
     "S"},
    {36,
     "no text spells a decimal that is none",
     "s text",
     "s as decimal(9,2) or missing",
     "decimal(9,2)",
     {"'NaN' -> missing", "'Infinity' -> missing", "'-inf' -> missing"},
     "M"},
};

const std::vector<Refusal> kRefused = {
    {30, "a decimal has its digits said", "a float64", "a as decimal", "decimal(10,0)", "BF0204"},
    {32, "a decimal and a float do not mix", "a decimal(5,1)", "a + 1e2", "float64", "BF0302"},
    {33, "nor do they compare", "a decimal(5,1), b float64", "a = b", "bool", "BF0302"},
    {35, "roots are of floats, asked for", "a decimal(5,1)", "sqrt(a)", "float64", "BF0302"},
};

const Covers kAgreed(kAgree), kNotTaken(kRefused);

}  // namespace

TEST_CASE("3.2 decimals: all agree") {
  check(kAgree);
}

TEST_CASE("3.2 decimals: refused") {
  check(kRefused);
}

}  // namespace backfill::test::semantics
