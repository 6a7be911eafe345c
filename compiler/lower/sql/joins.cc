// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/joins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/group.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "stdlib/bug.h"

namespace backfill::lower_sql {

using ir::QueryKind;

std::string not_inserted(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                         std::string_view alias, const EffectName& effect) {
  std::string text;
  for (std::size_t i = 0; i < backfill.effects.size() && effect; ++i) {
    const ir::Effect& one = backfill.effects[i];
    if (one.kind != ir::EffectKind::Insert || one.table != &table) continue;
    std::vector<std::string> same;
    for (const int column : one.key) {
      const std::string& name = table.columns[static_cast<std::size_t>(column)].name;
      same.push_back(fmt::format("s.{} = {}.{}", dialect.quote("row_" + name), alias, dialect.quote(name)));
    }
    text +=
        fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS s WHERE {} AND s.rolled_back = 0 AND s.found = 0)",
                    effect(i), fmt::join(same, " AND "));
  }
  return text;
}

Joins::Joins(const ir::Backfill& backfill, const Dialect& dialect, std::optional<evaluate::Moment> moment,
             Own own, std::vector<bool> wanted, std::string_view frozen, EffectName effect,
             std::string_view answers)
    : backfill_(backfill),
      dialect_(dialect),
      moment_(moment),
      own_(std::move(own)),
      effect_(std::move(effect)),
      values_(backfill.row.inputs.size()) {
  if (!moment_ && backfill.moment) moment_ = evaluate::Moment{*backfill.moment};
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (backfill.row.inputs[i].query < 0) values_[i] = own_(backfill.row.inputs[i].column);
  const auto is_kept = [&](std::size_t query) {
    return !frozen.empty() && backfill.row.queries[query].frozen;
  };
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] && is_kept(i)) {
      join_frozen(frozen);
      break;
    }
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i] && backfill.row.queries[i].kind == QueryKind::Extern)
      join_answer(static_cast<int>(i), answers);
    else if (wanted[i] && !is_kept(i))
      join(static_cast<int>(i));
}

// What a program answered when the run asked it, by the row's key.
void Joins::join_answer(int index, std::string_view table) {
  const stdlib::Type& type = backfill_.row.queries[static_cast<std::size_t>(index)].values.front().type;
  if (table.empty())
    return set_values(index, [&](std::size_t) { return dialect_.literal({}, type.or_missing()); });
  if (answered_.empty()) {
    std::vector<std::string> same;
    for (const int key : backfill_.key) {
      const std::string& name = backfill_.table->columns[static_cast<std::size_t>(key)].name;
      same.push_back(fmt::format("a.{} = {}", dialect_.quote("key_" + name), own_(key)));
    }
    from_ += fmt::format("\nLEFT JOIN {} AS a ON {}", table, fmt::join(same, " AND "));
    answered_ = fmt::format("(a.{} IS NOT NULL)", kAnswerBatch);
  }
  set_values(index, [&](std::size_t) { return "a." + answer_column(backfill_, index); });
}

// What was found when the run began, by the row's key.
void Joins::join_frozen(std::string_view table) {
  std::vector<std::string> same, there;
  for (const int key : backfill_.key) {
    const std::string& name = backfill_.table->columns[static_cast<std::size_t>(key)].name;
    same.push_back(fmt::format("z.{} = {}", dialect_.quote("key_" + name), own_(key)));
    there.push_back(fmt::format("y.{} = {}", dialect_.quote("key_" + name), own_(key)));
  }
  from_ += fmt::format("\nLEFT JOIN {} AS z ON {}", table, fmt::join(same, " AND "));
  decided_ = fmt::format(" AND EXISTS (SELECT 1 FROM {} AS y WHERE {})", table, fmt::join(there, " AND "));
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const ir::Input& input = backfill_.row.inputs[i];
    if (input.query >= 0 && backfill_.row.queries[static_cast<std::size_t>(input.query)].frozen)
      values_[i] = fmt::format("z.f{}_{}", input.query, input.value);
  }
}

std::string Joins::window(Emitter& emitter, const ir::Query& query) const {
  std::vector<std::string> partition;
  for (const ir::Expr* expr : query.partition) {
    const std::string value = within(emitter.emit(*expr), kAtom);
    partition.push_back(expr->type.kind == stdlib::Kind::Text
                            ? dialect_.ordered(value, expr->type.required(), false)
                            : value);
  }
  std::string over = " OVER (";
  if (!partition.empty()) over += fmt::format("PARTITION BY {} ", fmt::join(partition, ", "));
  over += "ORDER BY " + order_of(dialect_, emitter, query);
  const ir::QueryValue& value = query.values.front();
  if (query.kind == QueryKind::RowNumber) return "row_number()" + over + ")";
  const std::string text = emitter.emit(*value.expr).text;
  if (query.kind != QueryKind::RunningSum)
    return fmt::format("{}({}, {}){})", query.kind == QueryKind::Lag ? "lag" : "lead", text, query.offset,
                       over);
  over += " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)";
  return dialect_.aggregate(Dialect::Aggregate::Sum, within({text, 0}, kAtom), value.type.required(), over);
}

// Over all rows of the table, joined by the key.
void Joins::join_window(int index) {
  const ir::Query& query = backfill_.row.queries[static_cast<std::size_t>(index)];
  const std::string alias = fmt::format("o{}", index), inner = fmt::format("r{}", index);
  const auto column = [&](const std::string& of, int key) {
    return fmt::format("{}.{}", of,
                       dialect_.quote(backfill_.table->columns[static_cast<std::size_t>(key)].name));
  };
  const Joins beside(backfill_, dialect_, moment_, [&](int of) { return column(inner, of); }, {});
  Emitter emitter(dialect_, beside.reads(), moment_);
  std::vector<std::string> keys, same;
  for (const int key : backfill_.key) {
    keys.push_back(column(inner, key));
    same.push_back(fmt::format("{} = {}", column(alias, key), own_(key)));
  }
  const std::string value = window(emitter, query);
  from_ += fmt::format("\nLEFT JOIN (SELECT {}, {} AS v0\n  FROM {} AS {}) AS {} ON {}",
                       fmt::join(keys, ", "), indented(value, 4), dialect_.table(*backfill_.table), inner,
                       alias, fmt::join(same, " AND "));
  set_values(index, [&](std::size_t) { return alias + ".v0"; });
  if (emitter.availability() != stdlib::Availability::Unavailable || !reason_.empty()) return;
  reason_ = emitter.reason();
  place_ = emitter.place();
}

void Joins::join_group(int index) {
  const std::string alias = fmt::format("o{}", index);
  const GroupSql group = group_rows(backfill_, dialect_, moment_, index);
  std::vector<std::string> same;
  for (const int key : backfill_.key)
    same.push_back(fmt::format("{}.{} = {}", alias,
                               dialect_.quote(backfill_.table->columns[static_cast<std::size_t>(key)].name),
                               own_(key)));
  from_ +=
      fmt::format("\nLEFT JOIN ({}) AS {} ON {}", indented(group.rows, 4), alias, fmt::join(same, " AND "));
  set_values(index, [&](std::size_t value) { return fmt::format("{}.v{}", alias, value); });
  if (group.availability != stdlib::Availability::Unavailable || !reason_.empty()) return;
  reason_ = group.reason;
  place_ = group.place;
}

Emitter::ReadInput Joins::reads() const {
  return [this](int input, Emitter::Read read) {
    const std::string& stored = value(input);
    if (read == Emitter::Read::Presence || stored.empty() || !ir::is_stored(backfill_, input)) return stored;
    return dialect_.read(stored, ir::input_column(backfill_, input));
  };
}

std::string Joins::where(Emitter& emitter, const ir::Query& query) const {
  std::vector<std::string> parts;
  for (const ir::Expr* condition : {query.guard, query.where})
    if (condition != nullptr) parts.push_back(within(emitter.condition(*condition), kAnd + 1));
  return parts.empty() ? "TRUE" : fmt::format("{}", fmt::join(parts, " AND "));
}

// One value of the row that a query has found.
std::string Joins::taken(Emitter& emitter, const ir::Query& query, const ir::QueryValue& value,
                         const std::string& alias) const {
  if (value.column < 0) return emitter.emit(*value.expr).text;
  return fmt::format("{}.{}", alias,
                     dialect_.quote(query.table->columns[static_cast<std::size_t>(value.column)].name));
}

void Joins::set_values(int query, const std::function<std::string(std::size_t value)>& text) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const ir::Input& input = backfill_.row.inputs[i];
    if (input.query == query) values_[i] = text(static_cast<std::size_t>(input.value));
  }
}

// A lookup by a unique key is a plain join. What takes one row of many, or many, is a lateral join where the
// dialect has them, else a subquery for each value.
void Joins::join(int index) {
  const ir::Query& query = backfill_.row.queries[static_cast<std::size_t>(index)];
  if (query.kind == QueryKind::Done) return join_done(index);
  if (query.kind == QueryKind::Group) return join_group(index);
  if (query.kind >= QueryKind::RowNumber) return join_window(index);
  const std::string alias = fmt::format("o{}", index), inner = fmt::format("r{}", index);
  const bool plain = query.kind == QueryKind::Unique;
  Emitter emitter(dialect_, reads(), moment_);
  const auto seen = [this](const schema::Table& table, std::string_view of) {
    return not_inserted(backfill_, dialect_, table, of, effect_);
  };
  const auto before = [this](const schema::Table& table) {
    return table_before(backfill_, dialect_, table, effect_);
  };
  emitter.look_at(plain ? alias : inner, *query.table, seen, before);
  const std::string condition = where(emitter, query) + seen(*query.table, plain ? alias : inner);
  const std::string table = before(*query.table);
  if (plain) {
    from_ += fmt::format("\nLEFT JOIN {} AS {} ON {}", table, alias, indented(condition, 2));
    set_values(index, [&](std::size_t value) { return taken(emitter, query, query.values[value], alias); });
  } else {
    join_many(index, emitter, fmt::format("FROM {} AS {} WHERE {}", table, inner, indented(condition, 4)));
  }
  if (emitter.availability() != stdlib::Availability::Unavailable || !reason_.empty()) return;
  reason_ = emitter.reason();
  place_ = emitter.place();
}

// Is there a correction of the row that stands?
void Joins::join_done(int index) {
  std::string text;
  for (const std::int64_t run : backfill_.done_in) {
    text += fmt::format("{}EXISTS (SELECT 1 FROM {} AS d WHERE ", text.empty() ? "" : " OR ",
                        dialect_.quote(corrections_table(run)));
    for (const int key : backfill_.key) {
      const std::string& name = backfill_.table->columns[static_cast<std::size_t>(key)].name;
      text += fmt::format("d.{} = {} AND ", dialect_.quote("key_" + name), own_(key));
    }
    text += "d.rolled_back = 0)";
  }
  text = text.empty() ? dialect_.literal(stdlib::Value(false), stdlib::make(stdlib::Kind::Bool))
                      : "(" + text + ")";
  set_values(index, [&](std::size_t) { return text; });
}

void Joins::join_many(int index, Emitter& emitter, std::string rows) {
  const ir::Query& query = backfill_.row.queries[static_cast<std::size_t>(index)];
  const std::string alias = fmt::format("o{}", index), inner = fmt::format("r{}", index);
  if (query.kind == QueryKind::Exists)
    return set_values(index, [&](std::size_t) { return fmt::format("EXISTS (SELECT 1 {})", rows); });
  const std::string only_one = fmt::format(
      "CASE WHEN (SELECT count(*) FROM (SELECT 1 AS one {} LIMIT 2) AS two) < 2 THEN TRUE END", rows);
  const auto asks_for_one = [&](std::size_t value) {
    return query.kind == QueryKind::Only && query.values[value].column < 0;
  };
  const bool one_row = query.kind == QueryKind::Only || query.kind == QueryKind::First;
  if (query.kind == QueryKind::First && !query.order.empty())
    rows += " ORDER BY " + order_of(dialect_, emitter, query);
  if (one_row) rows += " LIMIT 1";
  Select many;
  if (!one_row) many = aggregated(dialect_, emitter, query, std::move(rows), 0);
  const auto column = [&](std::size_t value) {
    return one_row ? taken(emitter, query, query.values[value], inner) : many.columns;
  };
  const std::string& from = one_row ? rows : many.rows;
  if (!dialect_.lateral())
    return set_values(index, [&](std::size_t value) {
      return asks_for_one(value) ? only_one : fmt::format("(SELECT {} {})", column(value), from);
    });
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < query.values.size(); ++i)
    if (!asks_for_one(i)) columns.push_back(fmt::format("{} AS v{}", column(i), i));
  if (columns.empty()) columns.emplace_back("1 AS v0");
  from_ += fmt::format("\nLEFT JOIN LATERAL (SELECT {}\n  {}) AS {} ON TRUE", fmt::join(columns, ", "), from,
                       alias);
  set_values(index, [&](std::size_t value) {
    return asks_for_one(value) ? only_one : fmt::format("{}.v{}", alias, value);
  });
}

}  // namespace backfill::lower_sql
