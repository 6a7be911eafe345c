// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/ddl_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "runtime/database/postgres/declared_type.h"

namespace backfill::database::postgres {

namespace {

using schema::Table;
using schema::TableKind;

std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

std::string name_of(const Table& table) {
  return qualified_type(table.schema, table.name);
}

// Of a name in the catalog's own spelling, in which words of SQL stand without quotes.
std::string referenced_name(std::string_view name) {
  const auto parts = schema::table_name(name);
  return parts ? qualified_type(parts->schema, parts->name) : std::string(name);
}

class Writer {
 public:
  explicit Writer(const schema::Catalog& catalog) : catalog_(catalog) {}

  std::string all() {
    line("-- dialect: postgres");
    line("-- Written by `backfill schema`: for `backfill check --schema`, not to make a database of.");
    line("SELECT pg_catalog.set_config('search_path', '', false);");
    schemas();
    for (const schema::UserType& type : catalog_.types) user_type(type);
    for (const Table& table : catalog_.tables) create(table);
    for (const Table& table : catalog_.tables) constraints(table);
    for (const Table& table : catalog_.tables) indexes(table);
    for (const Table& table : catalog_.tables) triggers(table);
    for (const Table& table : catalog_.tables) foreign_keys(table);
    for (const Table& table : catalog_.tables) parents(table);
    for (const Table& table : catalog_.tables) comments(table);
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_.append(text).append("\n"); }

  template <typename... Arguments>
  void write(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
    out_ += '\n';
  }

  void schemas() {
    std::set<std::string> names;
    for (const Table& table : catalog_.tables) names.insert(table.schema);
    for (const schema::UserType& type : catalog_.types) names.insert(type.schema);
    names.erase("public");
    for (const std::string& name : names) write("CREATE SCHEMA {};", quote_ident(name));
  }

  void user_type(const schema::UserType& type) {
    const std::string name = qualified_type(type.schema, type.name);
    if (type.base.empty()) {
      std::string labels;
      for (const std::string& label : type.labels) labels += (labels.empty() ? "" : ", ") + literal(label);
      return write("CREATE TYPE {} AS ENUM ({});", name, labels);
    }
    std::string text = fmt::format("CREATE DOMAIN {} AS {}", name, type.base);
    if (!type.collation.empty()) text += " COLLATE " + quote_ident(type.collation);
    if (type.not_null) text += " NOT NULL";
    if (type.default_sql) text += " DEFAULT " + *type.default_sql;
    line(text + ";");
    for (const schema::Check& check : type.checks)
      write("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK ({}){};", name, quote_ident(check.name), check.sql,
            check.validated ? "" : " NOT VALID");
  }

  static std::string column(const schema::Column& column) {
    std::string text = fmt::format("  {} {}", quote_ident(column.name),
                                   column.domain.empty() ? column.sql_type : column.domain);
    if (!column.collation.empty()) text += " COLLATE " + quote_ident(column.collation);
    if (column.generated) {
      text += fmt::format(" GENERATED ALWAYS AS ({}) STORED", column.default_sql.value_or("NULL"));
    } else if (column.default_sql) {
      text += " DEFAULT " + *column.default_sql;
    }
    if (column.identity)
      text += fmt::format(" GENERATED {} AS IDENTITY", column.identity_always ? "ALWAYS" : "BY DEFAULT");
    return text + (column.not_null ? " NOT NULL" : "");
  }

  void create(const Table& table) {
    const std::string name = name_of(table);
    if (table.kind == TableKind::View) return write("CREATE VIEW {} AS SELECT;", name);
    if (table.kind == TableKind::MaterializedView)
      return write("CREATE MATERIALIZED VIEW {} AS SELECT;", name);
    std::string columns;
    for (const schema::Column& one : table.columns) columns += (columns.empty() ? "\n" : ",\n") + column(one);
    const bool foreign = table.kind == TableKind::Foreign;
    write("CREATE {}TABLE {} ({}\n){}{};", foreign ? "FOREIGN " : "", name, columns,
          table.partition_by.empty() ? "" : " PARTITION BY " + table.partition_by,
          foreign ? " SERVER elsewhere" : "");
    if (table.row_security) alter(table, "ENABLE ROW LEVEL SECURITY");
    if (table.row_security_forced) alter(table, "FORCE ROW LEVEL SECURITY");
  }

  void alter(const Table& table, std::string_view what) {
    write("ALTER TABLE ONLY {} {};", name_of(table), what);
  }

  static std::string_view deferral(bool deferrable, bool deferred) {
    if (deferred) return " DEFERRABLE INITIALLY DEFERRED";
    return deferrable ? " DEFERRABLE" : "";
  }

  void constraints(const Table& table) {
    for (const schema::Check& check : table.checks)
      alter(table, fmt::format("ADD CONSTRAINT {} CHECK ({}){}", quote_ident(check.name), check.sql,
                               check.validated ? "" : " NOT VALID"));
    for (const schema::Check& check : table.exclusions)
      alter(table, fmt::format("ADD CONSTRAINT {} EXCLUDE {}", quote_ident(check.name), check.sql));
  }

  void indexes(const Table& table) {
    for (const schema::Index& index : table.indexes) {
      if (!index.valid || index.sql.empty()) continue;  // not valid, or an EXCLUDE's own
      const auto key = std::ranges::find(table.keys, index.name, &schema::Key::name);
      if (key == table.keys.end() || !key->constraint) {
        write("CREATE {}INDEX {} ON ONLY {} {};", index.unique ? "UNIQUE " : "", quote_ident(index.name),
              name_of(table), index.sql);
        continue;
      }
      const std::size_t parts = std::min(index.sql.find('('), index.sql.size());
      std::string_view what = std::string_view(index.sql).substr(parts);
      constexpr std::string_view kNulls = " NULLS NOT DISTINCT";
      const bool nulls = what.ends_with(kNulls);
      if (nulls) what.remove_suffix(kNulls.size());
      alter(table, fmt::format("ADD CONSTRAINT {} {}{} {}{}", quote_ident(index.name),
                               key->primary ? "PRIMARY KEY" : "UNIQUE", nulls ? kNulls : "", what,
                               deferral(key->deferrable, key->deferred)));
    }
  }

  void foreign_keys(const Table& table) {
    for (const schema::ForeignKey& key : table.foreign_keys) {
      std::string columns, referenced;
      for (const int one : key.columns)
        columns +=
            (columns.empty() ? "" : ", ") + quote_ident(table.columns[static_cast<std::size_t>(one)].name);
      for (const std::string& one : key.referenced)
        referenced += (referenced.empty() ? "" : ", ") + quote_ident(one);
      alter(table,
            fmt::format("ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}{} ON UPDATE {} ON DELETE {}{}{}",
                        quote_ident(key.name), columns, referenced_name(key.table),
                        referenced.empty() ? "" : "(" + referenced + ")", key.on_update, key.on_delete,
                        deferral(key.deferrable, key.deferred), key.validated ? "" : " NOT VALID"));
    }
  }

  void triggers(const Table& table) {
    for (const schema::Trigger& trigger : table.triggers) {
      const bool rule = trigger.timing == "RULE";
      if (rule) {
        const bool instead = trigger.events.ends_with(" DO INSTEAD");
        write("CREATE RULE {} AS ON {} TO {} DO {}NOTHING;", quote_ident(trigger.name),
              trigger.events.substr(0, trigger.events.find(' ')), name_of(table), instead ? "INSTEAD " : "");
      } else {
        write("CREATE TRIGGER {} {} {} ON {} FOR EACH {} EXECUTE FUNCTION {}();", quote_ident(trigger.name),
              trigger.timing, trigger.events, name_of(table), trigger.each_row ? "ROW" : "STATEMENT",
              trigger.function);
      }
      if (!trigger.enabled)
        alter(table, fmt::format("DISABLE {} {}", rule ? "RULE" : "TRIGGER", quote_ident(trigger.name)));
    }
  }

  void parents(const Table& table) {
    if (!table.partition_of.empty())
      write("ALTER TABLE ONLY {} ATTACH PARTITION {} {};", referenced_name(table.partition_of),
            name_of(table), table.partition_bound);
    for (const std::string& parent : table.inherits) alter(table, "INHERIT " + referenced_name(parent));
  }

  void comments(const Table& table) {
    if (!table.comment.empty()) write("COMMENT ON TABLE {} IS {};", name_of(table), literal(table.comment));
    for (const schema::Column& one : table.columns)
      if (!one.comment.empty())
        write("COMMENT ON COLUMN {}.{} IS {};", name_of(table), quote_ident(one.name), literal(one.comment));
  }

  const schema::Catalog& catalog_;
  std::string out_;
};

}  // namespace

std::string ddl_text(const schema::Catalog& catalog) {
  return Writer(catalog).all();
}

}  // namespace backfill::database::postgres
