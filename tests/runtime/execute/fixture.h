// SPDX-License-Identifier: Apache-2.0
// A real database, a real spec, a real run.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "compiler/compile.h"
#include "compiler/diagnostic/diagnostic.h"
#include "runtime/database/sql/statement.h"
#include "runtime/database/store.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/run.h"
#include "tests/runtime/conformance/database.h"

namespace backfill::execute_test {

template <typename T>
T must(Result<T> result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
  return *std::move(result);
}
inline void must(Result<void> result) {
  if (!result) FAIL(result.failure().message);
}

// Lives as long as the test; SQLite in WAL unless told otherwise.
class Database {
 public:
  explicit Database(const std::string& journal = "WAL")
      : side_(conformance::Database::make(conformance::backend(), journal)) {}

  // A copy of another one; nobody may be connected to it.
  void copy_from(Database& other) { side_->copy_from(*other.side_); }
  [[nodiscard]] std::string url() const { return side_->url(); }
  std::unique_ptr<database::Store> open() { return side_->open(); }
  void script(const std::string& sql) { side_->run(sql); }
  void add(const conformance::Trigger& trigger) { side_->add(trigger); }
  database::Rows query(const std::string& sql) { return side_->query(sql); }
  std::int64_t number(const std::string& sql) { return database_sql::integer(query(sql).rows.at(0).at(0)); }
  // Every value in one text.
  std::string content(const std::string& sql) {
    std::string all;
    for (const auto& row : query(sql).rows) {
      for (const auto& value : row) all += database_sql::text(value) + "|";
      all += "\n";
    }
    return all;
  }
  std::string objects() { return side_->objects(); }

 private:
  std::unique_ptr<conformance::Database> side_;
};

// `rows` accounts: every 5th is locked, every 7th has no answer to `locked`, every 11th has a status already,
// every `bad`th has an amount that overflows.
inline void make_accounts(Database& database, int rows, int bad = 0) {
  database.script(fmt::format(R"(
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, locked INTEGER, amount BIGINT NOT NULL,
                           status TEXT, total BIGINT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO accounts SELECT i * 3, 'Name ' || i,
      CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN 1 ELSE 0 END,
      CASE WHEN {1} > 0 AND i % {2} = 0 THEN 9223372036854775807 ELSE i END,
      CASE WHEN i % 11 = 0 THEN 'kept' END, CASE WHEN i % 11 = 0 THEN 0 END FROM n;)",
                              rows, bad, std::max(bad, 1)));
}

// The parts of a spec that tests vary.
struct Parts {
  std::string stages = "";
  std::string pace = "pace { batch 50 to 200 rows aim 50 ms }";
  std::string status = "lower_ascii(name)";
  std::string more = "";
  std::string about = "";
};
inline std::string spec_text(const Parts& parts = {}) {
  return fmt::format(R"(backfill accounts {{
  {}
  intent fill
  table accounts key (id)
  scope {{ exclude locked when locked = 1 }}
  derive status = {}
  derive total = amount + 1
  {}
  {}
  {}
}}
)",
                     parts.about.empty() ? "" : "about \"" + parts.about + "\"", parts.status, parts.stages,
                     parts.pace, parts.more);
}

// A spec compiled against a database's own schema.
class Program {
 public:
  Program(Database& database, std::string text) : Program(database.url(), std::move(text)) {}
  Program(const std::string& url, std::string text)
      : text_(text),
        catalog_(must(must(database::open(url, {}))->catalog())),
        file_("test.backfill", std::move(text)) {
    diagnostic::Sink sink(file_);
    programs_ = compiler::compile(file_, catalog_, sink);
    if (sink.has_errors()) FAIL(diagnostic::render(sink, false));
    REQUIRE(programs_.size() == 1);
    subject.url = url;
    subject.backfill = &programs_[0];
    subject.engine = execute::EngineChoice::Evaluator;
    options.spec = text_;
  }

  Result<execute::RunReport> try_run() { return execute::run(subject, options); }
  execute::RunReport run() { return must(try_run()); }
  // In a process of its own that crashes there. True: it did.
  bool run_and_crash(const std::string& where) {
    return crashes(where, [&] { return execute::run(subject, options).ok(); });
  }
  // Likewise, of run 1.
  bool rollback_and_crash(const std::string& where) {
    return crashes(where, [&] { return execute::rollback(subject, {.run = 1}).ok(); });
  }

  execute::Subject subject;
  execute::RunOptions options;
  [[nodiscard]] const ir::Backfill& backfill() const { return programs_[0]; }

 private:
  template <typename Work>
  static bool crashes(const std::string& where, Work work) {
    const pid_t child = fork();
    if (child == 0) {
      execute::crash_at(where.c_str());
      _exit(work() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL;
    REQUIRE(WEXITSTATUS(status) == 0);
    return false;
  }

  std::string text_;
  schema::Catalog catalog_;
  source::File file_;
  std::vector<ir::Backfill> programs_;
};

inline const char* const kTable =
    "SELECT id, quote(name), locked, amount, quote(status), quote(total) FROM accounts ORDER BY id";
inline const char* const kCorrections =
    "SELECT key_id, rolled_back, quote(prior_status), quote(new_status), quote(prior_total), quote(new_total)"
    " FROM backfill_correction_1 ORDER BY key_id";

}  // namespace backfill::execute_test
