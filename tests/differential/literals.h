// SPDX-License-Identifier: Apache-2.0
// Takes the literals out of an expression: the compiler folds constants, and what is folded is computed once.
#pragma once

#include <string>
#include <vector>

namespace backfill::test {

struct Column {
  std::string type;   // as SQLite declares it
  std::string value;  // as SQLite writes it
};

struct Lifted {
  std::string expression;  // over c0, c1, ...
  std::vector<Column> columns;
};

// How an integer's column is written: an int64 column as it is, converted to int32, or left a literal.
enum class Integers { Column, Narrowed, Literal };

Lifted lifted(const std::string& expression, Integers integers);

}  // namespace backfill::test
