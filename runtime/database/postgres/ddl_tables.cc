// SPDX-License-Identifier: Apache-2.0
// CREATE TABLE: columns, LIKE, INHERITS, partitions.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/declared_type.h"
#include "runtime/database/postgres/schema_builder.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

constexpr unsigned kLikeConstraints = 4, kLikeDefaults = 8, kLikeGenerated = 16, kLikeIdentity = 32,
                   kLikeIndexes = 64;

// Where the column's next constraint begins: what stands before it belongs to this one.
std::size_t next_location(const PgQuery__ColumnDef& definition, std::int32_t from) {
  auto next = static_cast<std::int32_t>(std::numeric_limits<std::int32_t>::max());
  for (const Node* node : Nodes(definition.constraints, definition.n_constraints))
    if (node->constraint->location > from) next = std::min(next, node->constraint->location);
  if (definition.coll_clause != nullptr && definition.coll_clause->location > from)
    next = std::min(next, definition.coll_clause->location);
  return static_cast<std::size_t>(next);
}

std::string missing_parent(std::string_view what, const PgQuery__RangeVar& name) {
  return fmt::format("{} `{}`, which the text does not create before", what, name.relname);
}

void merge(schema::Table& table, const schema::Column& column) {
  const int there = table.find(column.name);
  if (there < 0) {
    table.columns.push_back(column);
  } else {
    schema::Column& own = table.columns[static_cast<std::size_t>(there)];
    own.not_null = own.not_null || column.not_null;
  }
}

}  // namespace

Result<void> SchemaBuilder::create_table(const PgQuery__CreateStmt& create, const Statement& in,
                                         schema::TableKind kind) {
  if (create.if_not_exists && find(*create.relation) != nullptr) return {};
  if (create.relation->relpersistence != nullptr && *create.relation->relpersistence == 't') return {};
  Table& table = add(*create.relation);
  table.kind = kind;
  BACKFILL_TRY(inherit(table, create));
  for (const Node* element : Nodes(create.table_elts, create.n_table_elts))
    BACKFILL_TRY(add_element(table, *element, in));
  // Keys and the like may name columns that stand behind them.
  for (const Node* element : Nodes(create.table_elts, create.n_table_elts))
    if (element->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
      add_constraint(table, *element->constraint, in);
  if (create.partspec != nullptr) partition(table, *create.partspec, in.text);
  if (create.partbound != nullptr) table.partition_bound = partition_bound(in.text);
  return {};
}

Result<void> SchemaBuilder::add_element(Table& table, const Node& element, const Statement& in) {
  if (element.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) add_column(table, *element.column_def, in);
  if (element.node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE)
    return copy_like(table, *element.table_like_clause);
  return {};
}

// Columns come first from the parents; a partition has one, and all its columns are the parent's.
Result<void> SchemaBuilder::inherit(Table& table, const PgQuery__CreateStmt& create) {
  for (const Node* node : Nodes(create.inh_relations, create.n_inh_relations)) {
    const Table* parent = find(*node->range_var);
    if (parent == nullptr) return fatal(missing_parent("it inherits from", *node->range_var));
    for (const Column& column : parent->columns) merge(table, column);
    for (Column& column : table.columns)
      if (parent->find(column.name) >= 0) column.identity = column.identity_always = false;
    for (const schema::Check& check : parent->checks) table.checks.push_back(check);
    parents_.insert(parent->qualified_name());
    if (create.partbound != nullptr) {
      table.partition_of = parent->qualified_name();
    } else {
      table.inherits.push_back(parent->qualified_name());
    }
  }
  return {};
}

Result<void> SchemaBuilder::copy_like(Table& table, const PgQuery__TableLikeClause& like) {
  const Table* other = find(*like.relation);
  if (other == nullptr) return fatal(missing_parent("it is LIKE", *like.relation));
  for (Column column : other->columns) {
    const bool keep = (like.options & (column.generated ? kLikeGenerated : kLikeDefaults)) != 0;
    if (!keep) column.default_sql.reset();
    column.generated = column.generated && keep;
    column.identity = column.identity && (like.options & kLikeIdentity) != 0;
    column.identity_always = column.identity_always && column.identity;
    column.comment.clear();
    table.columns.push_back(std::move(column));
  }
  if ((like.options & kLikeConstraints) != 0)
    for (const schema::Check& check : other->checks) table.checks.push_back(check);
  if ((like.options & kLikeIndexes) == 0) return {};
  const auto first = static_cast<int>(table.columns.size() - other->columns.size());
  for (schema::Key key : other->keys) {
    std::string columns;
    for (int& column : key.columns) {
      columns += (columns.empty() ? "" : "_") + other->columns[static_cast<std::size_t>(column)].name;
      column += first;
    }
    const auto original = std::ranges::find(other->indexes, key.name, &schema::Index::name);
    schema::Index index = original == other->indexes.end() ? schema::Index{} : *original;
    index.columns = key.columns;
    key.name = index.name = new_relation_name(table.schema, table.name, key.primary ? "" : columns,
                                              key.primary      ? "pkey"
                                              : key.constraint ? "key"
                                                               : "idx");
    table.keys.push_back(std::move(key));
    table.indexes.push_back(std::move(index));
  }
  return {};
}

void SchemaBuilder::add_column(Table& table, const PgQuery__ColumnDef& definition, const Statement& in) {
  const int there = table.find(definition.colname);
  if (there < 0) table.columns.emplace_back().name = definition.colname;
  const std::size_t index = there < 0 ? table.columns.size() - 1 : static_cast<std::size_t>(there);
  Column& column = table.columns[index];
  if (definition.type_name != nullptr) {
    column.sql_type = spelling(*definition.type_name);
    column.collation = collation(definition.coll_clause);
    const PgQuery__TypeName& type = *definition.type_name;
    if (type.n_names == 1) take_serial(table, column, text_of(type.names[0]));
  }
  for (const Node* node : Nodes(definition.constraints, definition.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    const std::size_t at = in.at(constraint.location);
    const std::size_t next = next_location(definition, constraint.location);
    const std::size_t limit = std::min(next < in.offset ? in.text.size() : next - in.offset, in.text.size());
    std::string_view expression;
    Token keyword;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        if (next_token(in.text, at, keyword)) expression = up_to_item_end(in.text, keyword.end, limit);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        expression = in_parentheses(in.text, at);
        break;
      default:
        break;
    }
    add_column_constraint(table, index, constraint, expression);
  }
}

void SchemaBuilder::add_column_constraint(Table& table, std::size_t index,
                                          const PgQuery__Constraint& constraint,
                                          std::string_view expression) {
  Column& column = table.columns[index];
  const auto number = static_cast<int>(index);
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
      column.not_null = true;
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      column.default_sql = on_one_line(expression);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      column.generated = true;
      column.default_sql = on_one_line(expression);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      column.identity = column.not_null = true;
      column.identity_always = *constraint.generated_when == 'a';
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      add_check(table, constraint, expression, number);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      add_key(table, constraint, {number});
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      add_foreign_key(table, constraint, {number});
      break;
    // DEFERRABLE of a column's constraint stands behind it.
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
      if (!table.foreign_keys.empty() && table.foreign_keys.back().columns == std::vector{number}) {
        table.foreign_keys.back().deferrable = true;
        table.foreign_keys.back().deferred |=
            constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED;
      } else if (!table.keys.empty()) {
        table.keys.back().deferrable = true;
        table.keys.back().deferred |= constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED;
      }
      break;
    default:
      break;
  }
}

void SchemaBuilder::take_serial(Table& table, Column& column, std::string_view name) {
  const char* type = nullptr;
  if (name == "serial" || name == "serial4") type = "integer";
  if (name == "bigserial" || name == "serial8") type = "bigint";
  if (name == "smallserial" || name == "serial2") type = "smallint";
  if (type == nullptr) return;
  column.sql_type = type;
  column.not_null = true;
  const std::string sequence = new_relation_name(table.schema, table.name, column.name, "seq");
  std::string literal;
  for (const char c : qualified_type(table.schema, sequence)) literal.append(c == '\'' ? 2 : 1, c);
  column.default_sql = fmt::format("nextval('{}'::regclass)", literal);
}

void SchemaBuilder::partition(Table& table, const PgQuery__PartitionSpec& by, std::string_view text) {
  table.kind = schema::TableKind::Partitioned;
  table.partition_by = partition_key(text);
  for (const Node* node : Nodes(by.part_params, by.n_part_params)) {
    const int column = table.find(node->partition_elem->name);
    if (*node->partition_elem->name != '\0' && column >= 0) table.partition_columns.push_back(column);
  }
}

}  // namespace backfill::database::postgres
