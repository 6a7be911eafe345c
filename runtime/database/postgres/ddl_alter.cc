// SPDX-License-Identifier: Apache-2.0
// ALTER, DROP and COMMENT.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/declared_type.h"
#include "runtime/database/postgres/schema_builder.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

template <typename Things>
auto* named(Things& things, std::string_view name) {
  const auto found =
      std::ranges::find(things, name, [](const auto& thing) { return std::string_view(thing.name); });
  return found == things.end() ? nullptr : &*found;
}

template <typename Things>
bool erase_named(Things& things, std::string_view name) {
  return std::erase_if(things, [&](const auto& thing) { return thing.name == name; }) != 0;
}

bool is_default_of(const PgQuery__AlterTableCmd& command) {
  return command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && command.def != nullptr;
}

void set_triggers(schema::Table& table, std::string_view name, bool enabled) {
  for (schema::Trigger& trigger : table.triggers)
    if (name.empty() || trigger.name == name) trigger.enabled = enabled;
}

// Drops the column's number out of `columns` and counts those behind it down. True: it stood there.
bool take_out(std::vector<int>& columns, int gone) {
  const bool had = std::erase(columns, gone) != 0;
  for (int& column : columns)
    if (column > gone) --column;
  return had;
}

void validate(schema::Table& table, std::string_view name) {
  if (schema::Check* check = named(table.checks, name)) check->validated = true;
  if (schema::ForeignKey* key = named(table.foreign_keys, name)) key->validated = true;
}

}  // namespace

void SchemaBuilder::alter_table(const PgQuery__AlterTableStmt& alter, const Statement& in) {
  Table* table = find(*alter.relation);
  if (table == nullptr) return;
  int defaults = 0;
  for (const Node* node : Nodes(alter.cmds, alter.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    // A foreign key, an index or a trigger of a partitioned table is handed down at the end.
    for (Table* one : family(*table, alter.relation->inh != 0))
      if (!alter_column(*one, command, in, defaults) && one == table) alter_one(*one, command, in, defaults);
    if (is_default_of(command)) ++defaults;
  }
}

bool SchemaBuilder::alter_column(Table& table, const PgQuery__AlterTableCmd& command, const Statement& in,
                                 int nth_default) {
  const int index = table.find(command.name);
  Column* column = index < 0 ? nullptr : &table.columns[static_cast<std::size_t>(index)];
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      if (table.find(command.def->column_def->colname) < 0) add_column(table, *command.def->column_def, in);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      drop_column(table, command.name);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      if (column == nullptr) return true;
      column->default_sql.reset();
      if (command.def != nullptr) {
        const std::size_t at = behind_keywords(in.text, "set", "default", nth_default);
        column->default_sql =
            at == std::string_view::npos ? "" : on_one_line(up_to_item_end(in.text, at, in.text.size()));
      }
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      if (column != nullptr) column->not_null = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull;
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      if (column == nullptr) return true;
      column->sql_type = spelling(*command.def->column_def->type_name);
      column->collation = collation(command.def->column_def->coll_clause);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      if (column == nullptr) return true;
      column->generated = false;
      column->default_sql.reset();
      return true;
    default:
      return false;
  }
}

void SchemaBuilder::alter_one(Table& table, const PgQuery__AlterTableCmd& command, const Statement& in,
                              int nth_default) {
  static_cast<void>(nth_default);
  const int index = table.find(command.name);
  Column* column = index < 0 ? nullptr : &table.columns[static_cast<std::size_t>(index)];
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      add_constraint(table, *command.def->constraint, in);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      for (Table* one : family(table, true)) drop_constraint(*one, command.name);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      for (Table* one : family(table, true)) validate(*one, command.name);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
      if (column == nullptr) break;
      column->identity = true;
      column->identity_always = *command.def->constraint->generated_when == 'a';
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      if (column != nullptr && behind_keywords(in.text, "generated", "always", 0) != std::string_view::npos)
        column->identity_always = true;
      if (column != nullptr && behind_keywords(in.text, "by", "default", 0) != std::string_view::npos)
        column->identity_always = false;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      if (column != nullptr) column->identity = column->identity_always = false;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
      table.row_security = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      table.row_security_forced = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition: {
      Table* child = find(*command.def->partition_cmd->name);
      if (child == nullptr) break;
      child->partition_of = table.qualified_name();
      parents_.insert(child->partition_of);
      child->partition_bound = partition_bound(in.text);
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition: {
      Table* child = find(*command.def->partition_cmd->name);
      if (child == nullptr) break;
      child->partition_of.clear();
      child->partition_bound.clear();
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit: {
      const Table* parent = find(*command.def->range_var);
      if (parent == nullptr) break;
      std::erase(table.inherits, parent->qualified_name());
      if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit)
        table.inherits.push_back(parent->qualified_name());
      parents_.insert(parent->qualified_name());
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule:
      set_triggers(table, command.name, true);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule:
      set_triggers(table, command.name, false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
      set_triggers(table, "", true);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      set_triggers(table, "", false);
      break;
    default:
      break;
  }
}

// With what rests on it, as the server does.
void SchemaBuilder::drop_column(Table& table, std::string_view name) {
  const int gone = table.find(name);
  if (gone < 0) return;
  table.columns.erase(table.columns.begin() + gone);
  for (schema::Key& key : table.keys)
    if (std::ranges::count(key.columns, gone) != 0) erase_named(table.indexes, key.name);
  std::erase_if(table.keys, [&](schema::Key& key) { return take_out(key.columns, gone); });
  std::erase_if(table.foreign_keys, [&](schema::ForeignKey& key) { return take_out(key.columns, gone); });
  std::erase_if(table.indexes, [&](schema::Index& index) { return take_out(index.columns, gone); });
  take_out(table.partition_columns, gone);
  const auto reads = [&](const schema::Check& check) {
    Token token;
    for (std::size_t at = 0; next_token(check.sql, at, token); at = token.end) {
      std::size_t from = token.begin;
      const std::vector<std::string> word = take_name(check.sql, from);
      if (!word.empty() && word.back() == name) return true;
    }
    return false;
  };
  std::erase_if(table.checks, reads);
}

void SchemaBuilder::drop_constraint(Table& table, std::string_view name) {
  erase_named(table.checks, name);
  erase_named(table.exclusions, name);
  erase_named(table.foreign_keys, name);
  if (erase_named(table.keys, name)) erase_named(table.indexes, name);
}

void SchemaBuilder::rename(const PgQuery__RenameStmt& rename) {
  if (rename.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE ||
      rename.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN) {
    schema::UserType* type = find_type(names_of({rename.object->list->items, rename.object->list->n_items}));
    if (type == nullptr) return;
    const std::string old = qualified_type(type->schema, type->name);
    type->name = rename.newname;
    for (auto& [place, table] : tables_)
      for (Column& column : table.columns)
        if (column.sql_type == old) column.sql_type = qualified_type(type->schema, type->name);
    return;
  }
  if (rename.relation == nullptr) return;
  if (rename.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) {
    for (auto& [place, table] : tables_) {
      if (*rename.relation->schemaname != '\0' && table.schema != rename.relation->schemaname) continue;
      if (schema::Index* index = named(table.indexes, rename.relation->relname)) index->name = rename.newname;
      if (schema::Key* key = named(table.keys, rename.relation->relname)) key->name = rename.newname;
    }
    return;
  }
  Table* table = find(*rename.relation);
  if (table == nullptr) return;
  switch (rename.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      for (Table* one : family(*table, rename.relation->inh != 0))
        if (const int column = one->find(rename.subname); column >= 0)
          one->columns[static_cast<std::size_t>(column)].name = rename.newname;
      for (auto& [place, other] : tables_)
        for (schema::ForeignKey& key : other.foreign_keys)
          if (key.table == table->qualified_name())
            std::ranges::replace(key.referenced, rename.subname, std::string(rename.newname));
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      if (schema::Check* check = named(table->checks, rename.subname)) check->name = rename.newname;
      if (schema::Check* one = named(table->exclusions, rename.subname)) one->name = rename.newname;
      if (schema::ForeignKey* key = named(table->foreign_keys, rename.subname)) key->name = rename.newname;
      if (schema::Index* index = named(table->indexes, rename.subname)) index->name = rename.newname;
      if (schema::Key* key = named(table->keys, rename.subname)) key->name = rename.newname;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      if (schema::Trigger* trigger = named(table->triggers, rename.subname)) trigger->name = rename.newname;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      rename_table(*table, table->schema, rename.newname);
      break;
    default:
      break;
  }
}

void SchemaBuilder::rename_table(Table& table, std::string_view schema, std::string_view name) {
  const std::string old = table.qualified_name();
  auto moved = tables_.extract({table.schema, table.name});
  moved.key() = {std::string(schema), std::string(name)};
  moved.mapped().schema = schema;
  moved.mapped().name = name;
  const std::string now = moved.mapped().qualified_name();
  if (parents_.contains(old)) parents_.insert(now);
  tables_.insert(std::move(moved));
  relation_names_.emplace(schema, name);
  for (auto& [place, other] : tables_) {
    for (schema::ForeignKey& key : other.foreign_keys)
      if (key.table == old) key.table = now;
    if (other.partition_of == old) other.partition_of = now;
    std::ranges::replace(other.inherits, old, now);
  }
}

void SchemaBuilder::move(const PgQuery__AlterObjectSchemaStmt& statement) {
  if (statement.relation == nullptr) return;
  if (Table* table = find(*statement.relation)) rename_table(*table, statement.newschema, table->name);
}

void SchemaBuilder::drop(const PgQuery__DropStmt& drop) {
  for (const Node* object : Nodes(drop.objects, drop.n_objects)) {
    std::vector<std::string> name;
    if (object->node_case == PG_QUERY__NODE__NODE_LIST)
      name = names_of({object->list->items, object->list->n_items});
    if (object->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
      name = names_of({object->type_name->names, object->type_name->n_names});
    if (object->node_case == PG_QUERY__NODE__NODE_STRING) name = {std::string(text_of(object))};
    if (name.empty()) continue;
    const std::string last = name.back();
    switch (drop.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        if (Table* table = find(name)) drop_table(*table);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        for (auto& [place, table] : tables_) {
          if (name.size() > 1 && table.schema != name[name.size() - 2]) continue;
          if (erase_named(table.indexes, last)) erase_named(table.keys, last);
        }
        relation_names_.erase({name.size() > 1 ? name[name.size() - 2] : creation_schema(), last});
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
        name.pop_back();
        if (Table* table = find(name)) erase_named(table->triggers, last);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        if (const schema::UserType* type = find_type(name))
          types_.erase(types_.begin() + (type - types_.data()));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        std::erase_if(tables_, [&](const auto& entry) { return entry.first.first == last; });
        std::erase_if(types_, [&](const schema::UserType& type) { return type.schema == last; });
        break;
      default:
        break;
    }
  }
}

void SchemaBuilder::drop_table(Table& table) {
  const std::string name = table.qualified_name();
  const std::vector<Table*> children = family(table, true);
  std::vector<TablePlace> gone;
  for (const Table* child : children)
    if (child == &table || !child->partition_of.empty()) gone.emplace_back(child->schema, child->name);
  for (const TablePlace& place : gone) {
    const auto found = tables_.find(place);
    if (found == tables_.end()) continue;
    for (const schema::Index& index : found->second.indexes) relation_names_.erase({place.first, index.name});
    relation_names_.erase(place);
    tables_.erase(found);
  }
  for (auto& [place, other] : tables_)
    std::erase_if(other.foreign_keys, [&](const schema::ForeignKey& key) { return key.table == name; });
}

void SchemaBuilder::comment(const PgQuery__CommentStmt& comment) {
  if (comment.object->node_case != PG_QUERY__NODE__NODE_LIST) return;
  std::vector<std::string> name = names_of({comment.object->list->items, comment.object->list->n_items});
  std::string column;
  if (comment.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) {
    column = name.back();
    name.pop_back();
  } else if (comment.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) {
    return;
  }
  Table* table = find(name);
  if (table == nullptr) return;
  if (column.empty()) {
    table->comment = comment.comment;
  } else if (const int index = table->find(column); index >= 0) {
    table->columns[static_cast<std::size_t>(index)].comment = comment.comment;
  }
}

}  // namespace backfill::database::postgres
