// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

#include "runtime/database/sql/answers.h"
#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/table.h"
#include "stdlib/bug.h"

namespace backfill::database::sqlite {

namespace {

// Serves the selection to backfill_selected() and backfill_new() for as long as it lives.
class Serving {
 public:
  Serving(Selection** slot, Selection* selection) : slot_(slot) { *slot_ = selection; }
  ~Serving() { *slot_ = nullptr; }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

 private:
  Selection** slot_;
};

std::string cell_text(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::Integer:
      return std::to_string(cell.integer);
    case Cell::Kind::Real:
      return fmt::format("{}", cell.real);
    case Cell::Kind::Text:
      return fmt::format("'{}'", std::string_view(cell.data, static_cast<std::size_t>(cell.size)));
    case Cell::Kind::Blob:
      return fmt::format("a blob of {} bytes", cell.size);
    default:
      return "NULL";
  }
}

}  // namespace

std::string SqliteTable::shown_key(std::span<const Cell> key) const {
  std::string result;
  for (std::size_t i = 0; i < key.size(); ++i)
    result +=
        fmt::format("{}{} = {}", i == 0 ? "" : ", ", schema_of(backfill_.key[i]).name, cell_text(key[i]));
  return result;
}

Result<void> SqliteTable::prepare_write() {
  if (update_) return {};
  BACKFILL_ASSIGN(insert_, connection_.prepare(sql_.insert_corrections()));
  BACKFILL_ASSIGN(savepoint_, connection_.prepare("SAVEPOINT backfill_write"));
  BACKFILL_ASSIGN(release_, connection_.prepare("RELEASE backfill_write"));
  BACKFILL_ASSIGN(undo_, connection_.prepare("ROLLBACK TO backfill_write"));
  BACKFILL_ASSIGN(as_kept_, connection_.prepare(sql_.is_as_kept()));
  BACKFILL_ASSIGN(forget_, connection_.prepare(sql_.forget_correction()));
  BACKFILL_ASSIGN(update_, connection_.prepare(reaches_others_ ? sql_.update_as_kept() : sql_.update()));
  return {};
}

Result<void> SqliteTable::run_simple(const Statement& statement) {
  const ResetAtEnd reset(statement);
  BACKFILL_ASSIGN(const bool row, connection_.step(statement, "keep a savepoint"));
  static_cast<void>(row);
  return {};
}

// Rows that the statement changed itself. A constraint, or a trigger's RAISE, is told in `refused` if that is
// given.
Result<std::int64_t> SqliteTable::run_one(const Statement& statement, std::span<const Cell> first,
                                          std::span<const Cell> last, const std::int64_t* batch_number,
                                          std::string* refused) {
  const ResetAtEnd reset(statement);
  int at = 1;
  for (const Cell& cell : first) statement.bind(at++, cell);
  for (const Cell& cell : last) statement.bind(at++, cell);
  if (batch_number != nullptr) sqlite3_bind_int64(statement.handle(), at, *batch_number);
  const int code = sqlite3_step(statement.handle());
  if (code == SQLITE_DONE) return sqlite3_changes64(connection_.handle());
  const bool constraint = (code & 0xff) == SQLITE_CONSTRAINT;
  Failure failure = connection_.failure(
      fmt::format("write `{}` from {} to {}", backfill_.table->name, shown_key(first), shown_key(last)));
  if (sqlite3_get_autocommit(connection_.handle()) != 0) {
    failure.message += "; the whole transaction was rolled back by it (RAISE(ROLLBACK) in a trigger?)";
    return failure;
  }
  if (!constraint || refused == nullptr) return failure;
  *refused = sqlite3_errmsg(connection_.handle());
  return 0;
}

Result<SqliteTable::Counts> SqliteTable::run_both(std::size_t first, std::size_t last,
                                                  std::int64_t batch_number) {
  Counts counts;
  // Two corrections of one row in one run would lose the first prior value: that is never retried.
  if (nothing_prior_) {
    BACKFILL_ASSIGN(counts.inserted, insert_without_prior(batch_number));
  } else {
    BACKFILL_ASSIGN(counts.inserted,
                    run_one(insert_, selection_.key(first), selection_.key(last), &batch_number, nullptr));
  }
  BACKFILL_ASSIGN(counts.updated,
                  run_one(update_, selection_.key(first), selection_.key(last), nullptr, &counts.reason));
  counts.refused = !counts.reason.empty() || counts.inserted != counts.updated;
  if (counts.refused && counts.reason.empty()) counts.reason = kIgnored;
  return counts;
}

Result<SqliteTable::Counts> SqliteTable::write_range(std::size_t first, std::size_t last,
                                                     std::int64_t batch_number) {
  BACKFILL_TRY(run_simple(savepoint_));
  auto counts = run_both(first, last, batch_number);
  if (sqlite3_get_autocommit(connection_.handle()) != 0) return counts;  // there is no savepoint any more
  if (!counts || counts->refused) BACKFILL_TRY(run_simple(undo_));
  BACKFILL_TRY(run_simple(release_));
  return counts;
}

// One row at a time, so that only the rows that the database refuses are left out.
Result<void> SqliteTable::write_each(std::int64_t batch_number, WriteOutcome& outcome) {
  for (std::size_t i = 0; i < selection_.size(); ++i) {
    BACKFILL_ASSIGN(const Counts counts, write_range(i, i, batch_number));
    if (counts.refused)
      outcome.failures.push_back({selection_.row(i), stdlib::RowError::NotStorable, counts.reason});
    else if (counts.updated == 0)
      outcome.conflicts.push_back(selection_.row(i));
    else
      outcome.written += counts.updated;
  }
  return {};
}

Result<void> SqliteTable::write_all(std::int64_t batch_number, WriteOutcome& outcome) {
  BACKFILL_ASSIGN(const Counts counts, write_range(0, selection_.size() - 1, batch_number));
  nothing_prior_ = false;  // row by row, the table says which rows are there
  if (counts.refused) return write_each(batch_number, outcome);
  outcome.written = counts.updated;
  for (std::size_t i = 0; i < selection_.size(); ++i)
    if (!selection_.seen(i)) outcome.conflicts.push_back(selection_.row(i));
  return {};
}

// Where writing one row may change another (a trigger, a cascade): all prior values are kept before the first
// write, and a row is written only while it still holds them.
Result<void> SqliteTable::write_watched(std::int64_t batch_number, WriteOutcome& outcome) {
  const std::size_t size = selection_.size();
  BACKFILL_ASSIGN(const std::int64_t kept,
                  run_one(insert_, selection_.key(0), selection_.key(size - 1), &batch_number, nullptr));
  static_cast<void>(kept);
  std::vector<bool> there(size);
  for (std::size_t i = 0; i < size; ++i) there[i] = selection_.seen(i);
  for (std::size_t i = 0; i < size; ++i) {
    if (there[i]) {
      BACKFILL_TRY(write_kept(i, outcome));
    } else {
      outcome.conflicts.push_back(selection_.row(i));
    }
  }
  return {};
}

Result<void> SqliteTable::write_kept(std::size_t at, WriteOutcome& outcome) {
  const std::span<const Cell> key = selection_.key(at);
  std::string reason;
  BACKFILL_TRY(run_simple(savepoint_));
  // A failure ends the whole batch: it needs no undoing here.
  BACKFILL_ASSIGN(const std::int64_t updated, run_one(update_, key, key, nullptr, &reason));
  if (updated == 0) BACKFILL_TRY(run_simple(undo_));
  BACKFILL_TRY(run_simple(release_));
  outcome.written += updated;
  if (updated != 0) return {};
  if (reason.empty()) {
    BACKFILL_ASSIGN(const bool same, holds(as_kept_, key));
    if (same) reason = kIgnored;
  }
  BACKFILL_ASSIGN(const bool row, holds(forget_, key));
  static_cast<void>(row);
  if (reason.empty()) {
    outcome.conflicts.push_back(selection_.row(at));
  } else {
    outcome.failures.push_back({selection_.row(at), stdlib::RowError::NotStorable, std::move(reason)});
  }
  return {};
}

// Does the statement give a row for this key?
Result<bool> SqliteTable::holds(const Statement& statement, std::span<const Cell> key) {
  const ResetAtEnd reset(statement);
  int at = 1;
  for (const Cell& cell : key) statement.bind(at++, cell);
  return connection_.step(statement, "look at a row that was not written");
}

Result<WriteOutcome> SqliteTable::write(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                        std::span<const std::int64_t> selected, std::int64_t batch_number) {
  if (sqlite3_get_autocommit(connection_.handle()) != 0)
    return fatal("rows are written in a write transaction only");
  WriteOutcome outcome;
  BACKFILL_TRY(prepare_write());
  selection_.fill(batch, backfill_.key.size(), outputs, output_names_, selected, outcome.failures);
  if (selection_.size() == 0) return outcome;
  const Serving serving(serving_, &selection_);
  nothing_prior_ = !reaches_others_ && has_nothing_prior(batch);
  BACKFILL_TRY(reaches_others_ ? write_watched(batch_number, outcome) : write_all(batch_number, outcome));
  std::sort(outcome.failures.begin(), outcome.failures.end(),
            [](const WriteFailure& a, const WriteFailure& b) { return a.row < b.row; });
  return outcome;
}

Result<void> SqliteTable::set_aside(const RowBatch& batch, std::span<const SetAside> rows,
                                    std::int64_t batch_number) {
  if (!set_aside_) {
    BACKFILL_ASSIGN(set_aside_, connection_.prepare(sql_.set_aside()));
  }
  const auto text_cell = [](std::string_view text) {
    Cell cell;
    cell.kind = Cell::Kind::Text;
    cell.data = text.data();
    cell.size = static_cast<std::int64_t>(text.size());
    return cell;
  };
  for (const SetAside& row : rows) {
    const ResetAtEnd reset(set_aside_);
    range_arena_.reset();
    int at = 1;
    for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
      const std::optional<Cell> cell = encode(batch.inputs[i], row.row, range_arena_);
      BACKFILL_CHECK(cell.has_value(), "a key that was read cannot be written");
      set_aside_.bind(at++, *cell);
    }
    sqlite3_bind_int64(set_aside_.handle(), at++, batch_number);
    for (const std::string_view text : {row.outcome, row.error, row.message})
      set_aside_.bind(at++, text_cell(text));
    BACKFILL_ASSIGN(const bool more, connection_.step(set_aside_, "set a row aside"));
    static_cast<void>(more);
  }
  return {};
}

Result<void> SqliteTable::keep_answers(const RowBatch& batch, std::span<const std::int64_t> rows,
                                       std::span<const std::vector<std::string>> asked,
                                       std::int64_t batch_number) {
  constexpr std::size_t kLines = 200;  // of a statement: its text and its bound values stay small
  for (std::size_t first = 0; first < rows.size(); first += kLines) {
    const std::size_t end = std::min(rows.size(), first + kLines);
    std::vector<std::string> lines;
    for (std::size_t i = first; i < end; ++i)
      lines.push_back(database_sql::answers_line(backfill_, dialect(), batch, rows[i], asked));
    BACKFILL_ASSIGN(const Statement statement, connection_.prepare(sql_.keep_answers(lines, batch_number)));
    range_arena_.reset();
    int at = 1;
    for (std::size_t i = first; i < end; ++i) {
      for (std::size_t k = 0; k < backfill_.key.size(); ++k) {
        const std::optional<Cell> cell = encode(batch.inputs[k], rows[i], range_arena_);
        BACKFILL_CHECK(cell.has_value(), "a key that was read cannot be written");
        statement.bind(at++, *cell);
      }
    }
    BACKFILL_ASSIGN(const bool more, connection_.step(statement, "keep answers"));
    static_cast<void>(more);
  }
  return {};
}

}  // namespace backfill::database::sqlite
