// SPDX-License-Identifier: Apache-2.0
// A real SQLite file in a directory of its own, and backfills over its tables without a spec.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::database::test {

template <typename T>
T take(Result<T> result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
  return std::move(*result);
}
inline void done(const Result<void>& result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
}

class Database {
 public:
  explicit Database(std::string_view sql = "") {
    char name[] = "/tmp/backfill_database_XXXXXX";
    directory_ = mkdtemp(name);
    std::ofstream(path()).close();
    store = take(database::open(url(), {}));
    done(store->script(sql));
    refresh();
  }
  ~Database() {
    store.reset();
    std::filesystem::remove_all(directory_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] std::string directory() const { return directory_; }
  [[nodiscard]] std::string path() const { return directory_ + "/test.db"; }
  [[nodiscard]] std::string url() const { return "sqlite:" + path(); }
  void refresh() { catalog = take(store->catalog()); }
  // One value of one row as text; "NULL" where it is missing.
  [[nodiscard]] std::string ask(std::string_view sql) const {
    const Rows rows = take(store->query(sql));
    if (rows.rows.empty()) return "(no row)";
    std::string result;
    for (const stdlib::Value& value : rows.rows[0]) {
      if (!result.empty()) result += "|";
      if (value.missing())
        result += "NULL";
      else if (const auto* integer = std::get_if<std::int64_t>(&value.variant()))
        result += std::to_string(*integer);
      else if (const auto* number = std::get_if<double>(&value.variant()))
        result += fmt::format("{}", *number);
      else
        result += value.text();
    }
    return result;
  }

  std::unique_ptr<Store> store;
  schema::Catalog catalog;

 private:
  std::string directory_;
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
