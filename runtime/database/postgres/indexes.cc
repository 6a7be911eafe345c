// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/indexes.h"

#include "runtime/database/postgres/dialect.h"

namespace backfill::database::postgres {

namespace {

constexpr std::string_view kIndexes =
    "SELECT i.indexrelid::regclass::text, (SELECT array_agg(a.attname ORDER BY a.attname) && $2::name[] FROM "
    "pg_attribute AS a WHERE a.attrelid = i.indrelid AND (a.attnum = ANY (i.indkey::int2[]) OR "
    "EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid "
    "AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))) "
    "FROM "
    "pg_index AS i "
    "WHERE i.indrelid = $1::regclass ORDER BY 1";
// An array's elements are quoted in another way than names are.
std::string written_columns(const ir::Backfill& backfill) {
  std::string names;
  for (const ir::Output& output : backfill.row.outputs) {
    names += names.empty() ? "\"" : ",\"";
    for (const char c : backfill.table->columns[static_cast<std::size_t>(output.column)].name)
      names += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    names += '"';
  }
  return "{" + names + "}";
}

}  // namespace

Result<Indexes> indexes_of(const Connection& connection, const ir::Backfill& backfill) {
  Parameters values;
  values.add_text(qualified(*backfill.table));
  values.add_text(written_columns(backfill));
  BACKFILL_ASSIGN(const Answer answer, connection.send(kIndexes, values, Form::Text));
  const TextRows found = text_rows(answer.get());
  Indexes indexes;
  indexes.all = found.rows.size();
  for (const auto& row : found.rows)
    if (row[1] == "t") indexes.written.push_back(row[0].value_or(""));
  return indexes;
}

}  // namespace backfill::database::postgres
