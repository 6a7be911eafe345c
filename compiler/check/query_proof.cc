// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "compiler/check/query.h"
#include "compiler/check/target.h"
#include "stdlib/sqlite_form.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

// Does `=` with each of these columns find one row at most? A key that may be NULL will do: `=` finds no
// NULL.
bool finds_one(const schema::Table& table, const std::vector<int>& by) {
  const auto named = [&](int column) { return std::ranges::find(by, column) != by.end(); };
  return std::ranges::any_of(table.keys, [&](const schema::Key& key) {
    return !key.partial && !key.columns.empty() && std::ranges::all_of(key.columns, named);
  });
}

// "(code) or (id)"; empty: there is none.
using IsKey = std::function<bool(const schema::Table& table, const std::vector<int>& columns)>;
std::string unique_keys(const schema::Table& table, const IsKey& is_key) {
  std::vector<std::string> keys;
  for (const schema::Key& key : table.keys)
    if (is_key(table, key.columns)) keys.push_back("(" + names_of(table, key.columns) + ")");
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return fmt::format("{}", fmt::join(keys, " or "));
}

void collect_conjuncts(const Expr& condition, std::vector<const Expr*>& conjuncts) {
  if (condition.op != Op::And) return conjuncts.push_back(&condition);
  for (const Expr* argument : condition.arguments) collect_conjuncts(*argument, conjuncts);
}

// A column of this row or of a lookup's, and whether the row is there for sure.
struct Source {
  int query = -1;  // -1: this row
  int column = -1;
  friend bool operator==(const Source&, const Source&) = default;
};

std::optional<Source> source_of(const ir::RowFunction& row, const Expr& expr) {
  if (expr.op == Op::Call && expr.function->name == "as" && expr.arguments.size() == 1 &&
      expr.function->errors.empty())
    return source_of(row, *expr.arguments[0]);
  if (expr.op != Op::Input) return std::nullopt;
  const ir::Input& input = row.inputs[static_cast<std::size_t>(expr.input)];
  if (input.query < 0) return Source{-1, input.column};
  const ir::Query& query = row.queries[static_cast<std::size_t>(input.query)];
  const int column = query.values[static_cast<std::size_t>(input.value)].column;
  if (column < 0 || !query.certain) return std::nullopt;
  return Source{input.query, column};
}

const Expr& column_side(const Expr& equality, bool other) {
  const bool first = equality.arguments[0]->op == Op::OtherColumn;
  return *equality.arguments[first == other ? 0 : 1];
}

bool is_equality(const Expr& expr) {
  return expr.op == Op::Call && expr.function->is_operator && expr.function->name == "=" &&
         (expr.arguments[0]->op == Op::OtherColumn) != (expr.arguments[1]->op == Op::OtherColumn);
}

struct Reference {
  int other;  // column of the query's table
  Source own;
};

// The equalities that are the whole condition; nothing where there is more to it.
std::optional<std::vector<Reference>> references(const ir::RowFunction& row, const ir::Query& query) {
  std::vector<const Expr*> conjuncts;
  collect_conjuncts(*query.where, conjuncts);
  std::vector<Reference> found;
  for (const Expr* conjunct : conjuncts) {
    if (!is_equality(*conjunct)) return std::nullopt;
    const auto own = source_of(row, column_side(*conjunct, false));
    if (!own) return std::nullopt;
    found.push_back({column_side(*conjunct, true).input, *own});
  }
  return found;
}

bool refers(const schema::Table& from, const schema::ForeignKey& key, const schema::Table& to,
            std::vector<Reference> found) {
  if (!key.validated || key.table != to.qualified_name() || key.columns.size() != found.size()) return false;
  const schema::Key* primary = to.primary_key();
  for (std::size_t k = 0; k < key.columns.size(); ++k) {
    const int referenced = !key.referenced.empty()                             ? to.find(key.referenced[k])
                           : primary != nullptr && k < primary->columns.size() ? primary->columns[k]
                                                                               : -1;
    const bool there = !from.columns[static_cast<std::size_t>(key.columns[k])].type.optional &&
                       std::ranges::any_of(found, [&](const Reference& one) {
                         return one.other == referenced && one.own.column == key.columns[k];
                       });
    if (!there) return false;
  }
  return true;
}

}  // namespace

bool proves_at_most_one(Context& context, const ir::Query& query, Span span) {
  if (finds_one(*query.table, query.by)) return true;
  Diagnostic diagnostic{.code = Code::LookupNotUnique, .span = span};
  diagnostic.message =
      query.by.empty()
          ? fmt::format(
                "nothing proves that this finds one row of `{}` at most: it compares no column by `=`",
                query.table->name)
          : fmt::format("no unique key of `{}` proves that ({}) finds one row at most", query.table->name,
                        names_of(*query.table, query.by));
  const std::string keys = unique_keys(*query.table, finds_one);
  diagnostic.notes.push_back(keys.empty() ? fmt::format("`{}` has no unique key", query.table->name)
                                          : "a comparison by `=` with each column of " + keys + " would");
  diagnostic.help =
      "look up by a unique key, add a unique index, or say which row is meant: `first ... order by ...`, or "
      "`only ...` (two rows are then an error of the row)";
  context.report(std::move(diagnostic));
  return false;
}

bool proves_no_tie(Context& context, const ir::Query& query, Span span, int depth) {
  std::vector<int> fixed = query.by;
  const auto add_own = [&](const Expr& expr) {  // of a window: columns of the table itself
    if (query.kind >= ir::QueryKind::RowNumber && expr.op == Op::Input)
      fixed.push_back(context.out().row.inputs[static_cast<std::size_t>(expr.input)].column);
  };
  for (const Expr* partition : query.partition) add_own(*partition);
  for (const ir::QueryOrder& order : query.order) add_own(*order.value);
  for (const ir::QueryOrder& order : query.order)
    if (order.value->op == Op::OtherColumn && order.value->depth == depth)
      fixed.push_back(order.value->input);
  if (query.table->unique(fixed)) return true;
  Diagnostic diagnostic{.code = Code::OrderCanTie, .span = span};
  diagnostic.message =
      query.order.empty()
          ? fmt::format("the first row of `{}` is not said: there is no `order by`", query.table->name)
          : fmt::format("two rows of `{}` may stand at the same place of this order", query.table->name);
  const std::string keys = unique_keys(*query.table, &schema::Table::unique);
  diagnostic.help = keys.empty() ? "a unique key of the table, at the end of the order, would tell them apart"
                                 : "end the order with a unique key: " + keys;
  context.report(std::move(diagnostic));
  return false;
}

bool is_certain(const Context& context, const ir::Query& query) {
  if (query.where == nullptr || query.guard != nullptr) return false;
  const ir::RowFunction& row = const_cast<Context&>(context).out().row;
  const auto found = references(row, query);
  if (!found) return false;
  const int from = found->front().own.query;
  if (!std::ranges::all_of(*found, [&](const Reference& one) { return one.own.query == from; })) return false;
  const schema::Table& table =
      from < 0 ? context.table() : *row.queries[static_cast<std::size_t>(from)].table;
  return std::ranges::any_of(table.foreign_keys, [&](const schema::ForeignKey& key) {
    return refers(table, key, *query.table, *found);
  });
}

namespace {

std::optional<stdlib::Dialect> dialect_of(std::string_view name) {
  if (name == "sqlite") return stdlib::Dialect::Sqlite;
  if (name == "postgres") return stdlib::Dialect::Postgres;
  if (name == "mariadb") return stdlib::Dialect::MariaDb;
  return std::nullopt;
}

// One number at a greater scale: no database converts it.
bool widens_decimal(const Expr& expr) {
  const stdlib::Type &from = expr.arguments[0]->type, &to = expr.type;
  return expr.function->name == "as" && to.kind == stdlib::Kind::Decimal &&
         from.kind == stdlib::Kind::Decimal && to.scale >= from.scale &&
         to.precision - to.scale >= from.precision - from.scale;
}

// `text as json`: PostgreSQL tells what is none, and in a query that is missing.
bool parses_document(const Expr& expr, stdlib::Dialect dialect) {
  return dialect == stdlib::Dialect::Postgres && expr.function->name == "as" &&
         expr.type.kind == stdlib::Kind::Json && expr.arguments[0]->type.kind == stdlib::Kind::Text;
}

// SQLite's numbers do for decimals of 15 digits, and what is summed may fail beyond them: then the sum does.
bool computes_decimals(const Expr& expr, stdlib::Dialect dialect, bool summed) {
  if (dialect != stdlib::Dialect::Sqlite) return false;
  std::vector<stdlib::Type> types;
  for (const Expr* argument : expr.arguments) types.push_back(argument->type);
  if (stdlib::sqlite_form::decimal_call(*expr.function, types, expr.type).empty()) return false;
  return summed || !expr.function->is_operator || expr.type.precision <= stdlib::sqlite_form::kExactDigits;
}

using Seen = std::set<std::pair<const Expr*, bool>>;

// The first part that the database has no exact form for. `summed`: where it has no value the sum has none.
const Expr* not_in_sql(const Expr& expr, stdlib::Dialect dialect, bool summed, Seen& seen) {
  if (!seen.emplace(&expr, summed).second || expr.op == Op::Query) return nullptr;  // checked by itself
  if (expr.op == Op::Each || expr.op == Op::Element) return &expr;
  if ((expr.op == Op::Call || expr.op == Op::TryCall) &&
      expr.function->in(dialect).availability == stdlib::Availability::Unavailable && ir::reads_row(expr) &&
      !widens_decimal(expr) && !parses_document(expr, dialect) && !computes_decimals(expr, dialect, summed))
    return &expr;
  for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
    const bool handed_on = (expr.op == Op::Call && stdlib::is_strict(expr.function->null_rule)) ||
                           (expr.op == Op::Case && (i % 2 == 1 || i + 1 == expr.arguments.size()));
    if (const Expr* found = not_in_sql(*expr.arguments[i], dialect, summed && handed_on, seen)) return found;
  }
  return nullptr;
}

std::string described(const Expr& expr, stdlib::Dialect dialect) {
  if (expr.function == nullptr) return "a list made element by element";
  if (!computes_decimals(expr, dialect, true)) return fmt::format("`{}`", expr.function->name);
  return fmt::format("`{}` of up to {} digits", expr.function->name, expr.type.precision);
}

}  // namespace

bool is_computable(Context& context, const ir::Query& query) {
  const auto dialect = dialect_of(context.catalog().dialect);
  if (!dialect) return true;
  if (query.kind == ir::QueryKind::List && *dialect != stdlib::Dialect::Postgres) {
    context.report(
        Code::QueryNotInSql, query.span,
        fmt::format("a list of other rows' values has no exact form in {}, and a query is computed by "
                    "the database",
                    context.catalog().dialect),
        "a `count`, a `sum`, `min`, `max` or `first` has one");
    return false;
  }
  Seen seen;
  std::vector<std::pair<const Expr*, bool>> parts{{query.where, false}, {query.guard, false}};
  for (const ir::QueryOrder& order : query.order) parts.emplace_back(order.value, false);
  for (const ir::QueryValue& value : query.values)
    parts.emplace_back(value.expr, query.kind == ir::QueryKind::Sum);
  for (const auto& [part, summed] : parts) {
    const Expr* found = part == nullptr ? nullptr : not_in_sql(*part, *dialect, summed, seen);
    if (found == nullptr) continue;
    context.report(Code::QueryNotInSql, found->span,
                   fmt::format("{} has no exact form in {}, and a query is computed by the database",
                               described(*found, *dialect), context.catalog().dialect),
                   "compute it outside of the query where it reads this row alone, or look the column up and "
                   "compute with that");
    return false;
  }
  return true;
}

// Rows of the table itself change while the run goes on: what reads what it writes is decided before.
void check_own_table(Context& context) {
  std::set<int> written;
  for (const ir::Output& output : context.out().row.outputs) written.insert(output.column);
  const bool adds_or_removes = std::ranges::any_of(context.out().effects, [&](const ir::Effect& effect) {
    return effect.table == nullptr || effect.table == &context.table();
  });
  for (ir::Query& query : context.out().row.queries) {
    if (query.kind == ir::QueryKind::Done || query.kind == ir::QueryKind::Extern) continue;
    ir::Backfill alone;
    alone.row.queries.push_back(query);
    for (const auto& [table, columns] : ir::tables_read(alone))
      query.frozen = query.frozen || (table == &context.table() &&
                                      (adds_or_removes || std::ranges::any_of(columns, [&](int column) {
                                         return written.contains(column);
                                       })));
  }
}

}  // namespace backfill::check
