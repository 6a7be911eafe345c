// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

using stdlib::Value;

std::string with_placeholders(const lower_sql::Dialect& dialect, std::string_view sql) {
  std::string out;
  out.reserve(sql.size() + 16);
  int n = 0;
  for (const char c : sql) {
    if (c == '?') {
      out += dialect.placeholder(++n);
    } else {
      out += c;
    }
  }
  return out;
}

Result<std::int64_t> execute(database::Store& store, std::string_view sql,
                             std::initializer_list<Value> values) {
  return store.execute(with_placeholders(store.dialect(), sql), {values.begin(), values.size()});
}

Result<database::Rows> query(database::Store& store, std::string_view sql,
                             std::initializer_list<Value> values) {
  return store.query(with_placeholders(store.dialect(), sql), {values.begin(), values.size()});
}

Result<std::int64_t> number(database::Store& store, std::string_view sql, std::int64_t otherwise,
                            std::initializer_list<Value> values) {
  BACKFILL_ASSIGN(const database::Rows rows, query(store, sql, values));
  if (rows.rows.empty() || rows.rows[0].empty() || rows.rows[0][0].missing()) return otherwise;
  return integer(rows.rows[0][0]);
}

std::int64_t integer(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.variant())) return *number;
  if (const auto* flag = std::get_if<bool>(&value.variant())) return *flag ? 1 : 0;
  if (const auto* real = std::get_if<double>(&value.variant())) return static_cast<std::int64_t>(*real);
  // PostgreSQL's sum of a bigint.
  if (const auto* decimal = std::get_if<stdlib::Decimal>(&value.variant())) {
    stdlib::Decimal whole = *decimal;
    for (; whole.scale > 0; --whole.scale) whole.unscaled /= 10;
    return static_cast<std::int64_t>(whole.unscaled);
  }
  return 0;
}

std::string text(const Value& value) {
  if (const auto* string = std::get_if<std::string>(&value.variant())) return *string;
  if (value.missing()) return {};
  return std::to_string(integer(value));
}

Value or_null(std::string_view text) {
  if (text.empty()) return {};
  return std::string(text);
}

}  // namespace backfill::database_sql
