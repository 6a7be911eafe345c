// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/typed_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::test {

using stdlib::Type;
using stdlib::Value;

namespace {

constexpr std::size_t kRowsPerInsert = 100;

}  // namespace

TypedTable::TypedTable(std::string name, std::vector<Type> types, std::vector<std::vector<Value>> rows)
    : name_(std::move(name)) {
  for (std::size_t k = 0; k < types.size(); ++k) {
    schema::Column column;
    column.name = fmt::format("c{}", k);
    column.type = types[k];
    column.not_null = !types[k].optional;
    columns_.push_back(std::move(column));
  }
  for (auto& row : rows) rows_.push_back({std::move(row), {}});
}

// SQLite's columns are int64, but int32 has the same form in expressions.
std::string TypedTable::form(const SqlServer& server, std::size_t column, const std::string& sql) const {
  std::string read = server.dialect().read(sql, columns_[column]);
  if (!read.empty() || !stdlib::is_integer(columns_[column].type.kind)) return read;
  schema::Column wide = columns_[column];
  wide.type.kind = stdlib::Kind::Int64;
  return server.dialect().read(sql, wide);
}

bool TypedTable::holds(const SqlServer& server, std::size_t column) const {
  return !server.column_type(columns_[column].type.required()).empty() && !form(server, column, "x").empty();
}

Result<void> TypedTable::load(SqlServer& server) {
  std::string ddl = fmt::format("CREATE TABLE {} (id integer PRIMARY KEY", name_);
  for (std::size_t k = 0; k < columns_.size(); ++k)
    if (holds(server, k))
      ddl += fmt::format(", {} {}", columns_[k].name, server.column_type(columns_[k].type.required()));
  BACKFILL_TRY(server.exec(ddl + ")"));
  return insert(server);
}

std::string TypedTable::values_of(const SqlServer& server, std::size_t row) const {
  std::string values = fmt::format("({}", row);
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    if (!holds(server, k)) continue;
    const std::string literal = server.dialect().literal(rows_[row].inputs[k], columns_[k].type);
    if (literal.empty()) return {};
    values += ", " + literal;
  }
  return values + ")";
}

// What the server refuses as a whole is tried row by row: a value may be none of its own (a MariaDB uuid of
// no known variant).
Result<void> TypedTable::insert(SqlServer& server) {
  std::set<std::size_t>& left_out = left_out_[&server];
  Result<void> last;
  for (std::size_t first = 0; first < rows_.size(); first += kRowsPerInsert) {
    std::vector<std::pair<std::size_t, std::string>> rows;
    std::string all;
    for (std::size_t row = first; row < std::min(first + kRowsPerInsert, rows_.size()); ++row) {
      std::string values = values_of(server, row);
      if (values.empty()) {
        left_out.insert(row);
        continue;
      }
      all += (all.empty() ? "" : ",\n") + values;
      rows.emplace_back(row, std::move(values));
    }
    if (rows.empty() || server.exec(fmt::format("INSERT INTO {} VALUES {}", name_, all))) continue;
    for (const auto& [row, values] : rows) {
      Result<void> one = server.exec(fmt::format("INSERT INTO {} VALUES {}", name_, values));
      if (one) continue;
      left_out.insert(row);
      last = std::move(one);
    }
  }
  return left_out.size() > rows_.size() / 2 && !last ? last : Result<void>();
}

void TypedTable::drop(SqlServer& server) {
  static_cast<void>(server.exec("DROP TABLE IF EXISTS " + name_));
}

std::string TypedTable::read(const SqlServer& server, int column, lower_sql::Emitter::Read how) const {
  const auto index = static_cast<std::size_t>(column);
  if (!holds(server, index)) return {};
  const std::string sql = "t." + columns_[index].name;
  return how == lower_sql::Emitter::Read::Presence ? sql : form(server, index, sql);
}

const std::set<std::size_t>& TypedTable::without(const SqlServer& server) const {
  return left_out_.at(&server);
}

}  // namespace backfill::test
