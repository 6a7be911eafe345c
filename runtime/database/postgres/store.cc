// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/assess.h"
#include "runtime/database/postgres/case_mapping.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/horizon.h"
#include "runtime/database/postgres/schema_reader.h"
#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/sql/source_table.h"
#include "stdlib/decimal.h"

namespace backfill::database::postgres {

namespace {

using stdlib::Value;

// A value by what the result's type says; what has no plain form is PostgreSQL's own text.
Value plain_value(Oid type, const std::string& text) {
  switch (type) {
    case oid::kBool:
      return text == "t";
    case oid::kInt16:
    case oid::kInt32:
    case oid::kInt64: {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case oid::kFloat32:
    case oid::kFloat64: {
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      return error == std::errc() ? Value(number) : Value(text);
    }
    case oid::kNumeric: {
      const auto number = stdlib::parse_decimal(text);
      return number ? Value(*number) : Value(text);
    }
    default:
      return text;
  }
}

class PostgresStore final : public Store {
 public:
  PostgresStore(std::string conninfo, std::unique_ptr<Connection> connection, bool read_only)
      : conninfo_(std::move(conninfo)), connection_(std::move(connection)), read_only_(read_only) {}

  [[nodiscard]] const lower_sql::Dialect& dialect() const override { return postgres::dialect(); }
  Result<schema::Catalog> catalog() override;
  Result<std::optional<schema::Table>> table_schema(const std::string& name) override;
  Result<std::int64_t> execute(std::string_view sql, std::span<const Value> values) override;
  Result<Rows> query(std::string_view sql, std::span<const Value> values) override;
  Result<void> script(std::string_view sql) override;
  Result<void> begin(Access access) override;
  Result<std::unique_ptr<Store>> begin_with_twin() override;
  Result<void> begin_loading() override {
    return connection_->begin(false,
                              fmt::format("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;{}", kNoLimit));
  }
  Result<void> end_loading() override { return connection_->run("SET TRANSACTION READ ONLY"); }
  Result<std::vector<Unstorable>> append(const ir::SourceFile& source, const std::string& table,
                                         const SourceBatch& batch) override;
  Result<void> commit() override { return connection_->commit(); }
  Result<void> commit_soon() override { return connection_->commit_soon(); }
  void rollback() override { connection_->rollback(); }
  // Rows are guarded one by one.
  Result<std::uint64_t> foreign_commits() override { return std::uint64_t{0}; }
  [[nodiscard]] bool guards_rows() const override { return true; }
  void works_beside(Store& other) override {
    connection_->share_own(*dynamic_cast<PostgresStore&>(other).connection_);
  }
  [[nodiscard]] bool reads_beside_writes() override { return true; }
  Result<std::int64_t> now() override;
  Result<bool> pins_hold() override { return maps_case_as_we_do(*connection_); }
  Result<Assessment> assess(const ir::Backfill& backfill, std::optional<std::int64_t> candidates) override;
  Result<void> create_corrections(const ir::Backfill& backfill, std::int64_t run) override;
  Result<void> index_corrections(const ir::Backfill& backfill, std::int64_t run) override;
  Result<std::unique_ptr<TableAccess>> table(const ir::Backfill& backfill, std::int64_t run) override;
  Result<std::unique_ptr<TableAccess>> uncorrected(const ir::Backfill& backfill, std::int64_t run) override {
    return PostgresTable::open(*connection_, backfill, 0, {run, std::nullopt});
  }
  Result<std::string> horizon() override { return horizon_of(*connection_); }
  Result<std::optional<WrittenSince>> written_since(const std::string& horizon, const ir::Backfill& backfill,
                                                    std::int64_t run) override;
  Result<std::unique_ptr<TableAccess>> table_since(const WrittenSince& since,
                                                   const ir::Backfill& backfill) override;

 private:
  // In the transaction that is open, or in one of its own.
  Result<Answer> send(std::string_view sql, const Parameters& values);
  Result<Answer> send(std::string_view sql, std::span<const Value> values);
  Result<void> make_schema();

  std::string conninfo_;
  std::unique_ptr<Connection> connection_;
  bool read_only_;
};

// Of a batch: it gives up early, and is tried again with fewer rows. A reader blocks nobody.
std::string settings(Access access) {
  if (access == Access::ReadOnly) return "SET LOCAL statement_timeout = 0;";
  return fmt::format("SET LOCAL lock_timeout = {};SET LOCAL statement_timeout = {};", kLockMs, kStatementMs);
}

Result<void> PostgresStore::begin(Access access) {
  return connection_->begin(access == Access::ReadOnly, settings(access));
}

Result<schema::Catalog> PostgresStore::catalog() {
  if (connection_->in_transaction()) return read_schema(*connection_);
  BACKFILL_TRY(begin(Access::ReadOnly));
  auto catalog = read_schema(*connection_);
  connection_->rollback();
  return catalog;
}

Result<std::optional<schema::Table>> PostgresStore::table_schema(const std::string& name) {
  if (connection_->in_transaction()) return read_table(*connection_, name);
  BACKFILL_TRY(begin(Access::ReadOnly));
  auto table = read_table(*connection_, name);
  connection_->rollback();
  return table;
}

Result<Answer> PostgresStore::send(std::string_view sql, const Parameters& values) {
  if (connection_->in_transaction()) return connection_->send(sql, values, Form::Text);
  BACKFILL_TRY(connection_->begin(read_only_, settings(read_only_ ? Access::ReadOnly : Access::ReadWrite)));
  auto answer = connection_->send(sql, values, Form::Text);
  if (!answer) {
    connection_->rollback();
    return answer;
  }
  BACKFILL_TRY(connection_->commit());
  return answer;
}

Result<Answer> PostgresStore::send(std::string_view sql, std::span<const Value> values) {
  Parameters parameters;
  for (const Value& value : values) parameters.add_plain(value);
  return send(sql, parameters);
}

Result<std::int64_t> PostgresStore::execute(std::string_view sql, std::span<const Value> values) {
  BACKFILL_ASSIGN(const Answer answer, send(sql, values));
  const std::string_view count = PQcmdTuples(answer.get());
  std::int64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

Result<Rows> PostgresStore::query(std::string_view sql, std::span<const Value> values) {
  BACKFILL_ASSIGN(const Answer answer, send(sql, values));
  TextRows found = text_rows(answer.get());
  Rows rows;
  rows.names = std::move(found.names);
  for (const auto& cells : found.rows) {
    auto& row = rows.rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i)
      row.push_back(cells[i] ? plain_value(found.types[i], *cells[i]) : Value());
  }
  return rows;
}

Result<void> PostgresStore::make_schema() {
  BACKFILL_ASSIGN(const TextRows there, connection_->query("SELECT to_regnamespace('backfill')"));
  if (there.rows.at(0).at(0)) return {};
  auto made = connection_->run("CREATE SCHEMA backfill");
  if (made || made.failure().message.find("42501") == std::string::npos) return made;
  return fatal("the schema `backfill`, in which runs are kept, is not there, and this role may not create it",
               fmt::format("let somebody who may run: CREATE SCHEMA backfill AUTHORIZATION {}",
                           postgres::dialect().quote(PQuser(connection_->handle()))));
}

// Bookkeeping: its tables are made in their own schema, whatever the script calls them.
Result<void> PostgresStore::script(std::string_view sql) {
  const bool inside = connection_->in_transaction();
  if (!inside) BACKFILL_TRY(begin(Access::ReadWrite));
  const auto work = [&]() -> Result<void> {
    BACKFILL_TRY(make_schema());
    return connection_->run(
        fmt::format("SET LOCAL search_path = backfill, pg_catalog, pg_temp;{};SET LOCAL {} = {}", sql,
                    kSearchPath.name, kSearchPath.value));
  };
  auto done = work();
  if (inside) return done;
  if (done) return connection_->commit();
  connection_->rollback();
  return done;
}

// The twin takes the very snapshot of this one: pg_export_snapshot, through a pooler too.
Result<std::unique_ptr<Store>> PostgresStore::begin_with_twin() {
  BACKFILL_TRY(begin(Access::ReadOnly));
  const auto snapshot = connection_->query("SELECT pg_export_snapshot()");
  auto connection = Connection::open(conninfo_);
  if (!snapshot || !connection) return std::unique_ptr<Store>();
  auto twin = std::make_unique<PostgresStore>(conninfo_, *std::move(connection), true);
  if (!twin->connection_->begin(true, settings(Access::ReadOnly), *snapshot->rows.at(0).at(0)))
    return std::unique_ptr<Store>();
  return std::unique_ptr<Store>(std::move(twin));
}

Result<Assessment> PostgresStore::assess(const ir::Backfill& backfill,
                                         std::optional<std::int64_t> candidates) {
  // The planner is asked about tables that are there: those of source files are made, and are empty.
  const auto sources = ir::sources_read(backfill);
  const bool makes = !sources.empty() && !backfill.sources_in;
  ir::Backfill looked_at = backfill;
  if (makes) looked_at.sources_in = 0;
  BACKFILL_TRY(makes ? begin_loading() : begin(Access::ReadOnly));
  auto made = [&]() -> Result<Assessment> {
    for (const ir::SourceFile* source : sources)
      if (makes) BACKFILL_TRY(database_sql::create_source(*this, looked_at, *source, 0));
    return postgres::assess(*connection_, looked_at, candidates);
  }();
  rollback();
  return made;
}

Result<std::vector<Unstorable>> PostgresStore::append(const ir::SourceFile& source, const std::string& table,
                                                      const SourceBatch& batch) {
  std::vector<Sent> sent;
  for (const schema::Column& column : source.table.columns)
    sent.push_back(sent_as(column.type, column.sql_type));
  std::vector<Unstorable> unstorable;
  std::string data(wire::kCopyHeader);
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const std::size_t begin = data.size(), before = unstorable.size();
    wire::put_copy_row(data, static_cast<int>(sent.size()) + 1);
    for (std::size_t i = 0; i < sent.size(); ++i)
      if (!encode_for_copy(data, sent[i], batch.columns[i], row)) unstorable.push_back({row, i});
    wire::put_field(data, batch.lines[static_cast<std::size_t>(row)]);
    if (unstorable.size() != before) data.resize(begin);
  }
  wire::put_copy_end(data);
  BACKFILL_TRY(connection_->copy(fmt::format("COPY {} FROM STDIN (FORMAT binary)", table), data));
  return unstorable;
}

Result<std::int64_t> PostgresStore::now() {
  BACKFILL_ASSIGN(const Rows rows,
                  query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8", {}));
  return rows.rows.at(0).at(0).integer();
}

Result<void> PostgresStore::create_corrections(const ir::Backfill& backfill, std::int64_t run) {
  BACKFILL_TRY(make_schema());
  BACKFILL_ASSIGN(std::vector<StoredType> types, stored_types(*connection_, *backfill.table));
  // What is frozen is asked of the whole table.
  const auto is_frozen = [](const ir::Query& query) { return query.frozen; };
  if (std::ranges::any_of(backfill.row.queries, is_frozen))
    BACKFILL_TRY(connection_->run("SET LOCAL statement_timeout = 0"));
  return connection_->run(TableSql(backfill, std::move(types), run).create());
}

// The lock first: two processes may want it at once, and one of them finds it done. Another role than the one
// that began the run may not make it: then that no row has two corrections is asked.
Result<void> PostgresStore::index_corrections(const ir::Backfill& backfill, std::int64_t run) {
  const auto with = [&](const auto& work) -> Result<void> {
    BACKFILL_TRY(begin(Access::ReadWrite));
    auto made = [&]() -> Result<void> {
      BACKFILL_ASSIGN(std::vector<StoredType> types, stored_types(*connection_, *backfill.table));
      return work(TableSql(backfill, std::move(types), run));
    }();
    if (made) return commit();
    rollback();
    return made;
  };
  auto made = with([&](const TableSql& sql) -> Result<void> {
    BACKFILL_TRY(
        connection_->run("SET LOCAL statement_timeout = 0;SET LOCAL max_parallel_maintenance_workers = 0;" +
                         sql.lock_corrections()));
    BACKFILL_ASSIGN(const TextRows there, connection_->query(sql.have_index()));
    return there.rows.empty() ? connection_->run(sql.index_corrections()) : Result<void>();
  });
  const auto is = [&](std::string_view state) {
    return !made && made.failure().message.find(state) != std::string::npos;
  };
  const std::string twice = fmt::format("run {} has corrected a row twice", run);
  if (is("42501"))
    made = with([&](const TableSql& sql) -> Result<void> {
      BACKFILL_TRY(connection_->run("SET LOCAL statement_timeout = 0"));
      BACKFILL_ASSIGN(const TextRows rows, connection_->query(sql.corrected_twice()));
      return rows.rows.empty() ? Result<void>() : fatal(twice + " (23505)");
    });
  if (!is("23505")) return made;
  return fatal(fmt::format("{}: {}", twice, made.failure().message),
               "this must not happen, please report it; the first correction of a row has its prior values");
}

Result<std::optional<Store::WrittenSince>> PostgresStore::written_since(const std::string& horizon,
                                                                        const ir::Backfill& backfill,
                                                                        std::int64_t run) {
  const std::string corrections =
      fmt::format("backfill.{}", postgres::dialect().quote(lower_sql::corrections_table(run)));
  BACKFILL_ASSIGN(const std::optional<std::int64_t> age, age_of(*connection_, horizon));
  if (!age) return std::optional<WrittenSince>();
  BACKFILL_ASSIGN(auto own, transactions_of(*connection_, corrections));
  if (!own) return std::optional<WrittenSince>();
  WrittenSince since{false, horizon, *std::move(own)};
  BACKFILL_ASSIGN(const TextRows any,
                  connection_->query(fmt::format("SELECT 1 FROM {} AS t WHERE {} LIMIT 1",
                                                 postgres::dialect().table(*backfill.table),
                                                 is_since({*age, since.own}))));
  since.any = !any.rows.empty();
  return std::optional(std::move(since));
}

Result<std::unique_ptr<TableAccess>> PostgresStore::table_since(const WrittenSince& since,
                                                                const ir::Backfill& backfill) {
  BACKFILL_ASSIGN(const std::optional<std::int64_t> age, age_of(*connection_, since.horizon));
  if (!age) return fatal("a horizon that could be told cannot be told any more");
  return PostgresTable::open(*connection_, backfill, 0, {0, Since{*age, since.own}});
}

Result<std::unique_ptr<TableAccess>> PostgresStore::table(const ir::Backfill& backfill, std::int64_t run) {
  return PostgresTable::open(*connection_, backfill, run);
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& conninfo, const OpenOptions& options) {
  BACKFILL_ASSIGN(auto connection, Connection::open(conninfo));
  return std::unique_ptr<Store>(
      std::make_unique<PostgresStore>(conninfo, std::move(connection), options.access == Access::ReadOnly));
}

}  // namespace backfill::database::postgres
