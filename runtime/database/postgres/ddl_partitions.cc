// SPDX-License-Identifier: Apache-2.0
// Names, and what partitions have from their parents.
#include <algorithm>

#include "runtime/database/postgres/catalog_rules.h"
#include "runtime/database/postgres/schema_builder.h"

namespace backfill::database::postgres {

namespace {

constexpr std::size_t kLongestName = 63;

// `columns` of one table are those of the same names in another one.
std::vector<int> same_columns(const std::vector<int>& columns, const schema::Table& from,
                              const schema::Table& to) {
  std::vector<int> out;
  for (const int column : columns)
    out.push_back(to.find(from.columns[static_cast<std::size_t>(column)].name));
  return out;
}

template <typename Things>
bool has_name(const Things& things, std::string_view name) {
  return std::ranges::any_of(things, [&](const auto& thing) { return thing.name == name; });
}

// The longer of the two gives way, as in the server.
std::string made_up(std::string_view table, std::string_view columns, std::string_view label) {
  const std::size_t fixed = label.size() + 1 + (columns.empty() ? 0 : 1);
  while (table.size() + columns.size() + fixed > kLongestName) {
    std::string_view& longer = table.size() > columns.size() ? table : columns;
    longer.remove_suffix(1);
    while (!longer.empty() && (static_cast<unsigned char>(longer.back()) & 0xC0) == 0x80)
      longer.remove_suffix(1);
    if (!longer.empty() && (static_cast<unsigned char>(longer.back()) & 0x80) != 0) longer.remove_suffix(1);
  }
  std::string name(table);
  if (!columns.empty()) name.append("_").append(columns);
  return name.append("_").append(label);
}

}  // namespace

SchemaBuilder::Table* SchemaBuilder::find(const PgQuery__RangeVar& name) {
  std::vector<std::string> parts;
  if (*name.schemaname != '\0') parts.emplace_back(name.schemaname);
  parts.emplace_back(name.relname);
  return find(parts);
}

SchemaBuilder::Table* SchemaBuilder::find(const std::vector<std::string>& name) {
  if (name.empty()) return nullptr;
  const auto in_schema = [&](const std::string& schema) -> Table* {
    const auto found = tables_.find({schema, name.back()});
    return found == tables_.end() ? nullptr : &found->second;
  };
  if (name.size() > 1) return in_schema(name[name.size() - 2]);
  for (const std::string& schema : search_path_)
    if (Table* table = in_schema(schema)) return table;
  return nullptr;
}

SchemaBuilder::Table& SchemaBuilder::add(const PgQuery__RangeVar& name) {
  const std::string schema = schema_of(name.schemaname);
  Table table;
  table.schema = schema;
  table.name = name.relname;
  table.exact_names = true;
  relation_names_.emplace(schema, name.relname);
  return tables_.insert_or_assign(TablePlace{schema, name.relname}, std::move(table)).first->second;
}

std::string SchemaBuilder::creation_schema() const {
  return search_path_.empty() ? "public" : search_path_.front();
}

std::string SchemaBuilder::schema_of(std::string_view written) const {
  return written.empty() ? creation_schema() : std::string(written);
}

std::vector<int> SchemaBuilder::columns_of(const Table& table, Nodes names) {
  std::vector<int> columns;
  for (const Node* name : names)
    if (const int column = table.find(text_of(name)); column >= 0) columns.push_back(column);
  return columns;
}

std::vector<SchemaBuilder::Table*> SchemaBuilder::family(Table& table, bool with_children) {
  std::vector<Table*> all = {&table};
  for (std::size_t i = 0; with_children && i < all.size(); ++i) {
    const std::string parent = all[i]->qualified_name();
    if (!parents_.contains(parent)) continue;
    for (auto& [place, other] : tables_) {
      const bool child = other.partition_of == parent || std::ranges::count(other.inherits, parent) != 0;
      if (child && std::ranges::count(all, &other) == 0) all.push_back(&other);
    }
  }
  return all;
}

std::string SchemaBuilder::new_relation_name(std::string_view schema, std::string_view table,
                                             std::string_view columns, std::string_view label) {
  std::string name = made_up(table, columns, label);
  for (int number = 1; relation_names_.contains({std::string(schema), name}); ++number)
    name = made_up(table, columns, std::string(label) + std::to_string(number));
  relation_names_.emplace(schema, name);
  return name;
}

std::string SchemaBuilder::new_constraint_name(const Table& table, std::string_view columns,
                                               std::string_view label) {
  const auto taken = [&](const std::string& name) {
    return has_name(table.checks, name) || has_name(table.foreign_keys, name) || has_name(table.keys, name) ||
           has_name(table.exclusions, name);
  };
  std::string name = made_up(table.name, columns, label);
  for (int number = 1; taken(name); ++number)
    name = made_up(table.name, columns, std::string(label) + std::to_string(number));
  return name;
}

// Parents come before their children however deep they stand.
void SchemaBuilder::hand_down() {
  for (auto& [place, table] : tables_) {
    if (!table.partition_of.empty() || !parents_.contains(table.qualified_name())) continue;
    const std::vector<Table*> all = family(table, true);
    for (Table* child : all)
      for (const Table* parent : all)
        if (child->partition_of == parent->qualified_name()) hand_down(*parent, *child);
  }
}

void SchemaBuilder::hand_down(const Table& parent, Table& child) {
  for (const schema::Index& index : parent.indexes) {
    const std::vector<int> columns = same_columns(index.columns, parent, child);
    const auto same = [&](const schema::Index& other) {
      return other.columns == columns && other.unique == index.unique && other.method == index.method &&
             other.partial == index.partial;
    };
    if (std::ranges::any_of(child.indexes, same)) continue;
    const auto key = std::ranges::find(parent.keys, index.name, &schema::Key::name);
    const bool is_constraint = key != parent.keys.end() && key->constraint;
    const bool primary = key != parent.keys.end() && key->primary;
    std::string names;
    for (const int column : columns)
      names += (names.empty() ? "" : "_") + child.columns[static_cast<std::size_t>(column)].name;
    schema::Index copy = index;
    copy.columns = columns;
    copy.name = new_relation_name(child.schema, child.name, primary ? "" : names,
                                  primary         ? "pkey"
                                  : is_constraint ? "key"
                                                  : "idx");
    if (key != parent.keys.end()) {
      schema::Key own = *key;
      own.name = copy.name;
      own.columns = columns;
      child.keys.push_back(std::move(own));
    }
    child.indexes.push_back(std::move(copy));
  }
  for (const schema::ForeignKey& key : parent.foreign_keys) {
    schema::ForeignKey copy = key;
    copy.columns = same_columns(key.columns, parent, child);
    const auto same = [&](const schema::ForeignKey& other) {
      return other.columns == copy.columns && other.table == copy.table &&
             other.referenced == copy.referenced;
    };
    if (std::ranges::none_of(child.foreign_keys, same)) child.foreign_keys.push_back(std::move(copy));
  }
  for (const schema::Trigger& trigger : parent.triggers)
    if (trigger.each_row && !has_name(child.triggers, trigger.name)) child.triggers.push_back(trigger);
  for (const schema::Check& check : parent.checks)
    if (!has_name(child.checks, check.name)) child.checks.push_back(check);
}

Result<schema::Catalog> SchemaBuilder::finish() && {
  hand_down();
  schema::Catalog catalog;
  for (auto& [place, table] : tables_) catalog.tables.push_back(std::move(table));
  catalog.types = std::move(types_);
  finish_catalog(catalog);
  return catalog;
}

}  // namespace backfill::database::postgres
