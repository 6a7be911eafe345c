// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/connection.h"

#include <fmt/format.h>

#include <array>

namespace backfill::database::postgres {

namespace {

struct Setting {
  std::string_view name, value;
};

// What generated SQL rests on. Each is set when the connection opens, and read back: a pooler may not pass it
// on.
constexpr std::array kPinned = {
    Setting{"TimeZone", "UTC"},
    Setting{"DateStyle", "ISO, YMD"},
    Setting{"IntervalStyle", "postgres"},
    Setting{"extra_float_digits", "1"},
    Setting{"bytea_output", "hex"},
    Setting{"standard_conforming_strings", "on"},
    Setting{"client_encoding", "UTF8"},
    Setting{"lc_monetary", "C"},
    Setting{"array_nulls", "on"},
    Setting{"default_transaction_isolation", "read committed"},
    Setting{"transform_null_equals", "off"},
    Setting{"xmloption", "content"},
};

// Given by the server, for it to be as our SQL needs it.
constexpr std::array kGiven = {
    Setting{"server_encoding", "UTF8"},
    Setting{"integer_datetimes", "on"},
};

constexpr int kOldestServer = 150000;

// SQLSTATE classes: 08 connection, 40 conflict, 55P03 lock, 57 operator.
Recovery recovery_of(std::string_view state) {
  if (state.starts_with("40003")) return Recovery::Ambiguous;
  if (state.starts_with("40") || state == "55P03" || state == "57014") return Recovery::Retry;
  if (state.starts_with("08") || state.starts_with("57P0")) return Recovery::Ambiguous;
  return Recovery::Fatal;
}

std::string without_newline(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  return std::string(message);
}

Result<void> check_setting(PGconn* handle, const Setting& setting, const Result<TextRows>& shown) {
  if (!shown) return shown.failure();
  const std::string found = shown->rows.at(0).at(0).value_or("");
  if (found == setting.value) return {};
  return fatal(
      fmt::format("the server at `{}` has {} = `{}`, `{}` is needed",
                  PQhost(handle) == nullptr ? "" : PQhost(handle), setting.name, found, setting.value),
      "connect without a pooler that changes session settings, or to a UTF8 database");
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& conninfo) {
  std::unique_ptr<Connection> connection(new Connection(PQconnectdb(conninfo.c_str())));
  if (connection->handle() == nullptr) return fatal("cannot connect to PostgreSQL: out of memory");
  if (PQstatus(connection->handle()) != CONNECTION_OK)
    return Failure{Recovery::Retry,
                   "cannot connect to PostgreSQL: " + without_newline(PQerrorMessage(connection->handle())),
                   "check host, port, database and user of the URL, and that the server is up"};
  const int version = PQserverVersion(connection->handle());
  if (version < kOldestServer)
    return fatal(fmt::format("the server is PostgreSQL {}", version / 10000), "15 or later is needed");
  BACKFILL_TRY(connection->pin_settings());
  return connection;
}

Result<void> Connection::pin_settings() const {
  PQsetNoticeProcessor(handle(), [](void*, const char*) {}, nullptr);
  std::string set;
  for (const Setting& setting : kPinned)
    set += fmt::format("SELECT pg_catalog.set_config('{}', '{}', false);", setting.name, setting.value);
  BACKFILL_TRY(run(set));
  for (const auto& settings : {std::span<const Setting>(kPinned), std::span<const Setting>(kGiven)})
    for (const Setting& setting : settings)
      BACKFILL_TRY(check_setting(
          handle(), setting, query(fmt::format("SELECT pg_catalog.current_setting('{}')", setting.name))));
  // pg_catalog is searched first unless the path names it elsewhere: nobody's own lower(text) is called.
  BACKFILL_ASSIGN(const TextRows first, query("SELECT (pg_catalog.current_schemas(true))[1:2]::text"));
  const std::string schemas = first.rows.at(0).at(0).value_or("");
  if (!schemas.starts_with("{pg_catalog") && !schemas.starts_with("{pg_temp"))
    return fatal(
        fmt::format("search_path begins with {}: functions of the server's own could be hidden", schemas),
        "take pg_catalog out of search_path; it is searched first, then");
  return {};
}

Result<Connection::Answer> Connection::send(std::string_view sql) const {
  Answer answer(PQexec(handle(), std::string(sql).c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return answer;
  return failure(answer.get(), sql);
}

Failure Connection::failure(const PGresult* result, std::string_view sql) const {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const bool lost = PQstatus(handle()) != CONNECTION_OK;
  return {lost ? Recovery::Ambiguous : recovery_of(state == nullptr ? "" : state),
          fmt::format("PostgreSQL: {} (SQLSTATE {}) in: {}",
                      message == nullptr ? without_newline(PQerrorMessage(handle())) : message,
                      state == nullptr ? "unknown" : state, sql.substr(0, 400)),
          ""};
}

Result<TextRows> Connection::query(std::string_view sql) const {
  BACKFILL_ASSIGN(const Answer answer, send(sql));
  TextRows out;
  const int columns = PQnfields(answer.get());
  for (int column = 0; column < columns; ++column) {
    out.names.emplace_back(PQfname(answer.get(), column));
    out.types.push_back(PQftype(answer.get(), column));
  }
  const int rows = PQntuples(answer.get());
  out.rows.resize(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    auto& cells = out.rows[static_cast<std::size_t>(row)];
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(answer.get(), row, column) != 0) {
        cells.emplace_back();
      } else {
        cells.emplace_back(std::string(PQgetvalue(answer.get(), row, column),
                                       static_cast<std::size_t>(PQgetlength(answer.get(), row, column))));
      }
    }
  }
  return out;
}

Result<void> Connection::run(std::string_view sql) const {
  BACKFILL_TRY(send(sql));
  return {};
}

}  // namespace backfill::database::postgres
