// SPDX-License-Identifier: Apache-2.0
// One spec on one real SQLite table, computed by the reference evaluator, by native code and by SQLite's SQL.
#pragma once

#include <cstdint>
#include <string>

namespace backfill::test {

struct Compared {
  bool compiles = false;
  std::string refusal;      // the diagnostics, where it does not
  bool by_sql = false;      // SQL had its say; else evaluator and native code alone
  std::string reason;       // why it had not
  std::int64_t rows = 0;    // compared by verification: candidates without a row error
  std::int64_t failed = 0;  // rows with a row error
  std::string written;      // column `out` of the first row, as SQLite quotes it
  std::string difference;   // empty: all agree. Else spec, row and answers
};

// `ddl` makes and fills the table `t`, whose key is `id`; the spec derives the column `out` of it.
Compared three_ways(const std::string& ddl, const std::string& spec);

// The spec that derives `target` as the expression.
std::string spec_of(const std::string& target, const std::string& expression);

}  // namespace backfill::test
