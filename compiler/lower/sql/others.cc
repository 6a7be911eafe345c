// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/others.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"

namespace backfill::lower_sql {

namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view with) {
  return fmt::format("{}", fmt::join(parts, with));
}

const std::string& name_of(const ir::Effect& effect, int column) {
  return effect.table->columns[static_cast<std::size_t>(column)].name;
}

// Of rows that would be equal once they point to the survivor, the one whose member stands first stays.
std::string loses(const ir::Backfill& backfill, const Dialect& dialect, const ir::Effect& effect,
                  const std::string& frozen) {
  const std::string pointer = dialect.quote(name_of(effect, effect.pointer));
  const std::string key =
      dialect.quote("key_" + backfill.table->columns[static_cast<std::size_t>(effect.referenced)].name);
  std::vector<std::string> same;
  for (std::size_t i = 0; i < backfill.key.size(); ++i)
    same.push_back(fmt::format("{} = {}", frozen_value("y", effect.merges, kSurvivor + i),
                               frozen_value("z", effect.merges, kSurvivor + i)));
  for (const int column : effect.collides)
    same.push_back(fmt::format("w.{0} = o.{0}", dialect.quote(name_of(effect, column))));
  return fmt::format(" AND EXISTS (SELECT 1 FROM {} AS y JOIN {} AS w ON w.{} = y.{} WHERE {} AND {} < {})",
                     frozen, dialect.table(*effect.table), pointer, key, joined(same, " AND "),
                     frozen_value("y", effect.merges, kPlace), frozen_value("z", effect.merges, kPlace));
}

}  // namespace

std::string frozen_value(std::string_view alias, int query, std::size_t value) {
  return fmt::format("{}.f{}_{}", alias, query, value);
}

std::string others_condition(const ir::Backfill& backfill, const Dialect& dialect,
                             std::optional<evaluate::Moment> moment, const ir::Effect& effect,
                             const Emitter::ReadInput& reads) {
  if (effect.where == nullptr) return "TRUE";
  if (!moment && backfill.moment) moment = evaluate::Moment{*backfill.moment};
  Emitter emitter(dialect, reads, moment);
  emitter.look_at("o", *effect.table, [](const schema::Table&, std::string_view) { return std::string(); });
  return emitter.condition(*effect.where).text;
}

std::vector<int> written_columns(const ir::Effect& effect) {
  std::vector<int> columns;
  for (const ir::EffectColumn& one : effect.columns) columns.push_back(one.column);
  for (const ir::CopiedColumn& one : effect.copied) columns.push_back(one.column);
  return columns;
}

Stored stored_column(const Dialect& dialect, const ir::Effect& effect, int column, std::string_view alias) {
  const schema::Column& of = effect.table->columns[static_cast<std::size_t>(column)];
  std::string stored = fmt::format("{}.{}", alias, dialect.quote(of.name));
  std::string value = dialect.read(stored, of);
  if (value.empty()) value = stored;
  return {std::move(stored), std::move(value)};
}

std::string others_of(const ir::Backfill& backfill, const Dialect& dialect,
                      std::optional<evaluate::Moment> moment, const ir::Effect& effect, const OfRow& of) {
  const std::string table = dialect.table(*effect.table);
  if (effect.merges < 0)
    return fmt::format("{} AS o ON {}", table, others_condition(backfill, dialect, moment, effect, of.reads));
  std::vector<std::string> members, same;
  for (std::size_t i = 0; i < backfill.key.size(); ++i) {
    const std::string name = backfill.table->columns[static_cast<std::size_t>(backfill.key[i])].name;
    members.push_back(fmt::format("{} = {}", frozen_value("z", effect.merges, kSurvivor + i), of.key(i)));
    same.push_back(fmt::format("o.{} = z.{}", dialect.quote(name), dialect.quote("key_" + name)));
  }
  members.push_back(frozen_value("z", effect.merges, kPlace) + " > 1");
  std::string on = joined(same, " AND ");
  if (effect.pointer >= 0)
    on = fmt::format(
        "o.{} = z.{}", dialect.quote(name_of(effect, effect.pointer)),
        dialect.quote("key_" + backfill.table->columns[static_cast<std::size_t>(effect.referenced)].name));
  if (!effect.collides.empty()) on += loses(backfill, dialect, effect, of.frozen);
  return fmt::format("{} AS z ON {} JOIN {} AS o ON {}", of.frozen, joined(members, " AND "), table, on);
}

std::string same_other(const Dialect& dialect, const ir::Effect& effect, std::string_view table,
                       std::string_view kept, bool after) {
  std::vector<std::string> same;
  for (const int column : effect.key) {
    const bool written =
        after && effect.kind == ir::EffectKind::UpdateOthers &&
        std::ranges::find(effect.columns, column, &ir::EffectColumn::column) != effect.columns.end();
    const std::string& name = name_of(effect, column);
    same.push_back(fmt::format("{}.{} = {}.{}", table, dialect.quote(name), kept,
                               dialect.quote((written ? "new_" : "row_") + name)));
  }
  return joined(same, " AND ");
}

std::string table_before(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                         const EffectName& effect) {
  const auto writes = [&](const ir::Effect& one) { return writes_others(one) && one.table == &table; };
  if (!effect || std::ranges::none_of(backfill.effects, writes)) return rows_named(backfill, dialect, table);
  std::vector<std::string> columns, prior;
  for (const schema::Column& column : table.columns) {
    columns.push_back("x." + dialect.quote(column.name));
    prior.push_back(
        fmt::format("e.{} AS {}", dialect.quote("row_" + column.name), dialect.quote(column.name)));
  }
  std::string stands, was;
  // What one effect wrote and a later one wrote again was at first what the first one found.
  for (std::size_t i = 0; i < backfill.effects.size(); ++i) {
    const ir::Effect& one = backfill.effects[i];
    if (!writes(one)) continue;
    std::string first;
    for (std::size_t k = 0; k < i; ++k) {
      if (!writes(backfill.effects[k])) continue;
      std::vector<std::string> same;
      for (const int column : one.key)
        same.push_back(fmt::format("s.{0} = e.{0}", dialect.quote("row_" + name_of(one, column))));
      first += fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS s WHERE {} AND s.rolled_back = 0)",
                           effect(k), joined(same, " AND "));
    }
    stands += fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS s WHERE {} AND s.rolled_back = 0)", effect(i),
                          same_other(dialect, one, "x", "s", true));
    was += fmt::format(" UNION ALL SELECT {} FROM {} AS e WHERE e.rolled_back = 0{}", joined(prior, ", "),
                       effect(i), first);
  }
  return fmt::format("(SELECT {} FROM {} AS x WHERE TRUE{}{})", joined(columns, ", "), dialect.table(table),
                     stands, was);
}

}  // namespace backfill::lower_sql
