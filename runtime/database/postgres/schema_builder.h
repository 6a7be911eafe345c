// SPDX-License-Identifier: Apache-2.0
// The state that statements of DDL change: tables and types so far, search_path, names in use.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"
#include "runtime/database/postgres/parse_tree.h"

namespace backfill::database::postgres {

// Statements are applied in the order of the text. A Failure is for what the catalog would be wrong without;
// a statement about a table that the text does not create changes nothing.
class SchemaBuilder {
 public:
  // `text` is the statement's; locations in `node` count from `offset` before its begin.
  Result<void> apply(const Node& node, std::string_view text, std::size_t offset);
  // Views are not parsed: their names are all that is kept. `text` is the whole statement.
  void add_view(std::string_view text, bool materialized);
  // Fills in what partitions have from their parents, and finishes the catalog.
  Result<schema::Catalog> finish() &&;

 private:
  using Table = schema::Table;
  using Column = schema::Column;

  struct Statement {
    std::string_view text;
    std::size_t offset;
    // Where a node's location is in `text`.
    [[nodiscard]] std::size_t at(std::int32_t location) const {
      const auto place = static_cast<std::size_t>(location);
      return place >= offset && place - offset <= text.size() ? place - offset : 0;
    }
  };

  // ddl_tables.cc
  Result<void> create_table(const PgQuery__CreateStmt& create, const Statement& in, schema::TableKind kind);
  Result<void> add_element(Table& table, const Node& element, const Statement& in);
  Result<void> inherit(Table& table, const PgQuery__CreateStmt& create);
  Result<void> copy_like(Table& table, const PgQuery__TableLikeClause& like);
  void add_column(Table& table, const PgQuery__ColumnDef& definition, const Statement& in);
  void add_column_constraint(Table& table, std::size_t column, const PgQuery__Constraint& constraint,
                             std::string_view expression);
  void partition(Table& table, const PgQuery__PartitionSpec& by, std::string_view text);
  void take_serial(Table& table, Column& column, std::string_view name);

  // ddl_constraints.cc
  void add_constraint(Table& table, const PgQuery__Constraint& constraint, const Statement& in);
  void add_key(Table& table, const PgQuery__Constraint& constraint, std::vector<int> columns);
  void add_check(Table& table, const PgQuery__Constraint& constraint, std::string_view expression,
                 int column);
  void add_foreign_key(Table& table, const PgQuery__Constraint& constraint, std::vector<int> columns);
  void add_exclusion(Table& table, const PgQuery__Constraint& constraint, const Statement& in);
  void use_index(Table& table, const PgQuery__Constraint& constraint);
  void create_index(const PgQuery__IndexStmt& index, const Statement& in);
  void create_trigger(const PgQuery__CreateTrigStmt& trigger);
  void create_rule(const PgQuery__RuleStmt& rule);

  // ddl_alter.cc
  void alter_table(const PgQuery__AlterTableStmt& alter, const Statement& in);
  void alter_one(Table& table, const PgQuery__AlterTableCmd& command, const Statement& in, int nth_default);
  bool alter_column(Table& table, const PgQuery__AlterTableCmd& command, const Statement& in,
                    int nth_default);
  void drop_column(Table& table, std::string_view name);
  void drop_constraint(Table& table, std::string_view name);
  void rename(const PgQuery__RenameStmt& rename);
  void rename_table(Table& table, std::string_view schema, std::string_view name);
  void move(const PgQuery__AlterObjectSchemaStmt& move);
  void drop(const PgQuery__DropStmt& drop);
  void drop_table(Table& table);
  void comment(const PgQuery__CommentStmt& comment);

  // ddl_types.cc
  void create_enum(const PgQuery__CreateEnumStmt& create);
  void alter_enum(const PgQuery__AlterEnumStmt& alter);
  void create_domain(const PgQuery__CreateDomainStmt& create, const Statement& in);
  void alter_domain(const PgQuery__AlterDomainStmt& alter, const Statement& in);
  void add_domain_check(schema::UserType& domain, const PgQuery__Constraint& constraint, const Statement& in);
  void create_other_type(Nodes name);
  void set_variable(const PgQuery__VariableSetStmt& set);
  void set_search_path(const std::vector<std::string>& values);
  void select(const PgQuery__SelectStmt& select);
  schema::UserType* find_type(const std::vector<std::string>& name);
  [[nodiscard]] std::string spelling(const PgQuery__TypeName& type) const;
  [[nodiscard]] std::string collation(const PgQuery__CollateClause* clause) const;

  // ddl_partitions.cc
  void hand_down();
  void hand_down(const Table& parent, Table& child);

  // Names.
  Table* find(const PgQuery__RangeVar& name);
  Table* find(const std::vector<std::string>& name);
  Table& add(const PgQuery__RangeVar& name);
  [[nodiscard]] std::string creation_schema() const;
  [[nodiscard]] std::string schema_of(std::string_view written) const;
  // Column numbers; those that are not there are left out.
  static std::vector<int> columns_of(const Table& table, Nodes names);
  // The table itself, its partitions and those that inherit, unless ONLY is said.
  std::vector<Table*> family(Table& table, bool with_children);
  // As the server makes names up: `accounts_email_key`, cut at 63 bytes, numbered where it is taken.
  std::string new_relation_name(std::string_view schema, std::string_view table, std::string_view columns,
                                std::string_view label);
  static std::string new_constraint_name(const Table& table, std::string_view columns,
                                         std::string_view label);

  using TablePlace = std::pair<std::string, std::string>;  // schema, name
  std::map<TablePlace, Table> tables_;
  std::vector<schema::UserType> types_;
  // Composite, range and base types by name: never looked into, but found by search_path.
  std::set<TablePlace> other_types_;
  std::set<TablePlace> relation_names_;
  std::set<std::string> parents_;  // qualified names; may hold more than are parents now
  std::vector<std::string> search_path_ = {"public"};
};

}  // namespace backfill::database::postgres
