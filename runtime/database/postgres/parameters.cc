// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/parameters.h"

#include <fmt/format.h>

#include "stdlib/calendar.h"

namespace backfill::database::postgres {

namespace {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

std::string hex(std::string_view bytes) {
  std::string digits = "\\x";
  for (const char c : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return digits;
}

std::optional<std::string> moment(std::int64_t instant) {
  if (!stdlib::instant_in_range(instant)) return std::nullopt;
  std::string text = stdlib::format_local_timestamp(instant);
  text[10] = ' ';
  return text;
}

std::optional<std::string> text_of(const Value& value, const Type& type) {
  switch (type.kind) {
    case Kind::Bytes:
      return hex(value.text());
    case Kind::Date:
      if (!stdlib::day_in_range(value.integer())) return std::nullopt;
      return stdlib::format_date(value.integer());
    case Kind::Timestamp: {
      auto text = moment(value.integer());
      if (text) *text += "+00";
      return text;
    }
    case Kind::LocalTimestamp:
      return moment(value.integer());
    case Kind::Text:
    case Kind::Enum:
    case Kind::Json:
    case Kind::List:
      if (value.text().find('\0') != std::string::npos) return std::nullopt;
      return value.text();
    default:
      return stdlib::display(value, type);
  }
}

}  // namespace

std::string without_nul(std::string text) {
  for (std::size_t at = 0; (at = text.find('\0', at)) != std::string::npos;) text.replace(at, 1, "\uFFFD");
  return text;
}

void Parameters::push(Oid type, std::optional<std::string> value, int format) {
  types_.push_back(type);
  lengths_.push_back(value ? static_cast<int>(value->size()) : 0);
  formats_.push_back(format);
  values_.push_back(std::move(value));
}

void Parameters::add_text(std::optional<std::string> text) {
  push(0, std::move(text), 0);
}

void Parameters::add_binary(Oid type, std::string bytes) {
  push(type, std::move(bytes), 1);
}

bool Parameters::add(const Value& value, const Type& type) {
  std::optional<std::string> text;
  if (!value.missing()) text = text_of(value, type);
  const bool has_form = value.missing() || text.has_value();
  add_text(std::move(text));
  return has_form;
}

void Parameters::add_plain(const Value& value) {
  const auto& v = value.variant();
  if (value.missing()) return add_text({});
  if (const auto* flag = std::get_if<bool>(&v)) return add_text(*flag ? "t" : "f");
  if (const auto* number = std::get_if<std::int64_t>(&v)) return add_text(std::to_string(*number));
  if (const auto* real = std::get_if<double>(&v)) return add_text(fmt::format("{}", *real));
  if (const auto* text = std::get_if<std::string>(&v)) return add_text(without_nul(*text));
  add_text(stdlib::display(value, stdlib::decimal(38, value.decimal().scale)));
}

std::vector<const char*> Parameters::pointers() const {
  std::vector<const char*> result;
  result.reserve(values_.size());
  for (const auto& value : values_) result.push_back(value ? value->c_str() : nullptr);
  return result;
}

}  // namespace backfill::database::postgres
