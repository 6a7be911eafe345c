// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdlib>

#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

unsigned hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

std::string decode_bytes(std::string_view written) {
  std::string bytes;
  for (std::size_t at = 2; at + 1 < written.size(); at += 2)
    bytes += static_cast<char>(hex_value(written[at]) * 16 + hex_value(written[at + 1]));
  return bytes;
}

std::string without_underscores(std::string_view written) {
  std::string digits(written);
  std::erase(digits, '_');
  return digits;
}

struct UnitRow {
  std::string_view word;
  std::int64_t months, days, microseconds;
};

constexpr std::int64_t second = 1'000'000;
constexpr UnitRow units[] = {
    {"us", 0, 0, 1},
    {"ms", 0, 0, 1000},
    {"s", 0, 0, second},
    {"second", 0, 0, second},
    {"seconds", 0, 0, second},
    {"min", 0, 0, 60 * second},
    {"minute", 0, 0, 60 * second},
    {"minutes", 0, 0, 60 * second},
    {"hour", 0, 0, 3600 * second},
    {"hours", 0, 0, 3600 * second},
    {"day", 0, 1, 0},
    {"days", 0, 1, 0},
    {"week", 0, 7, 0},
    {"weeks", 0, 7, 0},
    {"month", 1, 0, 0},
    {"months", 1, 0, 0},
    {"year", 12, 0, 0},
    {"years", 12, 0, 0},
};

const UnitRow& unit_of(std::string_view word) {
  for (const UnitRow& row : units)
    if (row.word == word) return row;
  std::abort();  // the grammar takes no other word
}

LiteralKind kind_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::integer:
    case NodeKind::digits:
      return LiteralKind::Integer;
    case NodeKind::decimal:
      return LiteralKind::Decimal;
    case NodeKind::floating:
      return LiteralKind::Float;
    case NodeKind::percentage:
      return LiteralKind::Percentage;
    case NodeKind::duration:
      return LiteralKind::Duration;
    case NodeKind::text:
    case NodeKind::text_raw:
      return LiteralKind::Text;
    case NodeKind::bytes:
      return LiteralKind::Bytes;
    case NodeKind::regex_raw:
      return LiteralKind::Regex;
    case NodeKind::date:
      return LiteralKind::Date;
    case NodeKind::time:
      return LiteralKind::Time;
    case NodeKind::timestamp:
      return LiteralKind::Timestamp;
    case NodeKind::true_:
    case NodeKind::false_:
      return LiteralKind::Bool;
    default:
      return LiteralKind::Missing;
  }
}

void negate(Literal& literal) {
  literal.integer = -literal.integer;
  literal.floating = -literal.floating;
  literal.duration = {-literal.duration.months, -literal.duration.days, -literal.duration.microseconds};
}

}  // namespace

// Digits and an optional point, up to 38 digits: what a decimal(38, s) can hold.
void Builder::number(Literal& out, std::string_view digits) {
  constexpr int most_digits = 38;
  int significant = 0;
  bool after_point = false;
  for (const char c : digits) {
    if (c == '.') after_point = true;
    if (!is_digit(c)) continue;
    if (significant > 0 || c != '0') ++significant;
    if (significant > most_digits) {
      return report({.code = diagnostic::Code::LiteralOutOfRange,
                     .span = out.span,
                     .message = fmt::format("this number has more than {} digits", most_digits)});
    }
    out.integer = out.integer * 10 + (c - '0');
    if (after_point) ++out.scale;
  }
}

void Builder::duration(Literal& out) {
  const std::size_t blank = out.written.find_first_of(" \t");
  const UnitRow& unit = unit_of(out.written.substr(out.written.find_first_not_of(" \t", blank)));
  Literal amount;
  amount.span = out.span;
  number(amount, std::string_view(out.written).substr(0, blank));
  __int128 scale = 1;
  for (std::uint32_t i = 0; i < amount.scale; ++i) scale *= 10;
  constexpr __int128 most = 1'000'000'000'000;
  const __int128 microseconds = amount.integer > most * most ? 0 : amount.integer * unit.microseconds;
  const bool whole = amount.scale == 0 || (unit.microseconds > 0 && microseconds % scale == 0);
  if (!whole || amount.integer / scale > most || microseconds / scale > most * second) {
    return report({.code = diagnostic::Code::LiteralOutOfRange,
                   .span = out.span,
                   .message = fmt::format("`{}` is no duration that can be represented", out.written),
                   .help = "durations are whole microseconds, days or months"});
  }
  out.duration = {static_cast<std::int64_t>(amount.integer) * unit.months,
                  static_cast<std::int64_t>(amount.integer) * unit.days,
                  static_cast<std::int64_t>(microseconds / scale)};
  if (unit.microseconds > 0) out.duration.months = out.duration.days = 0;
}

void Builder::moment(Literal& out, const Node& node) {
  out.text = unquote(text(node.children.at(0)));
}

Literal Builder::literal(const Node& node) {
  if (node.kind == NodeKind::signed_literal) {
    Literal result = literal(node.children.back());
    if (node.children.size() > 1) negate(result);
    result.span = node.span;
    result.written = text(node);
    return result;
  }
  Literal result;
  result.kind = kind_of(node.kind);
  result.span = node.span;
  result.written = text(node);
  switch (result.kind) {
    case LiteralKind::Integer:
    case LiteralKind::Decimal:
    case LiteralKind::Percentage:
      number(result, result.written);
      break;
    case LiteralKind::Float:
      result.floating = std::strtod(without_underscores(result.written).c_str(), nullptr);
      break;
    case LiteralKind::Duration:
      duration(result);
      break;
    case LiteralKind::Text:
      result.text = unquote(result.written);
      break;
    case LiteralKind::Bytes:
      result.text = decode_bytes(result.written);
      break;
    case LiteralKind::Regex:
      result.text = result.written.substr(1, result.written.size() - 2);
      break;
    case LiteralKind::Date:
    case LiteralKind::Time:
    case LiteralKind::Timestamp:
      moment(result, node);
      break;
    case LiteralKind::Bool:
      result.boolean = node.kind == NodeKind::true_;
      break;
    case LiteralKind::Missing:
      break;
  }
  return result;
}

}  // namespace backfill::syntax
