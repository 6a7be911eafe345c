// SPDX-License-Identifier: Apache-2.0
// Rows of other tables that effects write: which they are, and how they are found again.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"

namespace backfill::lower_sql {

[[nodiscard]] inline bool writes_others(const ir::Effect& effect) {
  return effect.kind == ir::EffectKind::UpdateOthers || effect.kind == ir::EffectKind::DeleteOthers;
}

// What a statement knows of the row that an effect is of.
struct OfRow {
  Emitter::ReadInput reads;                     // what the condition reads of it
  std::function<std::string(std::size_t)> key;  // its n-th key column
  std::string frozen;                           // the table of what was frozen; for merges
};
// Behind "... JOIN": the effect's rows under the alias o.
std::string others_of(const ir::Backfill& backfill, const Dialect& dialect,
                      std::optional<evaluate::Moment> moment, const ir::Effect& effect, const OfRow& of);
// The condition on rows under o, in SQL; without one: true.
std::string others_condition(const ir::Backfill& backfill, const Dialect& dialect,
                             std::optional<evaluate::Moment> moment, const ir::Effect& effect,
                             const Emitter::ReadInput& reads);
// Columns that an effect writes in rows of other tables: those it gives a value, then those it copies.
std::vector<int> written_columns(const ir::Effect& effect);
// A column of the row under `alias`.
struct Stored {
  std::string stored;  // as it is
  std::string value;   // in the form that expressions compute with; `stored` where it has none
};
Stored stored_column(const Dialect& dialect, const ir::Effect& effect, int column, std::string_view alias);
// z.f3_1
std::string frozen_value(std::string_view alias, int query, std::size_t value);
// Place, size, barred stand first in a Group's values, then the key of the row that survives.
constexpr auto kPlace = static_cast<std::size_t>(ir::GroupValue::Place),
               kSurvivor = static_cast<std::size_t>(ir::GroupValue::Survivor);

// The row `table` that the effect's table `kept` speaks of: before (`row_`) and after it was written.
std::string same_other(const Dialect& dialect, const ir::Effect& effect, std::string_view table,
                       std::string_view kept, bool after);
// The table as it was but for what this run's effects have updated and deleted in it; else its name.
std::string table_before(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                         const EffectName& effect);

}  // namespace backfill::lower_sql
