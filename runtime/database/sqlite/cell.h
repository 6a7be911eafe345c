// SPDX-License-Identifier: Apache-2.0
// How values of the language are stored in SQLite, both ways. What is not stored as its column's type says is
// refused, never converted.
#pragma once

#include <optional>
#include <string>

#include "compiler/evaluate/evaluate.h"
#include "compiler/schema/catalog.h"
#include "runtime/database/sqlite/connection.h"
#include "stdlib/batch.h"

namespace backfill::database::sqlite {

struct Unfit {
  stdlib::RowError error;
  std::string message;  // "`Total` holds the text 'abc', decimal(10, 2) was expected"
};

// Reads result column `at` of the statement's row into `buffer`. The buffer's slot is missing where it is
// unfit.
std::optional<Unfit> decode(sqlite3_stmt* statement, int at, const schema::Column& column,
                            stdlib::ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena);

// The cell that reads back as the same value in a column of the type, or nothing: NaN and infinity, a decimal
// that no double holds, dates outside the years 1..9999, text with a NUL. Text points into the buffer or the
// arena.
std::optional<Cell> encode(const stdlib::ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena);
// The same of a single value; text points into `value` or the arena.
std::optional<Cell> encode(const stdlib::Value& value, const stdlib::Type& type, stdlib::Arena& arena);

[[nodiscard]] inline Cell integer_cell(std::int64_t value) {
  Cell cell;
  cell.kind = Cell::Kind::Integer;
  cell.integer = value;
  return cell;
}

// No NUL, no overlong form, no surrogate. O(size), 8 bytes at a time where it is ASCII.
bool is_text(std::string_view bytes);

// 'YYYY-MM-DD HH:MM:SS[.f{1,6}]', 'T' for the blank, perhaps a Z at the end.
std::optional<std::int64_t> parse_moment(std::string_view text);

}  // namespace backfill::database::sqlite
