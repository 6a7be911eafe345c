// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/catalog_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "runtime/database/postgres/declared_type.h"

namespace backfill::database::postgres {

namespace {

using schema::Catalog;
using schema::Column;
using schema::Table;
using schema::UserType;

constexpr unsigned kRow = 1, kBefore = 2, kInsert = 4, kDelete = 8, kUpdate = 16, kTruncate = 32,
                   kInstead = 64;

using Domains = std::map<std::string, const UserType*, std::less<>>;

// A domain may stand over another one: each adds its NOT NULL, the last one's base is the type.
void resolve_domain(Column& column, const Domains& domains) {
  for (auto domain = domains.find(column.sql_type); domain != domains.end();
       domain = domains.find(column.sql_type)) {
    if (column.domain.empty()) column.domain = column.sql_type;
    column.sql_type = domain->second->base;
    column.not_null = column.not_null || domain->second->not_null;
    if (column.collation.empty()) column.collation = domain->second->collation;
  }
}

// The server keeps some and drops others. Over a domain it says something: not the domain's default.
bool is_null_default(const Column& column) {
  if (!column.default_sql || !column.domain.empty() || column.generated) return false;
  std::string text = column.default_sql->substr(0, 6);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text == "NULL" || text == "NULL::";
}

template <typename Things>
void sort_by_name(Things& things) {
  std::ranges::sort(things, {}, [](const auto& thing) { return std::tie(thing.name); });
}

void sort_parts(Table& table) {
  const auto key_order = [](const schema::Key& key) { return std::tuple(!key.primary, key.name); };
  std::ranges::sort(table.keys, {}, key_order);
  sort_by_name(table.foreign_keys);
  sort_by_name(table.checks);
  sort_by_name(table.exclusions);
  sort_by_name(table.indexes);
  sort_by_name(table.triggers);
  std::ranges::sort(table.inherits);
}

using ByName = std::map<std::string, Table*, std::less<>>;

void add_cascading(const schema::ForeignKey& key, const ByName& tables) {
  if (key.on_update == "NO ACTION" || key.on_update == "RESTRICT") return;
  const auto referenced = tables.find(key.table);
  if (referenced == tables.end()) return;
  std::vector<int>& cascading = referenced->second->cascading;
  for (const std::string& name : key.referenced) {
    const int column = referenced->second->find(name);
    if (column >= 0 && std::ranges::count(cascading, column) == 0) cascading.push_back(column);
  }
}

}  // namespace

void finish_catalog(Catalog& catalog) {
  catalog.dialect = "postgres";
  const auto full_name = [](const auto& thing) { return std::tie(thing.schema, thing.name); };
  std::ranges::sort(catalog.tables, {}, full_name);
  std::ranges::sort(catalog.types, {}, full_name);
  Domains domains;
  for (UserType& type : catalog.types) {
    sort_by_name(type.checks);
    if (!type.base.empty()) domains.emplace(qualified_type(type.schema, type.name), &type);
  }
  ByName tables;
  for (Table& table : catalog.tables) {
    table.exact_names = true;
    for (Column& column : table.columns) {
      resolve_domain(column, domains);
      if (is_null_default(column)) column.default_sql.reset();
      column.type = declared_type(column.sql_type, catalog.types);
      column.type.optional = !column.not_null;
    }
    sort_parts(table);
    tables.emplace(table.qualified_name(), &table);
  }
  for (const Table& table : catalog.tables) {
    for (const schema::ForeignKey& key : table.foreign_keys) add_cascading(key, tables);
    for (const std::string& parent : table.inherits)
      if (const auto found = tables.find(parent); found != tables.end()) found->second->inherited = true;
  }
  for (Table& table : catalog.tables) std::ranges::sort(table.cascading);
}

bool compares_by_bytes(std::string_view collation) {
  return collation.empty() || collation == "default" || collation == "C" || collation == "POSIX" ||
         collation == "ucs_basic";
}

std::string action_name(char letter) {
  switch (letter) {
    case 'r':
      return "RESTRICT";
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    default:
      return "NO ACTION";
  }
}

std::string trigger_events(unsigned bits, const std::vector<std::string>& update_columns) {
  std::vector<std::string> events;
  if ((bits & kInsert) != 0) events.emplace_back("INSERT");
  if ((bits & kDelete) != 0) events.emplace_back("DELETE");
  if ((bits & kUpdate) != 0) {
    std::string update = "UPDATE";
    for (const std::string& column : update_columns)
      update += (update.size() == 6 ? " OF " : ", ") + quote_ident(column);
    events.push_back(std::move(update));
  }
  if ((bits & kTruncate) != 0) events.emplace_back("TRUNCATE");
  return fmt::format("{}", fmt::join(events, " OR "));
}

std::string trigger_timing(unsigned bits) {
  if ((bits & kInstead) != 0) return "INSTEAD OF";
  return (bits & kBefore) != 0 ? "BEFORE" : "AFTER";
}

bool is_row_trigger(unsigned bits) {
  return (bits & kRow) != 0;
}

}  // namespace backfill::database::postgres
