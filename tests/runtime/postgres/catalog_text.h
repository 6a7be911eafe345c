// SPDX-License-Identifier: Apache-2.0
// A catalog as lines, so that two of them can be compared and read.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "compiler/schema/catalog.h"

namespace backfill::test {

// Expressions: the server writes a person's `a > 0` as `(a > 0)`, with its casts. AsWritten for texts that
// both come from the server.
enum class Expressions { AsWritten, LeftOut };

class CatalogText {
 public:
  CatalogText(const schema::Catalog& catalog, Expressions expressions) : expressions_(expressions) {
    for (const schema::UserType& type : catalog.types) add(type);
    for (const schema::Table& table : catalog.tables) add(table);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    text_ += fmt::format(format, std::forward<Arguments>(arguments)...) + "\n";
  }
  [[nodiscard]] std::string sql(const std::string& text) const {
    return expressions_ == Expressions::AsWritten || text.empty() ? text : "...";
  }
  void add(const schema::UserType& type) {
    line("type {}.{} [{}] base {} not_null {} default {} collate {}", type.schema, type.name,
         fmt::join(type.labels, "|"), type.base, type.not_null,
         type.default_sql ? sql(*type.default_sql) : "-", type.collation);
    for (const schema::Check& check : type.checks)
      line("  check {} ({}) valid {}", check.name, sql(check.sql), check.validated);
  }
  void add(const schema::Table& table) {
    line("table {} kind {} by [{}] {} of {} [{}] inherits {} inherited {} security {}{} comment {}",
         table.qualified_name(), static_cast<int>(table.kind), sql(table.partition_by),
         table.partition_columns, table.partition_of, sql(table.partition_bound), table.inherits,
         table.inherited, table.row_security, table.row_security_forced, table.comment);
    for (const schema::Column& column : table.columns)
      line(
          "  column {} {} = {}{} not_null {} default {} generated {} identity {}{} collate {} domain {} "
          "comment {}",
          column.name, column.sql_type, stdlib::to_string(column.type), column.type.max_length,
          column.not_null, column.default_sql ? sql(*column.default_sql) : "-", column.generated,
          column.identity, column.identity_always, column.collation, column.domain, column.comment);
    for (const schema::Key& key : table.keys)
      line("  key {} {} primary {} partial {} constraint {} defer {}{}", key.name, key.columns, key.primary,
           key.partial, key.constraint, key.deferrable, key.deferred);
    for (const schema::Index& index : table.indexes)
      line("  index {} {} unique {} partial {} valid {} {} {}", index.name, index.columns, index.unique,
           index.partial, index.valid, index.method, sql(index.sql));
    for (const schema::ForeignKey& key : table.foreign_keys)
      line("  foreign {} {} to {} {} delete {} update {} defer {}{} valid {}", key.name, key.columns,
           key.table, key.referenced, key.on_delete, key.on_update, key.deferrable, key.deferred,
           key.validated);
    for (const schema::Check& check : table.checks)
      line("  check {} ({}) valid {}", check.name, sql(check.sql), check.validated);
    for (const schema::Check& one : table.exclusions) line("  exclude {} ({})", one.name, sql(one.sql));
    for (const schema::Trigger& one : table.triggers)
      line("  trigger {} {} {} row {} {} enabled {}", one.name, one.timing, one.events, one.each_row,
           one.function, one.enabled);
    line("  cascading {}", table.cascading);
  }

  Expressions expressions_;
  std::string text_;
};

inline std::string catalog_text(const schema::Catalog& catalog, Expressions expressions) {
  return CatalogText(catalog, expressions).text();
}

}  // namespace backfill::test
