// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/declared_type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "runtime/database/postgres/lists.h"

namespace backfill::database::postgres {

namespace {

using stdlib::Kind;
using stdlib::Type;

// Internal names whose spelling is another one. `%` is where modifiers stand.
struct Spelling {
  std::string_view internal, spelled;
};
constexpr std::array kSpellings = {
    Spelling{"bool", "boolean"},
    Spelling{"int2", "smallint"},
    Spelling{"int4", "integer"},
    Spelling{"int8", "bigint"},
    Spelling{"float4", "real"},
    Spelling{"float8", "double precision"},
    Spelling{"numeric", "numeric%"},
    Spelling{"varchar", "character varying%"},
    Spelling{"bpchar", "character%"},
    Spelling{"char", "\"char\""},
    Spelling{"bit", "bit%"},
    Spelling{"varbit", "bit varying%"},
    Spelling{"time", "time% without time zone"},
    Spelling{"timetz", "time% with time zone"},
    Spelling{"timestamp", "timestamp% without time zone"},
    Spelling{"timestamptz", "timestamp% with time zone"},
};

// The rest of pg_catalog's types, as they are spelled.
constexpr std::string_view kSystemTypes =
    " aclitem box bytea cid cidr circle date datemultirange daterange gtsvector inet int2vector "
    "int4multirange int4range int8multirange int8range interval json jsonb jsonpath line lseg macaddr "
    "macaddr8 money name nummultirange numrange oid oidvector path pg_lsn pg_node_tree pg_snapshot point "
    "polygon refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator "
    "regproc regprocedure regrole regtype text tid tsmultirange tsquery tsrange tstzmultirange tstzrange "
    "tsvector txid_snapshot uuid xid xid8 xml ";

// Words of the grammar that the server quotes where they are names.
constexpr std::string_view kReserved =
    " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit "
    "boolean both case cast char character check coalesce collate collation column concurrently "
    "constraint create cross current_catalog current_date current_role current_schema current_time "
    "current_timestamp current_user dec decimal default deferrable desc distinct do else end except "
    "exists extract false fetch float for foreign freeze from full grant greatest group grouping having "
    "ilike in initially inner inout int integer intersect interval into is isnull join lateral leading "
    "least left like limit localtime localtimestamp national natural nchar none normalize not notnull "
    "null nullif numeric offset on only or order out outer overlaps overlay placing position precision "
    "primary real references returning right row select session_user setof similar smallint some "
    "substring symmetric table tablesample then time timestamp to trailing treat trim true union unique "
    "user using values varchar variadic verbose when where window with xmlattributes xmlconcat "
    "xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";

// `words` stand between blanks.
bool among(std::string_view words, std::string_view word) {
  return words.find(fmt::format(" {} ", word)) != std::string_view::npos;
}

std::string_view spelling_of(std::string_view name) {
  for (const Spelling& one : kSpellings)
    if (one.internal == name) return one.spelled;
  return among(kSystemTypes, name) ? name : std::string_view();
}

std::string parenthesised(std::span<const std::string> modifiers) {
  return modifiers.empty() ? "" : fmt::format("({})", fmt::join(modifiers, ","));
}

// The fields that an interval is cut to, by the parser's mask.
std::string interval_spelling(std::span<const std::string> modifiers) {
  struct Fields {
    std::string_view mask, spelled;
  };
  constexpr std::array kFields = {Fields{"4", " year"},
                                  Fields{"2", " month"},
                                  Fields{"8", " day"},
                                  Fields{"1024", " hour"},
                                  Fields{"2048", " minute"},
                                  Fields{"4096", " second"},
                                  Fields{"6", " year to month"},
                                  Fields{"1032", " day to hour"},
                                  Fields{"3080", " day to minute"},
                                  Fields{"7176", " day to second"},
                                  Fields{"3072", " hour to minute"},
                                  Fields{"7168", " hour to second"},
                                  Fields{"6144", " minute to second"}};
  std::string text = "interval";
  if (modifiers.empty()) return text;
  for (const Fields& fields : kFields)
    if (fields.mask == modifiers[0]) text += fields.spelled;
  if (modifiers.size() > 1) text += parenthesised(modifiers.subspan(1));
  return text;
}

Type opaque(std::string_view sql_type) {
  Type type = stdlib::make(Kind::Opaque);
  type.name = std::string(sql_type);
  return type;
}

// `(10,2)`, and what stands before and behind it.
struct Parts {
  std::string name;
  int count = 0;
  std::array<int, 2> numbers = {0, 0};
};

Parts parts_of(std::string_view text) {
  Parts parts;
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')');
  parts.name = text.substr(0, open);
  if (open == std::string_view::npos || close == std::string_view::npos) return parts;
  parts.name += text.substr(close + 1);
  const char* at = text.data() + open + 1;
  const char* const end = text.data() + close;
  while (at < end && parts.count < 2) {
    const auto [next, error] =
        std::from_chars(at, end, parts.numbers.at(static_cast<std::size_t>(parts.count)));
    if (error != std::errc()) break;
    ++parts.count;
    at = next + 1;
  }
  return parts;
}

// Without precision a numeric holds up to 131,072 digits: no decimal of ours does.
Type numeric(std::string_view sql_type, const Parts& parts) {
  const int precision = parts.numbers[0], scale = parts.numbers[1];
  const bool fits = parts.count >= 1 && precision <= 38 && scale >= 0 && scale <= precision;
  return fits ? stdlib::decimal(precision, scale) : opaque(sql_type);
}

struct Mapping {
  std::string_view name;
  Kind kind;
};
constexpr std::array kMappings = {
    Mapping{"boolean", Kind::Bool},
    Mapping{"smallint", Kind::Int16},
    Mapping{"integer", Kind::Int32},
    Mapping{"bigint", Kind::Int64},
    Mapping{"real", Kind::Float32},
    Mapping{"double precision", Kind::Float64},
    Mapping{"bytea", Kind::Bytes},
    Mapping{"date", Kind::Date},
    Mapping{"time without time zone", Kind::Time},
    Mapping{"timestamp with time zone", Kind::Timestamp},
    Mapping{"timestamp without time zone", Kind::LocalTimestamp},
    Mapping{"interval", Kind::Interval},
    Mapping{"uuid", Kind::Uuid},
    Mapping{"json", Kind::Json},
    Mapping{"jsonb", Kind::Json},
};

Type users_type(std::string_view sql_type, std::span<const schema::UserType> types) {
  for (const schema::UserType& type : types) {
    if (qualified_type(type.schema, type.name) != sql_type) continue;
    if (!type.base.empty()) return declared_type(type.base, types);
    Type result = stdlib::make(Kind::Enum);
    result.name = std::string(sql_type);
    result.labels = std::make_shared<const std::vector<std::string>>(type.labels);
    return result;
  }
  return opaque(sql_type);
}

bool is_plain(std::string_view name) {
  const auto word = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !name.empty() && word(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return word(c) || (c >= '0' && c <= '9'); });
}

std::string in_quotes(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace

Type declared_type(std::string_view sql_type, std::span<const schema::UserType> types) {
  if (sql_type.ends_with("[]")) {
    auto element = list_element(sql_type);
    return element ? stdlib::list_of(*std::move(element)) : opaque(sql_type);
  }
  const Parts parts = parts_of(sql_type);
  const auto length = static_cast<std::uint32_t>(parts.count == 1 ? parts.numbers[0] : 0);
  if (parts.name == "text" || parts.name == "bpchar" || parts.name == "inet") return stdlib::text();
  if (parts.name == "character varying" || parts.name == "character") return stdlib::text(length);
  if (parts.name == "numeric") return numeric(sql_type, parts);
  for (const Mapping& mapping : kMappings)
    if (mapping.name == parts.name) return stdlib::make(mapping.kind);
  return users_type(sql_type, types);
}

std::string type_spelling(std::string_view schema, std::string_view name,
                          std::span<const std::string> modifiers, bool array) {
  std::string text;
  std::string_view system;
  if (schema.empty() || schema == "pg_catalog") system = spelling_of(name);
  const std::size_t at = system.find('%');
  if (system == "interval") {
    text = interval_spelling(modifiers);
  } else if (name == "bpchar" && at != std::string_view::npos && modifiers.empty()) {
    text = "bpchar";
  } else if (name == "numeric" && at != std::string_view::npos && modifiers.size() == 1) {
    text = fmt::format("numeric({},0)", modifiers[0]);
  } else if (at != std::string_view::npos) {
    text = fmt::format("{}{}{}", system.substr(0, at), parenthesised(modifiers), system.substr(at + 1));
  } else if (!system.empty()) {
    text = system;
  } else {
    text = qualified_type(schema, name) + parenthesised(modifiers);
  }
  return array ? text + "[]" : text;
}

bool is_system_type(std::string_view name) {
  return !spelling_of(name).empty();
}

std::string qualified_type(std::string_view schema, std::string_view name) {
  const std::string spelled = is_plain(name) ? std::string(name) : in_quotes(name);
  return schema.empty() ? spelled : quote_ident(schema) + "." + spelled;
}

std::string quote_ident(std::string_view name) {
  const bool plain = is_plain(name) && !among(kReserved, name);
  return plain ? std::string(name) : in_quotes(name);
}

}  // namespace backfill::database::postgres
