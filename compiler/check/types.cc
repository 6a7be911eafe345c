// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/types.h"

#include <fmt/format.h>
#include <array>
#include <optional>

namespace backfill::check {

using stdlib::Kind;
using stdlib::Type;

namespace {

struct TypeName {
  std::string_view name;
  Kind kind;
};
constexpr std::array kTypeNames = {
    TypeName{"bool", Kind::Bool},         TypeName{"int16", Kind::Int16},
    TypeName{"int32", Kind::Int32},       TypeName{"int64", Kind::Int64},
    TypeName{"float32", Kind::Float32},   TypeName{"float64", Kind::Float64},
    TypeName{"decimal", Kind::Decimal},   TypeName{"text", Kind::Text},
    TypeName{"bytes", Kind::Bytes},       TypeName{"date", Kind::Date},
    TypeName{"time", Kind::Time},         TypeName{"timestamp", Kind::Timestamp},
    TypeName{"interval", Kind::Interval}, TypeName{"local_timestamp", Kind::LocalTimestamp},
    TypeName{"uuid", Kind::Uuid},         TypeName{"json", Kind::Json},
};

// What other languages and SQL call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kOtherNames = {{
    {"int", "int64"},
    {"integer", "int64"},
    {"bigint", "int64"},
    {"smallint", "int16"},
    {"string", "text"},
    {"varchar", "text"},
    {"char", "text"},
    {"boolean", "bool"},
    {"double", "float64"},
    {"float", "float64"},
    {"real", "float64"},
    {"number", "decimal"},
    {"numeric", "decimal"},
    {"blob", "bytes"},
    {"datetime", "timestamp"},
    {"jsonb", "json"},
}};

std::string meant_type(const std::string& name) {
  for (const auto& [other, ours] : kOtherNames) {
    if (other == name) return std::string(ours);
  }
  std::vector<std::string> names;
  for (const TypeName& known : kTypeNames) names.emplace_back(known.name);
  return diagnostic::nearest(name, names);
}

Type unknown_type(Context& context, const syntax::Type& type) {
  std::vector<std::string> names;
  for (const TypeName& known : kTypeNames) names.emplace_back(known.name);
  Diagnostic diagnostic{.code = Code::UnknownType, .span = type.span};
  diagnostic.message = fmt::format("`{}` is not a type", type.name.text());
  diagnostic.replacement = meant_type(type.name.text());
  diagnostic.help = diagnostic.replacement.empty()
                        ? fmt::format("types are {}", fmt::join(names, ", "))
                        : fmt::format("did you mean `{}`?", diagnostic.replacement);
  context.report(std::move(diagnostic));
  return stdlib::make(Kind::Error);
}

Type decimal_type(Context& context, const syntax::Type& type) {
  const bool fits = type.arguments.size() == 2 && type.arguments[0] >= 1 && type.arguments[0] <= 38 &&
                    type.arguments[1] <= type.arguments[0];
  if (fits) return stdlib::decimal(static_cast<int>(type.arguments[0]), static_cast<int>(type.arguments[1]));
  Diagnostic diagnostic{.code = Code::UnknownType, .span = type.span};
  diagnostic.message = "a decimal says its digits: `decimal(p, s)` with 1 <= p <= 38 and s <= p";
  diagnostic.help = "write for example `decimal(10, 2)`";
  context.report(std::move(diagnostic));
  return stdlib::make(Kind::Error);
}

// What JSON can hold and give back.
Type list_type(Context& context, Type element, Span span) {
  if (element.kind == Kind::Error) return element;
  const bool null_is_a_value = element.kind == Kind::Json && element.optional;
  const bool plain = element.kind == Kind::Json || element.kind == Kind::List;
  if (!null_is_a_value && (plain || stdlib::conversion(stdlib::make(Kind::Json), element, false) != nullptr))
    return stdlib::list_of(std::move(element));
  Diagnostic diagnostic{.code = Code::UnknownType, .span = span};
  diagnostic.message = fmt::format("there are no lists of {}", to_string(element));
  if (null_is_a_value)
    diagnostic.help = "an element that is missing could not be told from null: write `[json]`";
  context.report(std::move(diagnostic));
  return stdlib::make(Kind::Error);
}

// `plan_kind`, or `app.plan_kind` where the schema's tables say so.
std::optional<Type> enum_of_schema(const Context& context, std::string_view name) {
  for (const schema::Table& table : context.catalog().tables) {
    for (const schema::Column& column : table.columns) {
      const std::string& known = column.type.name;
      if (column.type.kind != Kind::Enum || !column.type.labels) continue;
      if (known == name || known.ends_with("." + std::string(name))) return column.type.required();
    }
  }
  return std::nullopt;
}

Type required_type(Context& context, const syntax::Type& type) {
  if (type.element != nullptr) {
    return list_type(context, type_of(context, *type.element), type.span);
  }
  for (const TypeName& known : kTypeNames) {
    if (known.name != type.name.text()) continue;
    if (known.kind == Kind::Decimal) return decimal_type(context, type);
    Type made = stdlib::make(known.kind);
    if (!type.arguments.empty()) made.max_length = type.arguments[0];
    return made;
  }
  if (const std::optional<Type> known = enum_of_schema(context, type.name.text())) return *known;
  return unknown_type(context, type);
}

}  // namespace

std::string with_article(const Type& type) {
  const std::string name = to_string(type);
  const bool vowel = std::string_view("aeio").find(name[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + name;
}

Type type_of(Context& context, const syntax::Type& type) {
  Type made = required_type(context, type);
  made.optional = type.optional;
  return made;
}

}  // namespace backfill::check
