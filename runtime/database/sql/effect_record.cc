// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/effect_record.h"

#include <fmt/format.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/statement.h"
#include "stdlib/json.h"

namespace backfill::database_sql {

namespace {

// From this version of the books on they are kept.
constexpr std::int64_t kSince = 4;

std::string kind_of(const ir::Effect& effect) {
  if (effect.kind == ir::EffectKind::Insert) return "insert";
  return effect.kind == ir::EffectKind::UpdateOthers ? "update" : "delete";
}

std::string key_text(const schema::Table& table, const std::vector<int>& key) {
  std::string text;
  for (const int column : key)
    text += (text.empty() ? "" : ",") +
            stdlib::json::quoted(table.columns[static_cast<std::size_t>(column)].name);
  return "[" + text + "]";
}

std::vector<std::string> key_of(std::string_view text) {
  std::vector<std::string> key;
  stdlib::json::each_element(text, [&](std::string_view name) {
    key.push_back(stdlib::json::unquoted(name).value_or(""));
    return true;
  });
  return key;
}

}  // namespace

Result<void> insert_effects(database::Store& store, std::int64_t run, const ir::Backfill& backfill) {
  for (std::size_t i = 0; i < backfill.effects.size(); ++i) {
    const ir::Effect& effect = backfill.effects[i];
    const bool own = effect.kind == ir::EffectKind::DeleteRow;
    BACKFILL_TRY(
        execute(store,
                "INSERT INTO backfill_effect (run, effect, kind, table_name, name, key_columns) VALUES (?, "
                "?, ?, ?, ?, ?)",
                {run, static_cast<std::int64_t>(i), kind_of(effect), effect.table->qualified_name(),
                 ir::effect_name(effect), key_text(*effect.table, own ? backfill.key : effect.key)}));
  }
  return {};
}

Result<std::vector<EffectRecord>> effects_of(database::Store& store, std::int64_t run) {
  std::vector<EffectRecord> effects;
  BACKFILL_ASSIGN(const std::int64_t version, number(store, "SELECT max(version) FROM backfill_meta", 0));
  if (version < kSince) return effects;
  BACKFILL_ASSIGN(const database::Rows found, query(store,
                                                    "SELECT effect, kind, table_name, name, key_columns FROM "
                                                    "backfill_effect WHERE run = ? ORDER BY effect",
                                                    {run}));
  for (const auto& row : found.rows)
    effects.push_back({static_cast<std::size_t>(integer(row[0])), text(row[1]), text(row[2]), text(row[3]),
                       key_of(text(row[4]))});
  return effects;
}

Result<std::int64_t> count_written(database::Store& store, std::int64_t run, const EffectRecord& effect) {
  return number(store,
                fmt::format("SELECT count(*) FROM {} WHERE rolled_back = 0 AND {}",
                            store.dialect().quote(lower_sql::effect_table(run, effect.effect)), kIsWritten),
                0);
}

}  // namespace backfill::database_sql
