// SPDX-License-Identifier: Apache-2.0
// Keys, checks, foreign keys, indexes, triggers and rules.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/catalog_rules.h"
#include "runtime/database/postgres/declared_type.h"
#include "runtime/database/postgres/schema_builder.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

std::string joined_names(const schema::Table& table, const std::vector<int>& columns) {
  std::string joined;
  for (const int column : columns)
    joined += (joined.empty() ? "" : "_") + table.columns[static_cast<std::size_t>(column)].name;
  return joined;
}

// The one column that the expression reads; -1: none or several. Words are taken for columns where they are
// not called.
int only_column(const schema::Table& table, std::string_view expression) {
  int found = -1;
  Token token, behind;
  for (std::size_t at = 0; next_token(expression, at, token); at = token.end) {
    if (token.kind != TokenKind::Word && token.kind != TokenKind::QuotedName) continue;
    if (next_token(expression, token.end, behind) && expression[behind.begin] == '(') continue;
    std::size_t from = token.begin;
    const std::vector<std::string> name = take_name(expression, from);
    const int column = name.empty() ? -1 : table.find(name.back());
    if (column < 0) continue;
    if (found >= 0 && found != column) return -1;
    found = column;
  }
  return found;
}

// What the server calls a key part that is an expression.
std::string_view expression_name(const Node* node) {
  if (node == nullptr) return "expr";
  if (node->node_case == PG_QUERY__NODE__NODE_FUNC_CALL)
    return text_of(node->func_call->funcname[node->func_call->n_funcname - 1]);
  if (node->node_case == PG_QUERY__NODE__NODE_COALESCE_EXPR) return "coalesce";
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    const std::string_view name = expression_name(node->type_cast->arg);
    const PgQuery__TypeName& type = *node->type_cast->type_name;
    return name == "expr" ? text_of(type.names[type.n_names - 1]) : name;
  }
  if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF)
    return text_of(node->column_ref->fields[node->column_ref->n_fields - 1]);
  return "expr";
}

// `names` is what the server would make a name of; `plain` while all parts are columns.
void add_index_part(const schema::Table& table, const PgQuery__IndexElem& element, schema::Index& index,
                    std::string& names, bool& plain) {
  const bool is_column = *element.name != '\0';
  plain = plain && is_column;
  if (plain) index.columns.push_back(table.find(element.name));
  names += names.empty() ? "" : "_";
  names += is_column ? std::string_view(element.name) : expression_name(element.expr);
}

}  // namespace

void SchemaBuilder::add_constraint(Table& table, const PgQuery__Constraint& constraint, const Statement& in) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      add_check(table, constraint, in_parentheses(in.text, in.at(constraint.location)), -1);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      if (*constraint.indexname != '\0') {
        use_index(table, constraint);
      } else {
        add_key(table, constraint, columns_of(table, {constraint.keys, constraint.n_keys}));
      }
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      add_foreign_key(table, constraint, columns_of(table, {constraint.fk_attrs, constraint.n_fk_attrs}));
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      add_exclusion(table, constraint, in);
      break;
    default:
      break;
  }
}

void SchemaBuilder::add_key(Table& table, const PgQuery__Constraint& constraint, std::vector<int> columns) {
  const bool primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  schema::Key key;
  key.name = *constraint.conname != '\0'
                 ? constraint.conname
                 : new_relation_name(table.schema, table.name, primary ? "" : joined_names(table, columns),
                                     primary ? "pkey" : "key");
  relation_names_.emplace(table.schema, key.name);
  key.primary = primary;
  key.constraint = true;
  key.deferrable = constraint.deferrable != 0;
  key.deferred = constraint.initdeferred != 0;
  key.columns = columns;
  std::string parts;
  for (const int column : columns) {
    Column& one = table.columns[static_cast<std::size_t>(column)];
    one.not_null = one.not_null || primary;
    parts += (parts.empty() ? "" : ", ") + quote_ident(one.name);
  }
  std::string sql = fmt::format("USING btree ({})", parts);
  std::string including;
  for (const std::string& name : names_of({constraint.including, constraint.n_including}))
    including += (including.empty() ? "" : ", ") + quote_ident(name);
  if (!including.empty()) sql += fmt::format(" INCLUDE ({})", including);
  if (constraint.nulls_not_distinct != 0) sql += " NULLS NOT DISTINCT";
  table.indexes.push_back({key.name, std::move(columns), true, false, true, "btree", std::move(sql)});
  table.keys.push_back(std::move(key));
}

void SchemaBuilder::add_check(Table& table, const PgQuery__Constraint& constraint,
                              std::string_view expression, int column) {
  const int only = column >= 0 ? column : only_column(table, expression);
  const std::string_view of =
      only < 0 ? std::string_view() : table.columns[static_cast<std::size_t>(only)].name;
  std::string name =
      *constraint.conname != '\0' ? constraint.conname : new_constraint_name(table, of, "check");
  for (Table* one : family(table, true)) {
    if (std::ranges::find(one->checks, name, &schema::Check::name) != one->checks.end()) continue;
    if (one != &table && constraint.is_no_inherit != 0) continue;
    one->checks.push_back({name, on_one_line(expression), constraint.skip_validation == 0});
  }
}

void SchemaBuilder::add_foreign_key(Table& table, const PgQuery__Constraint& constraint,
                                    std::vector<int> columns) {
  schema::ForeignKey key;
  key.name = *constraint.conname != '\0' ? constraint.conname
                                         : new_constraint_name(table, joined_names(table, columns), "fkey");
  key.columns = std::move(columns);
  const Table* referenced = find(*constraint.pktable);
  if (referenced != nullptr) {
    key.table = referenced->qualified_name();
  } else {
    key.table = schema::spelled(schema_of(constraint.pktable->schemaname)) + "." +
                schema::spelled(constraint.pktable->relname);
  }
  key.referenced = names_of({constraint.pk_attrs, constraint.n_pk_attrs});
  if (key.referenced.empty() && referenced != nullptr && referenced->primary_key() != nullptr)
    for (const int column : referenced->primary_key()->columns)
      key.referenced.push_back(referenced->columns[static_cast<std::size_t>(column)].name);
  key.on_delete = action_name(*constraint.fk_del_action);
  key.on_update = action_name(*constraint.fk_upd_action);
  key.deferrable = constraint.deferrable != 0;
  key.deferred = constraint.initdeferred != 0;
  key.validated = constraint.skip_validation == 0;
  table.foreign_keys.push_back(std::move(key));
}

void SchemaBuilder::add_exclusion(Table& table, const PgQuery__Constraint& constraint, const Statement& in) {
  schema::Index index;
  std::string names;
  bool plain = true;
  for (const Node* pair : Nodes(constraint.exclusions, constraint.n_exclusions))
    add_index_part(table, *pair->list->items[0]->index_elem, index, names, plain);
  index.name = *constraint.conname != '\0' ? constraint.conname
                                           : new_relation_name(table.schema, table.name, names, "excl");
  relation_names_.emplace(table.schema, index.name);
  index.method = *constraint.access_method == '\0' ? "gist" : constraint.access_method;
  index.partial = constraint.where_clause != nullptr;
  const std::string_view item = up_to_item_end(in.text, in.at(constraint.location), in.text.size());
  Token token;
  std::size_t at = 0;
  while (next_token(item, at, token) && !is_keyword(item, token, "exclude")) at = token.end;
  table.exclusions.push_back({index.name, on_one_line(item.substr(std::min(token.end, item.size())))});
  table.indexes.push_back(std::move(index));
}

// The index that is there becomes the constraint's, with its name.
void SchemaBuilder::use_index(Table& table, const PgQuery__Constraint& constraint) {
  for (schema::Key& key : table.keys) {
    if (key.name != constraint.indexname) continue;
    const auto index = std::ranges::find(table.indexes, key.name, &schema::Index::name);
    if (*constraint.conname != '\0') key.name = constraint.conname;
    if (index != table.indexes.end()) index->name = key.name;
    relation_names_.emplace(table.schema, key.name);
    key.constraint = true;
    key.primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
    key.deferrable = constraint.deferrable != 0;
    key.deferred = constraint.initdeferred != 0;
    for (const int column : key.columns)
      if (key.primary) table.columns[static_cast<std::size_t>(column)].not_null = true;
  }
}

void SchemaBuilder::create_index(const PgQuery__IndexStmt& statement, const Statement& in) {
  Table* table = find(*statement.relation);
  if (table == nullptr) return;
  const TablePlace place{table->schema, statement.idxname};
  if (statement.if_not_exists != 0 && *statement.idxname != '\0' && relation_names_.contains(place)) return;
  schema::Index index;
  std::string names;
  bool plain = true;
  for (const Node* node : Nodes(statement.index_params, statement.n_index_params))
    add_index_part(*table, *node->index_elem, index, names, plain);
  for (const Node* node : Nodes(statement.index_including_params, statement.n_index_including_params))
    names.append("_").append(node->index_elem->name);
  index.name = *statement.idxname != '\0' ? statement.idxname
                                          : new_relation_name(table->schema, table->name, names, "idx");
  relation_names_.emplace(table->schema, index.name);
  index.unique = statement.unique != 0;
  index.partial = statement.where_clause != nullptr;
  index.method = statement.access_method;
  index.sql = index_definition(in.text);
  if (index.unique) table->keys.push_back({index.name, index.columns, false, index.partial || !plain});
  table->indexes.push_back(std::move(index));
}

void SchemaBuilder::create_trigger(const PgQuery__CreateTrigStmt& statement) {
  Table* table = find(*statement.relation);
  if (table == nullptr) return;
  const unsigned bits = static_cast<unsigned>(statement.timing) | static_cast<unsigned>(statement.events);
  schema::Trigger trigger;
  trigger.name = statement.trigname;
  trigger.timing = trigger_timing(bits);
  trigger.events = trigger_events(bits, names_of({statement.columns, statement.n_columns}));
  trigger.each_row = statement.row != 0;
  std::vector<std::string> function = names_of({statement.funcname, statement.n_funcname});
  if (function.size() == 1) function.insert(function.begin(), creation_schema());
  if (function.size() == 2) trigger.function = qualified_type(function[0], function[1]);
  std::erase_if(table->triggers, [&](const schema::Trigger& other) { return other.name == trigger.name; });
  table->triggers.push_back(std::move(trigger));
}

void SchemaBuilder::create_rule(const PgQuery__RuleStmt& rule) {
  Table* table = find(*rule.relation);
  if (table == nullptr || table->kind == schema::TableKind::View) return;
  schema::Trigger trigger;
  trigger.name = rule.rulename;
  trigger.timing = "RULE";
  trigger.each_row = false;
  switch (rule.event) {
    case PG_QUERY__CMD_TYPE__CMD_INSERT:
      trigger.events = "INSERT";
      break;
    case PG_QUERY__CMD_TYPE__CMD_UPDATE:
      trigger.events = "UPDATE";
      break;
    case PG_QUERY__CMD_TYPE__CMD_DELETE:
      trigger.events = "DELETE";
      break;
    default:
      trigger.events = "SELECT";
  }
  if (rule.instead != 0) trigger.events += " DO INSTEAD";
  std::erase_if(table->triggers, [&](const schema::Trigger& other) {
    return other.name == trigger.name && other.timing == "RULE";
  });
  table->triggers.push_back(std::move(trigger));
}

}  // namespace backfill::database::postgres
