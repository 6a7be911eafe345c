// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/connection.h"

#include <fmt/format.h>

#include "runtime/database/postgres/settings.h"

namespace backfill::database::postgres {

namespace {

constexpr std::size_t kShownSql = 400;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  for (const std::string_view beginning : beginnings)
    if (text.starts_with(beginning)) return true;
  return false;
}

// 08 connection, 40 deadlock and serialization, 53300 too many connections, 55P03 lock not given in time,
// 57014 statement timeout, 57P server shutting down or starting.
Recovery recovery_of(std::string_view state) {
  if (starts_with_any(state, {"08", "40003", "57P01", "57P02"})) return Recovery::Ambiguous;
  if (starts_with_any(state, {"40", "53300", "55P03", "57014", "57P03"})) return Recovery::Retry;
  return Recovery::Fatal;
}

// A value, a constraint, a trigger or a check option said no: 27 a trigger changed the row before us, 38 and
// 39 functions of triggers, 54000 too long for its index, P0 raised by one.
bool is_refusal(std::string_view state) {
  return starts_with_any(state, {"22", "23", "27", "38", "39", "44", "54000", "P0"});
}

std::string way_out_of(std::string_view state) {
  if (state == "55P03")
    return "somebody holds a lock on a row of the batch: it is tried again, in smaller batches";
  if (state == "57014")
    return "the statement took longer than its limit: it is tried again, in smaller batches";
  if (state == "25006") return "this server takes no writes: connect to the primary";
  if (state == "42501") return "grant it: docs/operations.md lists what a role needs";
  if (state == "53100") return "the server's disk is full: make room, then run it again";
  return "";
}

std::string without_newline(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return std::string(message);
}

std::string_view field(const PGresult* result, int code) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : text;
}

// What libpq says of a URL that it cannot read repeats the URL, and with it a password.
bool is_readable(const std::string& conninfo) {
  PQconninfoOption* const options = PQconninfoParse(conninfo.c_str(), nullptr);
  PQconninfoFree(options);
  return options != nullptr;
}

Result<void> check_given(PGconn* handle) {
  for (const Setting& setting : kGiven) {
    const char* found = PQparameterStatus(handle, setting.name.data());
    if (found != nullptr && found == setting.value) continue;
    return fatal(fmt::format("the server at `{}` has {} = `{}`, `{}` is needed",
                             PQhost(handle) == nullptr ? "" : PQhost(handle), setting.name,
                             found == nullptr ? "" : found, setting.value),
                 "use a database whose encoding is UTF8");
  }
  return {};
}

// As SET, which is no query: a transaction that is to take a snapshot must not have had one.
std::string set_all(std::string_view scope) {
  std::string sql;
  for (const Setting& setting : kPinned)
    sql += fmt::format("SET {} {} = '{}';", scope, setting.name, setting.value);
  return sql;
}

}  // namespace

Result<Connection::Handle> Connection::connect(const std::string& conninfo) {
  BACKFILL_TRY(load_libpq());
  if (!is_readable(conninfo))
    return fatal("the database URL is not one that libpq can read",
                 "write it as `postgres://user@host:5432/database`, with % signs for special characters");
  // An application_name of the URL's own wins over the fallback.
  const char* const words[] = {"dbname", "client_encoding", "fallback_application_name", "connect_timeout",
                               nullptr};
  const char* const values[] = {conninfo.c_str(), "UTF8", "backfill", "10", nullptr};
  Handle handle(PQconnectdbParams(words, values, 1));
  if (!handle) return fatal("cannot connect to PostgreSQL: out of memory");
  if (PQstatus(handle.get()) != CONNECTION_OK)
    return Failure{Recovery::Retry,
                   "cannot connect to PostgreSQL: " + without_newline(PQerrorMessage(handle.get())),
                   "check host, port, database and user of the URL, and that the server is up"};
  PQsetNoticeProcessor(handle.get(), [](void*, const char*) {}, nullptr);
  return handle;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo) {
  BACKFILL_ASSIGN(Handle handle, connect(conninfo));
  const int version = PQserverVersion(handle.get());
  if (version < kOldestServer)
    return fatal(fmt::format("the server is PostgreSQL {}", version / 10000), "15 or later is needed");
  BACKFILL_TRY(check_given(handle.get()));
  return std::unique_ptr<Connection>(new Connection(conninfo, std::move(handle)));
}

Result<void> Connection::pin_session() const {
  BACKFILL_TRY(run(set_all("SESSION")));
  for (const Setting& setting : kPinned) {
    BACKFILL_ASSIGN(const TextRows shown,
                    query(fmt::format("SELECT pg_catalog.current_setting('{}')", setting.name)));
    const std::string found = shown.rows.at(0).at(0).value_or("");
    if (found != setting.value)
      return fatal(fmt::format("{} is `{}`, `{}` was asked for", setting.name, found, setting.value));
  }
  return {};
}

bool Connection::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(handle());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

Result<void> Connection::begin(bool read_only, std::string_view settings, std::string_view snapshot) {
  if (lost()) {
    BACKFILL_ASSIGN(handle_, connect(conninfo_));
    broken_ = false;
    own_->forget();
  }
  const char* const standby = PQparameterStatus(handle(), "in_hot_standby");
  if (!read_only && standby != nullptr && std::string_view(standby) == "on")
    return fatal("the server is a standby: it takes no writes", "connect to the primary");
  const std::string_view mode = read_only ? "REPEATABLE READ READ ONLY" : "READ COMMITTED READ WRITE";
  // Deferred constraints speak when a row is written, not at the end of its batch.
  const std::string seen = snapshot.empty() ? "" : fmt::format("SET TRANSACTION SNAPSHOT '{}';", snapshot);
  auto begun = run(fmt::format("BEGIN ISOLATION LEVEL {};{}{}SET LOCAL {} = {};{}{}", mode, seen,
                               set_all("LOCAL"), kSearchPath.name, kSearchPath.value, settings,
                               read_only ? "" : "SET CONSTRAINTS ALL IMMEDIATE"));
  if (!begun) rollback();
  return begun;
}

// The server answers ROLLBACK where a statement of the transaction had failed.
Result<void> Connection::commit() {
  return commit("COMMIT");
}

Result<void> Connection::commit_soon() {
  return commit("SET LOCAL synchronous_commit = off;COMMIT");
}

Result<void> Connection::commit(std::string_view sql) {
  BACKFILL_ASSIGN(const Answer answer, send(sql));
  const std::string_view done = PQcmdStatus(answer.get());
  if (done == "COMMIT") return {};
  return fatal(fmt::format("PostgreSQL answered {} to COMMIT: the transaction was rolled back", done));
}

void Connection::rollback() {
  if (!lost() && in_transaction()) static_cast<void>(run("ROLLBACK"));
}

Result<Answer> Connection::checked(Answer answer, std::string_view sql) const {
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
      status == PGRES_COPY_IN)
    return answer;
  return failure(answer.get(), sql);
}

Result<Answer> Connection::send(std::string_view sql) const {
  return checked(Answer(PQexec(handle(), std::string(sql).c_str())), sql);
}

// The last result is the statement's; an error that follows one stands for it.
Answer Connection::exchange(std::string_view sql, const Parameters& values, Form form,
                            const Meanwhile& meanwhile) const {
  const int sent =
      PQsendQueryParams(handle(), std::string(sql).c_str(), values.size(), values.types(),
                        values.pointers().data(), values.lengths(), values.formats(), static_cast<int>(form));
  if (meanwhile) meanwhile();
  Answer last;
  if (sent == 0) return last;
  while (Answer answer{PQgetResult(handle())}) last = std::move(answer);
  return last;
}

Result<Answer> Connection::send(std::string_view sql, const Parameters& values, Form form,
                                const Meanwhile& meanwhile) const {
  return checked(exchange(sql, values, form, meanwhile), sql);
}

Result<Answer> Connection::try_send(std::string_view sql, const Parameters& values,
                                    std::optional<Refusal>& refusal, const Meanwhile& meanwhile) const {
  Answer answer = exchange(sql, values, Form::Binary, meanwhile);
  if (!is_refusal(field(answer.get(), PG_DIAG_SQLSTATE))) return checked(std::move(answer), sql);
  refusal.emplace();
  refusal->message = field(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
  const std::string_view detail = field(answer.get(), PG_DIAG_MESSAGE_DETAIL);
  if (!detail.empty()) refusal->message += fmt::format(": {}", detail);
  return Answer();
}

Result<void> Connection::copy(std::string_view sql, std::string_view data) const {
  BACKFILL_TRY(send(sql));
  constexpr std::size_t kPiece = 1U << 20U;
  bool sent = true;
  for (std::size_t at = 0; at < data.size() && sent; at += kPiece) {
    const std::string_view piece = data.substr(at, kPiece);
    sent = PQputCopyData(handle(), piece.data(), static_cast<int>(piece.size())) == 1;
  }
  sent = sent && PQputCopyEnd(handle(), nullptr) == 1;
  Result<void> outcome = sent ? Result<void>() : Result<void>(failure(nullptr, sql));
  while (Answer answer{PQgetResult(handle())}) {
    auto fine = checked(std::move(answer), sql);
    if (!fine && outcome) outcome = fine.failure();
  }
  return outcome;
}

Failure Connection::failure(const PGresult* result, std::string_view sql) const {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  std::string message(field(result, PG_DIAG_MESSAGE_PRIMARY));
  if (message.empty()) message = without_newline(PQerrorMessage(handle()));
  broken_ = broken_ || state.empty();
  const std::string_view detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (!detail.empty()) message += fmt::format(" ({})", detail);
  return {lost() ? Recovery::Ambiguous : recovery_of(state),
          fmt::format("PostgreSQL: {}{} in: {}", message,
                      state.empty() ? "" : fmt::format(" (SQLSTATE {})", state), sql.substr(0, kShownSql)),
          way_out_of(state)};
}

TextRows text_rows(const PGresult* answer) {
  TextRows out;
  const int columns = PQnfields(answer);
  for (int column = 0; column < columns; ++column) {
    out.names.emplace_back(PQfname(answer, column));
    out.types.push_back(PQftype(answer, column));
  }
  out.rows.resize(static_cast<std::size_t>(PQntuples(answer)));
  for (std::size_t row = 0; row < out.rows.size(); ++row) {
    for (int column = 0; column < columns; ++column) {
      const int at = static_cast<int>(row);
      auto& cell = out.rows[row].emplace_back();
      if (PQgetisnull(answer, at, column) == 0)
        cell.emplace(PQgetvalue(answer, at, column),
                     static_cast<std::size_t>(PQgetlength(answer, at, column)));
    }
  }
  return out;
}

Result<TextRows> Connection::query(std::string_view sql) const {
  BACKFILL_ASSIGN(const Answer answer, send(sql));
  return text_rows(answer.get());
}

Result<void> Connection::run(std::string_view sql) const {
  BACKFILL_TRY(send(sql));
  return {};
}

}  // namespace backfill::database::postgres
