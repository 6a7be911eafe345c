// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 3.6: missing, booleans, case, comparison.
#include <catch2/catch.hpp>

#include "tests/semantics/row.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {104,
     "three-valued and",
     "a bool, b bool",
     "a and b",
     "bool",
     {"false | missing -> false", "missing | false -> false", "true | missing -> missing"}},
    {104,
     "three-valued or",
     "a bool, b bool",
     "a or b",
     "bool",
     {"true | missing -> true", "missing | true -> true", "false | missing -> missing"}},
    {104, "three-valued not", "a bool", "not a", "bool", {"missing -> missing", "true -> false"}},
    {104,
     "in a list that may hold missing",
     "a int64, b int64",
     "a in (1, b)",
     "bool",
     {"1 | missing -> true", "2 | missing -> missing", "missing | 1 -> missing", "2 | 2 -> true"}},
    {104,
     "not in a list that may hold missing",
     "a int64, b int64",
     "a not in (1, b)",
     "bool",
     {"2 | missing -> missing", "1 | missing -> false", "2 | 3 -> true"}},
    {104,
     "between bounds that may be missing",
     "a int64, b int64, c int64",
     "a between b and c",
     "bool",
     {"5 | missing | 1 -> false", "5 | missing | 9 -> missing", "5 | 1 | 9 -> true"}},
    {105,
     "distinct, missing being equal to missing",
     "a int64, b int64",
     "a is not distinct from b",
     "bool",
     {"missing | missing -> true", "1 | missing -> false", "1 | 1 -> true"}},
    {109,
     "a branch that is not taken does not fail",
     "a int64",
     "case { a = 0 -> 0, else -> 10 / a }",
     "int64",
     {"0 -> 0", "5 -> 2", "missing -> missing"}},
    {109,
     "nor does what ?? does not need",
     "a int64, b int64",
     "a ?? 10 / b",
     "int64",
     {"7 | 0 -> 7", "missing | 0 -> error: division by zero", "missing | 5 -> 2"}},
    {110,
     "the branches of a case have one type",
     "a bool, b int64, c int32",
     "case { a -> b, else -> c }",
     "int64",
     {"true | 9223372036854775807 | 1 -> 9223372036854775807", "false | 1 | 2 -> 2"}},
    {110,
     "text branches stay as they are",
     "a bool, b text",
     "case { a -> b, else -> 'X ' }",
     "text",
     {"true | 'x' -> 'x'", "false | 'x' -> 'X '"}},
    {111,
     "nullif compares by bytes",
     "a text, b text",
     "nullif(a, b)",
     "text",
     {"'a' | 'A ' -> 'a'", "'a' | 'a' -> missing", "'a' | missing -> 'a'"}},
    {115,
     "not binds looser than a comparison",
     "a int64",
     "not a = 2",
     "bool",
     {"1 -> true", "2 -> false", "missing -> missing"}},
    {116,
     "a boolean as a text is true or false",
     "a bool",
     "a as text",
     "text",
     {"true -> 'true'", "false -> 'false'"}},
};

const std::vector<Refusal> kRefused = {
    {108, "rows do not compare: there are no tuples", "a int64, b int64", "(a, b) < (b, a)", "bool",
     "BF0101"},
    {109, "a constant that always fails is an error of the spec", "a int64",
     "case { a > 0 -> a, else -> 1 / 0 }", "int64", "BF0305"},
    {110, "a case of a number and a text", "a bool", "case { a -> 1, else -> 'a' }", "text", "BF0301"},
    {112, "a text and a number do not compare", "a text", "a = 10", "bool", "BF0302"},
    {113, "a condition is true or false, no number", "a int64", "case { a -> 1, else -> 2 }", "int64",
     "BF0303"},
    {114, "comparisons do not chain", "a int64", "1 < a < 3", "bool", "BF0104"},
    {115, "there is no `!`", "a int64", "!a = 2", "bool", "BF0101"},
    {116, "no text is a boolean", "a text", "a as bool", "bool", "BF0304"},
};

const Covers kAgreed(kAgree), kNotTaken(kRefused);

}  // namespace

TEST_CASE("3.6 logic: all agree") {
  check(kAgree);
}

TEST_CASE("3.6 logic: refused") {
  check(kRefused);
}

}  // namespace backfill::test::semantics
