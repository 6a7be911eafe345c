// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/unreadable.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "compiler/lower/sql/statements.h"

namespace backfill::lower_sql {

namespace {

using ir::Op;

enum class Use : std::uint8_t {
  HandedOn,  // as it was stored: who reads it sees it
  Summed,    // computed with; what cannot be computed is seen as well
  LookedAt,
};

bool reads_others(const ir::Expr& expr) {
  return expr.op == Op::OtherColumn || expr.op == Op::Query ||
         std::ranges::any_of(expr.arguments, [](const ir::Expr* one) { return reads_others(*one); });
}

// `o.x = ...` of this row: such a value is equal to none. Elsewhere that it is not could count.
bool finds(const ir::Expr& condition) {
  if (condition.op != Op::Call || condition.function->name != "=") return false;
  const ir::Expr &left = *condition.arguments[0], &right = *condition.arguments[1];
  return (left.op == Op::OtherColumn && !reads_others(right)) ||
         (right.op == Op::OtherColumn && !reads_others(left));
}

bool is_of_all_rows(const ir::Query& query) {
  return query.kind >= ir::QueryKind::RowNumber;
}

// The columns that queries look at: the database does, whatever is stored there.
class Columns {
 public:
  explicit Columns(const ir::Backfill& backfill) : backfill_(backfill) {}

  // `seen`: its values come into the batch as they are.
  void read(const ir::Query& query, bool seen) {
    look_where(query.where);
    look(query.guard, Use::LookedAt);
    for (const ir::Expr* part : query.partition) look(part, Use::LookedAt);
    for (const ir::QueryOrder& order : query.order) look(order.value, Use::LookedAt);
    for (const ir::QueryValue& value : query.values)
      look(value.expr, seen ? use_of_value(query) : Use::LookedAt);
  }
  // Of rows that an effect writes: what it reads of this row, the batch has read.
  void read(const ir::Effect& effect) {
    own_ = false;
    look_where(effect.where);
    for (const ir::CopiedColumn& one : effect.copied) found[effect.table].insert(one.from);
    own_ = true;
  }

  std::map<const schema::Table*, std::set<int>> found;

 private:
  static Use use_of_value(const ir::Query& query) {
    using enum ir::QueryKind;
    const bool decimal = query.values.front().type.kind == stdlib::Kind::Decimal;
    if (query.kind == Sum && decimal) return Use::Summed;
    return query.kind == Unique || query.kind == First || query.kind == Only ? Use::HandedOn : Use::LookedAt;
  }
  void look_where(const ir::Expr* condition) {
    if (condition == nullptr) return;
    if (condition->op == Op::And) {
      for (const ir::Expr* one : condition->arguments) look_where(one);
      return;
    }
    const Use use = finds(*condition) ? Use::HandedOn : Use::LookedAt;
    for (const ir::Expr* argument : condition->arguments) look(argument, use);
    if (condition->arguments.empty()) look(condition, use);
    if (condition->op == Op::Query) read(*condition->query, false);
  }
  void look(const ir::Expr* expr, Use use) {
    if (expr == nullptr || !seen_.emplace(expr, use).second) return;
    if (expr->op == Op::Query) return read(*expr->query, false);
    if (expr->op == Op::Input && own_)
      look_input(backfill_.row.inputs[static_cast<std::size_t>(expr->input)]);
    if (expr->op == Op::OtherColumn && use == Use::LookedAt) found[expr->table].insert(expr->input);
    for (std::size_t i = 0; i < expr->arguments.size(); ++i)
      look(expr->arguments[i], use_of_argument(*expr, i, use));
  }
  static Use use_of_argument(const ir::Expr& expr, std::size_t argument, Use use) {
    if (expr.op == Op::Case && argument % 2 == 0 && argument + 1 < expr.arguments.size())
      return Use::LookedAt;
    const bool hands_on = expr.op == Op::Case || expr.op == Op::Coalesce;
    return hands_on || use == Use::Summed ? use : Use::LookedAt;
  }
  // This row's column, or what an earlier query found for it.
  void look_input(const ir::Input& input) {
    if (input.column >= 0) {
      found[backfill_.table].insert(input.column);
      return;
    }
    if (input.query < 0) return;
    const ir::Query& query = backfill_.row.queries[static_cast<std::size_t>(input.query)];
    const ir::QueryValue& value = query.values[static_cast<std::size_t>(input.value)];
    if (value.column >= 0) found[query.table].insert(value.column);
    look(value.expr, Use::LookedAt);
  }

  const ir::Backfill& backfill_;
  bool own_ = true;
  std::set<std::pair<const ir::Expr*, Use>> seen_;
};

using Found = std::map<const schema::Table*, std::set<int>>;

void add(Found& all, const Found& more) {
  for (const auto& [table, columns] : more) all[table].insert(columns.begin(), columns.end());
}

// Elsewhere columns hold their type's values alone, and few that the language has not (NaN, infinity): those
// are looked for where a query reads the whole table anyway.
Found looked_at(const ir::Backfill& backfill, const Dialect& dialect, bool required) {
  Columns columns(backfill);
  for (const ir::Query& query : backfill.row.queries)
    if (dialect.stores_anything() || is_of_all_rows(query)) columns.read(query, !required);
  if (dialect.stores_anything())
    for (const ir::Effect& effect : backfill.effects) columns.read(effect);
  Found found = columns.found;
  for (const ir::Requirement& one : backfill.requirements) add(found, looked_at(*one.asked, dialect, true));
  return found;
}

// Its rows are checked as the file is read.
bool is_source(const ir::Backfill& backfill, const schema::Table* table) {
  return std::ranges::any_of(*backfill.sources,
                             [&](const ir::SourceFile& source) { return &source.table == table; });
}

UnreadableSearch search(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                        const std::set<int>& columns) {
  UnreadableSearch made{&table, {}, {}, {}};
  const std::string rows = rows_named(backfill, dialect, table);
  std::vector<std::string> values;
  for (const int i : columns) {
    const schema::Column& column = table.columns[static_cast<std::size_t>(i)];
    const std::string condition = dialect.unreadable(dialect.quote(column.name), column);
    if (condition.empty()) continue;
    made.columns.push_back(i);
    values.push_back(
        fmt::format("count(CASE WHEN {0} THEN 1 END), CAST(min(CASE WHEN {0} THEN {1} END) AS TEXT)",
                    condition, dialect.quote(column.name)));
    made.which.push_back(fmt::format("SELECT * FROM {} WHERE {}", rows, condition));
  }
  made.count = fmt::format("SELECT {} FROM {}", fmt::join(values, ", "), rows);
  return made;
}

}  // namespace

std::vector<UnreadableSearch> unreadable_values(const ir::Backfill& backfill, const Dialect& dialect) {
  std::vector<UnreadableSearch> all;
  for (const auto& [table, of] : looked_at(backfill, dialect, false)) {
    if (is_source(backfill, table)) continue;
    UnreadableSearch made = search(backfill, dialect, *table, of);
    if (!made.columns.empty()) all.push_back(std::move(made));
  }
  std::ranges::sort(all, {}, [](const UnreadableSearch& one) { return one.table->qualified_name(); });
  return all;
}

}  // namespace backfill::lower_sql
