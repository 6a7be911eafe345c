// SPDX-License-Identifier: Apache-2.0
// A database's tables as the checker needs them. Read from DDL text or a live database by
// runtime/database/<db>.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/type.h"

namespace backfill::schema {

struct Column {
  std::string name;      // as the database spells it
  std::string sql_type;  // as declared: NVARCHAR(40); PostgreSQL: as format_type spells it, users' types with
                         // their schema; of a domain: its base type
  stdlib::Type type;     // optional unless NOT NULL; Opaque where there is no mapping
  bool not_null = false;
  std::optional<std::string> default_sql;  // of a generated column in PostgreSQL: what generates it
  bool generated = false;
  bool identity = false;         // the database gives the value (SQLite: INTEGER PRIMARY KEY)
  std::string collation;         // of text, where it is not by bytes: NOCASE; empty: by bytes
  bool identity_always = false;  // GENERATED ALWAYS AS IDENTITY: the database refuses to write it
  std::string domain;            // `public.email`; its NOT NULL is in `not_null`
  std::string comment;
  friend bool operator==(const Column&, const Column&) = default;
};

// A constraint that a value must hold: CHECK or EXCLUDE.
struct Check {
  std::string name;       // empty in SQLite
  std::string sql;        // the expression; PostgreSQL's server spells it in another way than people do
  bool validated = true;  // false: NOT VALID, rows that stand need not hold it, rows that are written must
  friend bool operator==(const Check&, const Check&) = default;
};

struct Key {
  std::string name;          // constraint or index; may be empty
  std::vector<int> columns;  // indexes into Table::columns
  bool primary = false;
  bool partial = false;     // partial or over expressions: proves nothing alone
  bool constraint = false;  // PostgreSQL: a constraint, and not an index alone
  bool deferrable = false;  // may be checked as late as at the commit
  bool deferred = false;    // is checked at the commit unless a session says otherwise
  friend bool operator==(const Key&, const Key&) = default;
};

struct ForeignKey {
  std::vector<int> columns;
  std::string table;                    // its Table::qualified_name()
  std::vector<std::string> referenced;  // empty: the table's primary key (SQLite)
  std::string on_delete;                // "NO ACTION", "CASCADE", ...
  std::string name;                     // empty in SQLite, as are the following
  std::string on_update;
  bool deferrable = false;
  bool deferred = false;
  bool validated = true;  // false: NOT VALID
  friend bool operator==(const ForeignKey&, const ForeignKey&) = default;
};

struct Index {
  std::string name;
  std::vector<int> columns;  // leading columns that are plain
  bool unique = false;
  bool partial = false;  // has a WHERE (PostgreSQL)
  bool valid = true;     // false: a build that failed or goes on; nothing reads it, and it proves nothing
  std::string method;    // btree, gin, ...; empty in SQLite
  std::string sql;       // PostgreSQL: what stands behind ON table: `USING btree (lower(email))`
  friend bool operator==(const Index&, const Index&) = default;
};

// What fires when rows are written, or a rewrite rule.
struct Trigger {
  std::string name;
  // PostgreSQL alone:
  std::string timing;    // BEFORE, AFTER, INSTEAD OF; RULE for a rule
  std::string events;    // `INSERT OR UPDATE OF a, b`; of a rule: its event
  bool each_row = true;  // else once per statement
  std::string function;  // `public.touch`
  bool enabled = true;
  friend bool operator==(const Trigger&, const Trigger&) = default;
};

enum class TableKind : std::uint8_t { Table, Partitioned, View, MaterializedView, Foreign };

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<Key> keys;  // primary and unique
  std::vector<ForeignKey> foreign_keys;
  std::vector<Check> checks;
  std::vector<Index> indexes;
  std::vector<Trigger> triggers;
  std::vector<int> cascading;        // columns whose changes a foreign key hands on (ON UPDATE CASCADE, ...)
  bool strict = false;               // SQLite STRICT
  bool without_rowid = false;        // SQLite
  std::optional<std::int64_t> rows;  // where the catalog carries counts; PostgreSQL's are estimates

  // PostgreSQL alone:
  std::string schema;  // namespace
  TableKind kind = TableKind::Table;
  std::string partition_by;            // Partitioned: `RANGE (created_at)`
  std::vector<int> partition_columns;  // plain columns of it: a row whose value changes moves
  std::string partition_of;            // of a partition: its parent's qualified name
  std::string partition_bound;         // `FOR VALUES FROM (...) TO (...)`, DEFAULT
  std::vector<std::string> inherits;   // parents by INHERITS, qualified
  bool inherited = false;              // children by INHERITS: a plain read of it gives their rows too
  bool row_security = false;           // policies hold back rows from everybody but owner and BYPASSRLS
  bool row_security_forced = false;    // from the owner too
  std::vector<Check> exclusions;       // EXCLUDE constraints
  std::string comment;

  // Names in which capitals count (PostgreSQL); else ASCII letters are the same without case.
  bool exact_names = false;

  // By the database's own rule; -1 if there is none.
  [[nodiscard]] int find(std::string_view column) const;
  [[nodiscard]] const Key* primary_key() const;
  // A full unique key (or primary key of NOT NULL columns) over exactly these columns or a subset of them.
  [[nodiscard]] bool unique(const std::vector<int>& columns) const;
  // As a spec names it: `billing.invoices`, `public."odd name"`. Of a table without schema: its name alone.
  [[nodiscard]] std::string qualified_name() const;

  friend bool operator==(const Table&, const Table&) = default;
};

// An enum or a domain (PostgreSQL).
struct UserType {
  std::string schema, name;
  std::vector<std::string> labels;  // of an enum, in order; empty: a domain
  std::string base;                 // of a domain, as Column::sql_type
  std::string collation;
  bool not_null = false;
  std::optional<std::string> default_sql;
  std::vector<Check> checks;
  friend bool operator==(const UserType&, const UserType&) = default;
};

struct Catalog {
  std::string dialect;  // "sqlite", "postgres"
  std::vector<Table> tables;
  std::vector<UserType> types;

  // Every table that `name` may mean: a qualified name one at most, a bare name the tables of all schemas. It
  // must be the only one: search_path stands in no file, and another one's table would be written silently.
  [[nodiscard]] std::vector<const Table*> named(std::string_view schema, std::string_view name) const;
  // The one that `qualified_name` or a bare name means; null: none, or more than one.
  [[nodiscard]] const Table* find(std::string_view table) const;

  friend bool operator==(const Catalog&, const Catalog&) = default;
};

// The parts of what `qualified_name` spells, or of a bare name (its schema is empty then). Nothing: it is no
// such name.
struct TableName {
  std::string schema, name;
};
std::optional<TableName> table_name(std::string_view text);

// One part of a name as a spec writes it: in double quotes unless it is a plain word.
std::string spelled(std::string_view name);

// Of what a spec over this table rests on: names, types, nullability, keys (hex, 16 digits).
std::string fingerprint(const Table& table);

}  // namespace backfill::schema
