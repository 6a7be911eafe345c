// SPDX-License-Identifier: Apache-2.0
// What is known of a batch while its effects are applied.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"

namespace backfill::database::postgres {

// Of positions (from 1) in `rows`, ascending.
inline std::vector<std::int64_t> rows_at(const Answer& answer, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> result;
  for (int i = 0; i < PQntuples(answer.get()); ++i) {
    const auto position = static_cast<std::size_t>(wire::get<std::int64_t>(PQgetvalue(answer.get(), i, 0)));
    result.push_back(rows[position - 1]);
  }
  std::ranges::sort(result);
  return result;
}

inline std::vector<std::int64_t> without(std::span<const std::int64_t> rows,
                                         const std::vector<std::int64_t>& some) {
  std::vector<std::int64_t> rest;
  std::ranges::set_difference(rows, some, std::back_inserter(rest));
  return rest;
}

struct PostgresTable::Applying {
  const RowBatch& batch;
  std::span<stdlib::ColumnBuffer> outputs, values;  // of their own: what is passed on is put into them
  std::int64_t number = 0;
  WriteOutcome& outcome;
  std::span<const stdlib::ColumnBuffer> derived_outputs;  // as they were derived
  // Of the rows that are being tried:
  std::optional<Refusal> refusal = std::nullopt;
  std::vector<std::int64_t> conflicts, deleted, derived, did;
  stdlib::Arena arena = {};
  // Per effect: rows that it did something for, and those for which it inserted all that it is to insert.
  std::vector<std::vector<std::int64_t>> took = {}, arrived = {};

  [[nodiscard]] bool holds(int value, std::int64_t row) const {
    return values[static_cast<std::size_t>(value)].as<std::uint8_t>()[row] != 0;
  }
  [[nodiscard]] bool applies(const ir::Effect& effect, std::int64_t row) const {
    return is_meant(effect, row) && (effect.unless < 0 || !holds(effect.unless, row));
  }
  [[nodiscard]] bool is_meant(const ir::Effect& effect, std::int64_t row) const {
    return effect.guard < 0 || holds(effect.guard, row);
  }
};

}  // namespace backfill::database::postgres
