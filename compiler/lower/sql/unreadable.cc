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
  HandedOn,  // as it was stored, or compared by `=`: who reads it sees it, and nothing is equal to it
  Summed,    // computed with; what cannot be computed is seen as well
  LookedAt,
};

Use use_of_value(ir::QueryKind kind) {
  using enum ir::QueryKind;
  if (kind == Sum) return Use::Summed;
  return kind == Unique || kind == First || kind == Only ? Use::HandedOn : Use::LookedAt;
}

Use use_of_argument(const ir::Expr& expr, std::size_t argument, Use use) {
  if (expr.op == Op::And || expr.op == Op::Or || expr.op == Op::Not) return Use::LookedAt;
  const bool condition = argument % 2 == 0 && argument + 1 < expr.arguments.size();
  if (expr.op == Op::Case) return condition ? Use::LookedAt : use;
  if (expr.op != Op::Call && expr.op != Op::TryCall) return use;
  if (expr.function->name == "=") return Use::HandedOn;
  return use == Use::Summed ? use : Use::LookedAt;
}

// The columns of other rows that are looked at.
class Columns {
 public:
  void read(const ir::Query& query) {
    for (const ir::Expr* condition : {query.where, query.guard}) look(condition, Use::LookedAt);
    for (const ir::Expr* part : query.partition) look(part, Use::LookedAt);
    for (const ir::QueryOrder& order : query.order) look(order.value, Use::LookedAt);
    for (const ir::QueryValue& value : query.values) look(value.expr, use_of_value(query.kind));
  }
  void look(const ir::Expr* expr, Use use) {
    if (expr == nullptr || !seen_.emplace(expr, use).second) return;
    if (expr->op == Op::Query) return read(*expr->query);
    if (expr->op == Op::OtherColumn && use == Use::LookedAt) found[expr->table].insert(expr->input);
    for (std::size_t i = 0; i < expr->arguments.size(); ++i)
      look(expr->arguments[i], use_of_argument(*expr, i, use));
  }

  std::map<const schema::Table*, std::set<int>> found;

 private:
  std::set<std::pair<const ir::Expr*, Use>> seen_;
};

void read_all(Columns& columns, const ir::Backfill& backfill) {
  for (const ir::Query& query : backfill.row.queries) columns.read(query);
  for (const ir::Effect& effect : backfill.effects) {
    columns.look(effect.where, Use::LookedAt);
    for (const ir::CopiedColumn& one : effect.copied) columns.found[effect.table].insert(one.from);
  }
  for (const ir::Requirement& one : backfill.requirements) read_all(columns, *one.asked);
}

// Its rows are checked as the file is read.
bool is_source(const ir::Backfill& backfill, const schema::Table* table) {
  return std::ranges::any_of(*backfill.sources,
                             [&](const ir::SourceFile& source) { return &source.table == table; });
}

// Empty: none can be.
std::string unreadable(const Dialect& dialect, const schema::Column& column) {
  const std::string name = dialect.quote(column.name);
  const std::string checked = dialect.read_checked(name, column);
  if (checked == dialect.read(name, column)) return {};
  return fmt::format("{} IS NOT NULL AND ({}) IS NULL", name, checked);
}

UnreadableSearch search(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                        const std::set<int>& columns) {
  UnreadableSearch made{&table, {}, {}, {}};
  const std::string rows = rows_named(backfill, dialect, table);
  std::vector<std::string> values;
  for (const int i : columns) {
    const schema::Column& column = table.columns[static_cast<std::size_t>(i)];
    const std::string condition = unreadable(dialect, column);
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
  Columns columns;
  read_all(columns, backfill);
  std::vector<UnreadableSearch> all;
  for (const auto& [table, of] : columns.found) {
    if (is_source(backfill, table)) continue;
    UnreadableSearch made = search(backfill, dialect, *table, of);
    if (!made.columns.empty()) all.push_back(std::move(made));
  }
  return all;
}

}  // namespace backfill::lower_sql
