// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/dialect.h"

#include <fmt/format.h>

#include <cmath>

#include "runtime/database/sql/quote.h"
#include "stdlib/calendar.h"

namespace backfill::database::postgres {

namespace {

using database_sql::hex;
using database_sql::quoted;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

// PostgreSQL cuts longer names, and two of them might become one. Only our own are longer: a column's behind
// prior_ and new_.
std::string within_limit(std::string_view identifier) {
  constexpr std::size_t kLongest = 63, kDigits = 16;
  if (identifier.size() <= kLongest) return std::string(identifier);
  std::size_t end = kLongest - kDigits - 1;
  while (end > 0 && (static_cast<unsigned char>(identifier[end]) & 0xc0U) == 0x80U) --end;
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : identifier) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return fmt::format("{}_{:016x}", identifier.substr(0, end), hash);
}

std::string as(std::string_view text, Kind kind) {
  return fmt::format("{}::{}", quoted(text, '\''), type_name(kind));
}

// A bare number is an int4 where it fits one, and a sign in front of it binds looser than the cast.
std::string integer_literal(std::int64_t number, Kind kind) {
  if (number < 0) return as(std::to_string(number), kind);
  if (kind == Kind::Int32) return std::to_string(number);
  return fmt::format("{}::{}", number, type_name(kind));
}

std::string float_literal(double number, Kind kind) {
  if (std::isnan(number)) return as("NaN", kind);
  if (std::isinf(number)) return as(number > 0 ? "Infinity" : "-Infinity", kind);
  return as(fmt::format("{}", number), kind);
}

std::string moment(std::int64_t instant) {
  std::string text = stdlib::format_local_timestamp(instant);  // 2024-01-31T10:00:00[.123456]
  text[10] = ' ';
  return text;
}

// An interval holds exact microseconds; PostgreSQL's own has months and days beside them.
std::string interval_literal(std::int64_t microseconds) {
  if (microseconds == INT64_MIN) return {};  // its hours are read without their sign, which is one too many
  const std::int64_t size = microseconds < 0 ? -microseconds : microseconds;
  const std::int64_t seconds = size / 1'000'000;
  return as(fmt::format("{}{}:{:02}:{:02}.{:06}", microseconds < 0 ? "-" : "", seconds / 3600,
                        seconds / 60 % 60, seconds % 60, size % 1'000'000),
            Kind::Interval);
}

bool is_text(std::string_view declared) {
  return declared.empty() || declared == "text" || declared == "TEXT";
}

// PostgreSQL 15 has no question whether a text is JSON, and a cast that fails ends the statement. So strings
// become U+0001, other scalars U+0002, and what holds nothing but these becomes U+0002, until nothing
// changes: one character is left of a document, and of nothing else. (jsonb holds neither U+0000 nor half of
// a surrogate pair; depth, size and digits end where they do elsewhere.)
std::string document_of(std::string_view text) {
  constexpr std::string_view kString =
      R"re("([^"\\\u0001-\u001f]|\\["\\/bfnrt]|\\u(?!0000)([0-9a-cA-CeEfF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))*")re";
  constexpr std::string_view kScalar =
      R"re(-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?0*[0-9]{1,3})?|true|false|null)re";
  constexpr std::string_view kHolder =
      R"re(\[([\u0001\u0002](,[\u0001\u0002])*)?\]|\{(\u0001:[\u0001\u0002](,\u0001:[\u0001\u0002])*)?\})re";
  const std::string without_strings = fmt::format("regexp_replace({}, '{}', chr(1), 'g')", text, kString);
  return fmt::format(
      "CASE WHEN octet_length({text}) <= 16777216\n  AND {text} !~ '{control}'\n  AND (octet_length({text}) "
      "<= "
      "1000 OR {without_strings} !~ '{many_digits}')\n  AND (WITH RECURSIVE j(s) AS (\n    SELECT "
      "regexp_replace(regexp_replace({without_strings}, '{scalar}', chr(2), 'g'), '{blank}', '', 'g')\n    "
      "UNION SELECT regexp_replace(j.s, '{holder}', chr(2), 'g') FROM j)\n    SELECT bool_or(j.s IN (chr(1), "
      "chr(2))) AND count(*) <= 501 FROM j)\n  THEN {text}::jsonb END",
      fmt::arg("text", text), fmt::arg("control", R"re([\u0001-\u0008\u000b\u000c\u000e-\u001f])re"),
      fmt::arg("many_digits", "([0-9.]{250}){4}[0-9.]"), fmt::arg("without_strings", without_strings),
      fmt::arg("scalar", kScalar), fmt::arg("holder", kHolder), fmt::arg("blank", R"re([ \t\n\r]+)re"));
}

class PostgresDialect final : public lower_sql::Dialect {
 public:
  [[nodiscard]] stdlib::Dialect id() const override { return stdlib::Dialect::Postgres; }
  [[nodiscard]] std::string_view name() const override { return "postgres"; }
  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    return quoted(within_limit(identifier), '"');
  }
  [[nodiscard]] std::string own_table(std::string_view name, bool temporary) const override {
    return (temporary ? "pg_temp." : "backfill.") + quote(name);
  }
  [[nodiscard]] bool names_values() const override { return true; }
  [[nodiscard]] bool exact_decimals() const override { return true; }
  [[nodiscard]] std::string literal(const Value& value, const Type& type) const override;
  [[nodiscard]] std::string read(std::string_view column_sql, const schema::Column& column) const override;
  [[nodiscard]] std::string unreadable(std::string_view column_sql,
                                       const schema::Column& column) const override;
  [[nodiscard]] std::string distinct(std::string_view left, std::string_view right) const override {
    return fmt::format("{} IS DISTINCT FROM {}", left, right);
  }
  [[nodiscard]] std::string now() const override { return "now()"; }
  [[nodiscard]] bool lateral() const override { return true; }
  [[nodiscard]] std::string ordered(std::string_view value, const Type& type, bool descending) const override;
  [[nodiscard]] std::string aggregate(Aggregate aggregate, std::string_view value, const Type& type,
                                      std::string_view over) const override;
  [[nodiscard]] std::string placeholder(int n) const override { return fmt::format("${}", n); }
  // OFFSET 0 keeps the list from being computed anew wherever it is named.
  [[nodiscard]] std::string each(std::string_view list, std::string_view alias, std::string_view value,
                                 std::string_view condition) const override {
    return fmt::format(
        "(SELECT to_jsonb(ARRAY(SELECT {2} FROM jsonb_array_elements({1}l.v) WITH ORDINALITY AS {1}(v, n)\n"
        "    WHERE {3} ORDER BY {1}.n))\n  FROM (SELECT {0} AS v OFFSET 0) AS {1}l WHERE {1}l.v IS NOT NULL)",
        list, alias, value, condition);
  }
  [[nodiscard]] std::string positions(std::string_view list) const override {
    return fmt::format("SELECT generate_series(0, jsonb_array_length({}) - 1)::int8 AS position", list);
  }
  [[nodiscard]] std::string element(std::string_view list, std::string_view position) const override {
    return fmt::format("jsonb_array_element({}, ({})::int4)", list, position);
  }
  [[nodiscard]] std::string list(std::string_view value, std::string_view place) const override {
    return fmt::format("coalesce(jsonb_agg({0} ORDER BY {1}) FILTER (WHERE {0} IS NOT NULL), '[]'::jsonb)",
                       value, place);
  }
  [[nodiscard]] std::string document(std::string_view text) const override { return document_of(text); }
};

std::string PostgresDialect::literal(const Value& value, const Type& type) const {
  const std::string_view name = type_name(type.kind);
  // A bare NULL has no type: abs(NULL) is ambiguous.
  if (value.missing()) return name.empty() ? "NULL" : fmt::format("NULL::{}", name);
  switch (type.kind) {
    case Kind::Bool:
      return value.boolean() ? "true" : "false";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return integer_literal(value.integer(), type.kind);
    case Kind::Float32:
    case Kind::Float64:
      return float_literal(value.number(), type.kind);
    case Kind::Decimal:
      return as(stdlib::display(value, type), type.kind);
    case Kind::Json:
    case Kind::List:
      // jsonb holds neither U+0000 nor half of a surrogate pair; an escaped backslash in front of a u is
      // rare.
      if (value.text().find("\\u0000") != std::string::npos || value.text().find("\\ud") != std::string::npos)
        return {};
      return as(value.text(), type.kind);
    case Kind::Text:
    case Kind::Enum:
      if (value.text().find('\0') != std::string::npos) return {};
      return as(value.text(), type.kind);
    case Kind::Uuid:
      return as(stdlib::display(value, type), type.kind);
    case Kind::Bytes:
      return as("\\x" + hex(value.text()), type.kind);
    case Kind::Date:
      return stdlib::day_in_range(value.integer()) ? as(stdlib::format_date(value.integer()), type.kind) : "";
    case Kind::Time:
      return as(moment(value.integer()).substr(11), type.kind);
    case Kind::Timestamp:
      return stdlib::instant_in_range(value.integer()) ? as(moment(value.integer()) + "+00", type.kind) : "";
    case Kind::LocalTimestamp:
      return stdlib::instant_in_range(value.integer()) ? as(moment(value.integer()), type.kind) : "";
    case Kind::Interval:
      return interval_literal(value.integer());
    default:
      return {};
  }
}

// By a btree's own order where nothing can be missing, so that an index gives it.
std::string PostgresDialect::ordered(std::string_view value, const Type& type, bool descending) const {
  return fmt::format("{}{}{}{}", value, type.kind == Kind::Text ? " COLLATE \"C\"" : "",
                     descending ? " DESC" : "", type.optional && descending ? " NULLS LAST" : "");
}

std::string PostgresDialect::aggregate(Aggregate aggregate, std::string_view value, const Type& type,
                                       std::string_view over) const {
  if (aggregate != Aggregate::Sum)
    return fmt::format("{}({}{})", aggregate == Aggregate::Min ? "min" : "max", value,
                       type.kind == Kind::Text ? " COLLATE \"C\"" : "");
  if (type.kind == Kind::Decimal) return fmt::format("coalesce(sum({}){}, 0)", value, over);
  if (type.kind == Kind::Float64) return fmt::format("coalesce(sum(({})::float8){}, 0)", value, over);
  return fmt::format(
      "CASE WHEN coalesce(sum({0}){1}, 0) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN "
      "coalesce(sum({0}){1}, 0)::int8 END",
      value, over);
}

std::string PostgresDialect::read(std::string_view sql, const schema::Column& column) const {
  switch (column.type.kind) {
    case Kind::Text:  // char(n), varchar(n), domains; a collation may hold what differs for equal
      if (!column.collation.empty()) return fmt::format(R"(({}::text COLLATE "C"))", sql);
      return is_text(column.sql_type) ? std::string(sql) : fmt::format("{}::text", sql);
    case Kind::List:
      return fmt::format("to_jsonb({})", sql);
    case Kind::Enum:
    case Kind::Json:
      return fmt::format("{}::{}", sql, type_name(column.type.kind));
    default:
      return type_name(column.type.kind).empty() ? "" : std::string(sql);
  }
}

// What decode() says no to, of types whose values compare.
std::string PostgresDialect::unreadable(std::string_view sql, const schema::Column& column) const {
  switch (column.type.kind) {
    case Kind::Date:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return fmt::format("({0} < '0001-01-01' OR {0} >= '10000-01-01')", sql);
    case Kind::Decimal:
    case Kind::Float32:
    case Kind::Float64:
      return fmt::format("({0} IN ('NaN', 'Infinity', '-Infinity'))", sql);
    default:
      return {};
  }
}

}  // namespace

std::string qualified(const schema::Table& table) {
  return dialect().table(table);
}

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return "bool";
    case Kind::Int16:
      return "int2";
    case Kind::Int32:
      return "int4";
    case Kind::Int64:
      return "int8";
    case Kind::Float32:
      return "float4";
    case Kind::Float64:
      return "float8";
    case Kind::Decimal:
      return "numeric";
    case Kind::Text:
    case Kind::Enum:
      return "text";
    case Kind::Bytes:
      return "bytea";
    case Kind::Date:
      return "date";
    case Kind::Time:
      return "time";
    case Kind::Timestamp:
      return "timestamptz";
    case Kind::LocalTimestamp:
      return "timestamp";
    case Kind::Interval:
      return "interval";
    case Kind::Uuid:
      return "uuid";
    case Kind::Json:
    case Kind::List:
      return "jsonb";
    default:
      return {};
  }
}

const lower_sql::Dialect& dialect() {
  static const PostgresDialect instance;
  return instance;
}

}  // namespace backfill::database::postgres
