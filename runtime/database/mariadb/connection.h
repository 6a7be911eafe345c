// SPDX-License-Identifier: Apache-2.0
// One MariaDB connection whose session is pinned (SEMANTICS.md 3.0); the only place where its error numbers
// become Failures.
#pragma once

#include <mysql.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::database::mariadb {

struct Address {
  std::string host;  // empty: by the socket
  unsigned port = 0;
  std::string socket;
  std::string user;
  std::string password;
  std::string database;  // may be empty
};

// Results in MariaDB's text form; NULL is nothing. FLOAT columns show six digits: read them as `column +
// 0e0`.
struct TextRows {
  std::vector<std::string> names;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// What is set when a connection opens, and read back.
struct Setting {
  std::string_view name, value;
};
const std::vector<Setting>& pinned_settings();

// Not thread safe.
class Connection {
 public:
  // Sets what a backfill rests on and reads it back: a server that does not take it is refused.
  static Result<std::unique_ptr<Connection>> open(const Address& address);

  [[nodiscard]] MYSQL* handle() const { return handle_.get(); }
  Result<TextRows> query(std::string_view sql) const;  // one statement
  Result<void> run(std::string_view sql) const;        // one or more statements, results dropped
  // The settings again: another part of the program, or a proxy, may have changed them.
  [[nodiscard]] Result<void> check_settings() const;

 private:
  struct Close {
    void operator()(MYSQL* handle) const { mysql_close(handle); }
  };
  explicit Connection(MYSQL* handle) : handle_(handle) {}
  [[nodiscard]] Result<void> pin_settings() const;
  [[nodiscard]] Result<void> drop_results(std::string_view sql) const;
  [[nodiscard]] Failure failure(std::string_view sql) const;
  std::unique_ptr<MYSQL, Close> handle_;
};

}  // namespace backfill::database::mariadb
