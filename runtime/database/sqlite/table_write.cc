// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/cell.h"
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
  BACKFILL_ASSIGN(update_, connection_.prepare(sql_.update()));
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
  BACKFILL_ASSIGN(counts.inserted,
                  run_one(insert_, selection_.key(first), selection_.key(last), &batch_number, nullptr));
  BACKFILL_ASSIGN(counts.updated,
                  run_one(update_, selection_.key(first), selection_.key(last), nullptr, &counts.reason));
  counts.refused = !counts.reason.empty() || counts.inserted != counts.updated;
  if (counts.refused && counts.reason.empty())
    counts.reason = "the database did not write the row: a trigger of the table ignores it";
  return counts;
}

Result<SqliteTable::Counts> SqliteTable::write_range(std::size_t first, std::size_t last,
                                                     std::int64_t batch_number) {
  const auto simple = [&](const Statement& statement) -> Result<void> {
    const ResetAtEnd reset(statement);
    BACKFILL_ASSIGN(const bool row, connection_.step(statement, "keep a savepoint"));
    static_cast<void>(row);
    return {};
  };
  BACKFILL_TRY(simple(savepoint_));
  auto counts = run_both(first, last, batch_number);
  if (sqlite3_get_autocommit(connection_.handle()) != 0) return counts;  // there is no savepoint any more
  if (!counts || counts->refused) BACKFILL_TRY(simple(undo_));
  BACKFILL_TRY(simple(release_));
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

Result<WriteOutcome> SqliteTable::write(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                        std::span<const std::int64_t> selected, std::int64_t batch_number) {
  if (sqlite3_get_autocommit(connection_.handle()) != 0)
    return fatal("rows are written in a write transaction only");
  WriteOutcome outcome;
  BACKFILL_TRY(prepare_write());
  selection_.fill(batch, backfill_.key.size(), outputs, output_names_, selected, outcome.failures);
  if (selection_.size() == 0) return outcome;
  const Serving serving(serving_, &selection_);
  BACKFILL_ASSIGN(const Counts counts, write_range(0, selection_.size() - 1, batch_number));
  if (counts.refused) {
    BACKFILL_TRY(write_each(batch_number, outcome));
  } else {
    outcome.written = counts.updated;
    for (std::size_t i = 0; i < selection_.size(); ++i)
      if (!selection_.seen(i)) outcome.conflicts.push_back(selection_.row(i));
  }
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

}  // namespace backfill::database::sqlite
