// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/other_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/expression.h"
#include "compiler/plan/written.h"

namespace backfill::plan {

namespace {

using ir::QueryKind;

struct Found {
  std::string name;
  std::size_t columns = 0;  // of the index, how many the query compares
};

std::size_t covered(const std::vector<int>& index, const std::vector<int>& by) {
  const auto beyond =
      std::ranges::find_if(index, [&](int column) { return std::ranges::find(by, column) == by.end(); });
  return static_cast<std::size_t>(beyond - index.begin());
}

// The key or index of which the most leading columns are compared.
Found index_for(const ir::Query& query) {
  Found best;
  const auto offer = [&](const std::string& name, const std::vector<int>& columns) {
    const std::size_t count = covered(columns, query.by);
    if (count > best.columns) best = {name, count};
  };
  for (const schema::Key& key : query.table->keys)
    if (!key.partial)
      offer(key.primary ? "the primary key" : fmt::format("the unique key {}", key.name), key.columns);
  for (const schema::Index& index : query.table->indexes)
    if (!index.partial && index.valid &&
        (index.method.empty() || index.method == "btree" || index.method == "hash"))
      offer(fmt::format("the index {}", index.name), index.columns);
  return best;
}

std::string names_of(const schema::Table& table, const std::vector<int>& columns) {
  std::string text;
  for (const int column : columns)
    text += (text.empty() ? "" : ", ") + table.columns[static_cast<std::size_t>(column)].name;
  return text;
}

std::string what_it_gives(const ir::Query& query) {
  switch (query.kind) {
    case QueryKind::Unique:
      return query.certain ? "the one row, by a foreign key" : "at most one row, by a unique key";
    case QueryKind::First:
      return "the first row of its order";
    case QueryKind::Only:
      return "one row; two are a row error";
    case QueryKind::Exists:
      return "whether there is a row";
    default:
      return "computed by the database";
  }
}

OtherRows described(const source::File& file, const ir::Backfill& backfill, const ir::Query& query) {
  OtherRows one{.text = at_margin(file, query.span),
                .table = query.table->qualified_name(),
                .gives = what_it_gives(query)};
  if (const ir::SourceFile* source = ir::source_of(backfill, *query.table))
    one.gives += fmt::format(" (of the file {}, as it is when the run begins)", source->path);
  const Found found = index_for(query);
  if (found.columns > 0) {
    one.found_by = found.name;
    return one;
  }
  one.warning = true;
  one.found_by =
      query.by.empty()
          ? fmt::format("no index: it compares no column of `{}` by `=`, each row reads the whole table",
                        query.table->name)
          : fmt::format("no index of `{}` begins with {}: each row reads the whole table", query.table->name,
                        names_of(*query.table, query.by));
  return one;
}

// What stands behind `partition by`, as an index would have it.
std::vector<std::string> partition_of(const ir::Backfill& backfill, const ir::Query& group,
                                      const lower_sql::Dialect& dialect) {
  lower_sql::Emitter emitter(
      dialect,
      [&](int input, lower_sql::Emitter::Read) {
        const schema::Column column = ir::input_column(backfill, input);
        return dialect.read(dialect.quote(column.name), column);
      },
      std::nullopt);
  std::vector<std::string> parts;
  for (const ir::Expr* expr : group.partition) parts.push_back(emitter.emit(*expr).text);
  return parts;
}

// Without what a database may spell in another way: an index is named, nothing rests on it.
std::string letters_of(std::string_view sql) {
  std::string text;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql.substr(i).starts_with("::text")) i += 6;
    if (i < sql.size() && std::string_view(" \n\"()").find(sql[i]) == std::string_view::npos) text += sql[i];
  }
  return text;
}

// Before a batch is written its groups are decided once more, from all rows that share what they share.
void add_regrouping(OtherRows& one, const ir::Backfill& backfill, const ir::Query& group,
                    const lower_sql::Dialect& dialect) {
  one.gives += "; of a batch's groups once more before it is written";
  ir::Query plain = group;
  for (const ir::Expr* expr : group.partition)
    if (expr->op == ir::Op::Input)
      plain.by.push_back(backfill.row.inputs[static_cast<std::size_t>(expr->input)].column);
  const std::vector<std::string> parts = partition_of(backfill, group, dialect);
  const std::string wanted = letters_of(fmt::format("{}", fmt::join(parts, ", ")));
  Found found = index_for(plain);
  for (const schema::Index& index : group.table->indexes)
    if (found.columns == 0 && !index.partial && index.valid &&
        letters_of(index.sql).starts_with("USINGbtree" + wanted))
      found = {"the index " + index.name, 1};
  if (found.columns > 0) {
    one.found_by += ", then " + found.name;
    return;
  }
  one.warning = true;
  one.found_by += fmt::format(
      ", and each batch reads the whole table once more: an index of `{}` on ({}) would find its groups",
      group.table->name, fmt::join(parts, ", "));
}

}  // namespace

std::vector<OtherRows> other_rows(const source::File& file, const ir::Backfill& backfill,
                                  const lower_sql::Dialect& dialect) {
  std::vector<OtherRows> out;
  const std::vector<bool> read = ir::queries_read(backfill);
  for (std::size_t k = 0; k < read.size(); ++k) {
    if (!read[k]) continue;
    const ir::Query& query = backfill.row.queries[k];
    if (query.kind == QueryKind::Extern) continue;
    if (query.kind == QueryKind::Done) continue;  // of the books, by their primary key
    out.push_back(described(file, backfill, query));
    if (query.frozen) {
      out.back().gives += "; decided once, when the run begins";
      out.back().found_by = "one statement over the whole table";
      out.back().warning = false;
    }
    if (query.kind == QueryKind::Group) add_regrouping(out.back(), backfill, query, dialect);
    for (const ir::Query* inner : ir::inner_queries(query)) {
      out.push_back(described(file, backfill, *inner));
      out.back().gives +=
          fmt::format("; for each row of `{}` that the query around it looks at", query.table->name);
    }
  }
  return out;
}

}  // namespace backfill::plan
