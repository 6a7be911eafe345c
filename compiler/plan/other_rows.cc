// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/other_rows.h"

#include <fmt/format.h>

#include <algorithm>

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

OtherRows described(const source::File& file, const ir::Query& query) {
  OtherRows one{.text = at_margin(file, query.span),
                .table = query.table->qualified_name(),
                .gives = what_it_gives(query)};
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

}  // namespace

std::vector<OtherRows> other_rows(const source::File& file, const ir::Backfill& backfill) {
  std::vector<OtherRows> out;
  const std::vector<bool> read = ir::queries_read(backfill);
  for (std::size_t k = 0; k < read.size(); ++k) {
    if (!read[k]) continue;
    const ir::Query& query = backfill.row.queries[k];
    if (query.kind == QueryKind::Done) continue;  // of the books, by their primary key
    out.push_back(described(file, query));
    if (query.frozen) {
      out.back().gives += "; decided once, when the run begins";
      out.back().found_by = "one statement over the whole table";
      out.back().warning = false;
    }
    for (const ir::Query* inner : ir::inner_queries(query)) {
      out.push_back(described(file, *inner));
      out.back().gives +=
          fmt::format("; for each row of `{}` that the query around it looks at", query.table->name);
    }
  }
  return out;
}

}  // namespace backfill::plan
