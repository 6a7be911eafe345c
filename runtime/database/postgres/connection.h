// SPDX-License-Identifier: Apache-2.0
// One PostgreSQL connection; the only place where its SQLSTATEs become Failures.
//
// Nothing is kept in the session: settings that generated SQL rests on (SEMANTICS.md 3.0) are set for each
// transaction, and statements have no names. So it works through pgbouncer in transaction mode, and leaves
// nothing behind for whom the pooler gives the server connection next.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/database/postgres/libpq.h"
#include "runtime/database/postgres/parameters.h"
#include "runtime/database/postgres/quiet.h"

namespace backfill::database::postgres {

// Results in PostgreSQL's text form; NULL is nothing.
struct TextRows {
  std::vector<std::string> names;
  std::vector<Oid> types;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

struct ClearAnswer {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ClearAnswer>;

enum class Form { Text = 0, Binary = 1 };

// The row was refused, the statement undone; the transaction goes on from the savepoint before it.
struct Refusal {
  std::string message;  // "unique constraint ...: Key (email)=(a@b) already exists."
};

// Not thread safe.
class Connection {
 public:
  // `conninfo`: a URL postgresql://... or key=value words; what it leaves out comes from libpq's own
  // variables, service file and .pgpass. Refuses servers that are too old or not in UTF-8.
  static Result<std::unique_ptr<Connection>> open(const std::string& conninfo);
  // For a connection that nobody shares: sets what transactions set for the whole session, and reads it back.
  Result<void> pin_session() const;

  [[nodiscard]] PGconn* handle() const { return handle_.get(); }
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] bool lost() const { return broken_ || PQstatus(handle()) != CONNECTION_OK; }
  // Shared with those that work on the same run.
  [[nodiscard]] OwnTransactions& own() const { return *own_; }
  void share_own(const Connection& other) { own_ = other.own_; }

  // Makes the connection anew if it was lost. `settings` are added to what every transaction sets; a
  // `snapshot` that another transaction has exported may be shared.
  Result<void> begin(bool read_only, std::string_view settings, std::string_view snapshot = "");
  Result<void> commit();
  // Consistent after a crash of the server like any other, but not yet on its disk when it returns.
  Result<void> commit_soon();
  void rollback();

  Result<TextRows> query(std::string_view sql) const;  // one statement, or the last one's rows
  Result<void> run(std::string_view sql) const;        // one or more statements
  // What the caller does while the server works: once, whatever becomes of the statement.
  using Meanwhile = std::function<void()>;
  // One statement with bound values.
  Result<Answer> send(std::string_view sql, const Parameters& values, Form form,
                      const Meanwhile& meanwhile = nullptr) const;
  // The same; a row that a constraint, a trigger or the column's type refuses is told in `refusal` (else it
  // stays empty, and the answer is not null).
  Result<Answer> try_send(std::string_view sql, const Parameters& values, std::optional<Refusal>& refusal,
                          const Meanwhile& meanwhile = nullptr) const;
  // `data` is what COPY ... FROM STDIN (FORMAT binary) reads.
  Result<void> copy(std::string_view sql, std::string_view data) const;

 private:
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };
  using Handle = std::unique_ptr<PGconn, Finish>;

  Connection(std::string conninfo, Handle handle)
      : conninfo_(std::move(conninfo)), handle_(std::move(handle)) {}
  static Result<Handle> connect(const std::string& conninfo);
  Result<void> commit(std::string_view sql);
  Result<Answer> send(std::string_view sql) const;
  [[nodiscard]] Answer exchange(std::string_view sql, const Parameters& values, Form form,
                                const Meanwhile& meanwhile) const;
  Result<Answer> checked(Answer answer, std::string_view sql) const;
  [[nodiscard]] Failure failure(const PGresult* result, std::string_view sql) const;

  std::string conninfo_;
  Handle handle_;
  // libpq itself has failed: where it could not write, it leaves the status as it was.
  mutable bool broken_ = false;
  std::shared_ptr<OwnTransactions> own_ = std::make_shared<OwnTransactions>();
};

[[nodiscard]] TextRows text_rows(const PGresult* answer);

}  // namespace backfill::database::postgres
