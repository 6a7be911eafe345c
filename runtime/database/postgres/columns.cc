// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/dialect.h"

namespace backfill::database::postgres {

namespace {

// Domains lead to their base type, through other domains.
constexpr std::string_view kTypes = R"sql(
WITH RECURSIVE base(attname, id) AS (
  SELECT a.attname, a.atttypid FROM pg_attribute AS a
  WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.attname, t.typbasetype FROM base AS b JOIN pg_type AS t ON t.oid = b.id AND t.typtype = 'd')
SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typtype = 'e', t.typcollation <> 0, t.oid = 'json'::regtype,
  a.atttypid <> t.oid
FROM pg_attribute AS a JOIN base AS b USING (attname) JOIN pg_type AS t ON t.oid = b.id AND t.typtype <> 'd'
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped)sql";

}  // namespace

Result<std::vector<StoredType>> stored_types(const Connection& connection, const schema::Table& table) {
  Parameters name;
  name.add_text(qualified(table));
  BACKFILL_ASSIGN(const Answer answer, connection.send(kTypes, name, Form::Text));
  const TextRows found = text_rows(answer.get());
  std::vector<StoredType> types;
  for (const schema::Column& column : table.columns) {
    const auto at = std::find_if(found.rows.begin(), found.rows.end(),
                                 [&](const auto& row) { return row[0] == column.name; });
    if (at == found.rows.end())
      return fatal(fmt::format("the column `{}` of `{}` is no longer there", column.name, table.name));
    types.push_back(
        {(*at)[1].value_or(""), (*at)[2] == "t", (*at)[3] == "t", (*at)[4] == "t", (*at)[5] == "t"});
  }
  return types;
}

}  // namespace backfill::database::postgres
