// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/kept_rows.h"
#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/postgres/written.h"
#include "runtime/database/sql/answers.h"
#include "stdlib/bug.h"

namespace backfill::database::postgres {

namespace {

constexpr int kWatchedWrites = 50;
constexpr std::size_t kPrunedFrom = 500;  // rows

std::string array_of(Oid element, std::size_t count, std::string_view elements) {
  return wire::array_header(element, static_cast<std::int64_t>(count)).append(elements);
}

std::string text_array(std::span<const TableAccess::SetAside> rows,
                       std::string_view TableAccess::SetAside::* text) {
  std::string elements;
  for (const TableAccess::SetAside& row : rows)
    wire::put_field(elements, std::string_view(without_nul(std::string(row.*text))));
  return array_of(oid::kText, rows.size(), elements);
}

std::string key_elements(const KeptRows& kept, std::span<const std::int64_t> rows, int column) {
  std::string elements;
  for (const std::int64_t row : rows) elements.append(kept.field(row, column));
  return elements;
}

// The first row on each page, where rows that follow each other share one.
std::vector<std::int64_t> one_of_each_page(const KeptRows& kept, std::span<const std::int64_t> rows) {
  constexpr std::size_t kFew = 4;
  std::vector<std::int64_t> some;
  for (const std::int64_t row : rows)
    if (some.empty() || kept.page(row) != kept.page(some.back())) some.push_back(row);
  if (some.size() * kFew > rows.size()) some.clear();
  return some;
}

}  // namespace

// Keys in the server's own bytes, as they came.
Parameters PostgresTable::key_arrays(const RowBatch& batch, std::span<const std::int64_t> rows) const {
  Parameters values;
  const KeptRows& kept = kept_rows(batch);
  for (std::size_t i = 0; i < backfill_.key.size(); ++i)
    values.add_binary(0, array_of(sql_.sent(backfill_.key[i]).element, rows.size(),
                                  key_elements(kept, rows, static_cast<int>(i))));
  return values;
}

void PostgresTable::add_versions(Parameters& values, const RowBatch& batch,
                                 std::span<const std::int64_t> rows, Guard guard) const {
  const KeptRows& kept = kept_rows(batch);
  std::string elements;
  for (const std::int64_t row : rows) elements.append(kept.version(row));
  values.add_binary(0, array_of(oid::kXid, rows.size(), elements));
  elements.clear();
  for (const std::int64_t row : rows) elements.append(kept.place(row));
  values.add_binary(0, array_of(oid::kTid, rows.size(), elements));
  if (!sql_.has_queries() || guard == Guard::Snapshot) return;
  const auto add = [&](Oid element, int column) {
    elements.clear();
    for (const std::int64_t row : rows) elements.append(kept.field(row, column));
    values.add_binary(0, array_of(element, rows.size(), elements));
  };
  add(oid::kText, found_column());
  for (const int column : sql_.guard_columns()) add(sql_.sent(column).element, input_of(column));
}

PostgresTable::Sending PostgresTable::sending(const RowBatch& batch,
                                              std::span<const stdlib::ColumnBuffer> outputs,
                                              std::span<const std::int64_t> selected,
                                              std::vector<WriteFailure>& failures) const {
  const Guard guard = expects_quiet_ && kept_rows(batch).seen() ? Guard::Snapshot : Guard::Again;
  Sending sending{batch, outputs, {}, std::vector<std::string>(outputs.size()), guard, Parameters()};
  std::vector<std::size_t> sizes(outputs.size());
  for (const std::int64_t row : selected) {
    for (std::size_t i = 0; i < outputs.size(); ++i) sizes[i] = sending.values[i].size();
    std::size_t stored = 0;
    while (
        stored < outputs.size() &&
        encode(sending.values[stored], sql_.sent(backfill_.row.outputs[stored].column), outputs[stored], row))
      ++stored;
    if (stored == outputs.size()) {
      sending.rows.push_back(row);
      continue;
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) sending.values[i].resize(sizes[i]);
    failures.push_back({row, stdlib::RowError::NotStorable,
                        fmt::format("the new value of `{}` cannot be stored exactly in PostgreSQL",
                                    schema_of(backfill_.row.outputs[stored].column).name)});
  }
  if (!sending.rows.empty()) sending.parameters = update_values(sending);
  return sending;
}

Result<Parameters> PostgresTable::update_values(const Sending& sending) const {
  Parameters values = key_arrays(sending.batch, sending.rows);
  add_versions(values, sending.batch, sending.rows, sending.guard);
  for (std::size_t i = 0; i < sending.values.size(); ++i)
    values.add_binary(0, array_of(sql_.sent(backfill_.row.outputs[i].column).element, sending.rows.size(),
                                  sending.values[i]));
  if (sql_.by_place()) return values;
  BACKFILL_TRY(add_key(values, sending.batch.key(sending.rows.front(), backfill_.key.size())));
  BACKFILL_TRY(add_key(values, sending.batch.key(sending.rows.back(), backfill_.key.size())));
  return values;
}

// Where rows lie close together, and updates can stay on their pages; not before the first write of what was
// read at once, which has left nothing dead yet.
Result<void> PostgresTable::prune(const RowBatch& batch, std::span<const std::int64_t> rows,
                                  const Connection::Meanwhile& meanwhile) {
  const bool first = batch.kept.get() != pruned_for_;
  pruned_for_ = batch.kept.get();
  const bool gains = !first && spares_indexes_ && sql_.by_place() && rows.size() >= kPrunedFrom;
  const auto some = gains ? one_of_each_page(kept_rows(batch), rows) : std::vector<std::int64_t>();
  if (some.empty()) {
    meanwhile();
    return {};
  }
  BACKFILL_TRY(connection_.send(sql_.prune(), key_arrays(batch, some), Form::Binary, meanwhile));
  return {};
}

Result<std::optional<std::string>> PostgresTable::quiet_since(const RowBatch& batch) {
  const std::optional<Seen>& seen = kept_rows(batch).seen();
  if (!seen) return std::optional<std::string>();
  BACKFILL_ASSIGN(const TextRows rows, connection_.query(sql_.quiet()));
  const auto& row = rows.rows.at(0);
  const std::optional<Snapshot> now = parse_snapshot(row.at(0).value());
  const std::uint64_t current = std::stoull(row.at(1).value());
  connection_.own().add(std::array{static_cast<std::uint32_t>(current)});
  const bool stays = row.at(2) == "t";
  const bool quiet = stays && now && connection_.own().alone_since(*seen, *now, current);
  return quiet ? row.at(0) : std::nullopt;
}

Result<void> PostgresTable::guard_by(Sending& sending, Guard guard) const {
  if (sending.guard == guard) return {};
  sending.guard = guard;
  sending.parameters = update_values(sending);
  return sending.parameters ? Result<void>() : sending.parameters.failure();
}

// Without a savepoint: a subtransaction would have a number that other workers do not know in time. None is
// written if somebody commits at this very moment; only some are if somebody held one of them, or the
// database refuses one.
Result<Answer> PostgresTable::update_alone(Sending& sending) {
  std::optional<std::string> snapshot;
  if (careful_ == 0) {
    BACKFILL_ASSIGN(snapshot, quiet_since(sending.batch));
  }
  expects_quiet_ = snapshot.has_value();
  BACKFILL_TRY(guard_by(sending, snapshot ? Guard::Snapshot : Guard::Again));
  if (!snapshot) return Answer();
  BACKFILL_ASSIGN(Parameters values, std::move(sending.parameters));
  values.add_text(*snapshot);
  BACKFILL_TRY(connection_.run(kApplicationsPath));
  std::optional<Refusal> refusal;
  const auto encode = [&] { encode_corrections(sending.batch, sending.outputs, sending.rows); };
  BACKFILL_ASSIGN(Answer answer,
                  connection_.try_send(sql_.update(false, Guard::Snapshot), values, refusal, encode));
  const std::string written = refusal ? "" : PQcmdTuples(answer.get());
  if (written == "0") {
    BACKFILL_TRY(connection_.run(our_path()));
    BACKFILL_TRY(guard_by(sending, Guard::Again));
    return Answer();
  }
  if (written != std::to_string(sending.rows.size())) {
    careful_ = kWatchedWrites;
    return Failure{Recovery::Retry,
                   refusal ? "a row of the batch was refused: " + refusal->message
                           : "rows of the batch were changed while it was written",
                   "run it again: it goes on behind the last batch that was committed"};
  }
  BACKFILL_TRY(connection_.copy(sql_.copy_corrections(), copied_));
  BACKFILL_TRY(connection_.run(our_path()));
  return answer;
}

Result<Answer> PostgresTable::update(Sending& sending, bool& which, std::optional<Refusal>& refusal) {
  if (!which) {
    BACKFILL_ASSIGN(Answer written, update_alone(sending));
    if (written) return written;
  }
  BACKFILL_TRY(guard_by(sending, Guard::Again));
  BACKFILL_ASSIGN(const Parameters values, std::move(sending.parameters));
  const std::size_t rows = sending.rows.size();
  const auto encode = [&] { encode_corrections(sending.batch, sending.outputs, sending.rows); };
  BACKFILL_TRY(connection_.run(fmt::format("{}SAVEPOINT backfill_write", kApplicationsPath)));
  BACKFILL_ASSIGN(Answer answer, connection_.try_send(sql_.update(which), values, refusal, encode));
  if (!refusal && !which && PQcmdTuples(answer.get()) != std::to_string(rows)) {
    which = true;
    ask_which_ = kWatchedWrites;
    BACKFILL_TRY(connection_.run("ROLLBACK TO SAVEPOINT backfill_write"));
    BACKFILL_ASSIGN(answer, connection_.try_send(sql_.update(which), values, refusal));
  }
  if (!refusal && which && !all_as_sent(answer)) refusal = Refusal{std::string(kAltered)};
  if (refusal) {
    careful_ = kWatchedWrites;
    BACKFILL_TRY(connection_.run("ROLLBACK TO SAVEPOINT backfill_write"));
  }
  // Within the savepoint: rows and corrections are of one (sub)transaction, by which horizon.h knows them.
  const bool all = !refusal && (!which || PQntuples(answer.get()) == static_cast<int>(rows));
  if (all) BACKFILL_TRY(connection_.copy(sql_.copy_corrections(), copied_));
  BACKFILL_TRY(connection_.run(fmt::format("RELEASE SAVEPOINT backfill_write;{}", our_path())));
  return answer;
}

Result<void> PostgresTable::write_rows(Sending& sending, WriteOutcome& outcome) {
  if (sending.rows.empty()) return {};
  std::optional<Refusal> refusal;
  bool which = may_be_altered_ || ask_which_ > 0;
  if (ask_which_ > 0) --ask_which_;
  BACKFILL_ASSIGN(const Answer answer, update(sending, which, refusal));
  if (refusal && sending.rows.size() > 1) return write_halves(sending, outcome);
  if (refusal) {
    outcome.failures.push_back({sending.rows[0], stdlib::RowError::NotStorable, refusal->message});
    return {};
  }
  const bool all = !which || PQntuples(answer.get()) == static_cast<int>(sending.rows.size());
  if (!all) return sort_out(sending, answer, outcome);
  written_.insert(written_.end(), sending.rows.begin(), sending.rows.end());
  return {};
}

Result<void> PostgresTable::write_halves(const Sending& whole, WriteOutcome& outcome) {
  const std::span<const std::int64_t> rows(whole.rows);
  const std::size_t half = rows.size() / 2;
  for (const auto part : {rows.first(half), rows.subspan(half)}) {
    Sending sent = sending(whole.batch, whole.outputs, part, outcome.failures);
    BACKFILL_TRY(write_rows(sent, outcome));
  }
  return {};
}

Result<void> PostgresTable::sort_out(const Sending& sending, const Answer& written, WriteOutcome& outcome) {
  std::vector<bool> is_written(sending.rows.size()), is_same(sending.rows.size());
  const auto position = [](const Answer& answer, int row) {
    return static_cast<std::size_t>(wire::get<std::int64_t>(PQgetvalue(answer.get(), row, 0)) - 1);
  };
  for (int i = 0; i < PQntuples(written.get()); ++i) is_written[position(written, i)] = true;
  Parameters values = key_arrays(sending.batch, sending.rows);
  add_versions(values, sending.batch, sending.rows);
  BACKFILL_ASSIGN(const Answer now, connection_.send(sql_.versions(), values, Form::Binary));
  for (int i = 0; i < PQntuples(now.get()); ++i)
    is_same[position(now, i)] = *PQgetvalue(now.get(), i, 1) != 0;
  std::vector<std::int64_t> done;
  for (std::size_t i = 0; i < sending.rows.size(); ++i) {
    const std::int64_t row = sending.rows[i];
    if (is_written[i])
      done.push_back(row);
    else if (is_same[i])
      outcome.failures.push_back({row, stdlib::RowError::NotStorable, std::string(kIgnored)});
    else
      outcome.conflicts.push_back(row);
  }
  written_.insert(written_.end(), done.begin(), done.end());
  return keep_corrections(sending.batch, sending.outputs, done);
}

// Prior values are the server's own bytes: what it held is what is kept.
void PostgresTable::encode_corrections(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                       std::span<const std::int64_t> rows) {
  const KeptRows& kept = kept_rows(batch);
  const auto keys = static_cast<int>(backfill_.key.size());
  const int fields = keys + 1 + 2 * static_cast<int>(outputs.size());
  const auto put_kept = [&](std::int64_t row, int column) { copied_.append(kept.field(row, column)); };
  copied_ = wire::kCopyHeader;
  for (const std::int64_t row : rows) {
    wire::put_copy_row(copied_, fields);
    for (int i = 0; i < keys; ++i) put_kept(row, i);
    wire::put_field(copied_, batch_number_);
    for (const ir::Output& output : backfill_.row.outputs) put_kept(row, output.input);
    const bool derived = underived_.empty() || !underived_[static_cast<std::size_t>(row)];
    for (const ir::Output& output : backfill_.row.outputs)
      if (!derived) put_kept(row, output.input);
    for (std::size_t i = 0; derived && i < outputs.size(); ++i) {
      const bool stored =
          encode_for_copy(copied_, sql_.sent(backfill_.row.outputs[i].column), outputs[i], row);
      BACKFILL_CHECK(stored, "a value that was written cannot be kept");
    }
  }
  wire::put_copy_end(copied_);
}

Result<void> PostgresTable::keep_corrections(const RowBatch& batch,
                                             std::span<const stdlib::ColumnBuffer> outputs,
                                             std::span<const std::int64_t> rows) {
  if (rows.empty()) return {};
  encode_corrections(batch, outputs, rows);
  return connection_.copy(sql_.copy_corrections(), copied_);
}

Result<WriteOutcome> PostgresTable::write(const RowBatch& batch,
                                          std::span<const stdlib::ColumnBuffer> outputs,
                                          std::span<const std::int64_t> selected, std::int64_t batch_number) {
  if (!connection_.in_transaction()) return fatal("rows are written in a write transaction only");
  WriteOutcome outcome;
  if (careful_ > 0) --careful_;
  written_.clear();
  underived_.clear();
  batch_number_ = batch_number;
  std::optional<Sending> sent;
  BACKFILL_TRY(
      prune(batch, selected, [&] { sent.emplace(sending(batch, outputs, selected, outcome.failures)); }));
  BACKFILL_TRY(write_rows(*sent, outcome));
  std::ranges::sort(written_);
  std::ranges::sort(outcome.conflicts);
  std::ranges::sort(outcome.failures, {}, &WriteFailure::row);
  outcome.written = static_cast<std::int64_t>(written_.size());
  return outcome;
}

Result<void> PostgresTable::set_aside(const RowBatch& batch, std::span<const SetAside> rows,
                                      std::int64_t batch_number) {
  std::vector<std::int64_t> positions;
  for (const SetAside& row : rows) positions.push_back(row.row);
  Parameters values;
  values.add_plain(batch_number);
  for (const auto text : {&SetAside::outcome, &SetAside::error, &SetAside::message})
    values.add_binary(0, text_array(rows, text));
  const KeptRows& kept = kept_rows(batch);
  for (std::size_t i = 0; i < backfill_.key.size(); ++i)
    values.add_binary(0, array_of(sql_.sent(backfill_.key[i]).element, rows.size(),
                                  key_elements(kept, positions, static_cast<int>(i))));
  BACKFILL_TRY(connection_.send(sql_.set_aside(), values, Form::Binary));
  return {};
}

Result<void> PostgresTable::keep_answers(const RowBatch& batch, std::span<const std::int64_t> rows,
                                         std::span<const std::vector<std::string>> asked,
                                         std::int64_t batch_number) {
  constexpr std::size_t kLines = 1000;  // of a statement
  for (std::size_t first = 0; first < rows.size(); first += kLines) {
    const std::size_t end = std::min(rows.size(), first + kLines);
    std::vector<std::string> lines;
    for (std::size_t i = first; i < end; ++i)
      lines.push_back(database_sql::answers_line(backfill_, dialect(), batch, rows[i], asked));
    BACKFILL_TRY(connection_.send(sql_.keep_answers(lines, batch_number),
                                  key_arrays(batch, rows.subspan(first, end - first)), Form::Binary));
  }
  return {};
}

}  // namespace backfill::database::postgres
