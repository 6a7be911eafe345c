// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/dialect.h"

#include <algorithm>

#include <fmt/format.h>

#include <cmath>

#include "runtime/database/sql/quote.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/sqlite_form.h"

namespace backfill::database::sqlite {

namespace {

using database_sql::hex;
using database_sql::quoted;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;
namespace sqlite_form = stdlib::sqlite_form;

using sqlite_form::kExactDigits;

// Text with a NUL inside has no place in SQLite's text functions (SEMANTICS 55); control characters are
// spelled out.
std::string text_literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return {};
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return fmt::format("CAST(x'{}' AS TEXT)", hex(text));
  return quoted(text, '\'');
}

// -9223372036854775808 is minus applied to a number that does not fit.
std::string integer_literal(std::int64_t number) {
  if (number == INT64_MIN) return "(-9223372036854775807 - 1)";
  return std::to_string(number);
}

// SQLite 3.40 does not read every double right (SEMANTICS 38): a number with few binary digits is written
// plainly, any other as an integer divided or multiplied by a power of two, both of which are exact.
std::string float_literal(double number) {
  if (!std::isfinite(number)) return {};
  if (number == 0) return "0.0";
  if (std::fabs(number) < 2147483648.0 && std::trunc(number * 1024) == number * 1024) {
    const std::string plain = fmt::format("{}", number);
    return plain.find_first_of(".e") == std::string::npos ? plain + ".0" : plain;
  }
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::ldexp(std::frexp(number, &exponent), 53));
  const int power = exponent - 53;
  if (power < -124 || power > 124) return {};
  std::string text = fmt::format("(CAST({} AS REAL)", mantissa);
  for (int rest = power < 0 ? -power : power; rest > 0; rest -= 62)
    text += fmt::format(" {} CAST({} AS REAL)", power < 0 ? '/' : '*', std::int64_t{1} << std::min(rest, 62));
  return text + ")";
}

// A correctly rounded division of two exact doubles is the double that is nearest the decimal.
std::string decimal_literal(const stdlib::Decimal& number) {
  if (!stdlib::fits(number.unscaled, kExactDigits) || number.scale > kExactDigits) return {};
  const auto unscaled = static_cast<std::int64_t>(number.unscaled);
  if (number.scale == 0) return fmt::format("{}.0", unscaled);
  return fmt::format("({} / {}.0)", unscaled, static_cast<std::int64_t>(stdlib::power_of_ten(number.scale)));
}

std::string timestamp_literal(std::int64_t instant) {
  if (!stdlib::instant_in_range(instant)) return {};
  return quoted(database_sql::wide_moment(instant), '\'');
}

class SqliteDialect final : public lower_sql::Dialect {
 public:
  [[nodiscard]] stdlib::Dialect id() const override { return stdlib::Dialect::Sqlite; }
  [[nodiscard]] std::string_view name() const override { return "sqlite"; }
  [[nodiscard]] std::string quote(std::string_view identifier) const override {
    return quoted(identifier, '"');
  }
  [[nodiscard]] std::string own_table(std::string_view name, bool temporary) const override {
    return (temporary ? "temp." : "main.") + quote(name);
  }
  [[nodiscard]] std::string literal(const Value& value, const Type& type) const override;
  [[nodiscard]] std::string read(std::string_view column_sql, const schema::Column& column) const override;
  [[nodiscard]] std::string unreadable(std::string_view column_sql,
                                       const schema::Column& column) const override;
  [[nodiscard]] bool stores_anything() const override { return true; }
  [[nodiscard]] std::string distinct(std::string_view left, std::string_view right) const override {
    return fmt::format("{} IS NOT {}", left, right);
  }
  // Of up to 15 digits: others have no form here.
  [[nodiscard]] bool exact_decimals() const override { return true; }
  [[nodiscard]] std::string now() const override { return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"; }
  [[nodiscard]] std::string ordered(std::string_view value, const Type& type, bool descending) const override;
  [[nodiscard]] std::string aggregate(Aggregate aggregate, std::string_view value, const Type& type,
                                      std::string_view over) const override;
  [[nodiscard]] std::string placeholder(int n) const override { return fmt::format("?{}", n); }
};

std::string SqliteDialect::literal(const Value& value, const Type& type) const {
  if (value.missing()) return "NULL";
  switch (type.kind) {
    case Kind::Bool:
      return value.boolean() ? "1" : "0";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Interval:  // microseconds; templates that read it are written for its value
      return integer_literal(value.integer());
    case Kind::Float64:
      return float_literal(value.number());
    case Kind::Decimal:
      return decimal_literal(value.decimal());
    case Kind::Text:
      return text_literal(value.text());
    case Kind::Bytes:
      return fmt::format("x'{}'", hex(value.text()));
    case Kind::Date:
      return stdlib::day_in_range(value.integer()) ? quoted(stdlib::format_date(value.integer()), '\'') : "";
    case Kind::Timestamp:
      return timestamp_literal(value.integer());
    default:
      return {};
  }
}

std::string SqliteDialect::ordered(std::string_view value, const Type& type, bool descending) const {
  return fmt::format("{}{}{}", value, descending ? " DESC" : "", type.optional ? " NULLS LAST" : "");
}

// Of decimals as whole numbers of their last digit: a sum of doubles would round.
std::string SqliteDialect::aggregate(Aggregate aggregate, std::string_view value, const Type& type,
                                     std::string_view over) const {
  if (aggregate != Aggregate::Sum)
    return fmt::format("{}({})", aggregate == Aggregate::Min ? "min" : "max", value);
  if (type.kind == Kind::Float64) return fmt::format("coalesce(sum({}){}, 0.0)", value, over);
  if (type.kind != Kind::Decimal) return fmt::format("coalesce(sum({}){}, 0)", value, over);
  const int scale = std::min<int>(type.scale, kExactDigits);
  const std::string whole = sqlite_form::whole_number(value, scale);
  const std::string sum = fmt::format("total({}){}", whole, over);
  // Whole numbers below 2^53 add up exactly, and never end the statement as sum() does that overflows. A
  // column may hold what is no decimal of its scale: then there is no sum.
  return fmt::format(
      "CASE WHEN total(abs({0} * {1}.0)){2} < 4503599627370496.0 AND total({0} IS NOT {3}){2} = 0 AND "
      "abs({4}) "
      "< 1000000000000000.0 THEN {5} END",
      value, static_cast<std::int64_t>(stdlib::power_of_ten(scale)), over,
      sqlite_form::of_whole_number(whole, scale), sum, sqlite_form::of_whole_number(sum, scale));
}

std::string SqliteDialect::read(std::string_view sql, const schema::Column& column) const {
  switch (column.type.kind) {
    case Kind::Bool:
    case Kind::Int64:
    case Kind::Float64:
    case Kind::Bytes:
    case Kind::Date:
      return std::string(sql);
    case Kind::Text:
      return column.collation.empty() ? std::string(sql) : fmt::format("({} COLLATE BINARY)", sql);
    case Kind::Decimal:
      return column.type.precision <= kExactDigits ? std::string(sql) : "";
    // 'T' or a blank, no digits of a second or up to six, a Z or none: one form for all.
    case Kind::Timestamp:
      return fmt::format(
          "(substr({0}, 1, 10) || ' ' || substr({0}, 12, 8) || '.' || "
          "substr(rtrim(substr({0}, 21), 'Z') || '000000', 1, 6))",
          sql);
    default:
      return {};
  }
}

// What cell.h would read of it. Without a modifier date() gives '2024-02-30' back.
std::string fits(std::string_view sql, const stdlib::Type& type) {
  switch (type.kind) {
    case Kind::Int64:
      return fmt::format("typeof({}) = 'integer'", sql);
    case Kind::Bool:
      return fmt::format("typeof({0}) = 'integer' AND {0} IN (0, 1)", sql);
    case Kind::Float64:
      return fmt::format("typeof({0}) = 'real' AND abs({0}) < 9e999", sql);
    case Kind::Text:
      return fmt::format("typeof({0}) = 'text' AND instr({0}, char(0)) = 0", sql);
    case Kind::Bytes:
      return fmt::format("typeof({}) = 'blob'", sql);
    case Kind::Decimal:
      return fmt::format("typeof({0}) IN ('integer', 'real') AND round({0}, {1}) = {0} AND abs({0}) < 1e{2}",
                         sql, type.scale, type.precision - type.scale);
    case Kind::Date:
      return fmt::format("typeof({0}) = 'text' AND date({0}, '+0 days') = {0}", sql);
    case Kind::Timestamp: {
      const std::string rest = fmt::format("substr(rtrim({}, 'Z'), 20)", sql);
      return fmt::format(
          "typeof({0}) = 'text' AND datetime(substr({0}, 1, 19), '+0 days') = replace(substr({0}, 1, 19), "
          "'T', ' ') "
          "AND {0} NOT LIKE '%ZZ' AND ({1} = '' OR {1} GLOB '.[0-9]*' AND length({1}) <= 7 "
          "AND substr({1}, 2) NOT GLOB '*[^0-9]*')",
          sql, rest);
    }
    default:
      return {};
  }
}

std::string SqliteDialect::unreadable(std::string_view sql, const schema::Column& column) const {
  const std::string fit = fits(sql, column.type);
  return fit.empty() ? fit : fmt::format("{0} IS NOT NULL AND CASE WHEN {1} THEN 1 END IS NULL", sql, fit);
}

}  // namespace

const lower_sql::Dialect& dialect() {
  static const SqliteDialect instance;
  return instance;
}

std::string in_main(std::string_view name) {
  return "main." + dialect().quote(name);
}

}  // namespace backfill::database::sqlite
