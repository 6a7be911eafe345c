// SPDX-License-Identifier: Apache-2.0
// The port to a database: what the batch protocol (runtime/execute) asks, what each runtime/database/<db>
// answers. Nothing above this line speaks a client library; nothing below knows of stages or throttles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"
#include "stdlib/batch.h"

namespace backfill::database {

using Key = std::vector<stdlib::Value>;  // one value per key column; empty: before the first / after the last

struct Rows {
  std::vector<std::string> names;
  std::vector<std::vector<stdlib::Value>> rows;
};

// Rows as read, in key order. Reused from batch to batch: `clear` keeps the memory.
struct RowBatch {
  std::int64_t rows = 0;
  std::vector<stdlib::ColumnBuffer> inputs;  // one per RowFunction::inputs; key columns first
  stdlib::Arena arena;
  // Rows with an input that is not what its column's type says; sorted by row. Their slots are zero and
  // missing.
  struct UnreadableAt {
    std::int64_t row;
    evaluate::Unreadable what;
  };
  std::vector<UnreadableAt> unreadable;
  // What the store itself needs of these rows to write them (PostgreSQL: row versions, prior values as they
  // came). Nobody else looks into it.
  std::shared_ptr<void> kept;

  [[nodiscard]] Key key(std::int64_t row, std::size_t key_columns) const;
  [[nodiscard]] evaluate::Row row(std::int64_t index) const;  // slow: for the evaluator and samples
};

// A row that the database or the column's form refused; nothing of it was written.
struct WriteFailure {
  std::int64_t row = -1;  // of the batch
  stdlib::RowError error = stdlib::RowError::NotStorable;
  std::string message;  // "UNIQUE constraint failed: accounts.email"
};

struct WriteOutcome {
  std::int64_t written = 0;
  std::vector<std::int64_t>
      conflicts;  // rows of the batch that were no longer as they were read: nothing was written
  std::vector<WriteFailure>
      failures;  // to quarantine, ascending by row; written + unchanged + conflicts + failures = selected
  // By effects alone: nothing was left to do for the row (what it inserts is there already, ...).
  std::int64_t unchanged = 0;
};

// A row of the corrections joined with the table, for verify, history and rollback by hand.
struct RollbackOutcome {
  std::int64_t restored = 0;
  std::int64_t changed_since = 0;  // left alone
  std::int64_t gone = 0;           // deleted since
  std::int64_t blocked = 0;        // left alone: a constraint or a trigger refuses the prior value
};

// Rows as they were before the run (prior values put back from the corrections), what is stored now, and what
// the run did.
struct VerifyBatch {
  RowBatch prior;                            // inputs, with targets from the corrections where there is one
  std::vector<stdlib::ColumnBuffer> stored;  // one per output: the value in the table now
  std::vector<std::uint8_t> corrected;       // 1: the run wrote this row
  std::vector<std::uint8_t> set_aside;       // 1: quarantined or in conflict: not compared
  std::vector<std::uint8_t> answered;        // 1: answers of extern functions are kept for this row
  std::vector<std::uint8_t> deleted;         // 1: the run deleted this row, which is as it was kept
};

// The least and the greatest key of a table whose key is one integer.
struct KeySpan {
  std::int64_t first = 0, last = 0;
};

// One table as one run reads and writes it. Statements are prepared once. Not thread safe.
// Ranges are after < key <= until in the key's order; an empty Key leaves that side open.
class TableAccess {
 public:
  virtual ~TableAccess() = default;

  // Replaces `batch`'s contents with at most `limit` rows. O(rows returned), by the key's index.
  virtual Result<void> read(const Key& after, const Key& until, std::int64_t limit, RowBatch& batch) = 0;

  // Does a range of rows cost less if several transactions, one after the other, each write some of its rows,
  // spread over all of it?
  [[nodiscard]] virtual bool gains_by_passes() const { return false; }

  // Nothing: the table is empty, its key is not one integer, or asking is not cheap.
  virtual Result<std::optional<KeySpan>> key_span() { return std::optional<KeySpan>(); }

  // Inside a write transaction: appends one correction per selected row (key, batch number, every target's
  // prior value as the database itself holds it, every new value) and writes the new values compare-and-set.
  // `selected` are ascending row indexes.
  virtual Result<WriteOutcome> write(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                     std::span<const std::int64_t> selected, std::int64_t batch_number) = 0;

  // `write` of a backfill that has effects: of each row all of them and its derivations, or none. `values`
  // are those of RowFunction::values. Each row that was written is in the corrections, whatever was written
  // of it; what effects wrote is in the run's effect tables.
  virtual Result<WriteOutcome> apply_effects(const RowBatch& batch,
                                             std::span<const stdlib::ColumnBuffer> outputs,
                                             std::span<const stdlib::ColumnBuffer> values,
                                             std::span<const std::int64_t> selected,
                                             std::int64_t batch_number) {
    static_cast<void>(batch);
    static_cast<void>(outputs);
    static_cast<void>(values);
    static_cast<void>(selected);
    static_cast<void>(batch_number);
    return fatal("this store runs no effects but `derive`");
  }

  // Inside a write transaction: the rows of `batch` at those indexes as they are now, locked until its end,
  // in key order; rows that are gone are left out. False: this store has no such reading, a conflict stays
  // one.
  virtual Result<bool> read_again(const RowBatch& batch, std::span<const std::int64_t> rows, RowBatch& into) {
    static_cast<void>(batch);
    static_cast<void>(rows);
    static_cast<void>(into);
    return false;
  }

  // Inside a write transaction: records rows of the batch in the run's quarantine table; a row that is there
  // already is replaced. `outcome` is 'quarantined', 'conflict' or 'uncertain'.
  struct SetAside {
    std::int64_t row = -1;  // of the batch
    std::string_view outcome;
    std::string_view error;  // stdlib::text(RowError); empty for a conflict
    std::string_view message;
  };
  virtual Result<void> set_aside(const RowBatch& batch, std::span<const SetAside> rows,
                                 std::int64_t batch_number) = 0;

  // Inside a write transaction: keeps what extern functions answered for rows of the batch, as its inputs
  // have it, in the run's table of answers; what is kept of a row already is replaced. `asked`: per extern
  // query (ir::externs_read) and per row of the batch, with what, as canonical JSON; empty: it was not asked.
  virtual Result<void> keep_answers(const RowBatch& batch, std::span<const std::int64_t> rows,
                                    std::span<const std::vector<std::string>> asked,
                                    std::int64_t batch_number) {
    static_cast<void>(batch);
    static_cast<void>(rows);
    static_cast<void>(asked);
    static_cast<void>(batch_number);
    return fatal("this store keeps no answers of extern functions");
  }

  // Inside a write transaction: puts prior values back in rows of the range that still hold what the run
  // wrote, and marks those corrections as rolled back.
  virtual Result<RollbackOutcome> roll_back(const Key& after, const Key& until, std::int64_t limit,
                                            Key& last) = 0;

  virtual Result<void> read_for_verify(const Key& after, const Key& until, std::int64_t limit,
                                       VerifyBatch& batch) = 0;
};

// Rows of a source file, on their way into a table.
struct SourceBatch {
  std::int64_t rows = 0;
  std::vector<stdlib::ColumnBuffer> columns;  // one per column of the source's table
  std::vector<std::int64_t> lines;            // one per row: where it begins in the file
  stdlib::Arena arena;
};
// A value that the database has no form for; its row and column, of the batch.
struct Unstorable {
  std::int64_t row = -1;
  std::size_t column = 0;
};

// What a database can say of a backfill before it runs, for the plan: how its reads find their rows, what its
// writes lock, cost and set off.
struct Assessment {
  struct Fact {
    std::string name;  // "read", "locks"
    std::string text;
    bool warning = false;  // something that a reviewer should look at
  };
  std::vector<Fact> facts;
  // What the role lacks, each as what could be granted: "UPDATE (status) on public.accounts". A run needs
  // all.
  std::vector<std::string> missing;
};

enum class Access { ReadOnly, ReadWrite };

// One connection. Not thread safe: one per thread.
class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual const lower_sql::Dialect& dialect() const = 0;
  virtual Result<schema::Catalog> catalog() = 0;
  // As `catalog` has it, but for what other tables' foreign keys hand on to it; nothing: there is no such
  // table. Costs no more in a schema of a thousand tables.
  virtual Result<std::optional<schema::Table>> table_schema(const std::string& name) = 0;

  // Plain SQL with bound values, for bookkeeping and generated statements. `execute` gives rows matched.
  virtual Result<std::int64_t> execute(std::string_view sql, std::span<const stdlib::Value> values = {}) = 0;
  virtual Result<Rows> query(std::string_view sql, std::span<const stdlib::Value> values = {}) = 0;
  virtual Result<void> script(std::string_view sql) = 0;  // several statements, no values

  // A write transaction excludes other writers of the file from its begin, but for stores that guard rows; a
  // read transaction sees one moment. Where the connection was lost, a new one is made here: what tables of
  // this store had prepared goes on. Transactions do not outlive their connection.
  virtual Result<void> begin(Access access) = 0;
  // Begins a read transaction here and on a second connection that sees exactly the same moment. Null: only
  // this one's has begun.
  virtual Result<std::unique_ptr<Store>> begin_with_twin() {
    BACKFILL_TRY(begin(Access::ReadOnly));
    return std::unique_ptr<Store>();
  }
  // Begins a read transaction in which tables of source files are made that vanish with it; `end_loading`
  // says that they are all there.
  virtual Result<void> begin_loading() { return fatal("this store holds no source files"); }
  virtual Result<void> end_loading() { return {}; }
  // Appends to the table that database/sql/source_table.h has made. Of rows with an unstorable value none
  // are.
  virtual Result<std::vector<Unstorable>> append(const ir::SourceFile& source, const std::string& table,
                                                 const SourceBatch& batch) {
    static_cast<void>(source);
    static_cast<void>(table);
    static_cast<void>(batch);
    return fatal("this store holds no source files");
  }
  virtual Result<void> commit() = 0;
  // Does not wait for the disk, where the store can do so: a crash of the server may undo it, and with it all
  // that was committed behind it, but none of what came before. Whoever goes on asks whether it is still
  // there.
  virtual Result<void> commit_soon() { return commit(); }
  virtual void rollback() = 0;
  // Asked inside a transaction: differs between two answers on one connection if anybody else committed in
  // between.
  virtual Result<std::uint64_t> foreign_commits() = 0;

  // Others may write beside a write transaction, and TableAccess::write leaves alone (as a conflict) each row
  // that is no longer exactly as it was read, whoever changed it: a batch may be read at any time before.
  [[nodiscard]] virtual bool guards_rows() const { return false; }
  // `other` is of the same database and works on the same run, in this process. Called before either is used
  // by a thread of its own.
  virtual void works_beside(Store& other) { static_cast<void>(other); }
  // Can another connection read while this one writes, neither waiting for the other (SQLite: journal mode
  // WAL)? False is safe.
  [[nodiscard]] virtual bool reads_beside_writes() { return false; }

  virtual Result<std::int64_t> now() = 0;  // the database's clock, microseconds since 1970-01-01 UTC

  // Do the functions that are *pinned* here (SEMANTICS.md) do what ours do? Asked before SQL that uses them
  // verifies anything; may take a second.
  virtual Result<bool> pins_hold() { return true; }
  // Reads only, and little: no scan of the table. `candidates`: rows that will be written, where it is known.
  virtual Result<Assessment> assess(const ir::Backfill& backfill, std::optional<std::int64_t> candidates) {
    static_cast<void>(backfill);
    static_cast<void>(candidates);
    return Assessment();
  }

  // The two tables of a run (lower/sql/statements.h): corrections and quarantine. Corrections: one row per
  // changed row, keyed by the table's key, with the columns `batch`, `rolled_back`, the key's own names
  // prefixed key_, prior_<column>, new_<column>.
  virtual Result<void> create_corrections(const ir::Backfill& backfill, std::int64_t run) = 0;
  // Outside of a transaction, before corrections are looked up by their keys: a store may leave their key to
  // be made once all are there, which costs a third. Fails where a row has two. Does nothing the second time.
  virtual Result<void> index_corrections(const ir::Backfill& backfill, std::int64_t run) {
    static_cast<void>(backfill);
    static_cast<void>(run);
    return {};
  }
  // Run 0: no run yet, `read` alone may be called.
  virtual Result<std::unique_ptr<TableAccess>> table(const ir::Backfill& backfill, std::int64_t run) = 0;
  // In a read transaction: until where it sees all that was written, to be kept. Empty: cannot be told.
  virtual Result<std::string> horizon() { return std::string(); }
  // Likewise: what of the table others than `run` have written since the horizon, as far as this read
  // transaction sees. Nothing: cannot be told.
  struct WrittenSince {
    bool any = false;
    std::string horizon;
    std::string own;  // how the store knows what `run` has written
  };
  virtual Result<std::optional<WrittenSince>> written_since(const std::string& horizon,
                                                            const ir::Backfill& backfill, std::int64_t run) {
    static_cast<void>(horizon);
    static_cast<void>(backfill);
    static_cast<void>(run);
    return std::optional<WrittenSince>();
  }
  // As run 0, but `read` gives those rows alone; to be read within the transaction, here or on its twin.
  virtual Result<std::unique_ptr<TableAccess>> table_since(const WrittenSince& since,
                                                           const ir::Backfill& backfill) {
    static_cast<void>(since);
    return table(backfill, 0);
  }
  // As run 0, but `read` may leave out rows that `run` has corrected: most of them, behind a run.
  virtual Result<std::unique_ptr<TableAccess>> uncorrected(const ir::Backfill& backfill, std::int64_t run) {
    static_cast<void>(run);
    return table(backfill, 0);
  }
};

struct OpenOptions {
  Access access = Access::ReadWrite;
  std::int64_t busy_timeout_ms = 5000;
  // CLI.md: `dry-run` and `check` must not create anything.
};

// By the URL's scheme (registry.cc). Errors say what was tried and the way out; a password is never in them.
Result<std::unique_ptr<Store>> open(const std::string& url, const OpenOptions& options);
// A catalog from a file of DDL text, by the dialect that it seems to be written in.
Result<schema::Catalog> catalog_from_ddl(const std::string& path);

}  // namespace backfill::database
