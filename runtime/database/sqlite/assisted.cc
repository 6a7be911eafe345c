// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/assisted.h"

#include <algorithm>

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/sqlite/cell.h"
#include "stdlib/calendar.h"
#include "stdlib/function.h"

namespace backfill::database::sqlite {

namespace {

using stdlib::Function;
using stdlib::Kind;
using stdlib::Value;

// Dates and instants are the texts that the dialect computes with.
std::optional<Value> moment_of(sqlite3_value* from, Kind kind) {
  const std::string_view text(reinterpret_cast<const char*>(sqlite3_value_text(from)),
                              static_cast<std::size_t>(sqlite3_value_bytes(from)));
  if (kind == Kind::Date) {
    const std::optional<std::int32_t> day = stdlib::parse_date(text);
    return day ? std::optional<Value>(std::int64_t{*day}) : std::nullopt;
  }
  const std::optional<std::int64_t> instant = stdlib::parse_local_timestamp(text);
  return instant ? std::optional<Value>(*instant) : std::nullopt;
}

// The value as the parameter's type, or nothing if SQLite holds something else.
std::optional<Value> value_of(sqlite3_value* from, Kind kind) {
  const int storage = sqlite3_value_type(from);
  if (storage == SQLITE_NULL) return Value();
  if (kind == Kind::Text && storage == SQLITE_TEXT) {
    const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(from));
    std::string text(data, static_cast<std::size_t>(sqlite3_value_bytes(from)));
    if (!is_text(text)) return std::nullopt;
    return Value(std::move(text));
  }
  if (stdlib::is_integer(kind) && storage == SQLITE_INTEGER) {
    const std::int64_t number = sqlite3_value_int64(from);
    if (kind == Kind::Int16 && number != static_cast<std::int16_t>(number)) return std::nullopt;
    if (kind == Kind::Int32 && number != static_cast<std::int32_t>(number)) return std::nullopt;
    return Value(number);
  }
  if (kind == Kind::Bytes && storage == SQLITE_BLOB) {
    const auto* data = static_cast<const char*>(sqlite3_value_blob(from));
    return Value(
        std::string(data, data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_value_bytes(from))));
  }
  if ((kind == Kind::Date || kind == Kind::Timestamp) && storage == SQLITE_TEXT) return moment_of(from, kind);
  if (kind == Kind::Bool && storage == SQLITE_INTEGER) return Value(sqlite3_value_int64(from) != 0);
  if (kind == Kind::Float64 && storage == SQLITE_FLOAT) return Value(sqlite3_value_double(from));
  return std::nullopt;
}

void give_text(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give(sqlite3_context* context, const Value& value, Kind kind) {
  if (value.missing()) return sqlite3_result_null(context);
  if (kind == Kind::Date) return give_text(context, stdlib::format_date(value.integer()));
  if (kind == Kind::Timestamp) {
    std::string text = stdlib::format_local_timestamp(value.integer());
    text[10] = ' ';
    if (text.size() == 19) text += '.';
    text.resize(26, '0');
    return give_text(context, text);
  }
  const auto* text = std::get_if<std::string>(&value.variant());
  if (text != nullptr && kind == Kind::Bytes)
    return sqlite3_result_blob64(context, text->data(), text->size(), SQLITE_TRANSIENT);
  if (text != nullptr) return give_text(context, *text);
  if (const auto* integer = std::get_if<std::int64_t>(&value.variant()))
    return sqlite3_result_int64(context, *integer);
  if (const auto* truth = std::get_if<bool>(&value.variant()))
    return sqlite3_result_int(context, *truth ? 1 : 0);
  if (const auto* number = std::get_if<double>(&value.variant()))
    return sqlite3_result_double(context, *number);
  sqlite3_result_error(context, "backfill: a result that SQLite has no form for", -1);
}

// A row error is NULL, as in every other template of the table; stored text that is none, too.
void call(sqlite3_context* context, int count, sqlite3_value** arguments) {
  const auto& function = *static_cast<const Function*>(sqlite3_user_data(context));
  std::vector<Value> values;
  std::vector<stdlib::Type> types;
  bool missing = false;
  for (int i = 0; i < count; ++i) {
    const auto at = std::min(static_cast<std::size_t>(i), function.parameters.size() - 1);
    std::optional<Value> value = value_of(arguments[i], function.parameters[at].type.kind);
    if (!value) return sqlite3_result_null(context);
    missing = missing || value->missing();
    values.push_back(*std::move(value));
    types.push_back(function.parameters[at].type);
  }
  if (missing && stdlib::is_strict(function.null_rule)) return sqlite3_result_null(context);
  stdlib::EvaluateContext evaluation;
  const stdlib::Type type = function.result(types);
  const Value result = function.evaluate(function, values, types, type, evaluation);
  if (evaluation.error != stdlib::RowError::None) return sqlite3_result_null(context);
  give(context, result, type.kind);
}

}  // namespace

// The name is the template's own; no two assisted rows share name and count of arguments (tests).
Result<void> register_assisted(const Connection& connection) {
  for (const Function& function : stdlib::functions()) {
    const stdlib::SqlTemplate& sql = function.in(stdlib::Dialect::Sqlite);
    if (sql.availability != stdlib::Availability::Assisted) continue;
    const std::string name(sql.text.substr(0, sql.text.find('(')));
    const int count = function.variadic ? -1 : static_cast<int>(function.parameters.size());
    if (sqlite3_create_function_v2(connection.handle(), name.c_str(), count,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC, const_cast<Function*>(&function), call,
                                   nullptr, nullptr, nullptr) != SQLITE_OK)
      return connection.failure("register the function " + name);
  }
  return {};
}

}  // namespace backfill::database::sqlite
