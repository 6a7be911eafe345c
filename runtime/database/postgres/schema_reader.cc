// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/schema_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <memory>
#include <unordered_map>

#include "runtime/database/postgres/catalog_rules.h"
#include "runtime/database/postgres/declared_type.h"
#include "runtime/database/postgres/schema_queries.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

using schema::Table;
using schema::TableKind;
using Cells = std::vector<std::optional<std::string>>;

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "1 3 2": of int2vector and array_to_string.
std::vector<int> numbers(std::string_view text) {
  std::vector<int> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.push_back(number(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Names as quote_ident writes them, between commas.
std::vector<std::string> quoted_names(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto name = take_name(text, at);
    if (!name.empty()) names.push_back(name.back());
  }
  return names;
}

bool is_true(const std::optional<std::string>& cell) {
  return cell == "t";
}

// Of a user's type: its own name, with the modifiers that format_type gives it.
std::string type_name(const Cells& row, std::size_t first) {
  const std::string &schema = *row[first], &name = *row[first + 1], &formatted = *row[first + 2];
  std::string text = formatted;
  if (schema != "pg_catalog") {
    text = qualified_type(schema, name);
    if (formatted.ends_with(')')) text += formatted.substr(formatted.rfind('('));
  }
  return is_true(row[first + 3]) ? text + "[]" : text;
}

TableKind kind_of(std::string_view letter) {
  if (letter == "p") return TableKind::Partitioned;
  if (letter == "v") return TableKind::View;
  if (letter == "m") return TableKind::MaterializedView;
  return letter == "f" ? TableKind::Foreign : TableKind::Table;
}

std::string qualified(const Cells& row, std::size_t first) {
  return schema::spelled(*row[first]) + "." + schema::spelled(*row[first + 1]);
}

class Reader {
 public:
  // `only` is a condition on c.oid; empty: all tables.
  Reader(const Connection& connection, std::string only) : connection_(connection), only_(std::move(only)) {}

  Result<schema::Catalog> read();

 private:
  struct Entry {
    Table table;
    std::map<int, int> columns;  // attnum -> index; gaps where columns were dropped
  };

  // `{}` in `sql` is where the condition on the tables stands.
  template <typename Row>
  Result<void> each(std::string_view sql, Row row) {
    BACKFILL_ASSIGN(const TextRows found, connection_.query(fmt::format(fmt::runtime(sql), only_)));
    for (const Cells& cells : found.rows)
      if (const auto at = by_oid_.find(*cells[0]); at != by_oid_.end()) row(*at->second, cells);
    return {};
  }

  Result<void> tables();
  Result<void> columns();
  Result<void> constraints();
  Result<void> indexes();
  Result<void> triggers();
  Result<void> parents();
  Result<void> types();
  static std::vector<int> columns_of(const Entry& entry, std::string_view attnums);

  const Connection& connection_;
  std::string only_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::unordered_map<std::string, Entry*> by_oid_;
  schema::Catalog catalog_;
};

std::vector<int> Reader::columns_of(const Entry& entry, std::string_view attnums) {
  std::vector<int> out;
  for (const int attnum : numbers(attnums)) {
    const auto found = entry.columns.find(attnum);
    if (found == entry.columns.end()) break;  // an expression, or a system column
    out.push_back(found->second);
  }
  return out;
}

Result<void> Reader::tables() {
  BACKFILL_ASSIGN(const TextRows found, connection_.query(fmt::format(fmt::runtime(kTables), only_)));
  for (const Cells& row : found.rows) {
    entries_.push_back(std::make_unique<Entry>());
    Table& table = entries_.back()->table;
    by_oid_.emplace(*row[0], entries_.back().get());
    table.schema = *row[1];
    table.name = *row[2];
    table.exact_names = true;
    table.kind = kind_of(*row[3]);
    table.row_security = is_true(row[4]);
    table.row_security_forced = is_true(row[5]);
    const std::int64_t rows = std::strtoll(row[6]->c_str(), nullptr, 10);
    if (rows >= 0 && table.kind != TableKind::View) table.rows = rows;
    table.partition_by = row[7] ? on_one_line(*row[7]) : "";
    table.partition_bound = row[9] ? on_one_line(*row[9]) : "";
    table.comment = row[10].value_or("");
  }
  return {};
}

Result<void> Reader::columns() {
  return each(kColumns, [](Entry& entry, const Cells& row) {
    entry.columns.emplace(number(*row[1]), static_cast<int>(entry.table.columns.size()));
    schema::Column& column = entry.table.columns.emplace_back();
    column.name = *row[2];
    column.sql_type = type_name(row, 3);
    column.not_null = is_true(row[7]);
    column.generated = !row[8]->empty();
    column.identity = !row[9]->empty();
    column.identity_always = row[9] == "a";
    if (row[10]) column.default_sql = on_one_line(*row[10]);
    if (row[11] && !compares_by_bytes(*row[11])) column.collation = *row[11];
    column.comment = row[12].value_or("");
  });
}

Result<void> Reader::constraints() {
  return each(kConstraints, [](Entry& entry, const Cells& row) {
    const std::string &name = *row[1], &type = *row[2];
    const bool validated = is_true(row[3]);
    if (type == "c") {
      entry.table.checks.push_back({name, on_one_line(in_parentheses(*row[12], 0)), validated});
    } else if (type == "x") {
      entry.table.exclusions.push_back(
          {name, on_one_line(row[12]->substr(std::string_view("EXCLUDE ").size()))});
    } else if (type == "f") {
      schema::ForeignKey key;
      key.name = name;
      key.validated = validated;
      key.deferrable = is_true(row[4]);
      key.deferred = is_true(row[5]);
      key.columns = columns_of(entry, *row[6]);
      key.table = qualified(row, 7);
      key.referenced = quoted_names(*row[9]);
      key.on_delete = action_name(row[10]->front());
      key.on_update = action_name(row[11]->front());
      entry.table.foreign_keys.push_back(std::move(key));
    }
  });
}

Result<void> Reader::indexes() {
  return each(kIndexes, [](Entry& entry, const Cells& row) {
    schema::Index index;
    index.name = *row[1];
    index.unique = is_true(row[2]);
    index.partial = is_true(row[4]);
    index.valid = is_true(row[5]);
    index.method = *row[6];
    index.columns = columns_of(entry, *row[7]);
    const std::size_t parts = numbers(*row[7]).size();
    const std::string constraint = row[9].value_or("");
    if (constraint != "x") index.sql = index_definition(*row[8]);
    if (index.unique) {
      const bool proves_nothing = index.partial || !index.valid || index.columns.size() < parts;
      entry.table.keys.push_back({index.name, index.columns, is_true(row[3]), proves_nothing,
                                  !constraint.empty(), is_true(row[10]), is_true(row[11])});
    }
    entry.table.indexes.push_back(std::move(index));
  });
}

Result<void> Reader::triggers() {
  BACKFILL_TRY(each(kTriggers, [](Entry& entry, const Cells& row) {
    const auto bits = static_cast<unsigned>(number(*row[2]));
    std::vector<std::string> columns;
    for (const int column : columns_of(entry, *row[6]))
      columns.push_back(entry.table.columns[static_cast<std::size_t>(column)].name);
    entry.table.triggers.push_back({*row[1], trigger_timing(bits), trigger_events(bits, columns),
                                    is_row_trigger(bits), qualified_type(*row[4], *row[5]),
                                    row[3] == "O" || row[3] == "A"});
  }));
  return each(kRules, [](Entry& entry, const Cells& row) {
    constexpr std::array<std::string_view, 5> kEvents = {"", "SELECT", "UPDATE", "INSERT", "DELETE"};
    std::string event(kEvents.at(static_cast<std::size_t>(number(*row[2]))));
    if (is_true(row[3])) event += " DO INSTEAD";
    entry.table.triggers.push_back(
        {*row[1], "RULE", std::move(event), false, "", row[4] == "O" || row[4] == "A"});
  });
}

Result<void> Reader::parents() {
  BACKFILL_TRY(each(kParents, [](Entry& entry, const Cells& row) {
    if (is_true(row[3])) {
      entry.table.partition_of = qualified(row, 1);
    } else {
      entry.table.inherits.push_back(qualified(row, 1));
    }
  }));
  BACKFILL_TRY(each(kPartitionColumns, [](Entry& entry, const Cells& row) {
    for (const int attnum : numbers(*row[1]))
      if (attnum > 0) entry.table.partition_columns.push_back(entry.columns.at(attnum));
  }));
  // The children of one table alone are not among the tables.
  return each(kHasChildren, [](Entry& entry, const Cells&) { entry.table.inherited = true; });
}

Result<void> Reader::types() {
  BACKFILL_ASSIGN(const TextRows enums, connection_.query(kEnums));
  for (const Cells& row : enums.rows) {
    std::vector<schema::UserType>& types = catalog_.types;
    if (types.empty() || types.back().schema != *row[0] || types.back().name != *row[1])
      types.push_back({*row[0], *row[1]});
    types.back().labels.push_back(*row[2]);
  }
  std::unordered_map<std::string, std::size_t> domains;
  BACKFILL_ASSIGN(const TextRows found, connection_.query(kDomains));
  for (const Cells& row : found.rows) {
    domains.emplace(*row[0], catalog_.types.size());
    schema::UserType domain{*row[1], *row[2]};
    domain.base = type_name(row, 3);
    domain.not_null = is_true(row[7]);
    if (row[8]) domain.default_sql = on_one_line(*row[8]);
    if (row[9] && !compares_by_bytes(*row[9])) domain.collation = *row[9];
    catalog_.types.push_back(std::move(domain));
  }
  BACKFILL_ASSIGN(const TextRows checks, connection_.query(kDomainChecks));
  for (const Cells& row : checks.rows)
    if (const auto domain = domains.find(*row[0]); domain != domains.end())
      catalog_.types[domain->second].checks.push_back(
          {*row[1], on_one_line(in_parentheses(*row[3], 0)), is_true(row[2])});
  return {};
}

Result<schema::Catalog> Reader::read() {
  BACKFILL_TRY(tables());
  BACKFILL_TRY(columns());
  BACKFILL_TRY(constraints());
  BACKFILL_TRY(indexes());
  BACKFILL_TRY(triggers());
  BACKFILL_TRY(parents());
  BACKFILL_TRY(types());
  for (auto& entry : entries_) catalog_.tables.push_back(std::move(entry->table));
  finish_catalog(catalog_);
  return std::move(catalog_);
}

// With search_path empty, so that expressions come with all their schemas; put back afterwards.
template <typename Work>
auto in_snapshot(const Connection& connection, Work work) -> decltype(work()) {
  const bool open = PQtransactionStatus(connection.handle()) != PQTRANS_IDLE;
  if (!open) BACKFILL_TRY(connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  auto before = connection.query("SELECT pg_catalog.current_setting('search_path')");
  if (!before) return before.failure();
  auto set = connection.run("SELECT pg_catalog.set_config('search_path', '', true)");
  if (!set) return set.failure();
  auto result = work();
  if (!open) {
    BACKFILL_TRY(connection.run("ROLLBACK"));
  } else if (result) {
    std::string path;
    for (const char c : before->rows.at(0).at(0).value_or("")) path.append(c == '\'' ? 2 : 1, c);
    BACKFILL_TRY(
        connection.run(fmt::format("SELECT pg_catalog.set_config('search_path', '{}', true)", path)));
  }
  return result;
}

std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

// Nothing: no table, or more than one.
Result<std::optional<std::string>> oid_of(const Connection& connection, const schema::TableName& name) {
  const std::string schema = literal(name.schema);
  const std::string named = fmt::format(
      " AND c.relname = {} AND ({} = '' OR c.relnamespace = (SELECT oid FROM "
      "pg_catalog.pg_namespace WHERE nspname = {}))",
      literal(name.name), schema, schema);
  BACKFILL_ASSIGN(const TextRows found, connection.query(fmt::format(fmt::runtime(kOids), named)));
  return found.rows.size() == 1 ? found.rows[0][0] : std::nullopt;
}

}  // namespace

Result<schema::Catalog> read_schema(const Connection& connection) {
  return in_snapshot(connection, [&] { return Reader(connection, "").read(); });
}

Result<std::optional<schema::Table>> read_table(const Connection& connection, const std::string& name) {
  const std::optional<schema::TableName> parts = schema::table_name(name);
  if (!parts) return std::optional<schema::Table>();
  return in_snapshot(connection, [&]() -> Result<std::optional<schema::Table>> {
    BACKFILL_ASSIGN(const std::optional<std::string> oid, oid_of(connection, *parts));
    if (!oid) return std::optional<schema::Table>();
    BACKFILL_ASSIGN(schema::Catalog catalog, Reader(connection, " AND c.oid = " + *oid).read());
    if (catalog.tables.empty()) return std::optional<schema::Table>();
    return std::optional(std::move(catalog.tables.front()));
  });
}

}  // namespace backfill::database::postgres
