// SPDX-License-Identifier: Apache-2.0
// The queries of a backfill as joins and subqueries of a statement over its table, for every statement that
// needs them: a batch's read, its write's guard, verification, what people read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/lower/sql/expression.h"

namespace backfill::lower_sql {

// How a statement names the table of an effect (statements.h).
using EffectName = std::function<std::string(std::size_t effect)>;
// " AND NOT EXISTS (...)" for each insert into `table`: the row under `alias` was not inserted by the run.
std::string not_inserted(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table,
                         std::string_view alias, const EffectName& effect);

class Joins {
 public:
  // How a column of this row is written, as it is stored.
  using Own = std::function<std::string(int column)>;
  // Both must outlive it. `wanted`: per query of the backfill; others are left out. `frozen`: the table, as
  // SQL names it, that holds what frozen queries found (statements.h); empty: they are asked here. With names
  // of the effects' tables, what the run itself has inserted is not seen by its queries. `answers`: the table
  // of what extern functions answered; empty: nobody has asked them yet, and all are missing.
  Joins(const ir::Backfill& backfill, const Dialect& dialect, std::optional<evaluate::Moment> moment, Own own,
        std::vector<bool> wanted, std::string_view frozen = {}, EffectName effect = {},
        std::string_view answers = {});

  // Behind the table's alias in FROM: empty, or joins that keep every row once.
  [[nodiscard]] const std::string& from() const { return from_; }
  // Where values are kept with the run: " AND EXISTS (...)", the row was there when they were decided. Who
  // came later has none, and is left alone: nobody guesses.
  [[nodiscard]] const std::string& decided() const { return decided_; }
  // Are there answers for the row: a condition that is never NULL; empty: none are wanted.
  [[nodiscard]] const std::string& answered() const { return answered_; }
  // An input as it is stored, or as its query computes it. Empty: its query is not wanted.
  [[nodiscard]] const std::string& value(int input) const { return values_[static_cast<std::size_t>(input)]; }
  [[nodiscard]] Emitter::ReadInput reads() const;

  // Why the database cannot compute a query; empty: it can.
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] source::Span place() const { return place_; }

 private:
  void join(int query);
  void join_done(int query);
  void join_many(int query, Emitter& emitter, std::string rows);
  void join_frozen(std::string_view table);
  void join_window(int query);
  void join_group(int query);
  void join_answer(int query, std::string_view table);
  [[nodiscard]] std::string window(Emitter& emitter, const ir::Query& query) const;
  [[nodiscard]] std::string where(Emitter& emitter, const ir::Query& query) const;
  [[nodiscard]] std::string taken(Emitter& emitter, const ir::Query& query, const ir::QueryValue& value,
                                  const std::string& alias) const;
  void set_values(int query, const std::function<std::string(std::size_t value)>& text);

  const ir::Backfill& backfill_;
  const Dialect& dialect_;
  std::optional<evaluate::Moment> moment_;
  Own own_;
  EffectName effect_;
  std::vector<std::string> values_;  // per input
  std::string from_, decided_, answered_, reason_;
  source::Span place_;
};

}  // namespace backfill::lower_sql
