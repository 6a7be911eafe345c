// SPDX-License-Identifier: Apache-2.0
// One PostgreSQL connection whose settings are pinned (SEMANTICS.md 3.0); the only place where its SQLSTATEs
// become Failures.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::database::postgres {

// Results in PostgreSQL's text form; NULL is nothing.
struct TextRows {
  std::vector<std::string> names;
  std::vector<Oid> types;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// Not thread safe.
class Connection {
 public:
  // `conninfo`: a URL postgresql://... or key=value words. Sets what a backfill rests on and reads it back:
  // a server that does not take it is refused.
  static Result<std::unique_ptr<Connection>> open(const std::string& conninfo);

  [[nodiscard]] PGconn* handle() const { return handle_.get(); }
  Result<TextRows> query(std::string_view sql) const;  // one statement, or the last one's rows
  Result<void> run(std::string_view sql) const;        // one or more statements

 private:
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Answer = std::unique_ptr<PGresult, Clear>;

  explicit Connection(PGconn* handle) : handle_(handle) {}
  Result<Answer> send(std::string_view sql) const;
  [[nodiscard]] Failure failure(const PGresult* result, std::string_view sql) const;
  [[nodiscard]] Result<void> pin_settings() const;
  std::unique_ptr<PGconn, Finish> handle_;
};

}  // namespace backfill::database::postgres
