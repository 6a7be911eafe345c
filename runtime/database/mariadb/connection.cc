// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/mariadb/connection.h"

#include <errmsg.h>
#include <fmt/format.h>
#include <mysqld_error.h>

namespace backfill::database::mariadb {

namespace {

constexpr unsigned long kOldestServer = 101100;  // 10.11: the collation and functions that our SQL uses

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Answer = std::unique_ptr<MYSQL_RES, FreeResult>;

Recovery recovery_of(unsigned code) {
  switch (code) {
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_STATEMENT_TIMEOUT:
    case ER_QUERY_INTERRUPTED:
    case ER_CON_COUNT_ERROR:
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
      return Recovery::Retry;
    case ER_SERVER_SHUTDOWN:
    case ER_CONNECTION_KILLED:
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
      return Recovery::Ambiguous;
    default:
      return Recovery::Fatal;
  }
}

const char* or_none(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

TextRows rows_of(MYSQL_RES* answer) {
  TextRows out;
  const unsigned columns = mysql_num_fields(answer);
  for (unsigned column = 0; column < columns; ++column)
    out.names.emplace_back(mysql_fetch_field_direct(answer, column)->name);
  while (MYSQL_ROW row = mysql_fetch_row(answer)) {
    const unsigned long* sizes = mysql_fetch_lengths(answer);
    auto& cells = out.rows.emplace_back(columns);
    for (unsigned column = 0; column < columns; ++column)
      if (row[column] != nullptr) cells[column] = std::string(row[column], sizes[column]);
  }
  return out;
}

}  // namespace

// In the server's own spelling. NO_AUTO_VALUE_ON_ZERO: a written 0 is a 0. ONLY_FULL_GROUP_BY: no column is
// taken from any row of a group. SIMULTANEOUS_ASSIGNMENT: SET reads the row as it was.
const std::vector<Setting>& pinned_settings() {
  static const std::vector<Setting> settings = {
      {"sql_mode",
       "ONLY_FULL_GROUP_BY,NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,"
       "NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,SIMULTANEOUS_ASSIGNMENT"},
      {"time_zone", "+00:00"},
      {"character_set_client", "utf8mb4"},
      {"character_set_results", "utf8mb4"},
      {"collation_connection", "utf8mb4_nopad_bin"},
      {"div_precision_increment", "4"},
      {"group_concat_max_len", "1048576"},
      {"sql_auto_is_null", "0"},
      {"sql_select_limit", "18446744073709551615"},
      {"default_week_format", "0"},
      {"lc_time_names", "en_US"},
      {"foreign_key_checks", "1"},
      {"check_constraint_checks", "1"},
  };
  return settings;
}

Result<std::unique_ptr<Connection>> Connection::open(const Address& address) {
  std::unique_ptr<Connection> connection(new Connection(mysql_init(nullptr)));
  MYSQL* handle = connection->handle();
  if (handle == nullptr) return fatal("cannot connect to MariaDB: out of memory");
  mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const unsigned no_files = 0;
  mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &no_files);
  // Affected rows are those that were found, also where nothing changes in them (SEMANTICS 130).
  const unsigned long flags = CLIENT_FOUND_ROWS | CLIENT_MULTI_STATEMENTS;
  if (mysql_real_connect(handle, or_none(address.host), or_none(address.user), or_none(address.password),
                         or_none(address.database), address.port, or_none(address.socket), flags) == nullptr)
    return Failure{recovery_of(mysql_errno(handle)),
                   fmt::format("cannot connect to MariaDB: {}", mysql_error(handle)),
                   "check host, port, socket, database and user, and that the server is up"};
  const std::string_view version = mysql_get_server_info(handle);
  if (version.find("MariaDB") == std::string_view::npos || mysql_get_server_version(handle) < kOldestServer)
    return fatal(fmt::format("the server is {}", version), "MariaDB 10.11 or later is needed");
  BACKFILL_TRY(connection->pin_settings());
  return connection;
}

Result<void> Connection::pin_settings() const {
  std::string set;
  for (const Setting& setting : pinned_settings()) {
    const bool number = setting.value.find_first_not_of("0123456789") == std::string_view::npos;
    set += fmt::format("{} {} = {}", set.empty() ? "SET SESSION" : ",", setting.name,
                       number ? std::string(setting.value) : fmt::format("'{}'", setting.value));
  }
  BACKFILL_TRY(run(set));
  return check_settings();
}

Result<void> Connection::check_settings() const {
  std::string list;
  for (const Setting& setting : pinned_settings())
    list += fmt::format("{}@@{}", list.empty() ? "" : ", ", setting.name);
  BACKFILL_ASSIGN(const TextRows found, query("SELECT " + list));
  for (std::size_t i = 0; i < pinned_settings().size(); ++i) {
    const Setting& setting = pinned_settings()[i];
    const std::string value = found.rows.at(0).at(i).value_or("");
    if (value != setting.value)
      return fatal(fmt::format("the MariaDB session has {} = `{}`, `{}` is needed", setting.name, value,
                               setting.value),
                   "connect without a proxy that changes session settings");
  }
  return {};
}

Failure Connection::failure(std::string_view sql) const {
  const unsigned code = mysql_errno(handle());
  return {recovery_of(code),
          fmt::format("MariaDB: {} (error {}) in: {}", mysql_error(handle()), code, sql.substr(0, 400)), ""};
}

Result<TextRows> Connection::query(std::string_view sql) const {
  if (mysql_real_query(handle(), sql.data(), sql.size()) != 0) return failure(sql);
  const Answer answer(mysql_store_result(handle()));
  if (answer == nullptr && mysql_errno(handle()) != 0) return failure(sql);
  TextRows out = answer == nullptr ? TextRows{} : rows_of(answer.get());
  BACKFILL_TRY(drop_results(sql));
  return out;
}

Result<void> Connection::run(std::string_view sql) const {
  if (mysql_real_query(handle(), sql.data(), sql.size()) != 0) return failure(sql);
  const Answer first(mysql_store_result(handle()));
  if (first == nullptr && mysql_errno(handle()) != 0) return failure(sql);
  return drop_results(sql);
}

// Those of the statements behind the first: each has to be fetched, and each may fail.
Result<void> Connection::drop_results(std::string_view sql) const {
  int next = 0;
  while ((next = mysql_next_result(handle())) == 0) {
    const Answer answer(mysql_store_result(handle()));
    if (answer == nullptr && mysql_errno(handle()) != 0) return failure(sql);
  }
  return next > 0 ? failure(sql) : Result<void>();
}

}  // namespace backfill::database::mariadb
