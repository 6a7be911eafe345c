// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 3.3: floats.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/semantics/row.h"
#include "tests/servers/server.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {38,
     "text spells the nearest float (SQLite 3.40 misses some)",
     "s text",
     "s as float64",
     "float64",
     {"'41090.236492' -> 41090.236492", "'0.1' -> 0.1", "'1e400' -> error: overflow", "'5e-324' -> 5e-324"},
     "M",
     "S"},
    {38,
     "a literal is the nearest float, in SQLite too",
     "a float64",
     "a = 41090.236492e0",
     "bool",
     {"41090.236492 -> true", "41090.2364919 -> false"}},
    {39,
     "a float does not become infinite",
     "a float64, b float64",
     "a * b",
     "float64",
     {"1e308 | 10 -> error: overflow", "-1e308 | 10 -> error: overflow", "1e308 | 1.5 -> 1.5e308"}},
    {39,
     "nor does a sum",
     "a float64, b float64",
     "a + b",
     "float64",
     {"1.7e308 | 1.7e308 -> error: overflow"}},
    {40,
     "what has no answer is a row error",
     "a float64, b float64",
     "a / b",
     "float64",
     {"1 | 0 -> error: division by zero", "0 | 0 -> error: division by zero"}},
    {40,
     "also a root",
     "a float64",
     "sqrt(a)",
     "float64",
     {"-1 -> error: argument out of domain", "4 -> 2"},
     "PM"},
    {40,
     "also a logarithm",
     "a float64",
     "ln(a)",
     "float64",
     {"0 -> error: argument out of domain", "-1 -> error: argument out of domain", "1 -> 0"},
     ""},
    {41,
     "there is no NaN, and -0 is 0",
     "a float64, b float64",
     "a = b",
     "bool",
     {"-0 | 0 -> true", "0 | 1 -> false"}},
    {41,
     "no text spells one",
     "s text",
     "s as float64",
     "float64",
     {"'NaN' -> error: conversion failed", "'Infinity' -> error: conversion failed"},
     "M"},
    {42,
     "a float is rounded half to even",
     "a float64",
     "round(a)",
     "float64",
     {"2.5 -> 2", "3.5 -> 4", "-0.5 -> 0", "1e300 -> 1e300"},
     "PM"},
    {43,
     "a float as a decimal is its shortest digits (PostgreSQL: 15 of them)",
     "a float64",
     "a as decimal(20,17)",
     "decimal(20,17)",
     {"0.30000000000000004 -> 0.30000000000000004", "0.1 -> 0.1"},
     "",
     "S"},
    {44,
     "a 32-bit float is what it holds, not its six digits (MariaDB)",
     "a float32",
     "a as float64",
     "float64",
     {"16777216 -> 16777216", "0.10000000149011612 -> 0.10000000149011612", "123457.125 -> 123457.125"},
     "PM"},
    {45,
     "an int32 is an exact float",
     "a int32, b float64",
     "(a as float64) = b",
     "bool",
     {"2147483647 | 2147483647 -> true"}},
    {46,
     "an int64 times a decimal is exact",
     "a int64",
     "a * 1.0",
     "decimal(21,1)",
     {"9007199254740993 -> 9007199254740993.0"},
     "PM"},
    {47, "logarithms are named by their base", "a float64", "log10(a)", "float64", {"1000 -> 3"}, ""},
    {48,
     "a power is of floats",
     "a float64, b float64",
     "power(a, b)",
     "float64",
     {"2 | 10 -> 1024", "-8 | 0.5 -> error: argument out of domain"},
     ""},
};

const std::vector<Refusal> kRefused = {
    {37, "the text of a float is another one everywhere: not offered", "a float64", "a as text", "text",
     "BF0304"},
    {42, "rounding a float to digits has three answers: not offered", "a float64", "round(a, 2)", "float64",
     "BF0302"},
    {45, "an int64 and a float do not compare", "a int64, b float64", "a = b", "bool", "BF0302"},
    {46, "nor do they mix", "a int64", "a * 1e0", "float64", "BF0302"},
    {47, "log is base 10 here and e there: not offered", "a float64", "log(a)", "float64", "BF0203"},
};

const Covers kAgreed(kAgree), kNotTaken(kRefused);

}  // namespace

TEST_CASE("3.3 floats: all agree") {
  check(kAgree);
}

TEST_CASE("3.3 floats: refused") {
  check(kRefused);
}

TEST_CASE("semantics 41: no NaN and no infinity is written into SQL where they are none") {
  for (const double none : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (SqlServer* server : {&sqlite(), &mariadb()})
      CHECK(server->dialect().literal(stdlib::Value(none), stdlib::make(stdlib::Kind::Float64)).empty());
}

}  // namespace backfill::test::semantics
