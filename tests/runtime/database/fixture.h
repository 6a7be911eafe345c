// SPDX-License-Identifier: Apache-2.0
// A real database of the test's own, and backfills over its tables without a spec.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/database/store.h"
#include "tests/runtime/conformance/database.h"

namespace backfill::database::test {

using conformance::done;
using conformance::take;

// With a catalog of its tables. Those that `sql` makes are made by the application.
class Database {
 public:
  explicit Database(std::string_view sql = "", conformance::Backend backend = conformance::backend())
      : side_(conformance::Database::make(backend, "DELETE")) {
    if (!sql.empty()) run(sql);
    store = side_->open();
    refresh();
  }

  // The application's own connection; what follows on `sql` as tests/runtime/conformance says.
  void run(std::string_view sql) { side_->run(sql); }
  void add(const conformance::Trigger& trigger) { side_->add(trigger); }
  [[nodiscard]] std::string ask(std::string_view sql) const { return side_->ask(sql); }
  [[nodiscard]] conformance::Database& side() const { return *side_; }

  [[nodiscard]] std::string url() const { return side_->url(); }
  // SQLite's.
  [[nodiscard]] std::string path() const { return url().substr(url().find(':') + 1); }
  [[nodiscard]] std::string directory() const { return std::filesystem::path(path()).parent_path(); }
  void refresh() { catalog = take(store->catalog()); }

 private:
  std::unique_ptr<conformance::Database> side_;

 public:
  std::unique_ptr<Store> store;
  schema::Catalog catalog;
};

// A condition that reads the input, so that the store has to.
inline void read_input(ir::Backfill& backfill, int input) {
  const stdlib::Type type = backfill.row.inputs[static_cast<std::size_t>(input)].type;
  backfill.arena->push_back({.op = ir::Op::Input, .type = type, .input = input});
  const ir::Expr* value = &backfill.arena->back();
  backfill.arena->push_back(
      {.op = ir::Op::IsMissing, .type = stdlib::make(stdlib::Kind::Bool), .arguments = {value}});
  backfill.row.stage_conditions.push_back(&backfill.arena->back());
}

// Reads the key, `inputs` and the targets; writes `targets`.
inline ir::Backfill backfill_over(const schema::Catalog& catalog, std::string_view table,
                                  std::vector<std::string> key, std::vector<std::string> inputs,
                                  std::vector<std::string> targets) {
  ir::Backfill backfill;
  backfill.name = "test";
  backfill.table = catalog.find(table);
  REQUIRE(backfill.table != nullptr);
  const auto add = [&](const std::string& name) {
    const int column = backfill.table->find(name);
    REQUIRE(column >= 0);
    backfill.row.inputs.push_back({column, backfill.table->columns[static_cast<std::size_t>(column)].type});
    return column;
  };
  for (const std::string& name : key) backfill.key.push_back(add(name));
  for (const std::string& name : inputs) {
    add(name);
    read_input(backfill, static_cast<int>(backfill.row.inputs.size()) - 1);
  }
  for (const std::string& name : targets) {
    const int column = add(name);
    backfill.row.outputs.push_back({column, static_cast<int>(backfill.row.inputs.size()) - 1, nullptr, {}});
  }
  return backfill;
}

inline constexpr std::string_view kByKey = "(SELECT * FROM t ORDER BY id) AS t";
inline constexpr std::string_view kCorrectionsByKey =
    "(SELECT * FROM backfill_correction_1 ORDER BY key_id) AS correction";

inline bool is_sqlite() {
  return conformance::backend() == conformance::Backend::Sqlite;
}

inline stdlib::Value text(std::string value) {
  return stdlib::Value(std::move(value));
}

// One run over one table: its two tables are there, nothing is written yet.
class Run {
 public:
  Run(Database& database, ir::Backfill over) : database_(database), backfill(std::move(over)) {
    done(database_.store->begin(Access::ReadWrite));
    done(database_.store->create_corrections(backfill, 1));
    done(database_.store->commit());
    table = take(database_.store->table(backfill, 1));
    for (const ir::Output& output : backfill.row.outputs)
      outputs.emplace_back(backfill.table->columns[static_cast<std::size_t>(output.column)].type);
  }

  void read(const Key& after = {}, const Key& until = {}, std::int64_t limit = 1000) {
    done(table->read(after, until, limit, batch));
    for (stdlib::ColumnBuffer& output : outputs) output.reserve(batch.rows + 1);
  }
  void set(std::size_t output, std::int64_t row, const stdlib::Value& value) {
    outputs[output].set(row, value, arena);
  }
  // Every row of the batch if `rows` is empty, in a transaction of its own.
  WriteOutcome write(std::vector<std::int64_t> rows = {}, std::int64_t number = 1) {
    if (rows.empty())
      for (std::int64_t i = 0; i < batch.rows; ++i) rows.push_back(i);
    done(database_.store->begin(Access::ReadWrite));
    WriteOutcome outcome = take(table->write(batch, outputs, rows, number));
    done(database_.store->commit());
    return outcome;
  }
  RollbackOutcome roll_back(const Key& after = {}, const Key& until = {}, std::int64_t limit = 1000) {
    done(database_.store->begin(Access::ReadWrite));
    const RollbackOutcome outcome = take(table->roll_back(after, until, limit, last));
    done(database_.store->commit());
    return outcome;
  }

 private:
  Database& database_;

 public:
  ir::Backfill backfill;
  std::unique_ptr<TableAccess> table;
  RowBatch batch;
  std::vector<stdlib::ColumnBuffer> outputs;
  stdlib::Arena arena;
  Key last;
};

}  // namespace backfill::database::test
