// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/group.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/joins.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/stored.h"

namespace backfill::lower_sql {

namespace {

using ir::GroupValue;

std::string joined(const std::vector<std::string>& parts, std::string_view with) {
  return fmt::format("{}", fmt::join(parts, with));
}

class Group {
 public:
  Group(const ir::Backfill& backfill, const Dialect& dialect, std::optional<evaluate::Moment> moment,
        int query, std::string alias)
      : backfill_(backfill),
        dialect_(dialect),
        query_(backfill.row.queries[static_cast<std::size_t>(query)]),
        alias_(std::move(alias)),
        beside_(
            backfill, dialect, moment, [this](int of) { return column(of); }, wanted(query)),
        emitter_(dialect, beside_.reads(),
                 moment || !backfill.moment ? moment : std::optional(evaluate::Moment{*backfill.moment})) {}

  [[nodiscard]] std::string column(int of) const {
    return alias_ + "." + dialect_.quote(backfill_.table->columns[static_cast<std::size_t>(of)].name);
  }
  // `ordered`: texts with the collation that orders them by bytes. Equality is by bytes without it, and finds
  // rows by an index.
  std::vector<std::string> partition(bool ordered);
  std::string rows(const std::string& only);
  [[nodiscard]] const Emitter& emitter() const { return emitter_; }
  [[nodiscard]] const Joins& beside() const { return beside_; }

 private:
  // What the scope looks up; its own values are not.
  [[nodiscard]] std::vector<bool> wanted(int query) const {
    ir::Backfill probe;
    probe.table = backfill_.table;
    probe.row.inputs = backfill_.row.inputs;
    probe.row.queries = backfill_.row.queries;
    if (query_.where != nullptr) probe.row.values.push_back(query_.where);
    for (const ir::QueryValue& value : query_.values)
      if (value.expr != nullptr) probe.row.values.push_back(value.expr);
    std::vector<bool> read = ir::queries_read(probe);
    read[static_cast<std::size_t>(query)] = false;
    return read;
  }
  std::string value(const ir::QueryValue& value);
  std::string text(const ir::Expr& expr) { return within(emitter_.emit(expr), kAtom); }
  std::string order();

  const ir::Backfill& backfill_;
  const Dialect& dialect_;
  const ir::Query& query_;
  std::string alias_;
  Joins beside_;
  Emitter emitter_;
  std::string partition_;
};

std::vector<std::string> Group::partition(bool ordered) {
  std::vector<std::string> parts;
  for (const ir::Expr* expr : query_.partition) {
    const std::string value = text(*expr);
    parts.push_back(ordered && expr->type.kind == stdlib::Kind::Text
                        ? dialect_.ordered(value, expr->type.required(), false)
                        : value);
  }
  return parts;
}

std::string Group::order() {
  std::vector<std::string> items;
  for (const ir::QueryOrder& key : query_.order)
    items.push_back(dialect_.ordered(text(*key.value), key.value->type, key.descending));
  return joined(items, ", ");
}

std::string Group::value(const ir::QueryValue& value) {
  const std::string over = fmt::format(" OVER (PARTITION BY {}", partition_);
  const std::string as_stored = value.column >= 0 ? column(value.column) : "";
  switch (value.group) {
    case GroupValue::Place:
      return fmt::format("row_number(){} ORDER BY {})", over, order());
    case GroupValue::Size:
      return fmt::format("count(*){})", over);
    case GroupValue::Barred:
      return fmt::format("max(CASE WHEN {} THEN 1 ELSE 0 END){}) = 1", text(*value.expr), over);
    case GroupValue::Survivor:
      return fmt::format("first_value({}){} ORDER BY {})", as_stored, over, order());
    case GroupValue::FirstPresent:
      return fmt::format("first_value({0}){1} ORDER BY CASE WHEN {0} IS NULL THEN 1 ELSE 0 END, {2})",
                         as_stored, over, order());
    case GroupValue::Sum:
    case GroupValue::Min:
    case GroupValue::Max:
      break;
  }
  const std::string of = text(*value.expr);
  if (value.group == GroupValue::Sum)  // of nothing that is present: missing
    return fmt::format("CASE WHEN count({}){}) > 0 THEN {} END", of, over,
                       dialect_.aggregate(Dialect::Aggregate::Sum, of, value.type.required(), over + ")"));
  const std::string_view name = value.group == GroupValue::Min ? "min" : "max";
  if (value.type.kind == stdlib::Kind::Bool)
    return fmt::format("{}(CASE WHEN {} THEN 1 WHEN NOT {} THEN 0 END){}) = 1", name, of, of, over);
  return dialect_.aggregate(
             value.group == GroupValue::Min ? Dialect::Aggregate::Min : Dialect::Aggregate::Max, of,
             value.type.required()) +
         over + ")";
}

std::string Group::rows(const std::string& only) {
  const std::vector<std::string> parts = partition(true);
  partition_ = joined(parts, ", ");
  std::vector<std::string> columns, where;
  for (const int key : backfill_.key) columns.push_back(column(key));
  for (std::size_t k = 0; k < query_.values.size(); ++k)
    columns.push_back(fmt::format("{} AS v{}", value(query_.values[k]), k));
  // Who has no part of it is in no group. Where it is not known whether a row is in the scope, its group is
  // barred.
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (query_.partition[k]->type.optional)
      where.push_back(fmt::format("{} IS NOT NULL", text(*query_.partition[k])));
  if (query_.where != nullptr)
    where.push_back(fmt::format("({}) IS NOT FALSE", emitter_.emit(*query_.where).text));
  if (where.empty()) where.emplace_back("TRUE");
  return fmt::format("SELECT {} FROM {} AS {}{} WHERE {}{}", joined(columns, ", "),
                     dialect_.table(*backfill_.table), alias_, beside_.from(), joined(where, " AND "), only);
}

}  // namespace

GroupSql group_rows(const ir::Backfill& backfill, const Dialect& dialect,
                    std::optional<evaluate::Moment> moment, int query,
                    const std::function<std::string(std::string_view alias)>& only) {
  const std::string alias = fmt::format("r{}", query);
  Group group(backfill, dialect, moment, query, alias);
  GroupSql result{.rows = group.rows(only == nullptr ? "" : only(alias))};
  result.availability =
      group.beside().reason().empty() ? group.emitter().availability() : stdlib::Availability::Unavailable;
  result.reason = group.emitter().reason().empty() ? group.beside().reason() : group.emitter().reason();
  result.place = group.emitter().place();
  return result;
}

std::string stale_groups(const ir::Backfill& backfill, const Dialect& dialect, int query,
                         const std::string& frozen,
                         const std::function<std::string(std::string_view alias)>& meant) {
  const auto name = [&](int key) { return backfill.table->columns[static_cast<std::size_t>(key)].name; };
  const auto same = [&](std::string_view kept, std::string_view row) {
    std::vector<std::string> parts;
    for (const int key : backfill.key)
      parts.push_back(fmt::format("{}.{} = {}.{}", kept, dialect.quote("key_" + name(key)), row,
                                  dialect.quote(name(key))));
    return joined(parts, " AND ");
  };
  // Rows that share what the groups' rows have in common now: also such as have come to it since.
  const auto in_reach = [&](std::string_view alias) {
    Group here(backfill, dialect, std::nullopt, query, std::string(alias)),
        there(backfill, dialect, std::nullopt, query, "c");
    const std::string left = joined(here.partition(false), ", "),
                      right = joined(there.partition(false), ", ");
    const bool one = backfill.row.queries[static_cast<std::size_t>(query)].partition.size() == 1;
    return fmt::format(" AND {}{}{} IN (SELECT {} FROM {} AS y JOIN {} AS c ON {} WHERE {})", one ? "" : "(",
                       left, one ? "" : ")", right, frozen, dialect.table(*backfill.table), same("y", "c"),
                       meant("y"));
  };
  const ir::Query& group = backfill.row.queries[static_cast<std::size_t>(query)];
  std::vector<std::string> keys, differs;
  for (std::size_t k = 0; k < backfill.key.size(); ++k)
    keys.push_back(fmt::format("{} AS s{}", frozen_value("m", query, kSurvivor + k), k));
  for (std::size_t k = 0; k < group.values.size(); ++k)
    differs.push_back(
        stored_distinct(dialect, fmt::format("l.v{}", k), frozen_value("m", query, k), group.values[k].type));
  return fmt::format("SELECT DISTINCT {} FROM {} AS m LEFT JOIN ({}) AS l ON {} WHERE {} AND ({})",
                     joined(keys, ", "), frozen,
                     group_rows(backfill, dialect, std::nullopt, query, in_reach).rows, same("m", "l"),
                     meant("m"), joined(differs, " OR "));
}

}  // namespace backfill::lower_sql
