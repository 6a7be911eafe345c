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
  std::string sql_type;  // as declared: NVARCHAR(40)
  stdlib::Type type;     // optional unless NOT NULL; Opaque where there is no mapping
  bool not_null = false;
  std::optional<std::string> default_sql;
  bool generated = false;
  bool identity = false;  // the database gives the value (SQLite: INTEGER PRIMARY KEY)
  std::string collation;  // of text, where it is not by bytes: NOCASE; empty: by bytes
};

struct Key {
  std::string name;          // constraint or index; may be empty
  std::vector<int> columns;  // indexes into Table::columns
  bool primary = false;
  bool partial = false;  // partial or over expressions: proves nothing alone
};

struct ForeignKey {
  std::vector<int> columns;
  std::string table;
  std::vector<std::string> referenced;  // empty: the table's primary key
  std::string on_delete;                // "NO ACTION", "CASCADE", ...
};

struct Index {
  std::string name;
  std::vector<int> columns;  // leading columns that are plain
  bool unique = false;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<Key> keys;  // primary and unique
  std::vector<ForeignKey> foreign_keys;
  std::vector<std::string> checks;  // SQL text of CHECK constraints
  std::vector<Index> indexes;
  std::vector<std::string> triggers;  // names
  std::vector<int> cascading;         // columns whose changes a foreign key hands on (ON UPDATE CASCADE, ...)
  bool strict = false;                // SQLite STRICT
  bool without_rowid = false;         // SQLite
  std::optional<std::int64_t> rows;   // where the catalog carries counts

  // By the database's own rule (SQLite: ASCII case-insensitive); -1 if there is none.
  [[nodiscard]] int find(std::string_view column) const;
  [[nodiscard]] const Key* primary_key() const;
  // A full unique key (or primary key of NOT NULL columns) over exactly these columns or a subset of them.
  [[nodiscard]] bool unique(const std::vector<int>& columns) const;
};

struct Catalog {
  std::string dialect;  // "sqlite"
  std::vector<Table> tables;

  [[nodiscard]] const Table* find(std::string_view table) const;
};

// Of what a spec over this table rests on: names, types, nullability, keys (hex, 16 digits).
std::string fingerprint(const Table& table);

}  // namespace backfill::schema
