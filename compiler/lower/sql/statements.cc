// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/statements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"
#include "compiler/lower/sql/names.h"

namespace backfill::lower_sql {

namespace {

using stdlib::Availability;

Part part_of(std::string name, const Emitter& emitter) {
  return {std::move(name), emitter.availability(), emitter.reason(), emitter.place()};
}

}  // namespace

std::string corrections_table(std::int64_t run) {
  return fmt::format("backfill_correction_{}", run);
}
std::string answers_table(std::int64_t run) {
  return fmt::format("backfill_extern_{}", run);
}

namespace {

// Of the calls of the spec, which one it is, from 1.
std::ptrdiff_t call_number(const ir::Backfill& backfill, int query) {
  return std::count_if(backfill.row.queries.begin(), backfill.row.queries.begin() + query + 1,
                       [](const ir::Query& one) { return one.kind == ir::QueryKind::Extern; });
}

}  // namespace

std::string answer_column(const ir::Backfill& backfill, int query) {
  return fmt::format("answer_{}", call_number(backfill, query));
}

std::string asked_column(const ir::Backfill& backfill, int query) {
  return fmt::format("asked_{}", call_number(backfill, query));
}

std::string frozen_table(std::int64_t run) {
  return fmt::format("backfill_frozen_{}", run);
}
std::string quarantine_table(std::int64_t run) {
  return fmt::format("backfill_quarantine_{}", run);
}
std::string effect_table(std::int64_t run, std::size_t effect) {
  return fmt::format("backfill_effect_{}_{}", run, effect + 1);
}

std::string source_table(std::int64_t run, std::size_t source) {
  return fmt::format("backfill_source_{}_{}", run, source + 1);
}

std::string rows_named(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table) {
  const auto& sources = *backfill.sources;
  for (std::size_t i = 0; i < sources.size() && backfill.sources_in; ++i)
    if (&sources[i].table == &table)
      return dialect.own_table(source_table(*backfill.sources_in, i), *backfill.sources_in == 0);
  return dialect.table(table);
}

std::string rows_of_run(const ir::Backfill& backfill, const Dialect& dialect, const std::string& table,
                        const EffectName& effect) {
  const bool deletes = ir::deletes_row(backfill) != nullptr;
  const std::string inserted = not_inserted(backfill, dialect, *backfill.table, "t", effect);
  if (!deletes && inserted.empty()) return table;
  std::vector<std::string> there, deleted;
  for (const schema::Column& column : backfill.table->columns) {
    const std::string name = dialect.quote(column.name);
    there.push_back("t." + name);
    deleted.push_back(fmt::format("e.{} AS {}", dialect.quote("row_" + column.name), name));
  }
  const std::string stand = fmt::format("SELECT {}, 0 AS {} FROM {} AS t WHERE TRUE{}",
                                        fmt::join(there, ", "), kDeleted, table, inserted);
  if (!deletes) return "(" + stand + ")";
  return fmt::format("({} UNION ALL SELECT {}, 1 FROM {} AS e WHERE e.rolled_back = 0)", stand,
                     fmt::join(deleted, ", "), effect(ir::delete_index(backfill)));
}

bool Coverage::complete() const {
  bool result = scope.availability != Availability::Unavailable;
  for (const Part& part : outputs) result = result && part.availability != Availability::Unavailable;
  for (const Part& part : effects) result = result && part.availability != Availability::Unavailable;
  return result;
}

Coverage coverage(const ir::Backfill& backfill, const Dialect& dialect) {
  const Names names(backfill, dialect);
  const evaluate::Moment any_moment{
      1'700'000'000'000'000};  // the run's is not known yet; only the form matters
  Coverage result;
  const Joins joins = names.joins(any_moment);
  Emitter scope(dialect, joins.reads(), any_moment);
  scope.emit(*backfill.row.class_code);
  result.scope = part_of("scope", scope);
  for (const ir::Output& output : backfill.row.outputs) {
    const schema::Column& column = names.column(output.column);
    Emitter emitter(dialect, joins.reads(), any_moment);
    emitter.emit(*output.final);
    Part part = part_of(column.name, emitter);
    if (part.availability != Availability::Unavailable && dialect.read("x", column).empty()) {
      part.availability = Availability::Unavailable;
      part.reason = fmt::format("a column of type {} has no exact form in {}",
                                stdlib::to_string(column.type.required()), dialect.name());
      part.span = output.span;
    }
    result.outputs.push_back(std::move(part));
  }
  for (const ir::Effect& effect : backfill.effects) {
    Emitter emitter(dialect, joins.reads(), any_moment);
    const auto emit = [&](int value) {
      if (value >= 0) emitter.emit(*backfill.row.values[static_cast<std::size_t>(value)]);
    };
    emit(effect.guard);
    emit(effect.unless);
    for (const auto* columns : {&effect.columns, &effect.update})
      for (const ir::EffectColumn& one : *columns) emit(one.value);
    emit(effect.each);
    emitter.look_at("o", *effect.table, [](const schema::Table&, std::string_view) { return std::string(); });
    if (effect.where != nullptr) emitter.emit(*effect.where);
    result.effects.push_back(part_of(ir::effect_name(effect), emitter));
  }
  return result;
}

}  // namespace backfill::lower_sql
