// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/cell.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "stdlib/bug.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"

namespace backfill::database::sqlite {

namespace {

using stdlib::ColumnBuffer;
using stdlib::Decimal;
using stdlib::Int128;
using stdlib::Kind;
using stdlib::RowError;
using stdlib::Type;

std::string_view bytes_of(sqlite3_stmt* statement, int at) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, at));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement, at))};
}

std::string_view text_of(sqlite3_stmt* statement, int at) {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
  return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement, at))};
}

std::string described(sqlite3_stmt* statement, int at) {
  constexpr std::size_t kShown = 40;
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
      return fmt::format("the integer {}", sqlite3_column_int64(statement, at));
    case SQLITE_FLOAT:
      return fmt::format("the real number {}", sqlite3_column_double(statement, at));
    case SQLITE_BLOB:
      return fmt::format("a blob of {} bytes", sqlite3_column_bytes(statement, at));
    default:
      break;
  }
  const std::string_view text = text_of(statement, at);
  if (!is_text(text)) return "a text that is not valid UTF-8 or has a NUL inside";
  if (text.size() <= kShown) return fmt::format("the text '{}'", text);
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return fmt::format("the text '{}...'", text.substr(0, end));
}

Unfit unfit(sqlite3_stmt* statement, int at, const schema::Column& column) {
  const bool bad_text = sqlite3_column_type(statement, at) == SQLITE_TEXT && !is_text(text_of(statement, at));
  return {bad_text ? RowError::InvalidUtf8 : RowError::Unreadable,
          fmt::format("`{}` holds {}, {} was expected", column.name, described(statement, at),
                      stdlib::to_string(column.type.required()))};
}

// Decimals of at most 15 digits and doubles are one to one there, so a candidate that divides to the same
// double is the one with the shortest digits.
std::optional<Int128> quick_unscaled(double number, int scale) {
  if (scale > 15) return std::nullopt;
  const double power = static_cast<double>(static_cast<std::int64_t>(stdlib::power_of_ten(scale)));
  const double scaled = std::nearbyint(number * power);
  if (!(std::fabs(scaled) < 1e15) || scaled / power != number) return std::nullopt;
  return static_cast<Int128>(static_cast<std::int64_t>(scaled));
}

// By the shortest digits that read back as the same double; nothing where they are more than the scale has.
std::optional<Int128> shortest_unscaled(double number, int scale) {
  char digits[64];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  const auto decimal = stdlib::parse_decimal({digits, static_cast<std::size_t>(end - digits)});
  if (!decimal || decimal->scale > scale) return std::nullopt;
  return stdlib::rescale(decimal->unscaled, decimal->scale, scale);
}

std::optional<Int128> unscaled_of(sqlite3_stmt* statement, int at, const Type& type) {
  std::optional<Int128> unscaled;
  if (sqlite3_column_type(statement, at) == SQLITE_INTEGER) {
    unscaled = stdlib::rescale(sqlite3_column_int64(statement, at), 0, type.scale);
  } else if (sqlite3_column_type(statement, at) == SQLITE_FLOAT) {
    const double number = sqlite3_column_double(statement, at);
    unscaled = quick_unscaled(number, type.scale);
    if (!unscaled) unscaled = shortest_unscaled(number, type.scale);
  }
  return unscaled && stdlib::fits(*unscaled, type.precision) ? unscaled : std::nullopt;
}

bool set_decimal(ColumnBuffer& buffer, std::int64_t row, std::optional<Int128> unscaled) {
  if (!unscaled) return false;
  if (stdlib::physical(buffer.type()) == stdlib::Physical::Int64)
    buffer.as<std::int64_t>()[row] = static_cast<std::int64_t>(*unscaled);
  else
    buffer.as<Int128>()[row] = *unscaled;
  return true;
}

bool set_text(ColumnBuffer& buffer, std::int64_t row, std::string_view text, stdlib::Arena& arena) {
  buffer.as<stdlib::Text>()[row] = arena.copy(text);
  return true;
}

// A document that is a number alone becomes one by the column's NUMERIC affinity.
bool set_json(sqlite3_stmt* statement, int at, int storage, ColumnBuffer& buffer, std::int64_t row,
              stdlib::Arena& arena) {
  if (storage == SQLITE_INTEGER)
    return set_text(buffer, row, std::to_string(sqlite3_column_int64(statement, at)), arena);
  std::optional<std::string> document;
  if (storage == SQLITE_TEXT && is_text(text_of(statement, at)))
    document = stdlib::json::canonical(text_of(statement, at));
  if (storage == SQLITE_FLOAT)
    document = stdlib::json::canonical(fmt::format("{}", sqlite3_column_double(statement, at)));
  return document && set_text(buffer, row, *document, arena);
}

// True if the value fits; the slot is filled then.
bool decode_present(sqlite3_stmt* statement, int at, int storage, ColumnBuffer& buffer, std::int64_t row,
                    stdlib::Arena& arena) {
  switch (buffer.type().kind) {
    case Kind::Int64:
      if (storage != SQLITE_INTEGER) return false;
      buffer.as<std::int64_t>()[row] = sqlite3_column_int64(statement, at);
      return true;
    case Kind::Bool: {
      if (storage != SQLITE_INTEGER) return false;
      const std::int64_t truth = sqlite3_column_int64(statement, at);
      buffer.as<std::uint8_t>()[row] = truth == 1 ? 1 : 0;
      return truth == 0 || truth == 1;
    }
    case Kind::Float64:
      if (storage != SQLITE_FLOAT) return false;
      buffer.as<double>()[row] = sqlite3_column_double(statement, at);
      return std::isfinite(buffer.as<double>()[row]);
    case Kind::Decimal:
      return set_decimal(buffer, row, unscaled_of(statement, at, buffer.type()));
    case Kind::Text: {
      if (storage != SQLITE_TEXT) return false;
      const std::string_view text = text_of(statement, at);
      return is_text(text) && set_text(buffer, row, text, arena);
    }
    case Kind::Json:
      return set_json(statement, at, storage, buffer, row, arena);
    case Kind::Bytes:
      return storage == SQLITE_BLOB && set_text(buffer, row, bytes_of(statement, at), arena);
    case Kind::Date: {
      if (storage != SQLITE_TEXT) return false;
      const auto day = stdlib::parse_date(text_of(statement, at));
      if (day) buffer.as<std::int32_t>()[row] = *day;
      return day.has_value();
    }
    case Kind::Timestamp: {
      if (storage != SQLITE_TEXT) return false;
      const auto moment = parse_moment(text_of(statement, at));
      if (moment) buffer.as<std::int64_t>()[row] = *moment;
      return moment.has_value();
    }
    // Carried as its bytes: nothing computes with it.
    case Kind::Opaque:
      return set_text(buffer, row, bytes_of(statement, at), arena);
    default:
      BACKFILL_BUG("a column type that SQLite's schema never gives");
  }
}

Cell text_cell(const char* data, std::int64_t size, bool blob = false) {
  Cell cell;
  cell.kind = blob ? Cell::Kind::Blob : Cell::Kind::Text;
  cell.data = data;
  cell.size = size;
  return cell;
}

Cell kept_text(std::string_view text, stdlib::Arena& arena) {
  const stdlib::Text kept = arena.copy(text);
  return text_cell(kept.data, kept.size);
}

std::optional<Cell> encode_float(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  Cell cell;
  cell.kind = Cell::Kind::Real;
  cell.real = number;
  return cell;
}

std::optional<Cell> encode_text(const char* data, std::int64_t size) {
  if (!is_text({data, static_cast<std::size_t>(size)})) return std::nullopt;
  return text_cell(data, size);
}

// The affinity makes a number of a document that is one: it must be the same number then.
std::optional<Cell> encode_json(const char* data, std::int64_t size) {
  const std::string_view document(data, static_cast<std::size_t>(size));
  if (stdlib::json::type_of(document) != stdlib::json::Type::Number) return text_cell(data, size);
  std::int64_t integer = 0;
  const auto [end, error] = std::from_chars(data, data + size, integer);
  if (error == std::errc() && end == data + size) return integer_cell(integer);
  double number = 0;
  const auto [number_end, number_error] = std::from_chars(data, data + size, number);
  const bool kept = number_error == std::errc() && number_end == data + size &&
                    stdlib::json::canonical(fmt::format("{}", number)) == document;
  return kept ? encode_float(number) : std::nullopt;
}

// Whole numbers as integers (as NUMERIC affinity would have it); others as the nearest double, if its
// shortest digits are these very ones.
std::optional<Cell> encode_decimal(Int128 unscaled, int scale) {
  const Int128 power = stdlib::power_of_ten(scale);
  if (unscaled % power == 0) {
    const Int128 whole = unscaled / power;
    if (whole > INT64_MAX || whole < INT64_MIN) return std::nullopt;
    return integer_cell(static_cast<std::int64_t>(whole));
  }
  const double nearest = stdlib::to_double({unscaled, scale});
  const auto back =
      stdlib::fits(unscaled, 15) ? std::optional<Int128>(unscaled) : shortest_unscaled(nearest, scale);
  if (!back || *back != unscaled) return std::nullopt;
  return encode_float(nearest);
}

std::optional<Cell> encode_day(std::int64_t day, stdlib::Arena& arena) {
  if (!stdlib::day_in_range(day)) return std::nullopt;
  return kept_text(stdlib::format_date(day), arena);
}

std::optional<Cell> encode_moment(std::int64_t instant, stdlib::Arena& arena) {
  if (!stdlib::instant_in_range(instant)) return std::nullopt;
  std::string text = stdlib::format_local_timestamp(instant);
  text[10] = ' ';
  if (text.size() > 19) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return kept_text(text, arena);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// `count` digits from `at` on, or -1.
int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// The digits behind the point as microseconds, or -1.
std::int64_t fraction(std::string_view digits) {
  if (digits.empty() || digits.size() > 6) return -1;
  const int number = number_at(digits, 0, digits.size());
  if (number < 0) return -1;
  std::int64_t result = number;
  for (std::size_t i = digits.size(); i < 6; ++i) result *= 10;
  return result;
}

// Length of the well-formed sequence at the start of `text`, or 0.
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(i < text.size() ? text[i] : '\0');
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if ((first & 0xf0) == 0xe0) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool beyond = first == 0xf4 && byte(1) >= 0x90;
    return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<Unfit> decode(sqlite3_stmt* statement, int at, const schema::Column& column,
                            ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena) {
  const int storage = sqlite3_column_type(statement, at);
  if (storage == SQLITE_NULL) {
    buffer.set_missing(row);
    return std::nullopt;
  }
  if (decode_present(statement, at, storage, buffer, row, arena)) {
    buffer.out().valid[row] = 1;
    return std::nullopt;
  }
  buffer.set_missing(row);
  return unfit(statement, at, column);
}

std::optional<Cell> encode(const ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena) {
  if (!buffer.valid(row)) return Cell{};
  const Type& type = buffer.type();
  switch (type.kind) {
    case Kind::Bool:
      return integer_cell(buffer.as<std::uint8_t>()[row]);
    case Kind::Int16:
      return integer_cell(buffer.as<std::int16_t>()[row]);
    case Kind::Int32:
      return integer_cell(buffer.as<std::int32_t>()[row]);
    case Kind::Int64:
      return integer_cell(buffer.as<std::int64_t>()[row]);
    case Kind::Float64:
      return encode_float(buffer.as<double>()[row]);
    case Kind::Text: {
      const stdlib::Text& text = buffer.as<stdlib::Text>()[row];
      return encode_text(text.data, text.size);
    }
    case Kind::Json: {
      const stdlib::Text& document = buffer.as<stdlib::Text>()[row];
      return encode_json(document.data, document.size);
    }
    case Kind::Bytes: {
      const stdlib::Text& bytes = buffer.as<stdlib::Text>()[row];
      return text_cell(bytes.data, bytes.size, true);
    }
    case Kind::Date:
      return encode_day(buffer.as<std::int32_t>()[row], arena);
    case Kind::Timestamp:
      return encode_moment(buffer.as<std::int64_t>()[row], arena);
    case Kind::Decimal:
      return encode_decimal(stdlib::physical(type) == stdlib::Physical::Int64
                                ? static_cast<Int128>(buffer.as<std::int64_t>()[row])
                                : buffer.as<Int128>()[row],
                            type.scale);
    default:
      return std::nullopt;
  }
}

std::optional<Cell> encode(const stdlib::Value& value, const Type& type, stdlib::Arena& arena) {
  if (value.missing()) return Cell{};
  switch (type.kind) {
    case Kind::Bool:
      return integer_cell(value.boolean() ? 1 : 0);
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return integer_cell(value.integer());
    case Kind::Float64:
      return encode_float(value.number());
    case Kind::Text:
      return encode_text(value.text().data(), static_cast<std::int64_t>(value.text().size()));
    case Kind::Json:
      return encode_json(value.text().data(), static_cast<std::int64_t>(value.text().size()));
    case Kind::Bytes:
      return text_cell(value.text().data(), static_cast<std::int64_t>(value.text().size()), true);
    case Kind::Date:
      return encode_day(value.integer(), arena);
    case Kind::Timestamp:
      return encode_moment(value.integer(), arena);
    case Kind::Decimal:
      return encode_decimal(value.decimal().unscaled, value.decimal().scale);
    default:
      return std::nullopt;
  }
}

bool is_text(std::string_view bytes) {
  constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
  constexpr std::uint64_t kLow = 0x0101010101010101ULL;
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (at + 8 <= bytes.size()) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, 8);
      // No byte has its high bit, and none is zero.
      if ((word & kHigh) == 0 && ((word - kLow) & ~word & kHigh) == 0) {
        at += 8;
        continue;
      }
    }
    const std::size_t length = sequence(bytes.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::optional<std::int64_t> parse_moment(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || (text[10] != ' ' && text[10] != 'T') ||
      text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const stdlib::Civil civil{number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2)};
  const int hour = number_at(text, 11, 2);
  const int minute = number_at(text, 14, 2);
  const int second = number_at(text, 17, 2);
  if (civil.year < 1 || civil.month < 1 || civil.day < 1 || !stdlib::is_valid(civil)) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  std::int64_t micros = 0;
  if (text.size() > 19) {
    micros = text[19] == '.' ? fraction(text.substr(20)) : -1;
    if (micros < 0) return std::nullopt;
  }
  return stdlib::days_from_civil(civil) * stdlib::kDay + hour * stdlib::kHour + minute * stdlib::kMinute +
         second * stdlib::kSecond + micros;
}

}  // namespace backfill::database::sqlite
