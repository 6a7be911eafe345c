// SPDX-License-Identifier: Apache-2.0
// Typed expressions over one table, computed by the evaluator, native code and every database, and compared
// row by row. A difference is shrunk to the smallest part of the expression that still differs, and one row.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "tests/differential/typed_table.h"

namespace backfill::test {

struct Difference {
  std::string who;   // "native", "postgres", ...
  std::string root;  // signature of the smallest part that differs: one of many with the same cause
  std::string text;  // what a person can paste: expression, operands, SQL, both answers
};

// Per database.
struct Tally {
  std::int64_t rows = 0;      // expression-rows that were compared
  std::int64_t by_sql = 0;    // expressions
  std::int64_t assisted = 0;  // of these, with a function of ours: no independent answer
  std::map<std::string, std::int64_t> unavailable;  // expressions, by reason
  double seconds = 0;
};

struct Report {
  std::int64_t expressions = 0, rows = 0;  // rows: evaluator, summed over expressions
  std::int64_t failing_rows = 0;           // row errors: evaluator and native code agree on them
  std::int64_t not_native = 0;             // expressions
  double evaluator_seconds = 0, native_seconds = 0;
  std::map<std::string, Tally> databases;
  std::vector<Difference> differences;  // at most one per `who` and `root`
};

class FiveWays {
 public:
  // The servers have the table for as long as this stands.
  FiveWays(TypedTable& table, std::vector<SqlServer*> servers, Report& report);
  ~FiveWays();
  FiveWays(const FiveWays&) = delete;
  FiveWays& operator=(const FiveWays&) = delete;

  // Input k of the expressions is column k.
  void compare(const std::vector<const ir::Expr*>& expressions);

 private:
  struct Expected {  // what the evaluator says
    std::vector<evaluate::Outcome> rows;
    std::size_t failing = 0;
  };
  struct Emitted {
    std::string sql;
    std::size_t expression = 0;
  };
  struct Found {
    std::size_t row = 0;
    std::string answer;  // of the other side
  };

  Expected evaluated(const ir::Expr& expr) const;
  std::optional<Found> native_differs(const ir::Expr& expr, const Expected& expected, bool count);
  std::optional<std::string> emitted(const SqlServer& server, const ir::Expr& expr, Tally* tally) const;
  void by_sql(SqlServer& server, const std::vector<const ir::Expr*>& expressions,
              const std::vector<Expected>& expected);
  // Several expressions in one statement; halved where the statement fails.
  void select(SqlServer& server, std::span<const Emitted> batch,
              const std::vector<const ir::Expr*>& expressions, const std::vector<Expected>& expected);
  std::optional<Found> sql_differs(SqlServer& server, const ir::Expr& expr);
  std::optional<Found> column_differs(const SqlServer& server, const std::vector<SqlRow>& rows,
                                      std::size_t column, const ir::Expr& expr, const Expected& expected,
                                      std::int64_t& compared) const;
  void report_native(const ir::Expr& expr);
  void report_sql(SqlServer& server, const ir::Expr& expr);
  void add(std::string who, const ir::Expr& expr, const Found& found, const std::string& sql);
  [[nodiscard]] std::string explained(const ir::Expr& expr, std::size_t row) const;

  TypedTable& table_;
  std::vector<SqlServer*> servers_;
  Report& report_;
  std::vector<stdlib::ColumnBuffer> buffers_;  // the table as native code reads it
  stdlib::Arena arena_;
};

// All that can be had here: SQLite, PostgreSQL, MariaDB.
std::vector<SqlServer*> all_servers();
// Fails the test with each difference.
void expect_no_difference(const Report& report);
// For people, at the end of a test.
std::string figures(const Report& report);

}  // namespace backfill::test
