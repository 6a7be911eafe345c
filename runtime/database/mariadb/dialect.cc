// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/mariadb/dialect.h"

#include <fmt/format.h>

#include <cmath>

#include "runtime/database/sql/quote.h"
#include "stdlib/calendar.h"

namespace backfill::database::mariadb {

namespace {

using database_sql::hex;
using database_sql::quoted;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

// A backslash means itself in our session (NO_BACKSLASH_ESCAPES), but perhaps not in that of a reader who
// pastes the SQL: it and control characters are spelled out.
std::string text_literal(std::string_view text) {
  for (const char c : text)
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fmt::format("(_utf8mb4 x'{}' COLLATE utf8mb4_nopad_bin)", hex(text));
  return quoted(text, '\'');
}

// 9223372036854775808 alone is a decimal.
std::string integer_literal(std::int64_t number) {
  if (number == INT64_MIN) return "(-9223372036854775807 - 1)";
  return std::to_string(number);
}

// Without an exponent it would be a decimal.
std::string float_literal(double number) {
  if (!std::isfinite(number)) return {};
  const std::string text = fmt::format("{}", number);
  return text.find('e') == std::string::npos ? text + "e0" : text;
}

std::string moment_literal(std::int64_t moment) {
  if (!stdlib::instant_in_range(moment)) return {};
  return "TIMESTAMP" + quoted(database_sql::wide_moment(moment), '\'');
}

class MariaDbDialect final : public lower_sql::Dialect {
 public:
  [[nodiscard]] stdlib::Dialect id() const override { return stdlib::Dialect::MariaDb; }
  [[nodiscard]] std::string_view name() const override { return "mariadb"; }
  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    return quoted(identifier, '`');
  }
  [[nodiscard]] std::string literal(const Value& value, const Type& type) const override;
  [[nodiscard]] std::string read(std::string_view column_sql, const schema::Column& column) const override;
  [[nodiscard]] std::string distinct(std::string_view left, std::string_view right) const override {
    return fmt::format("NOT ({} <=> {})", left, right);
  }
  [[nodiscard]] std::string now() const override { return "UTC_TIMESTAMP(6)"; }
  [[nodiscard]] std::string ordered(std::string_view value, const Type& type,
                                    bool descending) const override {
    return fmt::format("{}{}{}", type.optional ? fmt::format("{} IS NULL, ", value) : "", value,
                       descending ? " DESC" : "");
  }
  [[nodiscard]] std::string aggregate(Aggregate aggregate, std::string_view value, const Type& /*type*/,
                                      std::string_view over) const override {
    if (aggregate == Aggregate::Sum) return fmt::format("coalesce(sum({}){}, 0)", value, over);
    return fmt::format("{}({})", aggregate == Aggregate::Min ? "min" : "max", value);
  }
  [[nodiscard]] std::string placeholder(int) const override { return "?"; }
};

std::string MariaDbDialect::literal(const Value& value, const Type& type) const {
  // A bare NULL in arithmetic is a double, and makes doubles of the exact numbers beside it.
  if (value.missing() && type.kind == Kind::Decimal)
    return fmt::format("CAST(NULL AS DECIMAL({}, {}))", type.precision, type.scale);
  if (value.missing() && stdlib::is_integer(type.kind)) return "CAST(NULL AS SIGNED)";
  if (value.missing()) return "NULL";
  switch (type.kind) {
    case Kind::Bool:
      return value.boolean() ? "TRUE" : "FALSE";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Interval:
      return integer_literal(value.integer());
    case Kind::Float32:
    case Kind::Float64:
      return float_literal(value.number());
    case Kind::Decimal:
      return stdlib::display(value, type);
    case Kind::Text:
    case Kind::Enum:
    case Kind::Uuid:
      return text_literal(value.text());
    case Kind::Bytes:
      return fmt::format("x'{}'", hex(value.text()));
    case Kind::Date:
      return stdlib::day_in_range(value.integer())
                 ? "DATE" + quoted(stdlib::format_date(value.integer()), '\'')
                 : "";
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return moment_literal(value.integer());
    default:
      return {};
  }
}

std::string MariaDbDialect::read(std::string_view sql, const schema::Column& column) const {
  switch (column.type.kind) {
    case Kind::Bool:
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Float64:
    case Kind::Decimal:
    case Kind::Bytes:
    case Kind::Date:
    case Kind::Interval:
      return std::string(sql);
    case Kind::Float32:  // FLOAT compares and shows six digits otherwise (SEMANTICS 44)
      return fmt::format("({} + 0e0)", sql);
    case Kind::Text:
    case Kind::Enum:
      return fmt::format("(CONVERT({} USING utf8mb4) COLLATE utf8mb4_nopad_bin)", sql);
    case Kind::Uuid:
      return fmt::format("(LOWER(CAST({} AS CHAR(36))) COLLATE utf8mb4_nopad_bin)", sql);
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return fmt::format("CAST({} AS DATETIME(6))", sql);
    default:
      return {};
  }
}

}  // namespace

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return "BOOLEAN";
    case Kind::Int16:
      return "SMALLINT";
    case Kind::Int32:
      return "INT";
    case Kind::Int64:
    case Kind::Interval:
      return "BIGINT";
    case Kind::Float32:
      return "FLOAT";
    case Kind::Float64:
      return "DOUBLE";
    case Kind::Decimal:
      return "DECIMAL";
    case Kind::Text:
    case Kind::Enum:
      return "LONGTEXT";
    case Kind::Bytes:
      return "LONGBLOB";
    case Kind::Date:
      return "DATE";
    case Kind::Time:
      return "TIME(6)";
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return "DATETIME(6)";
    case Kind::Uuid:
      return "UUID";
    case Kind::Json:
      return "JSON";
    default:
      return {};
  }
}

const lower_sql::Dialect& dialect() {
  static const MariaDbDialect instance;
  return instance;
}

}  // namespace backfill::database::mariadb
