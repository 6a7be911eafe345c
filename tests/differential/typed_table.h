// SPDX-License-Identifier: Apache-2.0
// A table of typed rows that evaluator, native code and databases are given alike.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/lower/sql/expression.h"
#include "compiler/schema/catalog.h"
#include "stdlib/batch.h"
#include "tests/servers/server.h"

namespace backfill::test {

class TypedTable {
 public:
  // Column k is named c<k>.
  TypedTable(std::string name, std::vector<stdlib::Type> types, std::vector<std::vector<stdlib::Value>> rows);

  [[nodiscard]] const std::vector<schema::Column>& columns() const { return columns_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const evaluate::Row& row(std::size_t index) const { return rows_[index]; }
  [[nodiscard]] const std::string& name() const { return name_; }

  // Makes and fills the table. A column of a type that the database has not is left out; rows with a value
  // that it cannot hold are, too.
  Result<void> load(SqlServer& server);
  void drop(SqlServer& server);
  // How generated SQL reads column k of the loaded table; empty: it cannot.
  [[nodiscard]] std::string read(const SqlServer& server, int column, lower_sql::Emitter::Read how) const;
  // Where loading left rows out.
  [[nodiscard]] const std::set<std::size_t>& without(const SqlServer& server) const;

 private:
  [[nodiscard]] bool holds(const SqlServer& server, std::size_t column) const;
  [[nodiscard]] std::string form(const SqlServer& server, std::size_t column, const std::string& sql) const;
  [[nodiscard]] std::string values_of(const SqlServer& server,
                                      std::size_t row) const;  // empty: it cannot hold it
  Result<void> insert(SqlServer& server);

  std::string name_;
  std::vector<schema::Column> columns_;
  std::vector<evaluate::Row> rows_;
  std::map<const SqlServer*, std::set<std::size_t>> left_out_;
};

}  // namespace backfill::test
