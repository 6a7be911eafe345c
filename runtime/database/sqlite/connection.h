// SPDX-License-Identifier: Apache-2.0
// One SQLite connection and its statements; the only place where its result codes become Failures.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "compiler/source/result.h"
#include "stdlib/value.h"

namespace backfill::database::sqlite {

// A value as SQLite holds it. Text and blobs point into memory that outlives the use.
struct Cell {
  enum class Kind : std::uint8_t { Null, Integer, Real, Text, Blob } kind = Kind::Null;
  std::int64_t integer = 0;
  double real = 0;
  const char* data = "";
  std::int64_t size = 0;
};

// A prepared statement. Row and column accessors are those of the client library, on handle().
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  [[nodiscard]] sqlite3_stmt* handle() const { return handle_.get(); }
  explicit operator bool() const { return handle_ != nullptr; }
  void bind(int index, const Cell& cell) const;  // from 1; text and blobs are not copied
  void reset() const { sqlite3_reset(handle_.get()); }
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Resets on the way out, so that no cursor stays open over a commit.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(const Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  const Statement& statement_;
};

class Connection {
 public:
  // Never creates a file. `path` is as the user wrote it.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool read_only,
                                                  std::int64_t busy_timeout_ms);
  static Result<std::unique_ptr<Connection>> open_in_memory();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
  Result<Statement> prepare(std::string_view sql) const;  // kept by the caller
  Result<void> run(std::string_view sql) const;           // every statement of it
  // true: a row; false: done.
  Result<bool> step(const Statement& statement, std::string_view what) const;
  // The last error of this connection.
  [[nodiscard]] Failure failure(std::string_view what) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  // left_open: it failed because a reader cannot take back the transaction of a process that died.
  static Result<std::unique_ptr<Connection>> open_once(const std::string& path, bool read_only,
                                                       std::int64_t busy_timeout_ms, bool& left_open);
  [[nodiscard]] Result<void> relax_sync() const;
  Result<void> pin_settings(bool read_only, std::int64_t busy_timeout_ms) const;
  Result<void> probe() const;
  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
};

// A value of ours as a bound cell, for plain SQL: decimals as their digits, timestamps are int64 here. Text
// points into `value`.
Cell plain_cell(const stdlib::Value& value, std::string& storage);

}  // namespace backfill::database::sqlite
