// SPDX-License-Identifier: Apache-2.0
// The numbered rows of the semantics table (SEMANTICS.md) as tests. Each row says where databases part,
// and what we mean; a test of it has its number as its id and a line of why.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace backfill::test::semantics {

// An expression over a few columns, tried on the evaluator, native code and every database: all agree, or the
// database's SQL is marked unavailable there.
struct Agreement {
  int number;
  std::string_view why;
  std::string_view columns;     // "a int64, b decimal(3,1)": each may be missing
  std::string_view expression;  // over them
  std::string_view result;      // its type
  // "7 | 2 -> 3": what the columns hold, and our meaning: a value, `missing` or `error: <row error>`. Texts
  // stand in quotes, dates and timestamps as they are.
  std::vector<std::string_view> rows;
  std::string_view by = "SPM";   // must be said in the SQL of SQLite, PostgreSQL, MariaDB; others may be
  std::string_view not_by = "";  // must be marked unavailable there
};

// What the checker refuses: the language has one meaning or none.
struct Refusal {
  int number;
  std::string_view why;
  std::string_view columns;
  std::string_view expression;
  std::string_view result;
  std::string_view code;  // one of the diagnostics
};

// What is not there yet, so that nobody believes that it is tried.
struct NotBuilt {
  int number;
  std::string_view reason;
};

void check(const std::vector<Agreement>& agreements);
void check(const std::vector<Refusal>& refusals);

// The numbers that a file's tests speak of: one object per table or test, made before main.
class Covers {
 public:
  Covers(std::initializer_list<int> numbers);
  explicit Covers(const std::vector<Agreement>& agreements);
  explicit Covers(const std::vector<Refusal>& refusals);
};

const std::set<int>& covered();
const std::vector<NotBuilt>& not_built();

}  // namespace backfill::test::semantics
